// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// The element-wise functions of one value, in the order of `RIDGELINE_UNARY_FUNCTIONS` in CRidgelineKernels.h. Not API:
/// use the tensor's methods.
public enum UnaryKind: Int32, Sendable, CaseIterable {
    case negate, absolute, sign, square, squareRoot, reciprocalSquareRoot, reciprocal
    case exp, expMinusOne, log, logOnePlus, sin, cos, tan, erf
    case floor, ceiling, rounded

    /// What is recorded of it.
    var operation: DifferentiableOperation {
        switch self {
        case .negate: .negate
        case .absolute: .absolute
        case .sign: .sign
        case .square: .square
        case .squareRoot: .squareRoot
        case .reciprocalSquareRoot: .reciprocalSquareRoot
        case .reciprocal: .reciprocal
        case .exp: .exp
        case .expMinusOne: .expMinusOne
        case .log: .log
        case .logOnePlus: .logOnePlus
        case .sin: .sin
        case .cos: .cos
        case .tan: .tan
        case .erf: .erf
        case .floor: .floor
        case .ceiling: .ceiling
        case .rounded: .rounded
        }
    }
}

/// The plain loops of every element-wise function, the reference of the vector kernels; called from concrete types, so
/// that each loop is compiled for `Float` and for `Double`.
@inline(__always)
func applyUnary<Scalar: Real & BinaryFloatingPoint>(
    _ kind: UnaryKind, _ x: UnsafePointer<Scalar>, _ out: UnsafeMutablePointer<Scalar>, _ count: Int
) {
    @inline(__always) func loop(_ function: (Scalar) -> Scalar) {
        for index in 0..<count { out[index] = function(x[index]) }
    }
    switch kind {
    case .negate: loop { -$0 }
    case .absolute: loop { $0.magnitude }
    case .sign: loop { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .square: loop { $0 * $0 }
    case .squareRoot: loop { $0.squareRoot() }
    case .reciprocalSquareRoot: loop { 1 / $0.squareRoot() }
    case .reciprocal: loop { 1 / $0 }
    case .exp: loop { Scalar.exp($0) }
    case .expMinusOne: loop { Scalar.expMinusOne($0) }
    case .log: loop { Scalar.log($0) }
    case .logOnePlus: loop { Scalar.log(onePlus: $0) }
    case .sin: loop { Scalar.sin($0) }
    case .cos: loop { Scalar.cos($0) }
    case .tan: loop { Scalar.tan($0) }
    case .erf: loop { Scalar.erf($0) }
    case .floor: loop { $0.rounded(.down) }
    case .ceiling: loop { $0.rounded(.up) }
    case .rounded: loop { $0.rounded(.toNearestOrEven) }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// A function of each element, with its derivative beside it.
    func unary(_ kind: UnaryKind) -> Tensor {
        let out = mapping(to: Scalar.self) { x, out, count in Scalar._unary(kind, x, out, count) }
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        // The closure of each case captures only what its derivative needs.
        func record(_ saved: Tensor, _ derivative: @escaping (Tensor) -> Tensor) -> Tensor {
            recording.record(kind.operation, out) { pass in
                pass.add(pass.takeUpstream() * derivative(saved), to: entry)
            }
        }
        // A division by what is near 0, which its reciprocal would overflow at.
        func recordDividing(_ saved: Tensor, by divisor: @escaping (Tensor) -> Tensor) -> Tensor {
            recording.record(kind.operation, out) { pass in
                pass.add(pass.takeUpstream() / divisor(saved), to: entry)
            }
        }
        let x = detached
        switch kind {
        case .negate:
            return recording.record(kind.operation, out) {
                $0.add(-$0.takeUpstream(as: Scalar.self), to: entry)
            }
        case .absolute: return record(x) { $0.unary(.sign) }
        case .sign, .floor, .ceiling, .rounded: return recording.record(kind.operation, out) { _ in }
        case .square: return record(x) { 2 * $0 }
        case .squareRoot: return recordDividing(out, by: { 2 * $0 })
        case .reciprocalSquareRoot: return record(out) { -0.5 * $0 * $0 * $0 }
        case .reciprocal: return record(out) { -($0 * $0) }
        case .exp: return record(out) { $0 }
        case .expMinusOne: return record(out) { $0 + 1 }
        case .log: return recordDividing(x, by: { $0 })
        case .logOnePlus: return recordDividing(x, by: { $0 + 1 })
        case .sin: return record(x) { $0.unary(.cos) }
        case .cos: return record(x) { -$0.unary(.sin) }
        case .tan: return record(out) { $0 * $0 + 1 }
        case .erf:
            return record(x) { (-($0 * $0)).unary(.exp) * Scalar(fromDouble: 2 / Double.pi.squareRoot()) }
        }
    }

    /// |x|; the derivative at 0 is 0.
    public func absolute() -> Tensor { unary(.absolute) }
    /// −1, 0 or 1 with x's sign; NaN stays. The derivative is 0.
    public func sign() -> Tensor { unary(.sign) }
    /// x².
    public func squared() -> Tensor { unary(.square) }
    /// √x; NaN below 0.
    public func squareRoot() -> Tensor { unary(.squareRoot) }
    /// 1/√x.
    public func reciprocalSquareRoot() -> Tensor { unary(.reciprocalSquareRoot) }
    /// 1/x.
    public func reciprocal() -> Tensor { unary(.reciprocal) }
    /// x rounded down. The derivative is 0.
    public func floor() -> Tensor { unary(.floor) }
    /// x rounded up. The derivative is 0.
    public func ceiling() -> Tensor { unary(.ceiling) }
    /// x rounded to nearest, ties to even as NumPy's `round`. The derivative is 0.
    public func rounded() -> Tensor { unary(.rounded) }

    /// xʸ within 2 ulp, with the special cases of C's `pow`, element by element with broadcasting. The derivative by x is y·xʸ⁻¹, 0 where y is 0; by y it
    /// is xʸ·ln x, 0 where x is 0 and y is not negative, as in PyTorch. Traps where the shapes do not broadcast.
    public func power(_ exponent: Tensor) -> Tensor {
        let out = Tensor.combining(self, exponent, "power", result: Scalar.self) {
            a, b, out, rows, columns in
            for row in 0..<rows {
                Scalar._kernels.elementwise.power(
                    x: a.start + row * a.rowStride, xStride: a.stride, y: b.start + row * b.rowStride,
                    yStride: b.stride, out: out + row * columns, count: columns)
            }
        }
        guard let recording = Recording.tracking(trace, exponent.trace) else { return out }
        let (base, power) = (recording.entry(trace), recording.entry(exponent.trace))
        let (x, y) = (detached, exponent.detached)
        return recording.record(.power, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            if base != nil {
                // y·xʸ⁻¹ would be 0·∞ at x = y = 0.
                let gradient = which(y .== 0, .zeros([]), upstream * (y * x.power(y - 1)))
                pass.add(gradient.summed(to: x.shape), to: base)
            }
            if power != nil {
                // 0·−∞, where 0⁻¹ = ∞ has its slope of −∞.
                let isFlat = (x .== 0) .& (y .>= 0)
                let gradient = which(isFlat, .zeros([]), upstream * (out * x.unary(.log)))
                pass.add(gradient.summed(to: y.shape), to: power)
            }
        }
    }

    /// xʸ for one exponent.
    public func power(_ exponent: Scalar) -> Tensor { power(Tensor(exponent)) }

    /// x limited to `[lower, upper]`; the gradient passes where x lies within, bounds included. NaN stays.
    /// Traps where lower > upper.
    public func clamped(_ lower: Scalar, _ upper: Scalar) -> Tensor {
        require(lower <= upper, "clamped: lower \(lower) exceeds upper \(upper)")
        let out = Tensor.binary(.minimum, Tensor.binary(.maximum, self, Tensor(lower)), Tensor(upper))
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        let x = detached
        return recording.record(.clamp, out) { pass in
            let inside = (x .>= Tensor(lower)) .& (x .<= Tensor(upper))
            pass.add(which(inside, pass.takeUpstream(), Tensor.zeros([])), to: entry)
        }
    }
}

/// eˣ, within 1 ulp.
public func exp<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.exp) }
/// eˣ − 1, within 2 ulp, near 0 too.
public func expm1<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.expMinusOne) }
/// ln x, within 1 ulp.
public func log<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.log) }
/// ln(1 + x), within 1 ulp, near 0 too.
public func log1p<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.logOnePlus) }
/// sin x, x in radians, within 2 ulp, however large x is.
public func sin<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.sin) }
/// cos x, x in radians, within 2 ulp, however large x is.
public func cos<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.cos) }
/// tan x, x in radians, within 2 ulp, however large x is.
public func tan<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.tan) }
/// The error function, within 2 ulp.
public func erf<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.erf) }
/// √x.
public func sqrt<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.squareRoot) }
/// |x|.
public func abs<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.unary(.absolute) }
