// Part of Ridgeline. Licensed under the Apache License 2.0.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The operations of one forward pass, in order: one flat list, in which no entry owns another, so that a
/// chain of any length is walked and released without recursion.
///
/// `@unchecked Sendable`, since a task-local value must be: a recording is used only on the thread that
/// opened it, which every access checks and traps otherwise; once closed it no longer changes but through
/// the one `Pullback` that holds it. `RecordingConcurrencyTests` runs this under the thread sanitizer.
package final class Recording: @unchecked Sendable {
    /// What computes the gradients of one entry's inputs from the gradient of its output.
    package typealias Backward = (inout BackwardPass) -> Void

    /// What the current task does with operations on tracked tensors.
    enum Scope: Sendable {
        /// Nothing is recorded: plain inference.
        case none
        /// Operations on tracked tensors are recorded here.
        case recording(Recording)
        /// Nothing is recorded, and parameters may be read: `withoutGradients`.
        case suspended
        /// Nothing is recorded and nothing tracked may come in, but parameters may be read: the forward pass of a
        /// block that will be recomputed.
        case closed
        /// Nothing is recorded, and neither tracked tensors nor recorded parameters may come in: the forward pass
        /// of an operation that says itself what its gradients are.
        case custom
    }

    @TaskLocal static var scope = Scope.none

    private static let counter = Atomic<UInt64>(0)
    private static let open = Lock<Set<UInt64>>([])

    package let number: UInt64
    private let thread: pthread_t
    var entries: [Backward?] = []
    private(set) var leaves: [ObjectIdentifier: Int] = [:]
    private var isUsed = false

    package init() {
        number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
        thread = pthread_self()
    }

    /// Runs `body` with this recording taking up its operations.
    package func during<Result>(_ body: () throws -> Result) rethrows -> Result {
        Self.open.withLock { _ = $0.insert(number) }
        defer { Self.open.withLock { _ = $0.remove(number) } }
        return try Self.$scope.withValue(.recording(self), operation: body)
    }

    /// Runs `body` where it may only use what it is given; see `Scope.custom`. Where nothing is being recorded, nothing
    /// can be lost, and it runs as it is.
    static func closedToOthers<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard case .recording = scope else { return try body() }
        return try $scope.withValue(.custom, operation: body)
    }

    // MARK: Finding the recording of an operation

    /// The recording that an operation on tensors of these traces belongs to, or nil where none is tracked.
    @inline(__always)
    static func tracking(_ trace: Trace) -> Recording? {
        trace.isNone ? nil : find([trace, .none])
    }

    @inline(__always)
    static func tracking(_ first: Trace, _ second: Trace) -> Recording? {
        first.isNone && second.isNone ? nil : find([first, second])
    }

    static func tracking(_ traces: [Trace]) -> Recording? {
        var found: Recording?
        for trace in traces where !trace.isNone { found = find([trace, .none]) ?? found }
        return found
    }

    private static func find(_ traces: InlineArray<2, Trace>) -> Recording? {
        let scope = Self.scope
        if case .suspended = scope { return nil }
        var found: Recording?
        if case .recording(let recording) = scope {
            recording.checkThread()
            found = recording
        }
        var isTracked = false
        for index in 0..<2 where !traces[index].isNone {
            if traces[index].recording == found?.number {
                isTracked = true
            } else {
                requireClosed(traces[index].recording)
            }
        }
        return isTracked ? found : nil
    }

    /// A tensor of a closed recording is a constant; one of a recording still open elsewhere would lose its
    /// gradient here without a word.
    private static func requireClosed(_ number: UInt64) {
        require(
            !open.withLock { $0.contains(number) },
            "a tensor is used outside the recording it belongs to, which is still open: on another "
                + "thread, inside a nested recording (gradients are first order), or captured by a block "
                + "to recompute or by a custom operation. Pass it in as an input, or wrap the use in stopGradient "
                + "or withoutGradients")
    }

    /// Whether a trace is of a recording that is still open, on whatever thread.
    static func isOpen(_ trace: Trace) -> Bool {
        !trace.isNone && open.withLock { $0.contains(trace.recording) }
    }

    /// Traps where the result of a recorded or closed piece of code belongs to another recording that is still open,
    /// whose gradient would end here.
    package static func requireNotOfAnother<Scalar>(_ result: Tensor<Scalar>, than own: Recording? = nil) {
        guard !result.trace.isNone, result.trace.recording != own?.number else { return }
        requireClosed(result.trace.recording)
    }

    private func checkThread() {
        require(
            pthread_equal(thread, pthread_self()) != 0,
            "an operation was recorded on another thread than the one that opened the recording; gradients "
                + "are recorded on one thread (the operations themselves use all)")
    }

    /// The recording open on this thread, if any.
    package static var current: Recording? {
        guard case .recording(let recording) = scope else { return nil }
        recording.checkThread()
        return recording
    }

    /// Whether the task runs in a recording of a model's parameters.
    package static var differentiatesModel: Bool {
        guard case .recording(let recording) = scope else { return false }
        // Leaves are added before the recording begins: any thread may look.
        return !recording.leaves.isEmpty
    }

    /// Whether the task suspended recording on purpose.
    package static var isSuspended: Bool {
        switch scope {
        case .suspended, .closed: true
        case .none, .recording, .custom: false
        }
    }

    /// Whether this is a task that no recording started: one would have handed down its scope, which a plain thread that
    /// it hands work to does not get.
    package static var isOfAnotherTask: Bool {
        guard case .none = scope else { return false }
        return withUnsafeCurrentTask { $0 != nil }
    }

    // MARK: Recording

    /// The position of a tensor's entry here, or nil where it is a constant to this recording.
    @inline(__always)
    func entry(_ trace: Trace) -> Int? { trace.recording == number ? trace.entry : nil }

    /// Adds an entry and returns `output` as its result.
    ///
    /// `backward` must capture what it needs detached, and nothing it does not need: what it captures lives
    /// until it has run.
    @inline(__always)
    func record<Scalar>(
        _ operation: DifferentiableOperation, _ output: Tensor<Scalar>, _ backward: @escaping Backward
    ) -> Tensor<Scalar> {
        entries.append(backward)
        operations?.append(operation)
        return Tensor(
            storage: output.storage, layout: output.layout,
            trace: Trace(recording: number, entry: entries.count - 1))
    }

    /// The operations recorded from here on, where a test has asked for them by an empty list.
    package var operations: [DifferentiableOperation]?

    /// A new input of the recording. Traps on a tensor of another one that is still open: the gradient
    /// found here would not reach it.
    package func leaf<Scalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        if !tensor.trace.isNone && !Self.isSuspended { Self.requireClosed(tensor.trace.recording) }
        entries.append(nil)
        return Tensor(
            storage: tensor.storage, layout: tensor.layout,
            trace: Trace(recording: number, entry: entries.count - 1))
    }

    /// Makes the entry that stands for a parameter.
    package func addLeaf(for identity: ObjectIdentifier) {
        leaves[identity] = entries.count
        entries.append(nil)
    }

    /// The trace of a parameter that is an input of this recording.
    package func leafTrace(for identity: ObjectIdentifier) -> Trace? {
        leaves[identity].map { Trace(recording: number, entry: $0) }
    }

    // MARK: Backward

    /// Walks the entries from `output` back, giving each the gradient of its result, and returns the
    /// gradients of the leaves by entry.
    ///
    /// - Parameter keepsSaved: Whether the entries stay, with what they saved, for another call. Otherwise
    ///   each is released as soon as it has run.
    package func gradients(
        from output: Trace, seed: consuming ErasedTensor, keepsSaved: Bool
    ) -> [ErasedTensor?] {
        guard let last = entry(output) else { return [] }
        var pass = BackwardPass(count: last + 1, keepsSaved: keepsSaved)
        pass.gradients[last] = consume seed
        if keepsSaved {
            for index in stride(from: last, through: 0, by: -1) { run(entries[index], index, &pass) }
        } else {
            entries.removeLast(entries.count - last - 1)
            for index in stride(from: last, through: 0, by: -1) { run(entries.removeLast(), index, &pass) }
        }
        return pass.gradients
    }

    @inline(__always)
    private func run(_ backward: Backward?, _ index: Int, _ pass: inout BackwardPass) {
        guard let backward, pass.gradients[index] != nil else { return }
        // Moved, not copied: the only reference, so that backward may overwrite the gradient.
        pass.upstream = pass.gradients[index].take()
        backward(&pass)
        pass.upstream = nil
    }
}

extension Recording {
    /// True the first time it is asked: a walk that releases what was saved can happen once.
    package func claimSingleUse() -> Bool {
        defer { isUsed = true }
        return !isUsed
    }

    /// Whether a tensor was recorded here.
    package func owns<Scalar>(_ tensor: Tensor<Scalar>) -> Bool { tensor.trace.recording == number }
}
