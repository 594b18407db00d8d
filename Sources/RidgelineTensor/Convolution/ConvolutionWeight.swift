// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A convolution's weight as the algorithms read it.
package struct ConvolutionWeight<Scalar: FloatingScalar> {
    /// (out, in/groups, height, width), in any order of the elements.
    package let tensor: Tensor<Scalar>
    /// Where transformed copies are kept from call to call, or nil.
    package let cache: WeightTransforms<Scalar>?

    package init(_ tensor: Tensor<Scalar>, cache: WeightTransforms<Scalar>? = nil) {
        self.tensor = tensor
        self.cache = cache
    }
}

/// What the algorithms make of one value of a weight, made when it is first asked for. A layer keeps it beside the
/// weight's version.
///
/// `Sendable` by its lock: any number of threads may run a model.
package final class WeightTransforms<Scalar: FloatingScalar>: Sendable {
    /// A form of the weight.
    enum Form: Hashable {
        case winograd(WinogradTile)
        /// Inputs × outputs for each group.
        case columns
        /// Taps × channels, of a depthwise convolution.
        case taps
    }

    private let made = Lock<[Form: Tensor<Scalar>]>([:])

    package init() {}

    func callAsFunction(_ form: Form, _ make: () -> Tensor<Scalar>) -> Tensor<Scalar> {
        if let known = made.withLock({ $0[form] }) { return known }
        let new = make()
        made.withLock { $0[form] = new }
        return new
    }
}
