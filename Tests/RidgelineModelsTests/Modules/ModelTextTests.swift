// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// What `print(model)` and `print(gradients)` show.
struct ModelTextTests {
    private struct Classifier: Module {
        let hidden = FeedForward<Float>(width: 4, hiddenWidth: 8, dropout: 0.1, residual: .preNormalized)
        let head = Linear<Float>(4, 2, bias: false)
        let absent: Linear<Float>? = nil
        let threshold = 0.5
        @NoParameters var f: @Sendable (Int) -> Int = { $0 }
    }

    @Test func aModelIsATree() {
        #expect(
            "\(Classifier())" == """
                Classifier(
                  (hidden): FeedForward<Float>(
                    (expand): Linear<Float>(weight: [8, 4], bias: [8], activation: gelu)
                    (contract): Linear<Float>(weight: [4, 8], bias: [4], activation: identity)
                    (norm): LayerNormalization<Float>(weight: [4], bias: [4], epsilon: 1e-05)
                    (dropout): Dropout<Float>(probability: 0.1)
                    (residualDropout): Dropout<Float>(probability: 0.1)
                    residual: preNormalized
                  )
                  (head): Linear<Float>(weight: [2, 4], activation: identity)
                  threshold: 0.5
                ): 92 parameters
                """)
    }

    @Test func namesAreThoseOfThePaths() {
        let model = Sequential<Float>(
            Convolution2D(3, 4, kernel: 3, stride: 2, padding: 1), BatchNormalization(4), Flatten(),
            Sequential(Identity()))
        #expect(
            model.description == """
                Sequential<Float>(
                  (0): Convolution2D<Float>(weight: [4, 3, 3, 3], bias: [4], activation: identity, \
                algorithm: automatic, stride: 2×2, padding: each(top: 1, bottom: 1, left: 1, right: 1))
                  (1): BatchNormalization<Float>(weight: [4], bias: [4], running_mean: [4], running_var: [4], \
                num_batches_tracked: [], epsilon: 1e-05, momentum: 0.1)
                  (2): Flatten<Float>(order: channelsLast)
                  (3): Sequential<Float>(
                    (0): Identity<Float>()
                  )
                ): 120 parameters
                """)
        struct Lists: Module {
            let layers = ["b": [Linear<Float>(1, 1, bias: false)]]
            let shared: Parameter<Double>
            let again: Parameter<Double>
            init() {
                shared = Parameter(.ones([2, 3]))
                again = shared
            }
        }
        #expect(
            "\(Lists())" == """
                Lists(
                  (layers.b.0): Linear<Float>(weight: [1, 1], activation: identity)
                  shared: [2, 3], again: [2, 3]
                ): 7 parameters
                """)
    }

    /// A block whose layers are named as its parent's.
    @Test func layersHaveTheNamesOfFiles() {
        #expect(
            "\(ConvolutionBlock<Float>(3, 4, kernel: 1, activation: .relu, names: ("conv1", "bn1")))" == """
                ConvolutionBlock<Float>(
                  (conv1): Convolution2D<Float>(weight: [4, 3, 1, 1], activation: identity, algorithm: automatic)
                  (bn1): BatchNormalization<Float>(weight: [4], bias: [4], running_mean: [4], running_var: [4], \
                num_batches_tracked: [], epsilon: 1e-05, momentum: 0.1)
                  activation: relu
                ): 20 parameters
                """)
    }

    /// What a use of the model refuses can be printed.
    @Test func printingRefusesNothing() {
        final class Node: Module, @unchecked Sendable {
            var next: Node?
            let f: @Sendable (Int) -> Int = { $0 }
        }
        let node = Node()
        node.next = node
        #expect(
            "\(node)" == """
                Node(
                  (next): Node(…)
                  f: @Sendable (Int) -> Int
                ): 0 parameters
                """)
        node.next = nil
    }

    @Test func gradientsAreLines() {
        let model = Linear<Float>(weight: [[3, 4]], bias: [0])
        let (_, gradients) = valueAndGradients(of: model) { $0([[0.3, 0.4]]).sum() * 2 }
        #expect(
            "\(gradients)" == """
                2 gradients, norm 2.236068
                  weight [1, 2] norm 1.0
                  bias [1] norm 2.0
                """)
        let (_, none) = valueAndGradients(of: Sequential(model, model)) { _ in model.weight.value.sum() }
        #expect("\(none)".hasPrefix("1 gradient, norm 1.4142135\n  0.weight [1, 2] norm 1.4142135"))
    }
}
