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
        var sum = 0.0
        for i in 0..<count { sum += Double(Scalar.exp(x[i] - largest)) }
        return Scalar(Double(largest) + Double.log(sum))
    }

    @inline(__always)
    static func exponentialShifted(_ x: P, _ shift: Scalar, _ scale: Scalar, _ out: M, _ count: Int) {
        for i in 0..<count { out[i] = scale * Scalar.exp(x[i] - shift) }
    }
}
