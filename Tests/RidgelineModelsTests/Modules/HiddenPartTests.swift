// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Synchronization
import Testing

private typealias Layer = Linear<Float>

private func layer() -> Layer { Linear(1, 1, bias: false) }

/// What may hold parameters out of reflection's sight is refused, by its path, when the model is first used.
struct HiddenPartTests {
    private struct Closure: Module {
        let inner = Inner()
        struct Inner: Sendable {
            let f: @Sendable (Tensor<Float>) -> Tensor<Float>
            init() {
                let hidden = layer()
                f = { hidden($0) }
            }
        }
    }

    private final class Locked: Module {
        let layer = Mutex(HiddenPartTests.newLayer())
    }

    private final class Counted: Module {
        let first = HiddenPartTests.newLayer()
        let calls = Mutex(0)
        let steps = Atomic<Int>(0)
        static let parameterFreeProperties: Set = ["calls", "steps"]
    }

    private final class Lazy: Module, @unchecked Sendable {
        lazy var layer = HiddenPartTests.newLayer()
        lazy var count = 3
    }

    private struct Members: Module {
        struct Member: Hashable, Sendable {
            let layer = HiddenPartTests.newLayer()
            static func == (lhs: Self, rhs: Self) -> Bool { lhs.layer.identity == rhs.layer.identity }
            func hash(into hasher: inout Hasher) { hasher.combine(layer.identity) }
        }
        let set: Set<Member> = [Member()]
    }

    private struct Keys: Module {
        let table: [Members.Member: Int] = [Members.Member(): 1]
    }

    private actor Worker { let layer = HiddenPartTests.newLayer() }

    private struct Pointing: Module, @unchecked Sendable {
        let pointer: UnsafeMutablePointer<Linear<Float>>
    }

    private struct Reference: Module, @unchecked Sendable {
        let reference: Unmanaged<Locked>
    }

    private final class Tail: ManagedBuffer<Int, Linear<Float>> {}

    private struct Buffered: Module, @unchecked Sendable {
        let tail: Tail
    }

    private struct Later: Module, @unchecked Sendable {
        let layers: LazyMapSequence<[Int], Linear<Float>>
    }

    private struct Described: CustomReflectable, Sendable {
        let layer = HiddenPartTests.newLayer()
        var customMirror: Mirror { Mirror(self, children: [:]) }
    }

    private struct Holder<Part: Sendable>: Module {
        let part: Part
    }

    private final class Node: Module, @unchecked Sendable {
        let layer = HiddenPartTests.newLayer()
        var next: [Node] = []
    }

    private class Tree: Module, @unchecked Sendable {
        let layer = HiddenPartTests.newLayer()
        weak var parent: Tree?
        var child: Tree?
        class var parameterFreeProperties: Set<String> { ["parent"] }
    }

    private struct SameNames: Module, NamedParts {
        let first = HiddenPartTests.newLayer()
        let second = HiddenPartTests.newLayer()
        var partNames: [String: String] { ["second": "first"] }
    }

    fileprivate static func newLayer() -> Linear<Float> { layer() }

    /// Mistakes that stop the program; Codable, as an exit test wants what it captures.
    enum Mistake: String, Codable, CaseIterable {
        case closure = "`Closure.inner.f` is a closure: what it holds cannot be found"
        case mutex =
            "`Locked.layer` cannot be copied (a Mutex or an Atomic, for instance): what it holds cannot"
        case mutexInPart = "`Holder<Locked>.part.layer` cannot be copied"
        case lazy = "`Lazy.layer` is lazy and was not used yet"
        case set = "`Members.set` is a set of parts with parameters"
        case keys = "`Keys.table` has a key with parameters"
        case actor = "`Holder<Worker>.part` is an actor"
        case pointer = "`Pointing.pointer` is a pointer"
        case reference = "`Reference.reference` is a pointer"
        case tail = "`Buffered.tail` is a ManagedBuffer"
        case task = "`Holder<Task<Linear<Float>, Never>>.part._task` is of type Builtin."
        case described = "`Holder<Described>.part` describes itself to reflection"
        case sequence = "`Later.layers._transform` is a closure"
        case cycle = "`Node.next.0.next.0` is `Node.next.0` again"
        case cycleToRoot = "`Node.next.0.next.0` is `Node` again"
        case names = "SameNames: two tensors are called `first.weight`"

        private func model() -> any Module {
            switch self {
            case .closure: return Closure()
            case .mutex: return Locked()
            case .mutexInPart: return Holder(part: Locked())
            case .lazy: return Lazy()
            case .set: return Members()
            case .keys: return Keys()
            case .actor: return Holder(part: Worker())
            case .pointer:
                let pointer = UnsafeMutablePointer<Linear<Float>>.allocate(capacity: 1)
                pointer.initialize(to: layer())
                return Pointing(pointer: pointer)
            case .reference: return Reference(reference: .passRetained(Locked()))
            case .tail:
                let tail = Tail.create(minimumCapacity: 1) { _ in 1 }
                return Buffered(tail: unsafeDowncast(tail, to: Tail.self))
            case .task:
                let made = layer()
                return Holder(part: Task { made })
            case .described: return Holder(part: Described())
            case .sequence:
                return Later(layers: [1].lazy.map { _ in layer() })
            case .cycle, .cycleToRoot:
                let (first, second) = (Node(), Node())
                first.next = [second]
                second.next = [self == .cycle ? second : first]
                return first
            case .names: return SameNames()
            }
        }

        func use() { _ = model().parameterNames }
    }

    @Test(arguments: Mistake.allCases)
    func itsPathIsNamed(_ mistake: Mistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.use()
        }
        let text = message(result)
        #expect(text.contains(mistake.rawValue), "\(text)")
    }

    /// Uses of a model; each is the first.
    enum Use: String, Codable, CaseIterable {
        case list, count, names, buffers, save, load, gradients, pullback, optimizer, copy, statistics

        func run() throws {
            let model = Closure()
            switch self {
            case .list: _ = model.parameters(of: Float.self)
            case .count: _ = model.parameterCount
            case .names: _ = model.tensorNames
            case .buffers: _ = model.buffers(of: Float.self)
            case .save: try model.save(to: "/dev/null")
            case .load: try model.load(from: NoTensors())
            case .gradients: _ = valueAndGradients(of: model) { $0.inner.f([[1]]).sum() }
            case .pullback: _ = valueWithPullback(of: model, at: [[1]]) { $0.inner.f($1) }
            case .optimizer: _ = SGD(for: model, learningRate: 0.1)
            case .copy: _ = model.copied()
            case .statistics: _ = ActivationStatistics().report(for: model)
            }
        }
    }

    @Test(arguments: Use.allCases)
    func everyUseRefuses(_ use: Use) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [use] in
            try use.run()
        }
        let text = message(result)
        #expect(text.contains("`Closure.inner.f` is a closure"), "\(text)")
    }

    @Test func declaredHarmlessItIsPassedOver() {
        struct Vouched: Module {
            let layer = HiddenPartTests.newLayer()
            @NoParameters var f: @Sendable (Tensor<Float>) -> Tensor<Float> = { $0 + 1 }
            let worker = NoParameters(wrappedValue: Worker())
        }
        let model = Vouched()
        #expect(model.parameterNames == ["layer.weight"])
        #expect(model.f([1]) == [2])
        let counted = Counted()
        #expect(counted.parameterNames == ["first.weight"])
        #expect(counted.calls.withLock { $0 } == 0 && counted.steps.load(ordering: .relaxed) == 0)
        let (root, child) = (Tree(), Tree())
        (root.child, child.parent) = (child, root)
        #expect(root.parameterNames == ["layer.weight", "child.layer.weight"])
    }

    @Test func aTypeMayVouchForItself() {
        final class Queue: ParameterFree, Sendable { let state = Mutex([1, 2]) }
        #expect(Holder(part: Queue()).parameterNames.isEmpty)
    }

    @Test func aUsedLazyLayerIsFound() {
        let model = Lazy()
        _ = model.layer
        #expect(model.parameterNames == ["layer.weight"])
    }

    /// What cannot hold a parameter needs no vouching.
    @Test func plainValuesAreHarmless() throws {
        struct Settings: Module, @unchecked Sendable {
            let layer = HiddenPartTests.newLayer()
            let url = URL(filePath: "/tmp")
            let date = Date(timeIntervalSince1970: 0)
            let lock = NSLock()
            let table = [Float](repeating: 1, count: 1_000_000)
            let pointer: UnsafeMutablePointer<Float>? = nil
            let raw = UnsafeRawPointer(bitPattern: 8)
            let type: Any.Type = Int.self
            let path = \Linear<Float>.weight
            let names: Set = ["a"]
            let pairs: [(String, Int?)] = [("a", nil)]
            let closures: [@Sendable () -> Void] = []
            let any: (any Sendable)? = 3
            let range = 1...3
            let error: any Error = CancellationError()
            let task = Task { 3 }
            lazy var later = 3
            let generator = RandomGenerator(seed: 1)
            let tensor = Tensor<Float>.ones([2])
            let renaming = ParameterRenaming.none
            let statistics = ActivationStatistics()
            let activation = Activation.gelu
        }
        #expect(Settings().parameterNames == ["layer.weight"])
    }
}

/// A file without tensors.
private struct NoTensors: TensorSource {
    let path = "nothing"
    let names: [String] = []
    let metadata: [String: String] = [:]
    func info(_ name: String) -> TensorInfo? { nil }
    func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, rounding: Bool
    ) throws -> Tensor<Scalar> { throw CancellationError() }
}
