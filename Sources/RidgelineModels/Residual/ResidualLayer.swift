// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What every residual block does: y = act(F(x) + shortcut(x)) (He et al., "Deep residual learning for image
/// recognition", 2015). The blocks differ in F and in the shortcut only.
public protocol ResidualLayer: Layer {
    /// The projection of x where F changes its shape.
    associatedtype Shortcut: Layer<Scalar>
    /// The projection, or nil for the identity.
    var shortcut: Shortcut? { get }
    /// act(F(x) + kept), so that a block whose last layer can add what was kept does so in its own pass.
    func callAsFunction(_ x: Tensor<Scalar>, adding kept: Tensor<Scalar>) -> Tensor<Scalar>
}

extension ResidualLayer {
    /// act(F(x) + shortcut(x)). Traps where the two differ in shape.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        self(x, adding: shortcut?(x) ?? x)
    }
}

/// Traps where what a block adds has another shape than what was kept.
func requireSummands(_ residual: Shape, _ kept: Shape) {
    require(
        residual == kept,
        "residual block: the body gives \(residual) and the shortcut \(kept); expected equal shapes")
}
