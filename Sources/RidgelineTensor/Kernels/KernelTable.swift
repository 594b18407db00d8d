// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The kernels of one instruction set, for one scalar type.
///
/// A class, so that reading `_kernels` in generic code hands out one reference, not a copy of every kernel.
///
/// Pointers may be unaligned to vectors, and counts zero. Nothing outside the stated elements is read or written.
public final class KernelTable<Scalar: FloatingScalar>: Sendable {
    package typealias P = UnsafePointer<Scalar>
    package typealias M = UnsafeMutablePointer<Scalar>
    package typealias Values = UnsafePointer<Double>
    package typealias Sums = UnsafeMutablePointer<Double>

    /// The instruction set of these kernels.
    public let instructionSet: InstructionSet

    // The variants, called through the methods below, which give their arguments names.
    let biasActivationKernel: @Sendable (ActivationKind, Scalar, Scalar, P, Int, P?, M, Int, Int, Int) -> Void
    let biasActivationBackwardKernel:
        @Sendable (ActivationKind, Scalar, Scalar, P, Int, P?, P, Int, M, Int, Int, Int) -> Void
    let parametricReLUKernel: @Sendable (P, Int, P?, SlopeArray<Scalar>, M, Int, Int, Int) -> Void
    let parametricReLUBackwardKernel:
        @Sendable (P, Int, P?, SlopeArray<Scalar>, P, Int, M, Int, UnsafeMutablePointer<Double>?, Int, Int) ->
            Void
    let gatedKernel: @Sendable (GateKind, P, Int, P, Int, M, Int, Int, Int) -> Void
    let gatedBackwardKernel: @Sendable (GateKind, P, Int, P, Int, P, Int, M, Int, M, Int, Int, Int) -> Void
    let binaryKernel: @Sendable (BinaryKind, P, Int, Int, P, Int, Int, M, Int, Int) -> Void
    let scaledAddKernel: @Sendable (Scalar, P, M, Int) -> Void
    let sumKernel: @Sendable (P, Int) -> Double
    let sumOfSquaresKernel: @Sendable (P, Double, Int) -> Double
    let columnSumsKernel: @Sendable (P, Int, UnsafeMutablePointer<Double>, Int, Int) -> Void
    let maximumKernel: @Sendable (P, Int) -> Scalar
    let minimumKernel: @Sendable (P, Int) -> Scalar
    let logSumExpKernel: @Sendable (P, Int) -> Scalar
    let foldKernel: @Sendable (FoldKind, P, M, Int, Int, Int, Int) -> Void
    let foldBackwardKernel: @Sendable (FoldKind, P, P, P, M, Int, Int, Int, Int) -> Void
    let sumOfExponentialsKernel: @Sendable (P, Scalar, Int) -> Double
    let exponentialShiftedKernel: @Sendable (P, Scalar, Scalar, M, Int) -> Void
    let softmaxKernel: @Sendable (P, Scalar, M, Int, Int) -> Void
    let softmaxBackwardKernel: @Sendable (P, Scalar, P, M, Int, Int) -> Void
    let logSoftmaxKernel: @Sendable (P, M, Int, Int) -> Void
    let logSoftmaxBackwardKernel: @Sendable (P, P, M, Int, Int) -> Void
    let dropoutKernel: @Sendable (DropoutDraw<Scalar>, P, M, Int) -> Void
    let layerNormalizationKernel:
        @Sendable (P, Values?, Values?, Values, M, Sums, Sums, Sums, Int, Int) -> Void
    let layerNormalizationBackwardKernel:
        @Sendable (P, Values?, Values, Values, Values, P, M, Sums?, Sums?, Int, Int) -> Void
    /// Those of normalisations over rows.
    let channels: ChannelKernels<Scalar>
    /// Those of elementwise functions, and those that only move elements.
    package let elementwise: ElementwiseKernels<Scalar>
    let sgdKernel: @Sendable (M, P, M?, Int, SGDStep<Scalar>) -> Void
    let adamKernel: @Sendable (M, P, M, M, Int, AdamStep<Scalar>) -> Void
    package let convolution: ConvolutionKernels<Scalar>

    init(
        instructionSet: InstructionSet,
        biasActivationKernel:
            @escaping @Sendable (
                ActivationKind, Scalar, Scalar, P, Int, P?, M, Int, Int, Int
            ) -> Void,
        biasActivationBackwardKernel:
            @escaping @Sendable (ActivationKind, Scalar, Scalar, P, Int, P?, P, Int, M, Int, Int, Int) ->
            Void,
        parametricReLUKernel:
            @escaping @Sendable (P, Int, P?, SlopeArray<Scalar>, M, Int, Int, Int) -> Void,
        parametricReLUBackwardKernel:
            @escaping @Sendable (
                P, Int, P?, SlopeArray<Scalar>, P, Int, M, Int, UnsafeMutablePointer<Double>?, Int, Int
            ) -> Void,
        gatedKernel: @escaping @Sendable (GateKind, P, Int, P, Int, M, Int, Int, Int) -> Void,
        gatedBackwardKernel:
            @escaping @Sendable (GateKind, P, Int, P, Int, P, Int, M, Int, M, Int, Int, Int) -> Void,
        binaryKernel: @escaping @Sendable (BinaryKind, P, Int, Int, P, Int, Int, M, Int, Int) -> Void,
        scaledAddKernel: @escaping @Sendable (Scalar, P, M, Int) -> Void,
        sumKernel: @escaping @Sendable (P, Int) -> Double,
        sumOfSquaresKernel: @escaping @Sendable (P, Double, Int) -> Double,
        columnSumsKernel: @escaping @Sendable (P, Int, UnsafeMutablePointer<Double>, Int, Int) -> Void,
        maximumKernel: @escaping @Sendable (P, Int) -> Scalar,
        minimumKernel: @escaping @Sendable (P, Int) -> Scalar,
        logSumExpKernel: @escaping @Sendable (P, Int) -> Scalar,
        foldKernel: @escaping @Sendable (FoldKind, P, M, Int, Int, Int, Int) -> Void,
        foldBackwardKernel: @escaping @Sendable (FoldKind, P, P, P, M, Int, Int, Int, Int) -> Void,
        sumOfExponentialsKernel: @escaping @Sendable (P, Scalar, Int) -> Double,
        exponentialShiftedKernel: @escaping @Sendable (P, Scalar, Scalar, M, Int) -> Void,
        softmaxKernel: @escaping @Sendable (P, Scalar, M, Int, Int) -> Void,
        softmaxBackwardKernel: @escaping @Sendable (P, Scalar, P, M, Int, Int) -> Void,
        logSoftmaxKernel: @escaping @Sendable (P, M, Int, Int) -> Void,
        logSoftmaxBackwardKernel: @escaping @Sendable (P, P, M, Int, Int) -> Void,
        dropoutKernel: @escaping @Sendable (DropoutDraw<Scalar>, P, M, Int) -> Void,
        layerNormalizationKernel:
            @escaping @Sendable (P, Values?, Values?, Values, M, Sums, Sums, Sums, Int, Int) -> Void,
        layerNormalizationBackwardKernel:
            @escaping @Sendable (P, Values?, Values, Values, Values, P, M, Sums?, Sums?, Int, Int) -> Void,
        channels: ChannelKernels<Scalar>,
        elementwise: ElementwiseKernels<Scalar>,
        sgdKernel: @escaping @Sendable (M, P, M?, Int, SGDStep<Scalar>) -> Void,
        adamKernel: @escaping @Sendable (M, P, M, M, Int, AdamStep<Scalar>) -> Void,
        convolution: ConvolutionKernels<Scalar>
    ) {
        self.instructionSet = instructionSet
        self.biasActivationKernel = biasActivationKernel
        self.biasActivationBackwardKernel = biasActivationBackwardKernel
        self.parametricReLUKernel = parametricReLUKernel
        self.parametricReLUBackwardKernel = parametricReLUBackwardKernel
        self.gatedKernel = gatedKernel
        self.gatedBackwardKernel = gatedBackwardKernel
        self.binaryKernel = binaryKernel
        self.scaledAddKernel = scaledAddKernel
        self.sumKernel = sumKernel
        self.sumOfSquaresKernel = sumOfSquaresKernel
        self.columnSumsKernel = columnSumsKernel
        self.maximumKernel = maximumKernel
        self.minimumKernel = minimumKernel
        self.logSumExpKernel = logSumExpKernel
        self.foldKernel = foldKernel
        self.foldBackwardKernel = foldBackwardKernel
        self.sumOfExponentialsKernel = sumOfExponentialsKernel
        self.exponentialShiftedKernel = exponentialShiftedKernel
        self.softmaxKernel = softmaxKernel
        self.softmaxBackwardKernel = softmaxBackwardKernel
        self.logSoftmaxKernel = logSoftmaxKernel
        self.logSoftmaxBackwardKernel = logSoftmaxBackwardKernel
        self.dropoutKernel = dropoutKernel
        self.layerNormalizationKernel = layerNormalizationKernel
        self.layerNormalizationBackwardKernel = layerNormalizationBackwardKernel
        self.channels = channels
        self.elementwise = elementwise
        self.sgdKernel = sgdKernel
        self.adamKernel = adamKernel
        self.convolution = convolution
    }
}
