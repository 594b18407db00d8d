// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Whole networks against PyTorch's in Double, with the same weights.
@Suite(.serialized) struct NetworkTests {
    /// In debug only the small ones, the others take minutes there.
    static func cases(_ fixture: String, _ key: String) throws -> [VisionCase] {
        let all = try Fixture(fixture).groups(endingIn: key).map { try VisionCase($0) }
        #if DEBUG
            return all.filter { $0.name == "cifar-resnet-20" }
        #else
            return all
        #endif
    }

    @Test(arguments: try cases("vision_logits", "logits"))
    func logitsArePyTorchs(_ network: VisionCase) throws {
        let expected: Tensor<Double> = try Fixture("vision_logits").tensor(network.key + "/logits")
        let (model, x) = (try network.model(as: Float.self), Formula.images(network.images) as Tensor<Float>)
        let y = model(x)
        try #require(y.shape == expected.shape)
        let largest = expected.absolute().max().item
        let error = (Tensor<Double>(y) - expected).absolute().max().item / largest
        #expect(error < 1e-4, "off by \(error) of the largest")
    }

    /// The step in Double is PyTorch's in Double, and the step in Float is no further from that than twice PyTorch's own.
    @Test(arguments: try cases("vision_steps", "loss"))
    func trainingStepsArePyTorchs(_ network: VisionCase) throws {
        let fixture = try Fixture("vision_steps")
        func golden(_ key: String) throws -> Tensor<Double> { try fixture.tensor(network.key + "/" + key) }
        let statistics: Tensor<Float> = try fixture.tensor(network.key + "/statistics")

        let double = try TrainingStep<Double>(network)
        expectClose(double.loss, try golden("loss"), within: 1e-10, "loss")
        expectClose(double.logits, try golden("logits"), within: 1e-9, "logits")
        expectClose(double.statistics, Tensor<Double>(statistics), within: 1e-5, "running statistics")
        let norms = try golden("gradient.norms").scalars
        try #require(double.gradients.count == norms.count)
        for (gradient, norm) in zip(double.gradients, norms) {
            #expect(abs(gradient.value.norm().item - norm) <= 1e-9 * norm, "\(gradient.name)")
        }
        let apart = double.distance(from: try golden("gradient.projections"), norms: norms)
        #expect(apart < 1e-9, "gradients off by \(apart) by norm, from their projections")

        let float = try TrainingStep<Float>(network)
        let moved = differenceByNorm(float.statistics, Tensor<Double>(statistics))
        #expect(moved < 1e-5, "running statistics in Float off by \(moved) by norm")
        let allowed = 2 * (try golden("float.distance")).max().item
        let found = float.distance(from: double)
        #expect(found <= allowed, "Float gradients off by \(found); twice PyTorch's are \(allowed)")
    }
}

/// Loss and gradients of one step in training mode.
struct TrainingStep<Scalar: FloatingScalar> {
    let loss: Tensor<Scalar>
    let logits: Tensor<Scalar>
    let statistics: Tensor<Scalar>
    /// In the order of their names.
    let gradients: [(name: String, value: Tensor<Scalar>)]

    init(_ network: VisionCase) throws { self.init(try network.model(as: Scalar.self), network.images) }

    private init(_ model: some Layer<Scalar>, _ shape: Shape) {
        var logits: Tensor<Scalar>?
        let (loss, found) = valueAndGradients(of: model) { model in
            let y = model(Formula.images(shape))
            logits = stopGradient(y)
            return softmaxCrossEntropy(
                logits: y, labels: Formula.labels(y.shape[0], classes: y.shape[1]))
        }
        self.loss = loss
        self.logits = logits ?? loss
        statistics = model.runningStatistics(as: Scalar.self)
        gradients = model.parameters(of: Scalar.self).sorted { $0.name < $1.name }.map {
            ($0.name, found[$0.parameter] ?? .zeros($0.parameter.shape))
        }
    }

    /// ‖g − d‖ / ‖d‖ over all parameters.
    func distance(from other: TrainingStep<Double>) -> Double {
        var (apart, whole) = (0.0, 0.0)
        for (mine, theirs) in zip(gradients, other.gradients) {
            apart += (Tensor<Double>(mine.value) - theirs.value).squared().sum().item
            whole += theirs.value.squared().sum().item
        }
        return (apart / whole).squareRoot()
    }
}

extension TrainingStep<Double> {
    /// ‖g − d‖ / ‖d‖ as estimated from the products of each d with a few random vectors, whose elements have variance ⅓:
    /// the mean square of what ours differ by is a third of the squared distance.
    func distance(from projections: Tensor<Double>, norms: [Double]) -> Double {
        var apart = 0.0
        for (row, gradient) in gradients.enumerated() {
            let count = projections.shape[1]
            for column in 0..<count {
                let direction = Formula.values("\(gradient.name)/projection.\(column)", gradient.value.shape)
                let found = (Tensor<Double>(direction) * gradient.value).sum().item
                let difference = found - projections[row, column].item
                apart += 3 * difference * difference / Double(count)
            }
        }
        return (apart / norms.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
}
