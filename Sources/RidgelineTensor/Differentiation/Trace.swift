// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Which entry of which recording made a tensor: two numbers, no reference, so that a tensor that escapes
/// its recording keeps nothing alive.
package struct Trace: Sendable, Equatable {
    /// The recording's number; 0 for none.
    package var recording: UInt64
    /// The entry's position in the recording.
    package var entry: Int

    package static let none = Trace(recording: 0, entry: 0)

    @inline(__always)
    package init(recording: UInt64, entry: Int) {
        self.recording = recording
        self.entry = entry
    }

    @inline(__always)
    package var isNone: Bool { recording == 0 }
}

/// A tensor of unnamed element type: what gradients are while they travel between entries.
package struct ErasedTensor {
    package var storage: Storage
    package var layout: Layout
    package var dataType: DataType

    @inline(__always)
    package init<Scalar>(_ tensor: Tensor<Scalar>) {
        storage = tensor.storage
        layout = tensor.layout
        dataType = Scalar.dataType
    }

    @inline(__always)
    package func typed<Scalar>(as type: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
        require(dataType == Scalar.dataType, "a gradient of \(dataType) met a tensor of \(Scalar.dataType)")
        return Tensor(storage: storage, layout: layout)
    }
}

/// Every operation that can be recorded. The gradient tests go through all cases and fail where one has no
/// finite-difference check.
package enum DifferentiableOperation: String, Sendable, CaseIterable {
    case add, subtract, multiply, divide, maximum, minimum, power, clamp, select, activation
    // The functions of one value, each by itself.
    case negate, absolute, sign, square, squareRoot, reciprocalSquareRoot, reciprocal, exp, expMinusOne, log
    case logOnePlus, sin, cos, tan, erf, floor, ceiling, rounded
    case reshape, permute, slice, assign, broadcast, concatenate, pad, gather, take
    case sum, extremum, logSumExp, softmax, matmul, linear, layerNormalization, crossEntropy, dropout
    case gated, logSoftmax, alphaDropout, radial, fold, gatedLinear, convolution, transposedConvolution
    case batchNormalization, groupNormalization, maximumPooling, averagePooling, edgePadding
    case variance, norm
    case maximumUnpooling, unfold, overlapAdd
    case product, cumulativeSum, cumulativeProduct, scatterAdd, indexAdd
    case cast, custom, recomputation
}
