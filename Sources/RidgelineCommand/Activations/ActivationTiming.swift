// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// Times activations at one size, each beside a kernel that moves the same bytes.
///
/// Backward gets an upstream gradient of its own each time, made beforehand and given up, as the layer above
/// hands it down in a training step.
struct ActivationTiming {
    /// The extents of the matrix.
    static let (rows, columns) = (2_048, 3_072)

    /// Median milliseconds.
    struct Times {
        var forward: Double
        var backward: Double
        /// Nil where products of matrices are most of the work.
        var forwardMove: Double?
        var backwardMove: Double?
    }

    let repeats: Int
    private let x = Tensor<Float>.normal([rows, columns])
    private let bias = Tensor<Float>.normal([columns])
    private let upstream = Tensor<Float>.normal([rows, columns])

    init(repeats: Int) { self.repeats = repeats }

    /// Times act(x + b) and the gradients of x and b (and of a learnt slope), in turn with the moves.
    func measure(_ activation: Activation) -> Times {
        let slope: Tensor<Float>? = activation.slopes(channels: Self.columns)
        return measure([x, bias] + (slope.map { [$0] } ?? [])) {
            $0[0].activated(activation, bias: $0[1], slope: $0.count > 2 ? $0[2] : nil)
        }
    }

    /// Times a function of the radial or the folding group and its gradients. For a fold, the moves are those
    /// of as many bytes: forward, the input and the output; backward, the input twice, read and written, and
    /// the upstream gradient.
    func measure(_ function: OtherFunction) -> Times {
        let inputs =
            function.isRadial
            ? [.normal([Self.rows, Self.coordinates]), .normal([Self.columns, Self.coordinates])] : [x]
        let output = function.apply(inputs)
        var times = measure(inputs, upstream: .normal(output.shape), function.apply)
        let read = Double(inputs.reduce(0) { $0 + $1.elementCount })
        let written = Double(output.elementCount)
        let whole = Double(x.elementCount)
        func scaled(_ move: Double?, _ share: Double) -> Double? {
            function.isRadial ? nil : move.map { $0 * share }
        }
        times.forwardMove = scaled(times.forwardMove, (read + written) / (2 * whole))
        times.backwardMove = scaled(times.backwardMove, (2 * read + written) / (3 * whole))
        return times
    }

    /// How many coordinates the points of a radial function have here.
    static let coordinates = 64

    private func measure(
        _ inputs: [Tensor<Float>], upstream: Tensor<Float>? = nil,
        _ function: @escaping ([Tensor<Float>]) -> Tensor<Float>
    ) -> Times {
        let upstream = upstream ?? self.upstream
        var destination = Tensor<Float>.zeros([Self.rows, Self.columns])
        let (_, pullback) = valueWithPullback(at: inputs, function)
        // Each makes what it needs and returns the work to time.
        let works: [() -> () -> Void] = [
            { { _ = function(inputs) } },
            { { move(x, bias, to: &destination) } },
            {
                var handed: Tensor? = upstream + 0
                return { if let given = handed.take() { _ = pullback(given) } }
            },
            {
                var handed = self.upstream + 0
                return { add(x, to: &handed) }
            },
        ]
        var times = works.map { _ in [Double]() }
        for round in -2..<repeats {
            for (index, work) in works.enumerated() {
                let time = Stopwatch.milliseconds(1, work())
                // The first rounds warm up.
                if round >= 0 { times[index] += time }
            }
        }
        let medians = times.map(Stopwatch.median)
        return Times(
            forward: medians[0], backward: medians[2], forwardMove: medians[1], backwardMove: medians[3])
    }

    /// y = x + b by the engine's identity kernel.
    private func move(_ x: Tensor<Float>, _ bias: Tensor<Float>, to y: inout Tensor<Float>) {
        y.fill { y in
            Self.inPieces { start, rows in
                Float._kernels.biasActivation(
                    kind: .identity, z: x.pointer + start, zStride: Self.columns, bias: bias.pointer,
                    y: y + start, yStride: Self.columns, rows: rows, columns: Self.columns)
            }
        }
        withExtendedLifetime((x, bias)) {}
    }

    /// z += a by the engine's addition.
    private func add(_ a: Tensor<Float>, to z: inout Tensor<Float>) {
        z.fill { z in
            Self.inPieces { start, rows in
                Float._kernels.binary(
                    op: .add, a: a.pointer + start, aStride: 1, b: z + start, bStride: 1, out: z + start,
                    count: rows * Self.columns)
            }
        }
        withExtendedLifetime(a) {}
    }

    /// Calls `body` with the first element and the rows of pieces about as large as the engine's.
    private static func inPieces(_ body: (Int, Int) -> Void) {
        let rowsPerPiece = 16
        Parallelism.forEach(rows / rowsPerPiece) { body($0 * rowsPerPiece * columns, rowsPerPiece) }
    }
}
