// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The state of a walk back through a recording: the gradients so far, and that of the entry whose turn it
/// is.
package struct BackwardPass {
    /// The gradient of each entry's result, where one has arrived.
    var gradients: [ErasedTensor?]
    /// The gradient of the current entry's result.
    var upstream: ErasedTensor?
    /// Whether saved values stay for another walk.
    let keepsSaved: Bool

    init(count: Int, keepsSaved: Bool) {
        gradients = Array(repeating: nil, count: count)
        self.keepsSaved = keepsSaved
    }

    /// Takes the gradient of the current entry's result. Where nobody else holds it, the taker may overwrite
    /// it.
    @inline(__always)
    package mutating func takeUpstream<Scalar>(as type: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
        guard let taken = upstream.take() else { fatalError("the upstream gradient was taken twice") }
        return taken.typed()
    }

    /// Adds to the gradient of an entry; without effect where the input was a constant (nil).
    @inline(__always)
    package mutating func add<Scalar: FloatingScalar>(_ gradient: Tensor<Scalar>, to entry: Int?) {
        guard let entry else { return }
        guard let earlier = gradients[entry] else {
            gradients[entry] = ErasedTensor(gradient)
            return
        }
        gradients[entry] = nil
        var sum: Tensor<Scalar> = earlier.typed()
        require(
            sum.shape == gradient.shape,
            "gradients of shapes \(sum.shape) and \(gradient.shape) met at one tensor")
        sum.addInPlace(gradient)
        gradients[entry] = ErasedTensor(sum)
    }

    /// Lets `body` write the gradient of an entry, or add to it: it is called with a contiguous tensor that
    /// nobody else holds and β = 0 (write, the content is undefined) or β = 1 (add).
    package mutating func accumulate<Scalar: FloatingScalar>(
        to entry: Int?, shape: Shape, _ body: (inout Tensor<Scalar>, _ beta: Scalar) -> Void
    ) {
        guard let entry else { return }
        var target: Tensor<Scalar>
        let beta: Scalar
        if let earlier = gradients[entry] {
            gradients[entry] = nil
            target = earlier.typed()
            beta = 1
        } else {
            target = Tensor(uninitialized: shape)
            beta = 0
        }
        if beta == 1 { target.makeUnique() }
        body(&target, beta)
        gradients[entry] = ErasedTensor(target)
    }
}

/// A value saved for backward that a walk may release before its entry is done, so that its memory serves
/// the gradients computed next.
final class Saved<Scalar: TensorScalar> {
    private var tensor: Tensor<Scalar>?

    init(_ tensor: Tensor<Scalar>) { self.tensor = tensor.detached }

    /// The saved tensor; where it is not kept for another walk, the last chance to have it.
    func take(keeping: Bool) -> Tensor<Scalar> {
        guard let tensor else { fatalError("a saved value was taken twice") }
        if !keeping { self.tensor = nil }
        return tensor
    }
}
