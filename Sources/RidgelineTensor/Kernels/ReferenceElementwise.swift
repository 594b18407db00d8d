// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Reference {
    @inline(__always)
    static func binary(
        _ op: BinaryKind, _ a: P, _ aStride: Int, _ aRow: Int, _ b: P, _ bStride: Int, _ bRow: Int, _ out: M,
        _ rows: Int, _ columns: Int
    ) {
        guard columns > 0 else { return }
        for row in 0..<rows {
            // One operand may be out itself, so a broadcast value is read before anything is written.
            let (a, b, out) = (a + row * aRow, b + row * bRow, out + row * columns)
            let (a0, b0) = (a[0], b[0])
            for i in 0..<columns {
                let u = aStride == 0 ? a0 : a[i]
                let v = bStride == 0 ? b0 : b[i]
                out[i] =
                    switch op {
                    case .add: u + v
                    case .subtract: u - v
                    case .multiply: u * v
                    case .divide: u / v
                    // NaN wins, as in NumPy and PyTorch.
                    case .maximum: u.isNaN ? u : u > v ? u : v
                    case .minimum: u.isNaN ? u : u < v ? u : v
                    }
            }
        }
    }

    @inline(__always)
    static func scaledAdd(_ alpha: Scalar, _ x: P, _ y: M, _ count: Int) {
        for i in 0..<count { y[i] += alpha * x[i] }
    }
}

extension Reference {
    /// The kernels of elementwise functions.
    @inline(__always)
    static func elementwise() -> ElementwiseKernels<Scalar> {
        ElementwiseKernels(
            unaryKernel: { applyUnary($0, $1, $2, $3) },
            powerKernel: { power($0, $1, $2, $3, $4, $5) },
            compareKernel: { kind, a, aStride, aRow, b, bStride, bRow, out, rows, columns in
                for row in 0..<rows {
                    compareElements(
                        kind, a + row * aRow, aStride, b + row * bRow, bStride, out + row * columns, columns)
                }
            },
            selectKernel: { selectWords($0, $1, $2, $3, $4, $5, $6, $7) },
            positionKernel: { extremePositions($0, $1, $2, $3, $4, $5, $6) },
            copyKernel: { copyWords($0, $1, $2, $3, $4, $5, $6) })
    }

    /// xʸ by the C library, which unlike `Real.pow` knows whole powers of negative numbers and that x⁰ = 1.
    @inline(__always)
    private static func power(_ x: P, _ xStride: Int, _ y: P, _ yStride: Int, _ out: M, _ count: Int) {
        for i in 0..<count {
            let (u, v) = (x[i * xStride], y[i * yStride])
            if let u = u as? Float, let v = v as? Float {
                out[i] = Scalar(powf(u, v))
            } else {
                out[i] = Scalar(fromDouble: pow(u.asDouble, v.asDouble))
            }
        }
    }
}
