// Part of Ridgeline. Licensed under the Apache License 2.0.

// Functions of one element are there in both spellings, `exp(x)` for formulas and `x.exp()` for chains: this file
// has the methods of those that stand elsewhere as functions, and the functions of those that stand as methods.

extension Tensor where Scalar: FloatingScalar {
    /// eˣ.
    public func exp() -> Tensor { unary(.exp) }
    /// eˣ − 1, exact near 0.
    public func expm1() -> Tensor { unary(.expMinusOne) }
    /// ln x.
    public func log() -> Tensor { unary(.log) }
    /// ln(1 + x), exact near 0.
    public func log1p() -> Tensor { unary(.logOnePlus) }
    /// sin x, x in radians.
    public func sin() -> Tensor { unary(.sin) }
    /// cos x, x in radians.
    public func cos() -> Tensor { unary(.cos) }
    /// tan x, x in radians.
    public func tan() -> Tensor { unary(.tan) }
    /// The error function.
    public func erf() -> Tensor { unary(.erf) }
    /// √x; NaN below 0. Swift's name is `squareRoot()`.
    public func sqrt() -> Tensor { unary(.squareRoot) }
    /// |x|; the derivative at 0 is 0. As `absolute()`.
    public func abs() -> Tensor { unary(.absolute) }
    /// x rounded up. As `ceiling()`.
    public func ceil() -> Tensor { unary(.ceiling) }
    /// xʸ, element by element with broadcasting; see `power(_:)`.
    public func pow(_ exponent: Tensor) -> Tensor { power(exponent) }
    /// xʸ for one exponent.
    public func pow(_ exponent: Scalar) -> Tensor { power(exponent) }
    /// max(0, x) of each element; see `Activation.relu`.
    public consuming func relu() -> Tensor { activated(.relu) }
    /// x·Φ(x) of each element; see `Activation.gelu`.
    public consuming func gelu() -> Tensor { activated(.gelu) }
    /// x·σ(x) of each element; see `Activation.silu`.
    public consuming func silu() -> Tensor { activated(.silu) }
    /// 1 / (1 + e⁻ˣ) of each element; see `Activation.sigmoid`.
    public consuming func sigmoid() -> Tensor { activated(.sigmoid) }
    /// tanh x of each element; see `Activation.tanh`.
    public consuming func tanh() -> Tensor { activated(.tanh) }
    /// exp(x) / Σ exp(x) along an axis; see the function `softmax`.
    public func softmax(axis: Int = -1) -> Tensor { RidgelineTensor.softmax(self, axis: axis) }
    /// exp(−x) / Σ exp(−x) along an axis; see the function `softmin`.
    public func softmin(axis: Int = -1) -> Tensor { RidgelineTensor.softmin(self, axis: axis) }
    /// x − ln Σ exp(x) along an axis; see the function `logSoftmax`.
    public func logSoftmax(axis: Int = -1) -> Tensor { RidgelineTensor.logSoftmax(self, axis: axis) }
}

/// |x|; the derivative at 0 is 0.
public func absolute<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.absolute) }
/// x².
public func squared<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.square) }
/// √x; NaN below 0.
public func squareRoot<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.squareRoot) }
/// 1/√x.
public func reciprocalSquareRoot<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x.unary(.reciprocalSquareRoot)
}
/// 1/x.
public func reciprocal<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.reciprocal) }
/// −1, 0 or 1 with x's sign; NaN stays. The derivative is 0.
public func sign<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.sign) }
/// x rounded down. The derivative is 0.
public func floor<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.floor) }
/// x rounded up. The derivative is 0.
public func ceil<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.ceiling) }
/// x rounded up. The derivative is 0.
public func ceiling<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.ceiling) }
/// x rounded to nearest, ties to even as NumPy's `round`. The derivative is 0.
public func rounded<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.rounded) }
/// xʸ, element by element with broadcasting; see `Tensor.power(_:)`.
public func power<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    x.power(y)
}
/// xʸ, element by element with broadcasting; see `Tensor.power(_:)`.
public func power<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> { x.power(y) }
/// xʸ, element by element with broadcasting; see `Tensor.power(_:)`.
public func pow<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    x.power(y)
}
/// xʸ, element by element with broadcasting; see `Tensor.power(_:)`.
public func pow<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> { x.power(y) }
/// x limited to `[lower, upper]`; see `Tensor.clamped(_:_:)`.
public func clamped<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ lower: Scalar, _ upper: Scalar) -> Tensor<
    Scalar
> { x.clamped(lower, upper) }
