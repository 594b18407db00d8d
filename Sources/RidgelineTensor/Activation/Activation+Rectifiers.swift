// Part of Ridgeline. Licensed under the Apache License 2.0.

// Functions that are linear, or a power, on either side of a kink.
extension Activation {
    /// The rectifier f(x) = max(0, x); f′(x) = 1 for x > 0, else 0 (PyTorch: `relu`). NaN stays NaN.
    /// Error: at most 0 ulp, of the derivative 0.
    public static let relu = Activation(.relu)
    /// f(x) = min(max(0, x), 6); f′(x) = 1 for 0 < x < 6, else 0 (PyTorch: `relu6`).
    /// Error: at most 0 ulp, of the derivative 0.
    public static let relu6 = Activation(.relu6)
    /// f(x) = max(0, x)²; f′(x) = 2·max(0, x) (So et al., "Primer", 2021).
    /// Error: at most 0.5 ulp, of the derivative 0.
    public static let squaredReLU = Activation(.squaredReLU)
    /// Leaky ReLU with PyTorch's slope of 0.01.
    /// Error: at most 0.5 ulp, of the derivative 0.
    public static let leakyReLU = leakyReLU(slope: 0.01)

    /// f(x) = x for x > 0, else slope·x; f′(x) = 1 or slope (Maas et al., 2013; PyTorch: `leaky_relu`). Traps
    /// on a slope that is not finite.
    public static func leakyReLU(slope: Double) -> Activation {
        Activation(
            .leakyReLU, "leakyReLU", slope, domain: { slope, _ in slope.isFinite }, expected: "a finite slope"
        )
    }

    /// Leaky ReLU with a slope that is learnt, one for the layer or one for each channel (He et al., 2015;
    /// PyTorch: `prelu`). The layer keeps it as its parameter `slope`. Traps on an initial slope that is not
    /// finite.
    /// Error: at most 0.5 ulp, of the derivative 0.
    public static func parametricReLU(initial: Double = 0.25, isPerChannel: Bool = false) -> Activation {
        require(
            initial.isFinite, "Activation.parametricReLU: initial slope \(initial); expected a finite number")
        return Activation(.parametric(initial: initial, isPerChannel: isPerChannel))
    }

    /// Leaky ReLU with PyTorch's bounds for its random slopes, 1/8 and 1/3.
    /// Error: at most 0.5 ulp, of the derivative 0.
    public static let randomizedLeakyReLU = randomizedLeakyReLU(lower: 1.0 / 8, upper: 1.0 / 3)

    /// Leaky ReLU whose slopes are, in training, drawn for each element uniformly from `lower` to `upper`, and
    /// in inference their mean (Xu et al., 2015; PyTorch: `rrelu`). Traps where lower > upper or one is not
    /// finite.
    public static func randomizedLeakyReLU(lower: Double, upper: Double) -> Activation {
        require(
            lower.isFinite && upper.isFinite && lower <= upper,
            "Activation.randomizedLeakyReLU: slopes from \(lower) to \(upper); expected finite bounds in order"
        )
        return Activation(.randomized(lower: lower, upper: upper))
    }

    /// f(x) = x for x > threshold, else value; f′(x) = 1 or 0 (PyTorch: `threshold`). Traps on NaN.
    /// Error: at most 0 ulp, of the derivative 0.
    public static func thresholded(_ threshold: Double, value: Double = 0) -> Activation {
        Activation(.thresholded, "thresholded", threshold, value)
    }
}
