// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Winograd's transforms, every instruction set against the matrices' definition, around every number of channels.
@Suite struct WinogradKernelTests {
    @Test(arguments: InstructionSet.vectorized, WinogradTile.allCases)
    func matchesTheReference(set: InstructionSet, tile: WinogradTile) {
        for channels in testCounts where channels > 0 && channels <= 100 {
            check(Float.self, set, tile, channels)
            check(Double.self, set, tile, channels)
        }
    }

    private func check<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ tile: WinogradTile, _ channels: Int
    ) {
        let expected = run(tile, channels, Scalar.kernels(.swift).convolution)
        let found = run(tile, channels, Scalar.kernels(set).convolution)
        // F(4×4)'s matrices have entries up to 6, and rows add up to 16 of them.
        let tolerance = 64 * roundoff(Scalar.self)
        for (name, values) in expected.values {
            let comment: Comment = "\(name) \(Scalar.self) \(channels)"
            #expect(values.contains { $0 != 7 && $0 != 0 }, comment)
            #expect(distance(found.values[name] ?? [], values) <= tolerance, comment)
        }
        #expect(found.isIntact && expected.isIntact)
    }

    /// Every transform of three tiles, into matrices with gaps between them that must stay.
    private func run<Scalar: TestScalar>(
        _ tile: WinogradTile, _ channels: Int, _ kernels: ConvolutionKernels<Scalar>
    ) -> (values: [String: [Scalar]], isIntact: Bool) {
        let tiles = 3
        let spacing = tiles * channels + 5
        let narrow = channels + 3
        var buffers: [GuardedBuffer<Scalar>] = []
        func buffer(_ values: [Scalar], _ misalignment: Int = 1) -> GuardedBuffer<Scalar> {
            buffers.append(GuardedBuffer(values, misalignment: misalignment))
            return buffers[buffers.count - 1]
        }
        func empty(_ count: Int) -> GuardedBuffer<Scalar> { buffer(.init(repeating: 7, count: count), 2) }

        // Pixels in any order, some twice, some of them zeros.
        let pixels = buffer(randomValues(50 * channels, seed: 1))
        let zeros = buffer(.init(repeating: 0, count: channels), 3)
        func taps(_ count: Int) -> [UnsafePointer<Scalar>] {
            (0..<count).map { $0 % 7 == 3 ? zeros.readOnly : pixels.readOnly + $0 * 13 % 50 * channels }
        }
        let input = empty(tile.matrices * spacing)
        kernels.input(
            tile, taps: taps(tiles * tile.matrices), tiles: tiles, out: input.start, stride: spacing,
            channels: channels)
        let gradient = empty(tile.matrices * spacing)
        kernels.gradient(
            tile, taps: taps(tiles * tile.pixels), tiles: tiles, out: gradient.start, stride: spacing,
            channels: channels)

        // Every fifth pixel lies outside the image.
        let products = buffer(randomValues(tile.matrices * spacing, seed: 2))
        let written = empty(60 * channels)
        var marks = [UInt32](repeating: 1, count: tiles)
        let targets = (0..<tiles * tile.pixels).map { $0 % 5 == 4 ? nil : written.start + $0 * channels }
        kernels.output(
            tile, from: products.readOnly, tiles: tiles, stride: spacing, pixels: targets, marks: &marks,
            channels: channels)
        #expect(marks == [1, 1, 1])

        let weights = buffer(randomValues(9 * narrow, seed: 4))
        let (straight, turned) = (empty(tile.matrices * narrow), empty(tile.matrices * narrow))
        for (out, isTurned) in [(straight, false), (turned, true)] {
            kernels.weight(
                tile, taps: weights.readOnly, tapStride: narrow, isTurned: isTurned, out: out.start,
                stride: narrow, channels: channels)
        }
        let weightGradient = empty(9 * narrow)
        kernels.weightGradient(
            tile, from: products.readOnly, stride: spacing, taps: weightGradient.start, tapStride: narrow,
            channels: channels)
        let values = [
            "input": input, "gradient": gradient, "output": written, "weight": straight,
            "turned weight": turned, "weight gradient": weightGradient,
        ]
        return (values.mapValues(\.values), buffers.allSatisfy(\.guardsIntact))
    }

    /// The largest magnitude of each pixel, and which tiles are not finite, wherever among the channels that is.
    @Test(arguments: InstructionSet.available, WinogradTile.allCases)
    func findsWhatIsNotFinite(set: InstructionSet, tile: WinogradTile) {
        func check<Scalar: TestScalar>(_: Scalar.Type) {
            let kernels = Scalar.kernels(set).convolution
            for channels in [1, 5, 16, 19, 70] {
                for special in [Scalar.infinity, -.infinity, .nan, -.greatestFiniteMagnitude] {
                    for place in Set([0, channels / 2, channels - 1]) {
                        var values: [Scalar] = randomValues(3 * channels, seed: 1)
                        values[channels + place] = special
                        var found = [Scalar](repeating: 7, count: 4)
                        kernels.magnitudes(values, pixels: 3, channels: channels, out: &found)
                        let comment: Comment = "\(set) \(Scalar.self) \(channels) \(special)"
                        #expect(special.isNaN ? found[1].isNaN : found[1] == special.magnitude, comment)
                        for pixel in [0, 2] {
                            let own = values[pixel * channels..<(pixel + 1) * channels]
                            #expect(found[pixel] == own.map(\.magnitude).max(), comment)
                        }
                        #expect(found[3] == 7)

                        // As a product of the last matrix, which reaches the last output alone.
                        var products = [Scalar](repeating: 0.5, count: tile.matrices * 3 * channels)
                        products[(tile.matrices - 1) * 3 * channels + channels + place] = special
                        var marks: [UInt32] = [0, 2, 4]
                        let outside = [UnsafeMutablePointer<Scalar>?](
                            repeating: nil, count: 3 * tile.pixels)
                        kernels.output(
                            tile, from: products, tiles: 3, stride: 3 * channels, pixels: outside,
                            marks: &marks, channels: channels)
                        let mark = special.isInfinite || special.isNaN ? WinogradMarks.notFinite : 0
                        #expect(marks == [0, 2 | mark, 4], comment)
                    }
                }
            }
        }
        check(Float.self)
        check(Double.self)
    }

    /// One filter over one tile, by the transforms and as it is defined.
    @Test(arguments: InstructionSet.available, WinogradTile.allCases)
    func filtersATile(set: InstructionSet, tile: WinogradTile) {
        let kernels = Double.kernels(set).convolution
        let pixels: [Double] = randomValues(tile.matrices, seed: 1)
        let taps: [Double] = randomValues(9, seed: 2)
        var (d, g) = (
            [Double](repeating: 0, count: tile.matrices), [Double](repeating: 0, count: tile.matrices)
        )
        var y = [Double](repeating: 0, count: tile.pixels)
        pixels.withUnsafeBufferPointer { pixels in
            guard let first = pixels.baseAddress else { return }
            kernels.input(
                tile, taps: pixels.indices.map { first + $0 }, tiles: 1, out: &d, stride: 1, channels: 1)
        }
        kernels.weight(tile, taps: taps, tapStride: 1, isTurned: false, out: &g, stride: 1, channels: 1)
        var mark: UInt32 = 0
        y.withUnsafeMutableBufferPointer { y in
            guard let first = y.baseAddress else { return }
            kernels.output(
                tile, from: zip(d, g).map { $0 * $1 }, tiles: 1, stride: 1,
                pixels: y.indices.map { first + $0 }, marks: &mark, channels: 1)
        }
        let (side, width) = (tile.rawValue, tile.side)
        let expected = (0..<tile.pixels).map { place in
            (0..<9).reduce(0) { sum, tap in
                sum + taps[tap] * pixels[(place / side + tap / 3) * width + place % side + tap % 3]
            }
        }
        #expect(distance(y, expected) <= 1e-13)
    }
}
