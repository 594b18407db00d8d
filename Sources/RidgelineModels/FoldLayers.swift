// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The fold of each group of neighbouring values along the last axis, as a layer.
public struct FoldLayer<Scalar: FloatingScalar>: Layer {
    /// The folding function.
    public let fold: Fold
    /// How many values become one.
    public let groupSize: Int
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer that folds groups of this size. Traps on a size below 1.
    public init(_ fold: Fold, groupsOf groupSize: Int) {
        require(groupSize > 0, "FoldLayer: groups of \(groupSize); expected 1 or more")
        self.fold = fold
        self.groupSize = groupSize
    }

    /// (…, n) to (…, n / groupSize). Traps where the size does not divide n.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(x.folded(fold, groupsOf: groupSize))
    }
}

/// A maxout layer: each output is the largest of several affine functions of the input (Goodfellow et al.,
/// "Maxout networks", 2013), y = maxₖ (Wₖ·x + bₖ). The weight's row i·pieces + k is piece k of output i.
public struct Maxout<Scalar: FloatingScalar>: Layer {
    /// All pieces, from inputs to outputs·pieces values.
    public let linear: Linear<Scalar>
    /// How many affine functions make an output.
    public let pieces: Int
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer from `inputs` to `outputs` values. Traps on a count below 1.
    public init(_ inputs: Int, _ outputs: Int, pieces: Int = 2, bias: Bool = true) {
        require(
            inputs > 0 && outputs > 0 && pieces > 0,
            "Maxout: \(inputs) inputs, \(outputs) outputs of \(pieces) pieces; expected 1 or more")
        self.init(linear: Linear(inputs, outputs * pieces, bias: bias), pieces: pieces)
    }

    /// A layer of these pieces, whose parameters it shares. Traps where the number of pieces does not divide the linear
    /// layer's outputs.
    public init(linear: Linear<Scalar>, pieces: Int = 2) {
        require(
            pieces > 0 && linear.weight.shape[0] % pieces == 0,
            "Maxout: \(linear.weight.shape[0]) affine functions in groups of \(pieces); expected groups that divide them"
        )
        self.linear = linear
        self.pieces = pieces
    }

    /// (…, inputs) to (…, outputs). Traps on another last extent.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(maxout(linear(x), groupsOf: pieces))
    }
}
