// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

@Suite struct OptimizerKernelTests {
    /// PyTorch 2's documented algorithm of torch.optim.SGD, in Double, for three steps.
    @Test(arguments: InstructionSet.available, [(0.0, 0.0, false), (0.9, 0.0, true), (0.9, 0.5, false)])
    func sgd(set: InstructionSet, parameters: (momentum: Double, dampening: Double, nesterov: Bool)) {
        let (momentum, dampening, nesterov) = parameters
        for count in testCounts {
            for decay in [0.0, 0.01] {
                let start: [Float] = randomValues(count, seed: 1)
                let parameter = GuardedBuffer(start)
                let velocity = GuardedBuffer([Float](repeating: 99, count: count))
                var expected = start.map(Double.init)
                var buffer = [Double](repeating: 0, count: count)
                for step in 0..<3 {
                    let gradient: [Float] = randomValues(count, seed: UInt64(step + 2))
                    let from = GuardedBuffer(gradient)
                    defer { withExtendedLifetime(from) {} }
                    Float.kernels(set).sgd(
                        parameter: parameter.start, gradient: from.readOnly,
                        velocity: velocity.start, count: count, learningRate: 0.1, momentum: momentum,
                        dampening: dampening, weightDecay: decay, nesterov: nesterov, firstStep: step == 0)
                    for i in 0..<count {
                        var g = Double(gradient[i]) + decay * expected[i]
                        if momentum != 0 {
                            buffer[i] = step == 0 ? g : momentum * buffer[i] + (1 - dampening) * g
                            g = nesterov ? g + momentum * buffer[i] : buffer[i]
                        }
                        expected[i] -= 0.1 * g
                    }
                }
                #expect(distance(parameter.values, expected.map { Float($0) }) < 1e-6)
                if momentum != 0 { #expect(distance(velocity.values, buffer.map { Float($0) }) < 1e-6) }
                #expect(parameter.guardsIntact && velocity.guardsIntact)
            }
        }
    }

    /// PyTorch 2's documented algorithms of torch.optim.AdamW and Adam, in Double, for three steps.
    @Test(arguments: InstructionSet.available, [false, true])
    func adam(set: InstructionSet, isCoupled: Bool) {
        check(Float.self, set, isCoupled, tolerance: 1e-6)
        check(Double.self, set, isCoupled, tolerance: 1e-15)
    }

    private func check<Scalar: TestScalar>(
        _: Scalar.Type, _ set: InstructionSet, _ isCoupled: Bool, tolerance: Double
    ) {
        for count in testCounts {
            let start: [Scalar] = randomValues(count, seed: 1)
            let zero = [Scalar](repeating: 0, count: count)
            let (parameter, first, second) = (GuardedBuffer(start), GuardedBuffer(zero), GuardedBuffer(zero))
            var expected = start.map(Double.init)
            var m = [Double](repeating: 0, count: count)
            var v = m
            for step in 1...3 {
                let gradient: [Scalar] = randomValues(count, seed: UInt64(step + 2))
                let from = GuardedBuffer(gradient)
                defer { withExtendedLifetime(from) {} }
                Scalar.kernels(set).adam(
                    parameter: parameter.start, gradient: from.readOnly,
                    first: first.start,
                    second: second.start, count: count, learningRate: 0.01, beta1: 0.9, beta2: 0.999,
                    epsilon: 1e-8, weightDecay: 0.1, isCoupled: isCoupled, step: step)
                for i in 0..<count {
                    let g = Double(gradient[i]) + (isCoupled ? 0.1 * expected[i] : 0)
                    if !isCoupled { expected[i] -= 0.01 * 0.1 * expected[i] }
                    m[i] = 0.9 * m[i] + (1 - 0.9) * g
                    v[i] = 0.999 * v[i] + (1 - 0.999) * g * g
                    let mHat = m[i] / (1 - Double.pow(0.9, Double(step)))
                    let vHat = v[i] / (1 - Double.pow(0.999, Double(step)))
                    expected[i] -= 0.01 * mHat / (vHat.squareRoot() + 1e-8)
                }
            }
            #expect(distance(parameter.values, expected.map { Scalar($0) }) < tolerance)
            #expect(distance(first.values, m.map { Scalar($0) }) < tolerance)
            #expect(distance(second.values, v.map { Scalar($0) }) < tolerance)
            #expect(parameter.guardsIntact && first.guardsIntact && second.guardsIntact)
        }
    }
}
