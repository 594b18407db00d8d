// Part of Ridgeline. Licensed under the Apache License 2.0.

import Dispatch
import Testing

@testable import RidgelineTensor

/// Mistakes of the calling code: each stops the program with the operation, the shapes and what was
/// expected on standard error, in optimised builds too.
enum Mistake: String, CaseIterable, Codable, Sendable {
    case matmulInner, matmulBatch, add, compare, linearInput, linearBias, reshape, concatenated, stacked
    case gather, take, oneHot, position, tooManyIndices, assignment, permuted, axis, twiceNamed, maxOfNothing
    case item, raggedLiteral, elements, nineAxes, negativeExtent, shapeOverflow, notScalar, upstream
    case customCount, customShape, labels, clamp, dropout, threads
    case otherThread, nestedRecording, nestedInput, capturedInRecomputation
    case gemmTooLarge, gemmLeading, gemmNegative
    case integerTooLarge, negativeUnsigned, integerOfNaN

    private static let x = Tensor<Float>.zeros([2, 3])

    func make() {
        let x = Self.x
        switch self {
        case .matmulInner: _ = matmul(x, Tensor<Float>.zeros([4, 5]))
        case .matmulBatch: _ = matmul(Tensor<Float>.zeros([2, 3, 4]), .zeros([5, 4, 1]))
        case .add: _ = x + .zeros([2, 4])
        case .compare: _ = x .< .zeros([7])
        case .linearInput: _ = linear(x, weight: .zeros([5, 4]))
        case .linearBias: _ = linear(x, weight: .zeros([5, 3]), bias: .zeros([3]))
        case .reshape: _ = x.reshaped(to: [4, 2])
        case .concatenated: _ = Tensor.concatenated([x, .zeros([2, 4])])
        case .stacked: _ = Tensor.stacked([x, .zeros([2, 4])])
        case .gather: _ = x.gathered([[0, 1, 2]], axis: 0)
        case .take: _ = x.taking([-4], axis: 1)
        case .oneHot: _ = Tensor<Float>.oneHot([3], depth: 3)
        case .position: _ = x[0, 3]
        case .tooManyIndices: _ = x[0, 0, 0]
        case .assignment:
            var y = x
            y[0] = .zeros([4])
        case .permuted: _ = x.permuted([0, 0])
        case .axis: _ = x.sum(axes: 2)
        case .twiceNamed: _ = x.sum(axes: [0, -2])
        case .maxOfNothing: _ = Tensor<Float>.zeros([3, 0]).max(axes: 1)
        case .item: _ = x.item
        case .raggedLiteral: _ = [[1, 2], [3]] as Tensor<Float>
        case .elements: _ = Tensor<Float>(shape: [2, 2], scalars: [1, 2, 3])
        case .nineAxes: _ = Tensor<Float>.zeros([1, 1, 1, 1, 1, 1, 1, 1, 1])
        case .negativeExtent: _ = Tensor<Float>.zeros([2, -1])
        case .shapeOverflow: _ = Tensor<Float>.zeros([1 << 40, 1 << 40])
        case .notScalar: _ = valueAndGradient(at: x) { $0 * 2 }
        case .upstream: _ = valueWithPullback(at: x) { $0 * 2 }.pullback(.ones([3, 2]))
        case .customCount:
            _ = valueAndGradients(at: [x, x]) { customOperation($0) { ($0[0].sum(), { _ in [nil] }) } }
        case .customShape:
            _ = valueAndGradient(at: x) { customOperation($0) { ($0.sum(), { _ in .ones([3]) }) } }
        case .labels: _ = softmaxCrossEntropy(logits: x, labels: [0, 3])
        case .clamp: _ = x.clamped(2, 1)
        case .dropout: _ = RidgelineTensor.dropout(x, probability: 1.5)
        case .threads: Parallelism.threads = 0
        case .otherThread:
            _ = valueAndGradient(at: x) { x in
                let done = DispatchSemaphore(value: 0)
                DispatchQueue.global().async {
                    _ = x * 2
                    done.signal()
                }
                done.wait()
                return x.sum()
            }
        case .nestedRecording:
            _ = valueAndGradient(at: x) { outer in
                valueAndGradient(at: x) { inner in (inner * outer).sum() }.gradient.sum() + outer.sum()
            }
        case .nestedInput:
            _ = valueAndGradient(at: x) { outer in
                valueAndGradient(at: outer) { ($0 * $0).sum() }.gradient.sum() + outer.sum()
            }
        case .capturedInRecomputation:
            _ = valueAndGradient(at: x) { x in withRecomputation(at: x * 2) { $0 + x }.sum() }
        case .gemmTooLarge: Self.gemm(m: 1 << 31, n: 1, k: 1, lda: 1)
        case .gemmLeading: Self.gemm(m: 2, n: 1, k: 3, lda: 2)
        case .gemmNegative: Self.gemm(m: -1, n: 1, k: 1, lda: 1)
        case .integerTooLarge: _ = Tensor<Int8>(Tensor<Int64>([1, 300]))
        case .negativeUnsigned: _ = Tensor<UInt16>(Tensor<Float>([-2.5]))
        case .integerOfNaN: _ = Tensor<Int32>(Tensor<Double>([.nan]))
        }
    }

    private static func gemm(m: Int, n: Int, k: Int, lda: Int) {
        let room = [Float](repeating: 0, count: 16)
        var out = room
        MatrixMultiply.gemm(m: m, n: n, k: k, a: room, lda: lda, b: room, ldb: n, c: &out, ldc: n)
    }

    /// What the message says.
    var message: [String] {
        switch self {
        case .matmulInner:
            ["matmul: shapes [2, 3] and [4, 5]", "expected the last axis of the left to equal"]
        case .matmulBatch: ["matmul", "[2, 3, 4]", "[5, 4, 1]", "expected equal extents, or 1"]
        case .add: ["+: shapes [2, 3] and [2, 4] do not broadcast", "expected equal extents, or 1"]
        case .compare: [".<: shapes [2, 3] and [7] do not broadcast"]
        case .linearInput: ["linear: input [2, 3], weight [5, 4]", "expected (…, in) and (out, in)"]
        case .linearBias: ["linear: bias [3] for weight [5, 3]", "expected [5]"]
        case .reshape: ["reshaped: [2, 3] has 6 elements; [4, 2] expects 8"]
        case .concatenated: ["concatenated: [2, 4] beside [2, 3]", "expected equal extents but along axis 0"]
        case .stacked: ["stacked: [2, 4] beside [2, 3]", "expected equal shapes"]
        case .gather: ["gathered: index 2 is out of range; expected -2 up to 1"]
        case .take: ["taking: index -4 is out of range; expected -3 up to 2"]
        case .oneHot: ["oneHot: index 3 is out of range", "expected 0 up to 2"]
        case .position: ["subscript: position 3 is out of range for axis"]
        case .tooManyIndices: ["subscript: 3 indices for a tensor of shape [2, 3]"]
        case .assignment: ["subscript assignment", "[4]", "[3]"]
        case .permuted: ["permuted: [0, 0] does not name each axis of [2, 3] once"]
        case .axis: ["sum: axis 2 does not exist in a tensor of shape [2, 3]", "expected -2 up to 1"]
        case .twiceNamed: ["sum: axis 0 is named twice in [0, -2]"]
        case .maxOfNothing: ["max: shape [3, 0] has no elements along axes [1]"]
        case .item: ["item: a tensor of shape [2, 3] has 6 elements; expected 1"]
        case .raggedLiteral: ["tensor literal: a part of shape [1] beside one of [2]"]
        case .elements: ["3 elements for shape [2, 2]; expected 4"]
        case .nineAxes: ["a tensor has at most 8 axes"]
        case .negativeExtent: ["a shape has no negative extent: [2, -1]"]
        case .shapeOverflow: ["the number of elements of [1099511627776, 1099511627776] overflows"]
        case .notScalar: ["valueAndGradient", "the result has shape [2, 3]; expected a single element"]
        case .upstream: ["pullback: the upstream gradient has shape [3, 2]; expected the result's, [2, 3]"]
        case .customCount: ["customOperation: backward returned 1 gradients; expected 2"]
        case .customShape: ["customOperation: backward returned a gradient of shape [3]", "expected [2, 3]"]
        case .labels: ["softmaxCrossEntropy: label 3 is out of range; expected 0 up to 2"]
        case .clamp: ["clamped: lower 2.0 exceeds upper 1.0"]
        case .dropout: ["dropout: probability 1.5; expected 0 up to 1"]
        case .threads: ["Parallelism.threads: 0 is not from 1 to 1024"]
        case .otherThread, .nestedRecording, .nestedInput, .capturedInRecomputation:
            ["a tensor is used outside the recording it belongs to", "Pass it in as an input"]
        case .gemmTooLarge: ["matrix product: m 2147483648, n 1, k 1", "BLAS counts up to 2147483647"]
        case .gemmLeading: ["matrix product: leading dimensions 2, 1, 1 are too small for m 2, n 1, k 3"]
        case .integerTooLarge: ["300 is no Int8; expected -128 up to 127"]
        case .negativeUnsigned: ["-2.5 is no UInt16; expected 0 up to 65535"]
        case .integerOfNaN: ["nan is no Int32; expected -2147483648 up to 2147483647"]
        case .gemmNegative: ["matrix product: negative extent in m -1, n 1, k 1"]
        }
    }
}

@Suite struct TrapTests {
    @Test(arguments: Mistake.allCases)
    func stopsWithAMessage(mistake: Mistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for part in mistake.message { #expect(text.contains(part), "\(text.prefix(400))") }
    }
}
