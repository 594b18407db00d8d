// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

extension KernelTable {
    /// out = a op b. A stride is 1, or 0 for one value used throughout. out may be a or b.
    @inline(__always)
    package func binary(op: BinaryKind, a: P, aStride: Int, b: P, bStride: Int, out: M, count: Int) {
        binaryKernel(op, a, aStride, 0, b, bStride, 0, out, 1, count)
    }

    /// The same for rows of the operands, which lie anyhow, and without gaps in out.
    @inline(__always)
    package func binary(
        op: BinaryKind, a: OperandRows<Scalar>, b: OperandRows<Scalar>, out: M, rows: Int, columns: Int
    ) {
        binaryKernel(op, a.start, a.stride, a.rowStride, b.start, b.stride, b.rowStride, out, rows, columns)
    }

    /// y += alpha x.
    @inline(__always)
    package func scaledAdd(alpha: Scalar, x: P, y: M, count: Int) {
        scaledAddKernel(alpha, x, y, count)
    }

    /// The sum, in double precision throughout.
    @inline(__always)
    package func sum(x: P, count: Int) -> Double {
        sumKernel(x, count)
    }

    /// The sum of (x - shift)^2, in double precision throughout.
    @inline(__always)
    package func sumOfSquares(x: P, shift: Double, count: Int) -> Double {
        sumOfSquaresKernel(x, shift, count)
    }

    /// total[j] += the sum of x[i][j] over the rows i, in double precision.
    @inline(__always)
    package func columnSums(
        x: P, stride: Int, total: UnsafeMutablePointer<Double>, rows: Int, columns: Int
    ) {
        columnSumsKernel(x, stride, total, rows, columns)
    }

    /// The largest value; NaN if there is one, minus infinity if there are no values.
    @inline(__always)
    package func maximum(x: P, count: Int) -> Scalar {
        maximumKernel(x, count)
    }

    /// The smallest value; NaN if there is one, infinity if there are no values.
    @inline(__always)
    package func minimum(x: P, count: Int) -> Scalar {
        minimumKernel(x, count)
    }

    /// log(sum(exp(x))) without overflow; minus infinity if there are no values.
    @inline(__always)
    package func logSumExp(x: P, count: Int) -> Scalar {
        logSumExpKernel(x, count)
    }

    /// The sum of exp(x - shift), in double precision by blocks of a few; each term to a few units of its last place,
    /// however large x and the shift are.
    @inline(__always)
    package func sumOfExponentials(x: P, shift: Scalar, count: Int) -> Double {
        sumOfExponentialsKernel(x, shift, count)
    }

    /// out = scale exp(x - shift), to a few units of its last place, however large x and the shift are. out may
    /// be x.
    @inline(__always)
    package func exponentialShifted(x: P, shift: Scalar, scale: Scalar, out: M, count: Int) {
        exponentialShiftedKernel(x, shift, scale, out, count)
    }

    /// y = scale xhat + offset with xhat = (x - mean) / sqrt(biased variance + epsilon), for each of the contiguous
    /// rows, in double, rounded once; the mean is center + delta. Without scale and offset, y = xhat. y may be x.
    @inline(__always)
    package func layerNormalization(
        x: P, scale: Values?, offset: Values?, epsilon: Values, y: M, center: Sums, delta: Sums,
        reciprocalDeviation: Sums,
        rows: Int, columns: Int
    ) {
        layerNormalizationKernel(
            x, scale, offset, epsilon, y, center, delta, reciprocalDeviation, rows, columns)
    }

    /// dx, from what the forward kernel computed; dScale and dOffset, if given, gain their gradients. dx may be dy.
    @inline(__always)
    package func layerNormalizationBackward(
        x: P, scale: Values?, center: Values, delta: Values, reciprocalDeviation: Values, dy: P, dx: M,
        dScale: Sums?,
        dOffset: Sums?, rows: Int, columns: Int
    ) {
        layerNormalizationBackwardKernel(
            x, scale, center, delta, reciprocalDeviation, dy, dx, dScale, dOffset, rows, columns)
    }

    /// A step of torch.optim.SGD. With a momentum, `velocity` is its state, which the first step sets.
    @inline(__always)
    package func sgd(
        parameter: M, gradient: P, velocity: M?, count: Int, learningRate: Double, momentum: Double,
        dampening: Double, weightDecay: Double, nesterov: Bool, firstStep: Bool
    ) {
        require(momentum == 0 || velocity != nil, "SGD with momentum needs a velocity")
        let step = SGDStep<Scalar>(
            learningRate: Scalar(learningRate), momentum: Scalar(momentum), undamped: Scalar(1 - dampening),
            weightDecay: Scalar(weightDecay), nesterov: nesterov, firstStep: firstStep)
        sgdKernel(parameter, gradient, momentum == 0 ? nil : velocity, count, step)
    }

    /// A step of torch.optim.AdamW, or with a coupled decay of torch.optim.Adam, the first of which is step 1.
    @inline(__always)
    package func adam(
        parameter: M, gradient: P, first: M, second: M, count: Int, learningRate: Double, beta1: Double,
        beta2: Double, epsilon: Double, weightDecay: Double, isCoupled: Bool, step: Int
    ) {
        let correction1 = 1 - Double.pow(beta1, Double(step))
        let correction2 = 1 - Double.pow(beta2, Double(step))
        let step = AdamStep<Scalar>(
            decay: isCoupled ? 1 : Scalar(1 - learningRate * weightDecay),
            coupled: isCoupled ? Scalar(weightDecay) : 0, oneMinusBeta1: Scalar(1 - beta1),
            beta2: Scalar(beta2),
            oneMinusBeta2: Scalar(1 - beta2), stepSize: Scalar(learningRate / correction1),
            rootScale: Scalar(1 / correction2.squareRoot()), epsilon: Scalar(epsilon))
        adamKernel(parameter, gradient, first, second, count, step)
    }
}
