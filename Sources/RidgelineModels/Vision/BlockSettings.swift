// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What all convolutions and normalisations of a block or a network of blocks have in common.
package struct BlockSettings: Sendable, ParameterFree {
    package var activation: Activation = .relu
    package var algorithm: ConvolutionAlgorithm = .automatic
    package var epsilon = 1e-5
    package var momentum: Double? = 0.1

    package init(
        activation: Activation = .relu, algorithm: ConvolutionAlgorithm = .automatic, epsilon: Double = 1e-5,
        momentum: Double? = 0.1
    ) {
        (self.activation, self.algorithm) = (activation, algorithm)
        (self.epsilon, self.momentum) = (epsilon, momentum)
    }

    /// A normalisation with them.
    func normalization<Scalar>(_ channels: Int) -> BatchNormalization<Scalar> {
        BatchNormalization(channels, epsilon: epsilon, momentum: momentum)
    }
}

extension ConvolutionAlgorithm {
    /// The algorithm that a block's convolution takes when the block is given this one: this where it can compute such
    /// a convolution, else `automatic`.
    func fitting(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, groups: Int = 1
    ) -> ConvolutionAlgorithm {
        let fits =
            switch self {
            case .automatic, .gathered: true
            case .winograd2, .winograd4: kernel == 3 && stride == 1 && dilation == 1 && groups == 1
            case .depthwise: groups > 1 && groups == inputs && groups == outputs
            }
        return fits ? self : .automatic
    }
}
