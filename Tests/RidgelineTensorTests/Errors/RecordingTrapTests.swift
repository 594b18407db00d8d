// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// What would lose a gradient unnoticed, or let one through that was to be stopped.
enum RecordingMistake: String, CaseIterable, Codable, Sendable {
    case capturedByCustomOperation, capturedBesideConstants, capturedResult, capturedByRecomputationAsItIs
    case outerResult, outerResultOfPullback
    case item, scalars, buffer, mutableBuffer
    case structureWithRecordedTensor

    private static let x = Tensor<Float>.ones([3])

    func make() {
        let x = Self.x
        switch self {
        case .capturedByCustomOperation:
            _ = valueAndGradient(at: x) { x in
                let s = x.sum()
                return customOperation(x) { v in (v * s, { $0 * s }) }.sum()
            }
        case .capturedBesideConstants:
            _ = valueAndGradient(at: x) { x in
                let s = x.sum()
                return customOperation(Tensor<Float>.ones([3])) { v in (v * s, { $0 * s }) }.sum() + s
            }
        case .capturedResult:
            _ = valueAndGradient(at: x) { x in customOperation(x * 2) { _ in (x, { $0 }) }.sum() }
        case .capturedByRecomputationAsItIs:
            _ = valueAndGradient(at: x) { x in withRecomputation(at: x * 2) { _ in x[0..<3] }.sum() }
        case .outerResult:
            _ = valueAndGradient(at: x) { x in
                let total = x.sum()
                return valueAndGradient(at: Self.x) { _ in total }.value + total
            }
        case .outerResultOfPullback:
            _ = valueAndGradient(at: x) { x in
                valueWithPullback(at: Self.x) { _ in x }.value.sum() + x.sum()
            }
        case .item:
            _ = valueAndGradient(at: x) { x in x * x.sum().item }
        case .scalars:
            _ = valueAndGradient(at: x) { x in x.sum() * x.scalars[0] }
        case .buffer:
            _ = valueAndGradient(at: x) { x in x.sum() * x.withUnsafeBufferPointer { $0[0] } }
        case .mutableBuffer:
            _ = valueAndGradient(at: x) { x in
                var y = x
                y.withUnsafeMutableBufferPointer { $0[0] = 0 }
                return y.sum() + x.sum()
            }
        case .structureWithRecordedTensor:
            struct Pair {
                var name: String
                var values: [Tensor<Float>]
            }
            _ = valueAndGradient(at: x) { x in
                let pair = withoutGradients { Pair(name: "x", values: [x]) }
                return (x * pair.values[0]).sum()
            }
        }
    }

    /// What the message says.
    var message: [String] {
        switch self {
        case .capturedByCustomOperation, .capturedBesideConstants, .capturedResult,
            .capturedByRecomputationAsItIs:
            ["a tensor is used outside the recording it belongs to", "captured", "stopGradient"]
        case .outerResult, .outerResultOfPullback:
            ["a tensor is used outside the recording it belongs to", "nested recording"]
        case .item: ["item: a tensor of shape [] is being recorded", "stopGradient(…)"]
        case .scalars: ["scalars: a tensor of shape [3] is being recorded"]
        case .buffer: ["withUnsafeBufferPointer: a tensor of shape [3] is being recorded"]
        case .mutableBuffer: ["withUnsafeMutableBufferPointer: a tensor of shape [3] is being recorded"]
        case .structureWithRecordedTensor:
            ["withoutGradients: the result holds a recorded tensor, Pair.values.0"]
        }
    }
}

@Suite struct RecordingTrapTests {
    @Test(arguments: RecordingMistake.allCases)
    func stopsWithAMessage(mistake: RecordingMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for part in mistake.message { #expect(text.contains(part), "\(text.prefix(400))") }
    }
}
