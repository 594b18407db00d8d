// Part of Ridgeline. Licensed under the Apache License 2.0.

/// φ and its derivative on runs of contiguous elements, put together from the vector kernels: a run and its
/// scratch stay in the first-level cache.
struct RadialRows<Scalar: FloatingScalar> {
    let function: RadialFunction
    typealias P = UnsafePointer<Scalar>
    typealias M = UnsafeMutablePointer<Scalar>

    /// y = φ(t). y may be t.
    func values(_ t: P, _ y: M, scratch: M, count: Int) {
        guard let degree = function.splineDegree else {
            if function == .gaussian {
                Scalar._unary(.negate, t, y, count)
                Scalar._kernels.exponentialShifted(x: y, shift: 0, scale: 1, out: y, count: count)
                return
            }
            combine(.add, t, 1, y, count)
            Scalar._unary(function == .multiquadric ? .squareRoot : .reciprocalSquareRoot, y, y, count)
            return
        }
        // t^(k/2) = t^⌊k/2⌋·(√t or ln √t); 0·ln 0 is 0, as ln is taken of a positive number.
        let odd = !degree.isMultiple(of: 2)
        if odd { Scalar._unary(.squareRoot, t, scratch, count) } else { logarithm(t, scratch, count) }
        for _ in 0..<degree / 2 { Scalar._binary(.multiply, scratch, 1, t, 1, scratch, count) }
        combine(.multiply, scratch, odd ? 1 : 0.5, y, count)
    }

    /// h = dy·dφ/dt, from t and y = φ(t). h may be dy.
    func slopes(_ t: P, _ y: P, _ dy: P, _ h: M, scratch: M, count: Int) {
        switch function {
        case .gaussian:
            Scalar._unary(.negate, y, scratch, count)
        case .multiquadric:
            Scalar._unary(.reciprocal, y, scratch, count)
            combine(.multiply, scratch, 0.5, scratch, count)
        case .inverseMultiquadric:
            Scalar._unary(.square, y, scratch, count)
            Scalar._binary(.multiply, scratch, 1, y, 1, scratch, count)
            combine(.multiply, scratch, -0.5, scratch, count)
        case .thinPlateSpline, .polyharmonicSpline:
            splineSlopes(t, scratch, count)
        }
        Scalar._binary(.multiply, scratch, 1, dy, 1, h, count)
    }

    private func splineSlopes(_ t: P, _ out: M, _ count: Int) {
        let degree = function.splineDegree ?? 2
        let half = Scalar(fromDouble: Double(degree) / 2)
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Swift.max(count, 1)) { room in
            guard let step = room.baseAddress else { return }
            if degree.isMultiple(of: 2) {
                logarithm(t, out, count)
                combine(.multiply, out, half, out, count)
                combine(.add, out, 1, out, count)
                combine(.multiply, out, 0.5, out, count)
                for _ in 1..<degree / 2 { Scalar._binary(.multiply, out, 1, t, 1, out, count) }
            } else {
                combine(.maximum, t, Scalar.leastNormalMagnitude, out, count)
                Scalar._unary(degree == 1 ? .reciprocalSquareRoot : .squareRoot, out, out, count)
                for _ in 0..<Swift.max(0, (degree - 3) / 2) {
                    Scalar._binary(.multiply, out, 1, t, 1, out, count)
                }
                combine(.multiply, out, half, out, count)
            }
            // 1, but at t = 0 it is 0, and so is the gradient.
            combine(.divide, t, Scalar.leastNormalMagnitude, step, count)
            combine(.minimum, step, 1, step, count)
            Scalar._binary(.multiply, out, 1, step, 1, out, count)
        }
    }

    private func logarithm(_ t: P, _ out: M, _ count: Int) {
        combine(.maximum, t, Scalar.leastNormalMagnitude, out, count)
        Scalar._unary(.log, out, out, count)
    }

    private func combine(_ kind: BinaryKind, _ x: P, _ value: Scalar, _ out: M, _ count: Int) {
        withUnsafePointer(to: value) { Scalar._binary(kind, x, 1, $0, 0, out, count) }
    }
}
