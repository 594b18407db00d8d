// Part of Ridgeline. Licensed under the Apache License 2.0.

extension GateKind {
    /// The activation that gates.
    package var activation: ActivationKind {
        switch self {
        case .sigmoid: .sigmoid
        case .relu: .relu
        case .gelu: .gelu
        case .silu: .silu
        }
    }

    /// Its derivative at a, never from the output.
    func derivative(_ a: Double) -> Double {
        switch self {
        // One minus the output would lose the right tail.
        case .sigmoid: LogSigmoid.derivative(a, .none) * LogSigmoid.derivative(-a, .none)
        default: activation.derivative(a)
        }
    }
}

extension Reference {
    @inline(__always)
    static func gated(
        _ gate: GateKind, _ a: P, _ aStride: Int, _ g: P, _ gStride: Int, _ out: M, _ outStride: Int,
        _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let value = gate.activation.value(Double(a[row * aStride + column]))
                out[row * outStride + column] = Scalar(value * Double(g[row * gStride + column]))
            }
        }
    }

    @inline(__always)
    static func gatedBackward(
        _ gate: GateKind, _ a: P, _ aStride: Int, _ g: P, _ gStride: Int, _ dy: P, _ dyStride: Int, _ da: M,
        _ daStride: Int, _ dg: M, _ dgStride: Int, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let x = Double(a[row * aStride + column])
                let upstream = Double(dy[row * dyStride + column])
                let gradient = upstream * Double(g[row * gStride + column]) * gate.derivative(x)
                dg[row * dgStride + column] = Scalar(upstream * gate.activation.value(x))
                da[row * daStride + column] = Scalar(gradient)
            }
        }
    }

    @inline(__always)
    static func parametricReLU(
        _ z: P, _ zStride: Int, _ bias: P?, _ slope: SlopeArray<Scalar>, _ y: M, _ yStride: Int, _ rows: Int,
        _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                var x = z[row * zStride + column]
                if let bias { x += bias[column] }
                let a = slope.start[row * slope.rowStride + column * slope.stride]
                y[row * yStride + column] = x > 0 ? x : a * x
            }
        }
    }

    @inline(__always)
    static func parametricReLUBackward(
        _ z: P, _ zStride: Int, _ bias: P?, _ slope: SlopeArray<Scalar>, _ dy: P, _ dyStride: Int, _ dz: M,
        _ dzStride: Int, _ dSlope: UnsafeMutablePointer<Double>?, _ rows: Int, _ columns: Int
    ) {
        var total = 0.0
        for row in 0..<rows {
            for column in 0..<columns {
                var x = z[row * zStride + column]
                if let bias { x += bias[column] }
                let a = slope.start[row * slope.rowStride + column * slope.stride]
                let upstream = dy[row * dyStride + column]
                let gradient = x > 0 ? upstream : a * upstream
                dz[row * dzStride + column] = gradient
                if x > 0 { continue }
                if slope.stride == 0 {
                    total += Double(upstream * x)
                } else if let dSlope {
                    dSlope[column] += Double(upstream * x)
                }
            }
        }
        if slope.stride == 0, let dSlope { dSlope[0] += total }
    }
}
