// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// One operation on elements as models written by hand have them: broadcasts, copies in another order, comparisons,
/// functions and reductions. Forward alone: both times of its result are that.
struct ElementwiseCase: Sendable {
    /// As `elementwise/erf/1024x384`.
    let name: String
    /// Returns the operation on its input, which is made first.
    private let prepared: @Sendable () -> () -> Void

    func measure(repeats: Int) -> PassResult {
        let work = prepared()
        BufferPool.shared.trim()
        BufferPool.shared.resetPeak()
        Stopwatch.warmUp(work)
        let time = Stopwatch.median(Stopwatch.milliseconds(max(20 * repeats, 50), work))
        return PassResult(
            name: name, forwardMilliseconds: time, forwardBackwardMilliseconds: time, forwardGFLOPS: 0,
            forwardBackwardGFLOPS: 0, fractionOfGemm: nil, peakBytes: BufferPool.shared.counters.peakBytes,
            gradientError: 0, isRight: true)
    }

    private init(_ name: String, _ shape: Shape, _ operation: @escaping @Sendable (Tensor<Float>) -> Void) {
        self.name = "elementwise/\(name)/\(shape.map { "\($0)" }.joined(separator: "x"))"
        prepared = {
            let x = Tensor<Float>.normal(shape)
            return { operation(x) }
        }
    }

    static let all: [ElementwiseCase] = broadcasts + copies + functions + reductions

    private static let broadcasts: [ElementwiseCase] = {
        let mask = Tensor<Float>.normal([8, 1, 1, 128])
        let (row, small) = (Tensor<Float>.normal([128]), Tensor<Float>.normal([5, 1, 1, 12]))
        return [
            ElementwiseCase("add-mask", [8, 12, 128, 128]) { _ = $0 + mask },
            ElementwiseCase("add-row", [8, 12, 128, 128]) { _ = $0 + row },
            ElementwiseCase("add-mask", [5, 12, 12, 12]) { _ = $0 + small },
            ElementwiseCase("greater", [1_024, 384]) { _ = $0 .> $0 },
            ElementwiseCase("greater-zero", [1_024, 384]) { _ = $0 .> 0 },
        ]
    }()

    private static let copies = [
        ElementwiseCase("channels-last", [8, 3, 224, 224]) { _ = $0.permuted([0, 2, 3, 1]).contiguous() },
        ElementwiseCase("channels-first", [8, 224, 224, 3]) { _ = $0.permuted([0, 3, 1, 2]).contiguous() },
        ElementwiseCase("heads", [8, 128, 12, 64]) { _ = $0.permuted([0, 2, 1, 3]).contiguous() },
        ElementwiseCase("transpose", [1_024, 384]) { _ = $0.transposed().contiguous() },
    ]

    private static let functions: [ElementwiseCase] = {
        let functions: [(String, @Sendable (Tensor<Float>) -> Tensor<Float>)] = [
            ("power-3", { $0.power(3) }), ("exp", { exp($0) }), ("expm1", { expm1($0) }),
            ("sin", { sin($0) }),
            ("cos", { cos($0) }), ("tan", { tan($0) }), ("erf", { erf($0) }), ("tanh", { tanh($0) }),
            ("square", { $0.squared() }), ("reciprocal", { $0.reciprocal() }), ("rounded", { $0.rounded() }),
        ]
        let positive: [(String, @Sendable (Tensor<Float>) -> Tensor<Float>)] = [
            ("log", { log($0) }), ("log1p", { log1p($0) }), ("sqrt", { sqrt($0) }),
            ("rsqrt", { $0.reciprocalSquareRoot() }), ("power-2.5", { $0.power(2.5) }),
        ]
        let x = Tensor<Float>.uniform([1_024, 384], in: 0.1..<4)
        return functions.map { name, function in ElementwiseCase(name, [1_024, 384]) { _ = function($0) } }
            + positive.map { name, function in ElementwiseCase(name, [1_024, 384]) { _ in _ = function(x) } }
    }()

    private static let reductions = [
        ElementwiseCase("argmax", [1_024, 384]) { _ = $0.argmax(axis: 1) },
        ElementwiseCase("softmax", [8, 12, 128, 128]) { _ = softmax($0) },
        ElementwiseCase("sum-2", [2, 1, 13, 2_048]) { _ = $0.sum(axes: 2) },
        ElementwiseCase("sum-2", [8, 12, 128, 128]) { _ = $0.sum(axes: 2) },
        ElementwiseCase("max-2", [8, 12, 128, 128]) { _ = $0.max(axes: 2) },
        ElementwiseCase("logsumexp-2", [8, 12, 128, 128]) { _ = $0.logSumExp(axes: 2) },
    ]
}
