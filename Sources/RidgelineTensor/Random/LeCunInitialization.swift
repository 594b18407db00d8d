// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// LeCun et al.'s uniform initialisation: U(−a, a), a = √(3 / fanIn), of variance 1 / fanIn ("Efficient
    /// BackProp", 1998). Fan-in as in `glorotUniform`. Traps below two axes.
    public static func lecunUniform(_ shape: Shape, using generator: RandomGenerator = .current) -> Tensor {
        requireFans(shape, "lecunUniform")
        return heUniform(shape, gain: 1, using: generator)
    }

    /// LeCun et al.'s normal initialisation: N(0, 1 / fanIn), what self-normalising networks of SELU start
    /// from (Klambauer et al., 2017; PyTorch: `kaiming_normal_(nonlinearity="linear")`). Fan-in as in
    /// `glorotUniform`. Traps below two axes.
    public static func lecunNormal(_ shape: Shape, using generator: RandomGenerator = .current) -> Tensor {
        requireFans(shape, "lecunNormal")
        return heNormal(shape, gain: 1, using: generator)
    }

    private static func requireFans(_ shape: Shape, _ operation: String) {
        require(
            shape.rank >= 2, "\(operation): shape \(shape); expected at least two axes, (out, in, …)")
    }
}
