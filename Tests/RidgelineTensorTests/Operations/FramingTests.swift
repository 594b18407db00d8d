// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Windows along an axis and of images, and the sums that undo them.
@Suite struct FramingTests {
    @Test func framesOfASignal() {
        let x = Tensor<Float>.range(from: 0, to: 10)
        expect(x.unfolded(size: 4, step: 3), [3, 4], [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9])
        expect(x.unfolded(size: 3, step: 4, dilation: 2), [2, 3], [0, 2, 4, 4, 6, 8])
        expect(
            x.reshaped([5, 2]).unfolded(axis: 0, size: 2, step: 2), [2, 2, 2], [0, 2, 1, 3, 4, 6, 5, 7])
        expect(
            x.unfolded(size: 4, step: 3).overlapAdded(step: 3), [10], [0, 1, 2, 6, 4, 5, 12, 7, 8, 9])
        expect(
            Tensor<Float>.ones([2, 3]).overlapAdded(step: 4, dilation: 2, extent: 11), [11],
            [1, 0, 1, 0, 2, 0, 1, 0, 1, 0, 0])
    }

    /// Against the definition, on any axis, strided inputs included.
    @Test func anyAxis() {
        let x = (sample([4, 7, 5, 6], seed: 1) as Tensor<Double>).permuted([2, 0, 3, 1])
        for axis in 0..<4 {
            for (size, step, dilation) in [(1, 1, 1), (3, 2, 1), (2, 1, 3), (4, 1, 1)] {
                let extent = x.shape[axis]
                let frames = (extent - dilation * (size - 1) - 1) / step + 1
                let y = x.unfolded(axis: axis, size: size, step: step, dilation: dilation)
                for k in 0..<size {
                    var ranges: [(Int, Int, Int)] = []
                    for other in 0..<4 {
                        ranges.append(other == axis ? (k * dilation, frames, step) : (0, x.shape[other], 1))
                    }
                    var part = x
                    for (other, range) in ranges.enumerated() {
                        part = part.sliced(axis: other, from: range.0, count: range.1, step: range.2)
                    }
                    #expect(y.sliced(axis: 4, from: k, count: 1, step: 1).squeezed([4]) == part)
                }
                // The transpose: ⟨unfolded(x), z⟩ = ⟨x, overlapAdded(z)⟩.
                let z: Tensor<Double> = sample(y.shape, seed: 2)
                let back = z.overlapAdded(axis: axis, step: step, dilation: dilation, extent: extent)
                #expect(back.shape == x.shape)
                #expect(abs((y * z).sum().item - (x * back).sum().item) < 1e-10)
            }
        }
    }

    /// PyTorch's `unfold` and `fold`, transposed.
    @Test func windowsOfAnImage() {
        let x = Tensor<Float>.range(from: 0, to: 24).reshaped([1, 3, 4, 2])
        let padding = Padding2D.each(top: 1, bottom: 1, left: 0, right: 0)
        let columns = unfold2D(x, kernel: Size2D(2, 3), stride: Size2D(2, 1), padding: padding)
        expect(
            columns, [1, 4, 12],
            [
                0, 0, 0, 0, 2, 4, 0, 0, 0, 1, 3, 5, 0, 0, 0, 2, 4, 6, 0, 0, 0, 3, 5, 7, 8, 10, 12, 16, 18, 20,
                9, 11,
                13, 17, 19, 21, 10, 12, 14, 18, 20, 22, 11, 13, 15, 19, 21, 23,
            ])
        expect(
            fold2D(
                columns, outputSize: Size2D(3, 4), kernel: Size2D(2, 3), stride: Size2D(2, 1),
                padding: padding),
            [1, 3, 4, 2],
            [0, 1, 4, 6, 8, 10, 6, 7, 8, 9, 20, 22, 24, 26, 14, 15, 16, 17, 36, 38, 40, 42, 22, 23])
    }

    /// A convolution is the product of its windows with its weight.
    @Test func windowsTimesWeightsAreAConvolution() {
        for direct in [
            DirectConvolution(image: [2, 7, 9, 3], outputs: 5, padding: 1),
            DirectConvolution(image: [1, 8, 6, 4], outputs: 3, kernel: Size2D(3, 2), stride: Size2D(2, 3)),
            DirectConvolution(image: [2, 9, 8, 2], outputs: 4, padding: .same, dilation: 2),
        ] {
            let x: Tensor<Double> = sample(direct.inputShape, seed: 1)
            let weight: Tensor<Double> = sample(direct.weightShape, seed: 2)
            let columns = unfold2D(
                x, kernel: direct.kernel, stride: direct.stride, padding: direct.padding,
                dilation: direct.dilation)
            let y = matmul(columns, weight.reshaped([direct.outputs, -1]).transposed())
            expectClose(
                y.reshaped(to: direct.outputShape), direct.outputShape,
                direct(x, weight, .gathered).scalars, tolerance: 1e-12)
            // How often each pixel is seen.
            let ones = Tensor<Double>.ones(direct.inputShape)
            let (_, pullback) = valueWithPullback(at: ones) {
                unfold2D(
                    $0, kernel: direct.kernel, stride: direct.stride, padding: direct.padding,
                    dilation: direct.dilation)
            }
            let counts = fold2D(
                Tensor<Double>.ones(columns.shape), outputSize: Size2D(x.shape[1], x.shape[2]), kernel: direct.kernel,
                stride: direct.stride, padding: direct.padding, dilation: direct.dilation)
            #expect(counts == pullback(.ones(columns.shape)))
            #expect(counts.sum().item > 0)
        }
    }

    /// NumPy's `pad` by mode "reflect", "edge" and "wrap", of any scalar.
    @Test func padsAnyAxis() {
        let x = Tensor<Int32>(shape: [2, 3], scalars: [0, 1, 2, 3, 4, 5])
        let expected: [(PaddingMode, [Int32])] = [
            (.reflect, [5, 4, 3, 4, 5, 4, 2, 1, 0, 1, 2, 1, 5, 4, 3, 4, 5, 4, 2, 1, 0, 1, 2, 1]),
            (.replicate, [0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 2, 2, 3, 3, 3, 4, 5, 5, 3, 3, 3, 4, 5, 5]),
            (.circular, [4, 5, 3, 4, 5, 3, 1, 2, 0, 1, 2, 0, 4, 5, 3, 4, 5, 3, 1, 2, 0, 1, 2, 0]),
            (.zero, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0]),
        ]
        for (mode, values) in expected {
            expect(x.padded([(1, 1), (2, 1)], mode: mode), [4, 6], values, "\(mode)")
        }
        #expect(x.padded([(0, 0), (0, 0)], mode: .reflect) == x)
        #expect(Tensor<Float>.ones([0, 3]).padded([(0, 0), (1, 2)], mode: .replicate).shape == [0, 6])
        // As the padding of images.
        let image: Tensor<Float> = sample([2, 5, 4, 3], seed: 1)
        for mode in PaddingMode.allCases {
            #expect(
                image.padded([(0, 0), (2, 3), (1, 2), (0, 0)], mode: mode)
                    == padded(image, .each(top: 2, bottom: 3, left: 1, right: 2), mode: mode))
        }
    }

    @Test func paddingOfAnyAxisIsDifferentiable() throws {
        for mode in PaddingMode.allCases {
            for shape: Shape in [[3, 4], [4, 3, 5]] {
                let widths = [(before: 2, after: 1)] + (1..<shape.rank).map { (before: $0 % 2, after: 2) }
                try checkGradients(at: [sample(shape, seed: 1) as Tensor<Double>], tolerance: 1e-7) {
                    $0[0].padded(widths, mode: mode)
                }
            }
        }
    }
}
