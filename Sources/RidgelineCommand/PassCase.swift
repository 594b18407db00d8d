// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// One block at one size whose forward and backward passes are timed.
struct PassCase {
    /// The block.
    enum Block {
        /// A transformer feed-forward block, width → hidden → width.
        case feedForward(width: Int, hidden: Int)
        /// A fully connected residual block.
        case residual(width: Int)
    }

    let block: Block
    let rows: Int
    let activation: Activation

    var width: Int {
        switch block {
        case .feedForward(let width, _), .residual(let width): width
        }
    }

    /// As `feed-forward/gelu/512x768x3072`: rows, width, hidden width.
    var name: String {
        switch block {
        case .feedForward(let width, let hidden): "feed-forward/\(activation)/\(rows)x\(width)x\(hidden)"
        case .residual(let width): "residual/\(activation)/\(rows)x\(width)"
        }
    }

    /// Every case, in the table's order.
    static let all: [PassCase] = {
        let activations: [Activation] = [.relu, .gelu, .geluTanh]
        let sizes = [(512, 768, 3_072), (2_048, 768, 3_072), (512, 1_024, 4_096)]
        let feedForward = sizes.flatMap { rows, width, hidden in
            activations.map {
                PassCase(block: .feedForward(width: width, hidden: hidden), rows: rows, activation: $0)
            }
        }
        return feedForward
            + [Activation.relu, .gelu].map {
                PassCase(block: .residual(width: 2_048), rows: 512, activation: $0)
            }
    }()

    /// The block in one precision.
    func model<Scalar: FloatingScalar>(_ type: Scalar.Type) -> any Layer<Scalar> {
        switch block {
        case .feedForward(let width, let hidden):
            FeedForward<Scalar>(width: width, hiddenWidth: hidden, activation: activation)
        case .residual(let width): DenseResidualBlock<Scalar>(width, activation: activation)
        }
    }

    /// The products of forward and backward, the input's gradient included.
    var products: [GemmYardstick.Product] {
        switch block {
        case .feedForward(let width, let hidden):
            GemmYardstick.products(rows: rows, inputs: width, outputs: hidden)
                + GemmYardstick.products(rows: rows, inputs: hidden, outputs: width)
        case .residual(let width):
            GemmYardstick.products(rows: rows, inputs: width, outputs: width)
                + GemmYardstick.products(rows: rows, inputs: width, outputs: width)
        }
    }

    /// Floating-point operations of the forward pass's products; backward has twice as many.
    var forwardOperations: Double {
        products.reduce(0) { $0 + 2 * Double($1.m) * Double($1.n) * Double($1.k) } / 3
    }

    /// The largest gradient error that still counts as right. A pre-activation near zero may flip its ReLU
    /// between precisions, which changes a whole row of products.
    var gradientErrorLimit: Double { activation == .relu ? 1e-2 : 1e-4 }
}
