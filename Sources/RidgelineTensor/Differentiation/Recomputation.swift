// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Computes a block without saving anything inside it; the backward pass computes it again to find its
/// gradients (PyTorch: `torch.utils.checkpoint`, "gradient checkpointing"): less memory for one more forward
/// pass.
///
/// Parameters of the model under `valueAndGradients(of:)` may be used freely inside. Other recorded tensors
/// must come in as inputs; capturing one traps. The second computation draws the same random numbers from
/// the current generator (not from one passed with `using:`) and updates no running statistics. The
/// parameters must be the same at both: take the gradients before the optimizer's step.
public func withRecomputation<Scalar: FloatingScalar>(
    at inputs: [Tensor<Scalar>], _ block: @escaping ([Tensor<Scalar>]) -> Tensor<Scalar>
) -> Tensor<Scalar> {
    guard let recording = Recording.current else { return block(inputs).unchanged }
    let entries = inputs.map { recording.entry($0.trace) }
    let saved = inputs.map(\.detached)
    let mode = Mode.current
    // The block draws from a copy, so that no other task's draws come between and both passes agree.
    let shared = RandomGenerator.current
    let before = shared.state
    let own = RandomGenerator(state: before)
    let value = Recording.$scope.withValue(.closed) {
        RandomGenerator.$current.withValue(own) { block(saved) }
    }
    shared.state = own.state
    Recording.requireNotOfAnother(value)
    let leaves = recording.leaves
    return recording.record(.recomputation, value.detached) { pass in
        let upstream: Tensor<Scalar> = pass.takeUpstream()
        let inner = Recording()
        let innerInputs = saved.map { inner.leaf($0) }
        for identity in leaves.keys { inner.addLeaf(for: identity) }
        let again = withMode(mode) {
            Recomputation.$isActive.withValue(true) {
                RandomGenerator.$current.withValue(RandomGenerator(state: before)) {
                    inner.during { block(innerInputs) }
                }
            }
        }
        require(
            again.shape == upstream.shape,
            "withRecomputation: the second pass gave shape \(again.shape); expected \(upstream.shape), the "
                + "first one's")
        let found = inner.gradients(from: again.trace, seed: ErasedTensor(upstream), keepsSaved: false)
        func hand(_ index: Int, to entry: Int?) {
            guard index < found.count, let gradient = found[index] else { return }
            pass.add(erased: gradient, to: entry)
        }
        for (index, entry) in entries.enumerated() { hand(index, to: entry) }
        for (identity, entry) in leaves {
            guard let innerEntry = inner.leaves[identity] else { continue }
            hand(innerEntry, to: entry)
        }
    }
}

/// As `withRecomputation(at:_:)` for one input.
public func withRecomputation<Scalar: FloatingScalar>(
    at x: Tensor<Scalar>, _ block: @escaping (Tensor<Scalar>) -> Tensor<Scalar>
) -> Tensor<Scalar> {
    withRecomputation(at: [x]) { block($0[0]) }
}

/// Whether the current computation repeats one for `withRecomputation`.
package enum Recomputation {
    /// True during the second pass: layers then leave their running statistics alone.
    @TaskLocal package static var isActive = false
}

extension BackwardPass {
    /// Adds a gradient whose element type is known only at run time.
    mutating func add(erased gradient: ErasedTensor, to entry: Int?) {
        switch gradient.dataType {
        case .float32: add(gradient.typed(as: Float.self), to: entry)
        case .float64: add(gradient.typed(as: Double.self), to: entry)
        default: fatalError("gradients are floating-point")
        }
    }
}
