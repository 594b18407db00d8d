// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Reference {
    @inline(__always)
    static func binary(
        _ op: BinaryKind, _ a: P, _ aStride: Int, _ b: P, _ bStride: Int, _ out: M, _ count: Int
    ) {
        // One operand may be out itself, so a broadcast value is read before anything is written.
        guard count > 0 else { return }
        let (a0, b0) = (a[0], b[0])
        for i in 0..<count {
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

    @inline(__always)
    static func scaledAdd(_ alpha: Scalar, _ x: P, _ y: M, _ count: Int) {
        for i in 0..<count { y[i] += alpha * x[i] }
    }
}
