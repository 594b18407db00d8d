// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Normalisations by channels: sizes, threads, tiles, and what backward keeps.
@Suite(.serialized) struct ChannelNormalizationTests {
    private static let shapes: [Shape] = [
        [2, 1], [3, 5], [40, 3], [700, 1], [513, 16], [1_000, 65], [300, 130], [37, 700], [9_000, 24],
    ]

    /// Values of a batch normalisation, and the gradients of all its inputs, with several activations.
    private func run<Scalar: FloatingScalar>(_ shape: Shape, _: Scalar.Type) -> [Tensor<Scalar>] {
        let width: Shape = [shape[-1]]
        let inputs: [Tensor<Scalar>] = [
            sample(shape, seed: 1), sample(width, seed: 2), sample(width, seed: 3), sample(shape, seed: 4),
        ]
        var found: [Tensor<Scalar>] = []
        for activation in [Activation.identity, .relu, .gelu, .tanh] {
            for hasResidual in [false, true] {
                let (y, pullback) = valueWithPullback(at: inputs) {
                    batchNormalization(
                        $0[0], scale: $0[1], offset: $0[2], residual: hasResidual ? $0[3] : nil,
                        activation: activation
                    ).output
                }
                found += [y] + pullback(sample(y.shape, seed: 5)).prefix(hasResidual ? 4 : 3)
            }
        }
        let image: Shape = [shape[0] / 2, 2, shape[1]]
        let half = inputs[0][0..<(shape[0] / 2 * 2)].reshaped(to: image)
        let groups = shape[1] % 5 == 0 ? 5 : 1
        let (y, pullback) = valueWithPullback(at: [half] + inputs[1...2]) {
            groupNormalization($0[0], groups: groups, scale: $0[1], offset: $0[2])
        }
        return found + [y] + pullback(sample(y.shape, seed: 6))
    }

    @Test(arguments: [2, 3])
    func threadsDoNotMatter(threads: Int) {
        for shape in Self.shapes {
            let (alone, shared) = (
                withThreads(1) { run(shape, Float.self) }, withThreads(threads) { run(shape, Float.self) }
            )
            for (one, other) in zip(alone, shared) {
                #expect(one.scalars.allSatisfy { $0.isFinite })
                expect(other, one.shape, one.scalars, "\(shape)")
            }
        }
    }

    /// Every size against the definition out of plain operations in Double, gradients too.
    @Test(arguments: shapes)
    func agreesWithItsDefinition(shape: Shape) {
        let width: Shape = [shape[-1]]
        let inputs: [Tensor<Double>] = [
            sample(shape, seed: 1), sample(width, seed: 2), sample(width, seed: 3), sample(shape, seed: 4),
        ]
        for activation in [Activation.identity, .relu, .gelu, .tanh] {
            for hasResidual in [false, true] {
                let (y, pullback) = valueWithPullback(at: inputs) {
                    batchNormalization(
                        $0[0], scale: $0[1], offset: $0[2], residual: hasResidual ? $0[3] : nil,
                        activation: activation
                    ).output
                }
                let (expected, definition) = valueWithPullback(at: inputs) { inputs in
                    let centred = inputs[0] - inputs[0].mean(axes: 0)
                    let deviation = sqrt(centred.squared().mean(axes: 0) + 1e-5)
                    let z = centred / deviation * inputs[1] + inputs[2]
                    return (hasResidual ? z + inputs[3] : z + inputs[3] * 0).activated(activation)
                }
                let name = "\(shape) \(activation) \(hasResidual)"
                expectClose(y, shape, expected.scalars, tolerance: 1e-12, name)
                let upstream: Tensor<Double> = sample(shape, seed: 5)
                for (one, other) in zip(pullback(upstream), definition(upstream)) {
                    expectClose(one, other.shape, other.scalars, tolerance: 1e-9, name)
                }
            }
        }
    }

    /// Tiles seen in any order and by columns give the moments of the whole, to the bit the same at any number of
    /// threads; a mean far from zero does not matter.
    @Test func momentsAreGatheredByTiles() {
        let (rows, columns, height, strip) = (1_003, 70, 64, 32)
        let x: Tensor<Float> = sample([rows, columns], in: 4_095...4_097)
        let pieces = (rows + height - 1) / height
        let strips = (columns + strip - 1) / strip
        func gather() -> BatchMoments {
            let moments = ChannelMoments<Float>(pieces: pieces, columns: columns)
            x.read { x in
                Parallelism.forEach(pieces * strips) { index in
                    let (piece, column) = (pieces - 1 - index / strips, index % strips * strip)
                    moments.observe(
                        x + piece * height * columns + column, stride: columns,
                        rows: Swift.min(height, rows - piece * height), column: column,
                        columns: Swift.min(strip, columns - column), piece: piece)
                }
            }
            return moments.finish()
        }
        let alone = withThreads(1, gather)
        let shared = withThreads(3, gather)
        expect(shared.mean, alone.mean.shape, alone.mean.scalars)
        expect(shared.variance, alone.variance.shape, alone.variance.scalars)
        let wide = Tensor<Double>(x)
        #expect(alone.count == rows)
        expectClose(alone.mean, [columns], wide.mean(axes: 0).scalars, tolerance: 1e-10)
        expectClose(alone.variance, [columns], wide.variance(axes: 0).scalars, tolerance: 1e-6)
        // Given or found, the moments lead to the same.
        let (scale, offset): (Tensor<Float>, Tensor<Float>) = (sample([columns]), sample([columns], seed: 2))
        let given = batchNormalization(x, moments: alone, scale: scale, offset: offset).output
        let found = batchNormalization(x, scale: scale, offset: offset).output
        expectClose(given, found.shape, found.scalars.map(Double.init), tolerance: 1e-6)
    }

    /// The moments of nothing, of pieces never seen and of constant columns.
    @Test func momentsOfLittle() {
        let none = ChannelMoments<Float>(pieces: 3, columns: 2).finish()
        #expect(none.count == 0 && none.mean == [0, 0] && none.variance == [0, 0])
        let some = ChannelMoments<Float>(pieces: 4, columns: 2)
        let x: Tensor<Float> = [[0.1, 1], [0.1, 3], [0.1, 5]]
        x.read { x in
            some.observe(x, stride: 2, rows: 2, column: 0, columns: 2, piece: 1)
            some.observe(x + 4, stride: 2, rows: 1, column: 0, columns: 2, piece: 3)
        }
        let found = some.finish()
        #expect(found.count == 3 && found.mean == Tensor([Double(Float(0.1)), 3]))
        #expect(found.variance[0].item == 0 && abs(found.variance[1].item - 8.0 / 3) < 1e-15)
    }

    /// Tile by tile, the epilogue is what the whole operation is.
    @Test(arguments: [Activation.identity, .relu, .gelu])
    func tilesAreNormalisedInPlace(activation: Activation) {
        let (rows, columns) = (21, 40)
        let z: Tensor<Float> = sample([rows, columns], seed: 1)
        let residual: Tensor<Float> = sample([rows, columns], seed: 2)
        let (scale, shift): (Tensor<Float>, Tensor<Float>) = (
            sample([columns], seed: 3), sample([columns], seed: 4)
        )
        for (hasScale, hasResidual) in [(true, true), (true, false), (false, true), (false, false)] {
            let affine = ChannelAffine(
                scale: hasScale ? scale : nil, shift: shift, activation: activation, rows: rows,
                columns: columns, for: "test")
            var y = z.copied()
            y.fill { y in
                residual.read { residual in
                    for row in stride(from: 0, to: rows, by: 8) {
                        for column in stride(from: 0, to: columns, by: 24) {
                            let start = row * columns + column
                            affine.apply(
                                tile: (
                                    row, column, Swift.min(8, rows - row), Swift.min(24, columns - column)
                                ),
                                z: y + start, residual: hasResidual ? residual + start : nil, y: y + start,
                                stride: columns)
                        }
                    }
                }
            }
            let scaled = hasScale ? z * scale : z
            let sum = scaled + shift + (hasResidual ? residual : Tensor.zeros([1]))
            let expected = sum.activated(activation)
            expectClose(y, [rows, columns], expected.scalars.map(Double.init), tolerance: 1e-5)
        }
    }

    /// Backward writes over the upstream gradient where nobody else holds it.
    @Test func backwardReusesTheUpstreamGradient() {
        let x: Tensor<Float> = sample([400, 300])
        let recording = Recording()
        let leaf = recording.leaf(x)
        let y = recording.during { batchNormalization(leaf, activation: .relu).output }
        var place: UnsafeMutableRawPointer?
        func upstream() -> ErasedTensor {
            let seed = ErasedTensor(sample(y.shape, seed: 2) as Tensor<Float>)
            place = seed.storage.base
            return seed
        }
        let found = recording.gradients(from: y.trace, seed: upstream(), keepsSaved: false)
        #expect(found[leaf.trace.entry]?.storage.base == place)
    }
}

/// Mistakes with normalisations by channels.
enum NormalizationMistake: String, CaseIterable, Codable, Sendable {
    case scale, offset, residual, oneValue, moments, rank, statistics, groups, instance

    var expected: String {
        switch self {
        case .scale: "batchNormalization: scale [2] for input [4, 3]; expected [3]"
        case .offset: "groupNormalization: offset [4] for input [4, 2, 3]; expected [3]"
        case .residual: "residual [3, 4] for input [4, 3]; expected equal shapes"
        case .oneValue: "input [1, 1, 3] has 1 value for each channel"
        case .moments: "moments of 5 values of [3] channels for input [4, 3]"
        case .rank: "batchNormalization: input [3]; expected (N, …, channels)"
        case .statistics: "mean [2], variance [3] for input [4, 3]"
        case .groups: "2 groups of the channels of [4, 2, 3]"
        case .instance: "instanceNormalization: input [4, 1, 3]"
        }
    }

    func make() {
        let x = Tensor<Float>.ones([4, 3])
        let three = Tensor<Double>.ones([3])
        switch self {
        case .scale: _ = batchNormalization(x, scale: .ones([2]))
        case .offset: _ = groupNormalization(Tensor<Float>.ones([4, 2, 3]), groups: 1, offset: .ones([4]))
        case .residual: _ = batchNormalization(x, residual: .ones([3, 4]))
        case .oneValue: _ = batchNormalization(Tensor<Float>.ones([1, 1, 3]))
        case .moments:
            _ = batchNormalization(x, moments: BatchMoments(count: 5, mean: three, variance: three))
        case .rank: _ = batchNormalization(Tensor<Float>.ones([3]))
        case .statistics: _ = batchNormalization(x, mean: .ones([2]), variance: .ones([3]))
        case .groups: _ = groupNormalization(Tensor<Float>.ones([4, 2, 3]), groups: 2)
        case .instance: _ = instanceNormalization(Tensor<Float>.ones([4, 1, 3]))
        }
    }
}

@Suite struct NormalizationTrapTests {
    @Test(arguments: NormalizationMistake.allCases)
    func mistakesAreNamed(mistake: NormalizationMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains(mistake.expected), "\(text)")
    }
}
