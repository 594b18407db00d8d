// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

extension Double {
    /// The Double kernels of the instruction set in use.
    public static let _kernels = KernelTable<Double>.table(for: .current)
}

extension KernelTable<Double> {
    /// The kernels of an available instruction set.
    package static func table(for set: InstructionSet) -> KernelTable {
        require(InstructionSet.available.contains(set), "this machine cannot run \(set.rawValue)")
        guard let isa = set.kernelIndex else { return reference() }
        return KernelTable(
            instructionSet: set,
            biasActivationKernel: { kind, first, second, z, zStride, bias, y, yStride, rows, columns in
                ridgeline_bias_activation_f64(
                    isa, kind.rawValue, first, second, z, zStride, bias, y, yStride, rows, columns
                )
            },
            biasActivationBackwardKernel: {
                kind, first, second, saved, savedStride, bias, dy, dyStride, dz, dzStride, rows, columns
                in
                ridgeline_bias_activation_backward_f64(
                    isa, kind.rawValue, first, second, saved, savedStride, bias, dy, dyStride, dz, dzStride,
                    rows, columns
                )
            },
            parametricReLUKernel: { z, zStride, bias, slope, y, yStride, rows, columns in
                ridgeline_parametric_relu_f64(
                    isa, z, zStride, bias, slope.start, slope.stride, slope.rowStride, y, yStride, rows,
                    columns
                )
            },
            parametricReLUBackwardKernel: {
                z, zStride, bias, slope, dy, dyStride, dz, dzStride, dSlope, rows, columns in
                ridgeline_parametric_relu_backward_f64(
                    isa, z, zStride, bias, slope.start, slope.stride, slope.rowStride, dy, dyStride, dz,
                    dzStride, dSlope, rows, columns
                )
            },
            gatedKernel: { gate, a, aStride, g, gStride, out, outStride, rows, columns in
                ridgeline_gated_f64(
                    isa, gate.rawValue, a, aStride, g, gStride, out, outStride, rows, columns
                )
            },
            gatedBackwardKernel: {
                gate, a, aStride, g, gStride, dy, dyStride, da, daStride, dg, dgStride, rows, columns in
                ridgeline_gated_backward_f64(
                    isa, gate.rawValue, a, aStride, g, gStride, dy, dyStride, da, daStride, dg, dgStride,
                    rows, columns
                )
            },
            binaryKernel: { op, a, aStride, aRow, b, bStride, bRow, out, rows, columns in
                ridgeline_binary_f64(isa, op.rawValue, a, aStride, aRow, b, bStride, bRow, out, rows, columns)
            },
            scaledAddKernel: { alpha, x, y, count in
                ridgeline_scaled_add_f64(isa, alpha, x, y, count)
            },
            sumKernel: { x, count in
                ridgeline_sum_f64(isa, x, count)
            },
            sumOfSquaresKernel: { x, shift, count in
                ridgeline_sum_of_squares_f64(isa, x, shift, count)
            },
            columnSumsKernel: { x, stride, total, rows, columns in
                ridgeline_column_sums_f64(isa, x, stride, total, rows, columns)
            },
            maximumKernel: { x, count in
                ridgeline_maximum_f64(isa, x, count)
            },
            minimumKernel: { x, count in
                ridgeline_minimum_f64(isa, x, count)
            },
            logSumExpKernel: { x, count in
                ridgeline_log_sum_exp_f64(isa, x, count)
            },
            foldKernel: { fold, x, y, outer, size, step, columns in
                ridgeline_fold_f64(isa, fold.rawValue, x, y, outer, size, step, columns)
            },
            foldBackwardKernel: { fold, x, y, dy, dx, outer, size, step, columns in
                ridgeline_fold_backward_f64(isa, fold.rawValue, x, y, dy, dx, outer, size, step, columns)
            },
            sumOfExponentialsKernel: { x, shift, count in
                ridgeline_sum_of_exponentials_f64(isa, x, shift, count)
            },
            exponentialShiftedKernel: { x, shift, scale, out, count in
                ridgeline_exponential_shifted_f64(isa, x, shift, scale, out, count)
            },
            softmaxKernel: { x, sign, y, rows, columns in
                ridgeline_softmax_f64(isa, x, sign, y, rows, columns)
            },
            softmaxBackwardKernel: { y, sign, dy, dx, rows, columns in
                ridgeline_softmax_backward_f64(isa, y, sign, dy, dx, rows, columns)
            },
            logSoftmaxKernel: { x, y, rows, columns in
                ridgeline_log_softmax_f64(isa, x, y, rows, columns)
            },
            logSoftmaxBackwardKernel: { y, dy, dx, rows, columns in
                ridgeline_log_softmax_backward_f64(isa, y, dy, dx, rows, columns)
            },
            dropoutKernel: { draw, x, y, count in
                ridgeline_dropout_f64(
                    isa, draw.key, draw.position, draw.skip, draw.threshold, draw.scale, draw.kept,
                    draw.dropped, x, y, count
                )
            },
            layerNormalizationKernel: {
                x, scale, offset, epsilon, y, center, delta, reciprocalDeviation, rows, columns in
                ridgeline_layer_normalization_f64(
                    isa, x, scale, offset, epsilon, y, center, delta, reciprocalDeviation, rows, columns
                )
            },
            layerNormalizationBackwardKernel: {
                x, scale, center, delta, reciprocalDeviation, dy, dx, dScale, dOffset, rows, columns in
                ridgeline_layer_normalization_backward_f64(
                    isa, x, scale, center, delta, reciprocalDeviation, dy, dx, dScale, dOffset, rows, columns
                )
            },
            channels: .table(isa),
            elementwise: .table(isa),
            sgdKernel: { parameter, gradient, velocity, count, step in
                ridgeline_sgd_f64(
                    isa, parameter, gradient, velocity, count, step.learningRate, step.momentum,
                    step.undamped, step.weightDecay, step.nesterov ? 1 : 0, step.firstStep ? 1 : 0
                )
            },
            adamKernel: { parameter, gradient, first, second, count, step in
                ridgeline_adam_f64(
                    isa, parameter, gradient, first, second, count, step.decay, step.coupled,
                    step.oneMinusBeta1, step.beta2, step.oneMinusBeta2, step.stepSize, step.rootScale,
                    step.epsilon
                )
            },
            convolution: .table(for: isa))
    }
}
