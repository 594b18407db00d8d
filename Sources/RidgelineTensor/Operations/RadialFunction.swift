// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A radial function φ of the distance r ≥ 0 to a centre, most of them with a width parameter ε ≥ 0 that
/// scales it (Hardy, 1971; Duchon, 1977; Broomhead and Lowe, "Multivariable functional interpolation and
/// adaptive networks", 1988).
///
/// The engine works with t = (εr)², so that no root is taken where none is needed, and dφ/dt, from which
/// every gradient follows. Where φ has no derivative by t at r = 0 (splines), the gradient by x, which goes
/// to 0 there, is exactly 0; for r itself (degree 1), which has a kink, 0 is chosen.
public enum RadialFunction: Sendable, Hashable, CustomStringConvertible {
    /// φ = exp(−(εr)²), dφ/dt = −φ; smooth, from 1 at the centre to 0.
    case gaussian
    /// φ = √(1 + (εr)²), dφ/dt = 1 / (2φ); smooth, from 1 at the centre to ∞ (Hardy, 1971).
    case multiquadric
    /// φ = 1 / √(1 + (εr)²), dφ/dt = −φ³ / 2; smooth, from 1 at the centre to 0.
    case inverseMultiquadric
    /// φ = r²·ln r, 0 at the centre, dφ/dt = (ln t + 1) / 2; least, −1 / (2e), at r = e^(−1/2); once
    /// continuously differentiable (Duchon, 1977). Without a width.
    case thinPlateSpline
    /// φ = rᵏ for odd k, dφ/dt = k/2·t^(k/2 − 1); φ = rᵏ·ln r for even k, dφ/dt = (k·ln t + 2)·t^(k/2 − 1) /
    /// 4; k − 1 times continuously differentiable. Degree 2 is the thin-plate spline. Without a width. Traps,
    /// where it is used, on a degree below 1.
    case polyharmonicSpline(degree: Int)

    /// The name: `gaussian`, `multiquadric`, `inverse-multiquadric`, `thin-plate-spline`,
    /// `polyharmonic-spline-3`.
    public var name: String {
        switch self {
        case .gaussian: "gaussian"
        case .multiquadric: "multiquadric"
        case .inverseMultiquadric: "inverse-multiquadric"
        case .thinPlateSpline: "thin-plate-spline"
        case .polyharmonicSpline(let degree): "polyharmonic-spline-\(degree)"
        }
    }

    /// φ of r and ε as text.
    public var equation: String {
        switch self {
        case .gaussian: "exp(−(εr)²)"
        case .multiquadric: "√(1 + (εr)²)"
        case .inverseMultiquadric: "1/√(1 + (εr)²)"
        case .thinPlateSpline: "r²·ln r"
        case .polyharmonicSpline(let degree): degree.isMultiple(of: 2) ? "r^\(degree)·ln r" : "r^\(degree)"
        }
    }

    /// Whether it has a width ε.
    public var hasWidth: Bool {
        switch self {
        case .gaussian, .multiquadric, .inverseMultiquadric: true
        case .thinPlateSpline, .polyharmonicSpline: false
        }
    }

    /// The function of that name, or nil.
    public init?(named name: String) {
        let plain: [RadialFunction] = [.gaussian, .multiquadric, .inverseMultiquadric, .thinPlateSpline]
        if let function = plain.first(where: { $0.name == name }) {
            self = function
            return
        }
        let prefix = "polyharmonic-spline-"
        guard name.hasPrefix(prefix), let degree = Int(name.dropFirst(prefix.count)), degree > 0 else {
            return nil
        }
        self = .polyharmonicSpline(degree: degree)
    }

    /// The name.
    public var description: String { name }

    /// The degree of a spline, nil for the others.
    var splineDegree: Int? {
        switch self {
        case .thinPlateSpline: 2
        case .polyharmonicSpline(let degree): degree
        default: nil
        }
    }
}
