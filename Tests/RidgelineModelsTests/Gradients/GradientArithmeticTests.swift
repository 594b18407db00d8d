// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Iteration, sums, products and the norm of gradients.
struct GradientArithmeticTests {
    private struct Mixed: Module {
        let layers = Sequential<Float>(Linear(3, 2), Linear(2, 1, bias: false))
        let scale = Parameter<Double>([2, 3])
        let unused = Parameter<Float>([1])

        func loss(_ x: Tensor<Float>) -> Tensor<Double> {
            Tensor<Double>(layers(x).sum()) * scale.value.squared().sum()
        }
    }

    private let model = withRandomSeed(1) { Mixed() }
    private let x = withRandomSeed(2) { Tensor<Float>.normal([6, 3]) }
    private let names = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "scale"]

    private func gradients(_ rows: Range<Int>) -> ModelGradients {
        valueAndGradients(of: model) { $0.loss(x[rows]) }.gradients
    }

    @Test func theyComeInTheModelsOrder() throws {
        let found = gradients(0..<6)
        #expect(found.names == names && found.map(\.name) == names && found.count == 4)
        #expect(found.map(\.shape) == [[2, 3], [2], [1, 2], [2]])
        #expect(found.map(\.dataType) == [.float32, .float32, .float32, .float64])
        let single = found.all(of: Float.self)
        #expect(single.map(\.name) == Array(names.prefix(3)))
        for (name, parameter, gradient) in single {
            #expect(model.parameter(named: name, as: Float.self) === parameter)
            expectIdentical(found[parameter], gradient, name)
            expectIdentical(found.gradient(named: name), gradient, name)
            expectIdentical(found.first { $0.name == name }?.tensor(), gradient, name)
        }
        #expect(found.all(of: Double.self).map(\.gradient) == [found[model.scale]])
        #expect(Array(found)[0].tensor(as: Double.self) == nil)
        #expect(found.gradient(named: "unused", as: Float.self) == nil)
    }

    /// The gradients of a batch's parts add up to the whole's.
    @Test func partsOfABatchAddUp() throws {
        let whole = gradients(0..<6)
        let (first, second) = (gradients(0..<2), gradients(2..<6))
        let before = try #require(first[model.scale])
        let sum = first + second
        #expect(sum.names == names)
        for (name, parameter, gradient) in whole.all(of: Float.self) {
            expectClose(sum[parameter], gradient, within: 1e-5, name)
        }
        expectClose(sum[model.scale], try #require(whole[model.scale]), within: 1e-6, "scale")
        // The summands are as they were.
        expectIdentical(first[model.scale], before, "first")
        var twice = first
        twice += first
        for (name, parameter, gradient) in first.all(of: Float.self) {
            expectIdentical(twice[parameter], gradient * 2, name)
        }
    }

    @Test func aSumHasWhatEitherHas() {
        let (one, other) = (Linear<Float>(weight: [[2]], bias: nil), Linear<Float>(weight: [[3]], bias: nil))
        let first = valueAndGradients(of: one) { $0([[5]]).sum() }.gradients
        let second = valueAndGradients(of: other) { $0([[7]]).sum() }.gradients
        let sum = first + second
        #expect(sum.count == 2 && sum[one.weight] == [[5]] && sum[other.weight] == [[7]])
        #expect(first.count == 1 && second.count == 1)
        // A parameter of the model without a gradient has none afterwards either.
        #expect((gradients(0..<1) * 2)[model.unused] == nil)
    }

    @Test func productsAreThoseOfEveryElement() {
        let found = gradients(0..<6)
        var halved = found
        halved *= 0.5
        var divided = found
        divided /= 3
        for (name, parameter, gradient) in found.all(of: Float.self) {
            expectIdentical(halved[parameter], gradient * 0.5, name)
            expectIdentical((found * 0.3)[parameter], gradient * 0.3, name)
            expectIdentical((0.3 * found)[parameter], gradient * 0.3, name)
            expectIdentical(divided[parameter], gradient / 3, name)
            expectIdentical((found / 3)[parameter], gradient / 3, name)
        }
        expectIdentical(halved[model.scale], found[model.scale].map { $0 * 0.5 }, "scale")
    }

    @Test func theNormIsThatOfAllElements() {
        let found = gradients(0..<6)
        var elements = found.all(of: Double.self).flatMap(\.gradient.scalars)
        elements += found.all(of: Float.self).flatMap { $0.gradient.scalars.map(Double.init) }
        let expected = elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(found.norm() - expected) < 1e-6 * expected && expected > 1)
        let clipped = found * (1 / found.norm())
        #expect(abs(clipped.norm() - 1) < 1e-6)
    }

    @Test(arguments: [
        ([1e200, 1e200], 2.0.squareRoot() * 1e200), ([1e-200, 0], 1e-200), ([0, 0], 0),
        ([.infinity, 1], .infinity),
        ([.nan, 1], .nan), ([.infinity, .nan], .nan),
    ])
    func extremesOfTheNorm(_ values: [Double], _ expected: Double) {
        struct Pair: Module {
            let first = Parameter<Double>([1])
            let second = Parameter<Double>([1])
        }
        let model = Pair()
        var (_, gradients) = valueAndGradients(of: model) { ($0.first.value * $0.second.value).sum() }
        gradients[model.first] = Tensor([values[0]])
        gradients[model.second] = Tensor([values[1]])
        let norm = gradients.norm()
        #expect(
            norm == expected || norm.isNaN && expected.isNaN || abs(norm / expected - 1) < 1e-15, "\(norm)")
    }

    /// In Float, whose own range the norm may leave.
    @Test func theNormOfFloatsMayBeLarge() {
        let model = Linear<Float>(weight: .ones([1, 4]), bias: nil)
        var (_, gradients) = valueAndGradients(of: model) { $0(.ones([1, 4])).sum() }
        gradients[model.weight] = .full([1, 4], 3e38)
        #expect(abs(gradients.norm() / (2 * Double(Float(3e38))) - 1) < 1e-6)
        gradients[model.weight] = .full([1, 4], .leastNonzeroMagnitude)
        #expect(abs(gradients.norm() / (2 * Double(Float.leastNonzeroMagnitude)) - 1) < 1e-6)
    }

    @Test func noneHaveNoNorm() {
        var (_, gradients) = valueAndGradients(of: Linear<Float>(1, 1)) { $0([[1]]).sum() }
        for (_, parameter, _) in gradients.all(of: Float.self) { gradients[parameter] = nil }
        #expect(gradients.norm() == 0 && gradients.isEmptyOfGradients)
    }
}

extension ModelGradients {
    fileprivate var isEmptyOfGradients: Bool { count == 0 && names.isEmpty }
}
