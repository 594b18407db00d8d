// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What stands around an image that is padded.
public enum PaddingMode: String, Sendable, Hashable, CaseIterable {
    /// Zeros.
    case zero
    /// The image mirrored at its edge, whose pixels are not repeated: c b | a b c | b a.
    case reflect
    /// The pixels of its edge: a a | a b c | c c.
    case replicate
    /// The image again from its other edge: b c | a b c | a b.
    case circular
}

/// Images with pixels around them, (N, H, W, C) to (N, top + H + bottom, left + W + right, C) (PyTorch:
/// `ReflectionPad2d`, `ReplicationPad2d`, `CircularPad2d`, `ZeroPad2d`): for a convolution without padding of its own.
///
/// A pixel's gradient is the sum of those of its copies. Traps on another rank, on `.same`, whose numbers only a
/// window has, where it mirrors as many pixels as the image has along an axis, or more, and where it repeats more
/// than there are.
public func padded<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ padding: Padding2D, mode: PaddingMode
) -> Tensor<Scalar> {
    let size = PoolingWindows.imageSize(x.shape, for: "padded")
    var sides = (top: 0, bottom: 0, left: 0, right: 0)
    switch padding {
    case .none: break
    case .each(let top, let bottom, let left, let right): sides = (top, bottom, left, right)
    case .same: requirementFailed("padded: padding .same; expected numbers, as there is no window")
    }
    let (top, bottom, left, right) = sides
    require(
        top >= 0 && bottom >= 0 && left >= 0 && right >= 0,
        "padded: padding \(top), \(bottom), \(left), \(right); expected 0 or more")
    require(
        [top, bottom, left, right].allSatisfy { $0 <= PoolingAxis.mostOutputs },
        "padded: padding \(top), \(bottom), \(left), \(right); expected at most \(PoolingAxis.mostOutputs)")
    if mode == .zero { return x.padded([(0, 0), (top, bottom), (left, right), (0, 0)]) }
    let most = Size2D(Swift.max(top, bottom), Swift.max(left, right))
    require(
        mode != .reflect || most.height < size.height && most.width < size.width,
        "padded: reflecting \(top), \(bottom), \(left), \(right) pixels (top, bottom, left, right) of images of "
            + "\(size); expected fewer than the image has\(channelsFirstHint(x.shape))")
    require(
        mode != .circular || most.height <= size.height && most.width <= size.width,
        "padded: repeating \(top), \(bottom), \(left), \(right) pixels (top, bottom, left, right) of images of "
            + "\(size); expected at most as many as the image has\(channelsFirstHint(x.shape))")
    return averaged(
        x,
        PoolingWindows(
            x.shape,
            vertical: PoolingAxis(inputs: size.height, paddedBy: top, bottom, mode),
            horizontal: PoolingAxis(inputs: size.width, paddedBy: left, right, mode)), .edgePadding)
}

extension PoolingAxis {
    /// Padding is the mean of windows of one tap each.
    fileprivate init(inputs: Int, paddedBy before: Int, _ after: Int, _ mode: PaddingMode) {
        let last = inputs - 1
        self.init(
            inputs: inputs,
            copying: (-before..<inputs + after).map { place in
                let inside = Swift.min(Swift.max(place, 0), last)
                return switch mode {
                case .reflect: 2 * inside - place
                case .circular: (place + inputs) % inputs
                case .replicate, .zero: inside
                }
            })
    }
}
