// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The program of the tutorial "ReLU step by step", all of its code and nothing else. `TutorialTests` compares what lies
/// between the markers with the article's blocks and runs it.
func tutorialExample() {
    // TUTORIAL-BEGIN
    RandomGenerator.current.state = RandomGenerator.State(seed: 1)

    let sums: Tensor<Float> = [-2, -1, 0, 1, 2]
    let (rectified, pullback) = valueWithPullback(at: sums) { relu($0) }
    let slopes = pullback([1, 1, 1, 1, 1])
    print(rectified)
    print(slopes)
    // TUTORIAL-END

    // TUTORIAL-BEGIN
    struct Net: Module {
        let hidden: Linear<Float>
        let output = Linear<Float>(64, 1)

        init(_ activation: Activation) { hidden = Linear(1, 64, activation: activation) }

        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { output(hidden(x)) }
    }

    let x = Tensor<Float>.uniform([256, 1], in: -1..<1)
    let wave = (3 * x).activated(.sine)
    // TUTORIAL-END

    // TUTORIAL-BEGIN
    func badStart(_ activation: Activation) -> Net {
        let net = Net(activation)
        net.hidden.bias?.value = .full([64], -1.05)
        return net
    }

    func loss(_ net: Net) -> Tensor<Float> { (net(x) - wave).squared().mean() }

    let dead = badStart(.relu)
    let statistics = ActivationStatistics()
    let (_, gradients) = statistics.observe { valueAndGradients(of: dead, loss) }
    print(statistics.report(for: dead, gradients: gradients)[0])
    // TUTORIAL-END

    // TUTORIAL-BEGIN
    for activation: Activation in [.relu, .leakyReLU, .parametricReLU(), .elu, .selu, .gelu] {
        let net = badStart(activation)
        var optimizer = AdamW(for: net, learningRate: 0.05)
        for _ in 1...500 {
            let (_, gradients) = valueAndGradients(of: net, loss)
            optimizer.update(net, with: gradients)
        }
        let statistics = ActivationStatistics()
        let final = statistics.observe { loss(net).item }
        let text = final < 0.01 ? "below 0.01" : "\((final * 100).rounded() / 100)"
        let isSilent = statistics.report(for: net)[0].deadFraction == 1
        print("\(activation): loss \(text), \(isSilent ? "no unit" : "some units") with a positive sum")
    }
    // TUTORIAL-END

    // TUTORIAL-BEGIN
    struct RecurrentCell: Module {
        let input = Linear<Float>(1, 16)
        let memory = Linear<Float>(16, 16, bias: false)

        func callAsFunction(_ x: Tensor<Float>, _ state: Tensor<Float>) -> Tensor<Float> {
            (input(x) + memory(state)).activated(.tanh)
        }
    }

    let cell = RecurrentCell()
    var state = Tensor<Float>.zeros([1, 16])
    for time in 0..<1_000 { state = cell(Tensor([Float(time)]).reshaped(to: [1, 1]), state) }
    print("after 1,000 steps, all of the state within ±1: \(abs(state).max().item <= 1)")
    // TUTORIAL-END

    // TUTORIAL-BEGIN
    struct Autoencoder: Module {
        let encode = Sequential<Float>(Linear(2, 32, activation: .elu), Linear(32, 1))
        let decode = Sequential<Float>(Linear(1, 32, activation: .elu), Linear(32, 2))

        func errors(_ points: Tensor<Float>) -> Tensor<Float> {
            (decode(encode(points)) - points).squared().sum(axis: 1)
        }
    }

    // Normal points lie on a parabola.
    let along = Tensor<Float>.uniform([256, 1], in: -1..<1)
    let normal = Tensor<Float>.concatenated([along, along.squared()], axis: 1)
    let model = Autoencoder()
    var optimizer = AdamW(for: model, learningRate: 0.01)
    for _ in 1...500 {
        let (_, gradients) = valueAndGradients(of: model) { $0.errors(normal).mean() }
        optimizer.update(model, with: gradients)
    }
    let usual = model.errors(normal).mean().item
    let strange = model.errors([[0.0, 1.0]]).item
    print("the strange point's error is over 1,000 times the normal ones': \(strange > 1_000 * usual)")
    // TUTORIAL-END
}
