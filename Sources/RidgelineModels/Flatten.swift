// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// In which order the values of an image become those of a row.
public enum FlattenOrder: Sendable, Hashable {
    /// As they lie: height, width, channels, the last fastest.
    case channelsLast
    /// Channels, height, width, the last fastest: what a classifier expects that was trained in PyTorch, as
    /// AlexNet's and VGG's, whose weights then fit as they are.
    case channelsFirst
}

/// Each image as one row: (N, H, W, C) to (N, H·W·C) (PyTorch: `nn.Flatten`). Of other ranks, all axes but the
/// first become one.
public struct Flatten<Scalar: FloatingScalar>: Layer {
    /// In which order; it matters to images of more than one pixel.
    public let order: FlattenOrder

    /// A layer that flattens in this order.
    public init(order: FlattenOrder = .channelsLast) { self.order = order }

    /// Traps without an axis, and in the order of channels first on another rank than 4.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        require(
            x.rank > 0 && (order == .channelsLast || x.rank == 4),
            "Flatten: input \(x.shape); expected "
                + (order == .channelsLast ? "one axis or more" : "(images, height, width, channels)"))
        let arranged = order == .channelsFirst ? x.permuted([0, 3, 1, 2]) : x
        return arranged.reshaped(to: [x.shape[0], x.shape.dropFirst().reduce(1, *)])
    }
}
