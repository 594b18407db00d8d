// Part of Ridgeline. Licensed under the Apache License 2.0.

extension KernelTable {
    /// y = exp(sign·x − m) / Σ exp(sign·x − m) for each of the contiguous rows, m its largest sign·x; a row
    /// is NaN throughout where one of its values is, or where m is infinite. `sign` is 1 or −1.
    @inline(__always)
    package func softmax(x: P, sign: Scalar, y: M, rows: Int, columns: Int) {
        softmaxKernel(x, sign, y, rows, columns)
    }

    /// dx = sign·y·(dy − Σ dy·y), row by row. dx may be dy.
    @inline(__always)
    package func softmaxBackward(y: P, sign: Scalar, dy: P, dx: M, rows: Int, columns: Int) {
        softmaxBackwardKernel(y, sign, dy, dx, rows, columns)
    }

    /// y = (x − m) − ln Σ exp(x − m), row by row; NaN as for softmax. y may be x.
    @inline(__always)
    package func logSoftmax(x: P, y: M, rows: Int, columns: Int) {
        logSoftmaxKernel(x, y, rows, columns)
    }

    /// dx = dy − exp(y)·Σ dy, row by row. dx may be dy.
    @inline(__always)
    package func logSoftmaxBackward(y: P, dy: P, dx: M, rows: Int, columns: Int) {
        logSoftmaxBackwardKernel(y, dy, dx, rows, columns)
    }
}
