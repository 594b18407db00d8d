// Part of Ridgeline. Licensed under the Apache License 2.0.

extension KernelTable {
    /// The plain Swift kernels. Inlined where the scalar type is known, so that they are specialised for it.
    @inline(__always)
    static func reference() -> KernelTable {
        KernelTable(
            instructionSet: .swift,
            biasActivationKernel: {
                Reference<Scalar>.biasActivation($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
            },
            biasActivationBackwardKernel: {
                Reference<Scalar>.biasActivationBackward(
                    $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            },
            parametricReLUKernel: {
                Reference<Scalar>.parametricReLU($0, $1, $2, $3, $4, $5, $6, $7)
            },
            parametricReLUBackwardKernel: {
                Reference<Scalar>.parametricReLUBackward(
                    $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            },
            gatedKernel: { Reference<Scalar>.gated($0, $1, $2, $3, $4, $5, $6, $7, $8) },
            gatedBackwardKernel: {
                Reference<Scalar>.gatedBackward($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            },
            binaryKernel: { Reference<Scalar>.binary($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
            scaledAddKernel: { Reference<Scalar>.scaledAdd($0, $1, $2, $3) },
            sumKernel: { Reference<Scalar>.sum($0, $1) },
            sumOfSquaresKernel: { Reference<Scalar>.sumOfSquares($0, $1, $2) },
            columnSumsKernel: { Reference<Scalar>.columnSums($0, $1, $2, $3, $4) },
            maximumKernel: { Reference<Scalar>.maximum($0, $1) },
            minimumKernel: { Reference<Scalar>.minimum($0, $1) },
            logSumExpKernel: { Reference<Scalar>.logSumExp($0, $1) },
            foldKernel: { Reference<Scalar>.fold($0, $1, $2, $3, $4, $5, $6) },
            foldBackwardKernel: { Reference<Scalar>.foldBackward($0, $1, $2, $3, $4, $5, $6, $7, $8) },
            sumOfExponentialsKernel: { Reference<Scalar>.sumOfExponentials($0, $1, $2) },
            exponentialShiftedKernel: { Reference<Scalar>.exponentialShifted($0, $1, $2, $3, $4) },
            softmaxKernel: { Reference<Scalar>.softmax($0, $1, $2, $3, $4) },
            softmaxBackwardKernel: { Reference<Scalar>.softmaxBackward($0, $1, $2, $3, $4, $5) },
            logSoftmaxKernel: { Reference<Scalar>.logSoftmax($0, $1, $2, $3) },
            logSoftmaxBackwardKernel: { Reference<Scalar>.logSoftmaxBackward($0, $1, $2, $3, $4) },
            dropoutKernel: { Reference<Scalar>.dropout($0, $1, $2, $3) },
            layerNormalizationKernel: {
                Reference<Scalar>.layerNormalization($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
            },
            layerNormalizationBackwardKernel: {
                Reference<Scalar>.layerNormalizationBackward(
                    $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            },
            channels: .reference(),
            elementwise: Reference<Scalar>.elementwise(),
            sgdKernel: { Reference<Scalar>.sgd($0, $1, $2, $3, $4) },
            adamKernel: { Reference<Scalar>.adam($0, $1, $2, $3, $4, $5) },
            convolution: Reference<Scalar>.convolution())
    }
}

/// The definitions behind `KernelTable.reference()`, one scalar at a time.
enum Reference<Scalar: FloatingScalar> {
    typealias P = UnsafePointer<Scalar>
    typealias M = UnsafeMutablePointer<Scalar>
}
