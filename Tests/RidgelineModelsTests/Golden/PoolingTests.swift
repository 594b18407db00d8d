// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Pooling and padding of images as PyTorch has them, values and gradients, ties included.
struct PoolingTests {
    private static let images = ["odd", "wide", "pixel", "even"]

    @Test(arguments: images)
    func agreesWithPyTorch(image: String) throws {
        let fixture = try Fixture("pooling")
        let x: Tensor<Float> = try fixture.tensor("\(image)/input")
        let upstream: Tensor<Float> = try fixture.tensor("\(image)/upstream")
        let names = fixture.groups(endingIn: "output").filter { $0.hasPrefix(image + "/") }
        #expect(names.count >= (image == "pixel" ? 20 : 70))
        for name in names {
            let pool = try #require(operation(String(name.dropFirst(image.count + 1))), "\(name)")
            let (y, pullback) = valueWithPullback(at: x, pool)
            let expected: Tensor<Float> = try fixture.tensor("\(name)/output")
            #expect(y.shape == expected.shape, "\(name)")
            guard y.shape == expected.shape else { continue }
            // Unrecorded as recorded, to the bit.
            #expect(pool(x) == y, "\(name)")
            let dy = upstream[0..<y.elementCount].reshaped(to: y.shape)
            let dx: Tensor<Float> = try fixture.tensor("\(name)/gradient")
            if name.contains("average") {
                #expect(y.isAlmostEqual(to: expected, relative: 5e-7, absolute: 5e-7), "\(name)")
                #expect(pullback(dy).isAlmostEqual(to: dx, relative: 1e-6, absolute: 2e-6), "\(name)")
            } else {
                #expect(y == expected, "\(name)")
                #expect(pullback(dy) == dx, "\(name)")
            }
        }
    }

    /// The operation that a fixture's name stands for; nil for one that nobody knows.
    private func operation(_ name: String) -> ((Tensor<Float>) -> Tensor<Float>)? {
        let numbers = name.split(separator: "-").compactMap { Int($0) }
        let kind = name.split(separator: "-").prefix { Int($0) == nil }.joined(separator: "-")
        func padding(_ mode: PaddingMode) -> (Tensor<Float>) -> Tensor<Float> {
            {
                padded(
                    $0, .each(top: numbers[2], bottom: numbers[3], left: numbers[0], right: numbers[1]),
                    mode: mode)
            }
        }
        return switch kind {
        case "maximum":
            {
                maximumPooling2D(
                    $0, window: Size2D(numbers[0]), stride: Size2D(numbers[1]),
                    padding: .symmetric(Size2D(numbers[2])), dilation: Size2D(numbers[3]),
                    ceilMode: numbers[4] == 1)
            }
        case "average":
            {
                averagePooling2D(
                    $0, window: Size2D(numbers[0]), stride: Size2D(numbers[1]),
                    padding: .symmetric(Size2D(numbers[2])), ceilMode: numbers[4] == 1,
                    countsPadding: numbers[5] == 1)
            }
        case "adaptive-maximum": { adaptiveMaximumPooling2D($0, outputSize: Size2D(numbers[0], numbers[1])) }
        case "adaptive-average": { adaptiveAveragePooling2D($0, outputSize: Size2D(numbers[0], numbers[1])) }
        case "padding-reflect": padding(.reflect)
        case "padding-replicate": padding(.replicate)
        case "padding-constant": padding(.zero)
        default: nil
        }
    }

    @Test func layersAreTheirFunctions() {
        let x = Tensor<Float>.normal([2, 7, 5, 3])
        #expect(
            MaximumPooling2D(window: 3, stride: 2, padding: 1, ceilMode: true)(x)
                == maximumPooling2D(x, window: 3, stride: 2, padding: 1, ceilMode: true))
        #expect(MaximumPooling2D(window: 2, dilation: 2)(x) == maximumPooling2D(x, window: 2, dilation: 2))
        #expect(
            AveragePooling2D(window: 3, stride: 1, padding: 1, countsPadding: false)(x)
                == averagePooling2D(x, window: 3, stride: 1, padding: 1, countsPadding: false))
        #expect(AdaptiveMaximumPooling2D(3)(x) == adaptiveMaximumPooling2D(x, outputSize: 3))
        #expect(
            AdaptiveAveragePooling2D(Size2D(2, 3))(x)
                == adaptiveAveragePooling2D(x, outputSize: Size2D(2, 3)))
        let mean = GlobalAveragePooling2D()(x)
        #expect(mean.isAlmostEqual(to: x.mean(axes: [1, 2]), relative: 1e-6, absolute: 1e-7))
        #expect(MaximumPooling2D<Float>(window: 2).parameterNames.isEmpty)
    }

    @Test func flattensInBothOrders() {
        let x = Tensor<Float>.range(from: 0, to: 24).reshaped([2, 2, 2, 3])
        #expect(Flatten()(x) == x.reshaped([2, 12]))
        let first = Flatten(order: .channelsFirst)(x)
        #expect(first[0] == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
        #expect(first.shape == [2, 12])
        #expect(Flatten(order: .channelsFirst)(x[0..<0]).shape == [0, 12])
        #expect(Flatten()(Tensor<Float>([1, 2])).shape == [2, 1])
        let (_, pullback) = valueWithPullback(at: x) { Flatten(order: .channelsFirst)($0) }
        #expect(pullback(first) == x)
    }
}
