// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Batch normalisation over all axes but the last, that of the channels, with learnable scale and offset (Ioffe and
/// Szegedy, 2015; PyTorch: `nn.BatchNorm1d` to `3d`): y = (x − mean)/√(var + ε)·weight + bias.
///
/// In training by the batch's own mean and biased variance, which move the running ones; in inference by those. The
/// running variance is the unbiased one, as PyTorch's. A recomputation moves nothing. A variance that the type cannot
/// hold, as of values of 1e20 in Float, moves the running one to the largest finite number (PyTorch's becomes infinite,
/// and stays so).
public struct BatchNormalization<Scalar: FloatingScalar>: Layer, NamedParts {
    /// The scale, of shape (channels), at first 1.
    public let weight: Parameter<Scalar>
    /// The offset, of shape (channels), at first 0.
    public let bias: Parameter<Scalar>
    /// The running mean, of shape (channels), at first 0.
    public let runningMean: Buffer<Scalar>
    /// The running unbiased variance, of shape (channels), at first 1.
    public let runningVariance: Buffer<Scalar>
    /// How many batches have moved them, of shape (). Files from before PyTorch 0.4.1 lack it.
    public let batchesTracked: Buffer<Int64>
    /// ε, added to the variance.
    public let epsilon: Double
    /// The weight of a new batch in the running statistics; nil for their plain mean over all batches.
    public let momentum: Double?
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer for this many channels. Traps on a number below 1, a negative ε and a momentum outside 0…1.
    public init(_ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1) {
        require(
            channels > 0 && epsilon >= 0 && (0...1).contains(momentum ?? 0),
            "BatchNormalization: \(channels) channels, epsilon \(epsilon), momentum "
                + "\(momentum.map { "\($0)" } ?? "nil"); expected 1 or more, 0 or more, and 0 to 1 or nil")
        weight = Parameter(.ones([channels]))
        bias = Parameter(.zeros([channels]))
        runningMean = Buffer(.zeros([channels]))
        runningVariance = Buffer(.ones([channels]))
        batchesTracked = Buffer(.zeros([]), isOptionalInFiles: true)
        self.epsilon = epsilon
        self.momentum = momentum
    }

    /// PyTorch's names.
    public var partNames: [String: String] {
        [
            "runningMean": "running_mean", "runningVariance": "running_var",
            "batchesTracked": "num_batches_tracked",
        ]
    }

    /// (N, …, channels), normalised. Traps on other shapes, and in training on 1 value for each channel.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(normalized(x))
    }

    /// The same with what follows it in a residual network, act(normalised x + residual), in one pass;
    /// no statistics observe it.
    ///
    /// - Parameters:
    ///   - moments: Those of x, where they are known already; only training reads them.
    ///   - residual: As x, or nil.
    ///   - slope: For `.parametricReLU`, the slopes: one, or (channels).
    package func normalized(
        _ x: Tensor<Scalar>, moments: BatchMoments? = nil, residual: Tensor<Scalar>? = nil,
        activation: Activation = .identity, slope: Tensor<Scalar>? = nil
    ) -> Tensor<Scalar> {
        guard Mode.current == .training else {
            let (mean, variance) = runningStatistics
            return batchNormalization(
                x, mean: mean, variance: variance, scale: weight.value, offset: bias.value,
                epsilon: epsilon, residual: residual, activation: activation, slope: slope)
        }
        let (y, found) = batchNormalization(
            x, moments: moments, scale: weight.value, offset: bias.value, epsilon: epsilon,
            residual: residual, activation: activation, slope: slope)
        if !Recomputation.isActive { track(found) }
        return y
    }
}

extension BatchNormalization {
    /// Both, of the same batches.
    private var runningStatistics: (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
        batchesTracked.cell.reading { _ in (runningMean.value, runningVariance.value) }
    }

    /// Moves the running statistics by a batch. All three at once: whoever reads them waits.
    private func track(_ moments: BatchMoments) {
        batchesTracked.update { count in
            count = Tensor(count.item + 1)
            // Of nothing there is no mean.
            guard moments.count > 1 else { return }
            let share = momentum ?? 1 / Double(count.item)
            let unbiased = Double(moments.count) / Double(moments.count - 1)
            move(runningMean, to: moments.mean, share)
            move(runningVariance, to: moments.variance * unbiased, share)
        }
    }

    private func move(_ running: Buffer<Scalar>, to batch: Tensor<Double>, _ share: Double) {
        let limit = Double(Scalar.greatestFiniteMagnitude)
        running.update {
            let moved = Tensor<Double>($0) * (1 - share) + batch.clamped(-limit, limit) * share
            $0 = Tensor<Scalar>(moved.clamped(-limit, limit))
        }
    }

    /// The layer in inference as one affine function of each channel, scale·x + shift, for folding into what comes
    /// before it: scale = weight/√(var + ε), shift = bias − mean·scale, without gradients.
    ///
    /// Both are rounded, so that scale·x + shift errs by an ulp of mean·scale, where the layer itself subtracts the mean
    /// first and errs by half an ulp of its result: a million times as much where the mean is a million deviations.
    public func inferenceAffine() -> (scale: Tensor<Scalar>, shift: Tensor<Scalar>) {
        let (mean, variance) = runningStatistics
        let (gain, offset) = withoutGradients { (weight.value, bias.value) }
        let deviation = (Tensor<Double>(variance) + epsilon).squareRoot()
        let scale = Tensor<Double>(gain) / deviation
        let shift = Tensor<Double>(offset) - Tensor<Double>(mean) * scale
        return (Tensor<Scalar>(scale), Tensor<Scalar>(shift))
    }

    /// Grows with every change of weight, bias and running statistics, for what is derived from them and cached.
    public var version: Int {
        weight.version + bias.version + runningMean.version + runningVariance.version
    }
}
