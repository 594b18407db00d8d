// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How many positions stand before and after a sequence where a window reaches beyond it.
public enum Padding1D: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// None: the window stays within the sequence (TensorFlow: `VALID`).
    case none
    /// So many before and after; each 0 or more.
    case each(before: Int, after: Int)
    /// As many as give ⌈length / stride⌉ outputs, half of them on each side, the odd one after (TensorFlow: `SAME`;
    /// PyTorch's `padding='same'`, which takes stride 1 only).
    case same

    /// As many before as after.
    public static func symmetric(_ count: Int) -> Padding1D { .each(before: count, after: count) }

    /// dilation·(width − 1) before and none after, so that no output sees what comes later (TensorFlow: `causal`).
    public static func causal(width: Int, dilation: Int = 1) -> Padding1D {
        // What overflows is for the convolution to refuse.
        let (count, overflows) = dilation.multipliedReportingOverflow(by: width - 1)
        return .each(before: overflows ? .max : count, after: 0)
    }

    /// The same number on both sides.
    public init(integerLiteral value: Int) { self = .symmetric(value) }

    /// That of an image of height 1.
    package var ofRow: Padding2D {
        switch self {
        case .none: .none
        case .each(let before, let after): .each(top: 0, bottom: 0, left: before, right: after)
        case .same: .same
        }
    }
}
