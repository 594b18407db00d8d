// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// Runs `body` on a thread of its own, which sees none of the caller's task-locals, and waits for it.
private func onAnotherThread(_ body: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    Thread {
        body()
        done.signal()
    }.start()
    done.wait()
}

/// Models are handles that many threads use. Meaningful under `--sanitize=thread`, too.
struct ConcurrencyTests {
    @Test func manyTasksInferTheSame() async {
        let model = Sequential(
            FeedForward<Float>(width: 64, hiddenWidth: 256, residual: .postNormalized),
            DenseResidualBlock<Float>(64, hidden: 96), Linear<Float>(64, 10))
        let x = Tensor<Float>.normal([48, 64])
        let expected = model(x)
        let results = await withTaskGroup(of: [Tensor<Float>].self) { group in
            for _ in 0..<16 { group.addTask { (0..<8).map { _ in model(x) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(results.count == 128)
        for result in results { expectIdentical(result, expected, "one of many tasks") }
    }

    @Test func readersSeeWholeStepsOfOneParameter() async {
        let parameter = Parameter<Float>(.zeros([4_096]))
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for step in 1...200 {
                    parameter.update { value in
                        value.withUnsafeMutableBufferPointer { $0.update(repeating: Float(step)) }
                    }
                }
                return true
            }
            for _ in 0..<4 {
                group.addTask {
                    (0..<200).allSatisfy { _ in
                        let value = parameter.value
                        return value.min() == value.max()
                    }
                }
            }
            for await whole in group { #expect(whole) }
        }
        #expect(parameter.version == 200 && parameter.value == .full([4_096], 200))
    }

    /// A server answers while a task trains: what it reads is whole, and nothing is lost.
    @Test func tasksInferWhileOneTrains() async {
        struct Network: Module {
            let block = ConvolutionBlock<Float>(2, 8, kernel: 3, padding: 1, activation: .relu)
            let head = Linear<Float>(8, 3)
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(block(x).mean(axes: [1, 2])) }
        }
        let model = withRandomSeed(3) { Network() }
        let alone = withRandomSeed(3) { Network() }
        let x = withRandomSeed(4) { Tensor<Float>.normal([2, 6, 6, 2]) }
        func train(_ model: Network) -> [Float] {
            var optimizer = SGD(for: model, learningRate: 0.01)
            return (0..<60).map { _ in
                let (loss, gradients) = valueAndGradients(of: model) { $0(x).squared().mean() }
                optimizer.update(model, with: gradients)
                return loss.item
            }
        }
        let losses = await withTaskGroup(of: [Float].self) { group in
            group.addTask { train(model) }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<60 where !model(x).scalars.allSatisfy(\.isFinite) { return [.nan] }
                    return []
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(losses == train(alone))
        expectIdentical(model(x), alone(x), "trained beside inference")
    }

    /// Work that the differentiated code hands to threads sees no task's values: its gradient would be lost.
    @Test func workHandedToThreadsTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Linear<Float>(2, 2)
            await Task {
                _ = valueAndGradients(of: model) { model in
                    onAnotherThread { _ = model(.ones([1, 2])) }
                    return model(.ones([1, 2])).sum()
                }
            }.value
        }
        #expect(message(result).contains("a parameter of shape [2, 2] is read outside the recording"))
    }

    @Test func aParameterReadInACustomOperationTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Linear<Float>(2, 2)
            _ = valueAndGradients(of: model) { model in
                customOperation(model(.ones([1, 2]))) { y in (matmul(y, model.weight.value), { $0 }) }.sum()
            }
        }
        #expect(message(result).contains("a parameter of shape [2, 2] is read outside the recording"))
    }

    @Test func aReadOnAnotherThreadDuringARecordingTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Linear<Float>(2, 2)
            _ = valueAndGradients(of: model) { model in
                onAnotherThread { _ = model(.ones([1, 2])) }
                return model(.ones([1, 2])).sum()
            }
        }
        #expect(message(result).contains("a parameter of shape [2, 2] is read outside the recording"))
    }

    @Test func aTaskThatInheritsTheRecordingTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Linear<Float>(2, 2)
            _ = valueAndGradients(of: model) { model in
                let done = DispatchSemaphore(value: 0)
                Task {
                    _ = model(.ones([1, 2]))
                    done.signal()
                }
                done.wait()
                return model(.ones([1, 2])).sum()
            }
        }
        #expect(message(result).contains("recorded on another thread than the one that opened the recording"))
    }

    @Test func withoutGradientsAllowsIt() throws {
        let model = Linear<Float>(weight: [[2, 3]], bias: nil)
        let seen = Parameter<Float>([[0]])
        let (_, gradients) = valueAndGradients(of: model) { model in
            onAnotherThread { seen.value = withoutGradients { model([[1, 1]]) } }
            return model([[1, 1]]).sum()
        }
        #expect(seen.value == [[5]])
        #expect(gradients[model.weight] == [[1, 1]])
    }

    @Test func twoThreadsDifferentiateTwoModels() async {
        let x = Tensor<Double>.normal([8, 16])
        func step(_ model: FeedForward<Double>) -> Tensor<Double>? {
            valueAndGradients(of: model) { $0(x).squared().sum() }.gradients[model.expand.weight]
        }
        let models = (0..<4).map { _ in FeedForward<Double>(width: 16, hiddenWidth: 32) }
        let expected = models.map(step)
        await withTaskGroup(of: (Int, Tensor<Double>?).self) { group in
            for (index, model) in models.enumerated() {
                group.addTask {
                    (
                        index,
                        valueAndGradients(of: model) { $0(x).squared().sum() }.gradients[model.expand.weight]
                    )
                }
            }
            for await (index, gradient) in group {
                expectIdentical(gradient, expected[index], "model \(index)")
            }
        }
    }
}
