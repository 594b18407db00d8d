// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

extension Reference {
    @inline(__always)
    static func sum(_ x: P, _ count: Int) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += Double(x[i]) }
        return sum
    }

    @inline(__always)
    static func sumOfSquares(_ x: P, _ shift: Double, _ count: Int) -> Double {
        var sum = 0.0
        for i in 0..<count {
            let difference = Double(x[i]) - shift
            sum += difference * difference
        }
        return sum
    }

    @inline(__always)
    static func columnSums(
        _ x: P, _ stride: Int, _ total: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns { total[column] += Double(x[row * stride + column]) }
        }
    }

    @inline(__always)
    static func maximum(_ x: P, _ count: Int) -> Scalar {
        var result = -Scalar.infinity
        for i in 0..<count {
            if x[i].isNaN { return x[i] }
            if x[i] > result { result = x[i] }
        }
        return result
    }

    @inline(__always)
    static func minimum(_ x: P, _ count: Int) -> Scalar {
        var result = Scalar.infinity
        for i in 0..<count {
            if x[i].isNaN { return x[i] }
            if x[i] < result { result = x[i] }
        }
        return result
    }

    /// m + log sum exp(x - m), m the largest.
    @inline(__always)
    static func logSumExp(_ x: P, _ count: Int) -> Scalar {
        let largest = maximum(x, count)
        guard largest.isFinite else { return largest }
        return Scalar(Double(largest) + Double.log(sumOfExponentials(x, largest, count)))
    }

    @inline(__always)
    static func sumOfExponentials(_ x: P, _ shift: Scalar, _ count: Int) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += Double(shiftedExponential(x[i], shift)) }
        return sum
    }

    /// exp(x - shift) = exp(d) (1 + r), r what d = x - shift was rounded by (Knuth's two-sum).
    @inline(__always)
    private static func shiftedExponential(_ x: Scalar, _ shift: Scalar) -> Scalar {
        let d = x - shift
        let back = d - x
        let rest = (x - (d - back)) - (shift + back)
        let e = Scalar.exp(d)
        return rest.isNaN || e.isInfinite ? e : e + e * rest
    }

    @inline(__always)
    static func exponentialShifted(_ x: P, _ shift: Scalar, _ scale: Scalar, _ out: M, _ count: Int) {
        for i in 0..<count { out[i] = scale * shiftedExponential(x[i], shift) }
    }
}
