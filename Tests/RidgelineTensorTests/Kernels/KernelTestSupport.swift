// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

@testable import RidgelineTensor

/// Values between guards: at an address that no vector is aligned to, with sentinels on both sides.
final class GuardedBuffer<Scalar: FloatingScalar> {
    private let storage: UnsafeMutableBufferPointer<Scalar>
    private let margin = 64
    private let sentinel: Scalar = -12345.5
    let count: Int

    init(_ values: [Scalar], misalignment: Int = 1) {
        count = values.count
        storage = .allocate(capacity: values.count + 2 * margin + misalignment)
        storage.initialize(repeating: sentinel)
        start = storage.baseAddress! + margin + misalignment
        for (i, value) in values.enumerated() { start[i] = value }
    }

    deinit { storage.deallocate() }

    let start: UnsafeMutablePointer<Scalar>
    var readOnly: UnsafePointer<Scalar> { UnsafePointer(start) }
    var values: [Scalar] { (0..<count).map { start[$0] } }

    var guardsIntact: Bool {
        let first = storage.baseAddress!.distance(to: start)
        return storage.indices.allSatisfy { (first..<first + count).contains($0) || storage[$0] == sentinel }
    }
}

/// SplitMix64.
struct TestRandom: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func randomValues<Scalar: FloatingScalar>(
    _ count: Int, _ range: ClosedRange<Double> = -4...4, seed: UInt64 = 1
)
    -> [Scalar]
{
    var random = TestRandom(seed: seed)
    return (0..<count).map { _ in Scalar(Double.random(in: range, using: &random)) }
}

/// Around every vector length; fewer where nothing is optimised and the sanitizers watch.
#if DEBUG
    let testCounts = [0, 1, 3, 8, 17, 33, 100]
#else
    let testCounts = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 1000]
#endif

/// The largest |a - b| / (1 + |b|), infinity where the lengths, the NaNs or the infinities differ.
func distance<Scalar: FloatingScalar>(_ a: [Scalar], _ b: [Scalar]) -> Double {
    guard a.count == b.count else { return .infinity }
    var worst = 0.0
    for (x, y) in zip(a, b) {
        if x == y || x.isNaN && y.isNaN { continue }
        let error = Double((x - y).magnitude) / (1 + Double(y.magnitude))
        worst = error.isNaN ? .infinity : max(worst, error)
    }
    return worst
}

/// The error of `value` in units of the last place of `Scalar` at the exact result `reference`.
func ulps<Scalar: FloatingScalar, Exact: BinaryFloatingPoint>(_ value: Scalar, _ reference: Exact) -> Double {
    let rounded = Scalar(reference)
    guard value.isFinite, rounded.isFinite else {
        return value == rounded || value.isNaN && rounded.isNaN ? 0 : .infinity
    }
    var unit = Exact(rounded.ulp)
    // Where rounding has gone up to a power of two, the binade of the exact result counts.
    if abs(reference) < Exact(rounded.magnitude), rounded.significand == 1, rounded.isNormal { unit /= 2 }
    return Double(abs(Exact(value) - reference) / unit)
}

extension InstructionSet {
    /// Everything but the reference itself.
    static let vectorized: [InstructionSet] = available.filter { $0 != .swift }
}

/// The unit roundoff, to scale tolerances by.
func roundoff<Scalar: FloatingScalar>(_: Scalar.Type) -> Double { Double(Scalar.ulpOfOne) }

/// Gives generic tests the table of a set: `table(for:)` is defined for each type alone.
protocol TestScalar: FloatingScalar {
    static func kernels(_ set: InstructionSet) -> KernelTable<Self>
}
extension Float: TestScalar {
    static func kernels(_ set: InstructionSet) -> KernelTable<Float> { .table(for: set) }
}
extension Double: TestScalar {
    static func kernels(_ set: InstructionSet) -> KernelTable<Double> { .table(for: set) }
}
