// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

extension Reference {
    @inline(__always)
    static func softmax(_ x: P, _ sign: Scalar, _ y: M, _ rows: Int, _ columns: Int) {
        for start in stride(from: 0, to: rows * columns, by: Swift.max(columns, 1)) {
            let (x, y) = (x + start, y + start)
            let largest = sign < 0 ? -minimum(x, columns) : maximum(x, columns)
            var sum = 0.0
            for i in 0..<columns {
                y[i] = Scalar.exp(sign * x[i] - largest)
                sum += Double(y[i])
            }
            let scale = Scalar(1 / sum)
            for i in 0..<columns { y[i] *= scale }
        }
    }

    @inline(__always)
    static func softmaxBackward(
        _ y: P, _ sign: Scalar, _ dy: P, _ dx: M, _ rows: Int, _ columns: Int
    ) {
        for start in stride(from: 0, to: rows * columns, by: Swift.max(columns, 1)) {
            var dot = 0.0
            for i in start..<start + columns { dot += Double(y[i]) * Double(dy[i]) }
            for i in start..<start + columns { dx[i] = sign * y[i] * (dy[i] - Scalar(dot)) }
        }
    }

    @inline(__always)
    static func logSoftmax(_ x: P, _ y: M, _ rows: Int, _ columns: Int) {
        for start in stride(from: 0, to: rows * columns, by: Swift.max(columns, 1)) {
            let largest = maximum(x + start, columns)
            var sum = 0.0
            for i in start..<start + columns { sum += Double(Scalar.exp(x[i] - largest)) }
            let rest = Scalar(Double.log(sum))
            for i in start..<start + columns { y[i] = (x[i] - largest) - rest }
        }
    }

    @inline(__always)
    static func logSoftmaxBackward(_ y: P, _ dy: P, _ dx: M, _ rows: Int, _ columns: Int) {
        for start in stride(from: 0, to: rows * columns, by: Swift.max(columns, 1)) {
            let sum = Scalar(Self.sum(dy + start, columns))
            for i in start..<start + columns { dx[i] = dy[i] - Scalar.exp(y[i]) * sum }
        }
    }
}
