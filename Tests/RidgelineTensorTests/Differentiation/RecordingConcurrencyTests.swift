// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Meant for the thread sanitizer as well: `swift test --sanitize=thread --filter Concurrency`.
@Suite struct RecordingConcurrencyTests {
    private static let x: Tensor<Float> = sample([60, 50])
    private static let weight: Tensor<Float> = sample([70, 50], seed: 2)

    private static func step(_ scale: Float) -> [[Float]] {
        let (value, gradients) = valueAndGradients(at: [x, weight]) { inputs in
            let y = linear(inputs[0] * scale, weight: inputs[1], activation: .gelu)
            return (y * y + softmax(y)).sum()
        }
        return ([value] + gradients).map(\.scalars)
    }

    /// Recordings in many tasks, on the same inputs, do not meet.
    @Test func eachTaskRecordsItsOwn() async {
        let alone = (0..<4).map { Self.step(Float($0) / 2) }
        let found = await withTaskGroup(of: (Int, [[Float]]).self) { group in
            for task in 0..<24 { group.addTask { (task, Self.step(Float(task % 4) / 2)) } }
            return await group.reduce(into: [(Int, [[Float]])]()) { $0.append($1) }
        }
        #expect(found.count == 24)
        for (task, result) in found { #expect(result == alone[task % 4], "task \(task)") }
    }

    /// A pullback may go to another task, one at a time.
    @Test func pullbacksTravel() async {
        let found = await withTaskGroup(of: [Float].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let (_, pullback) = valueWithPullback(at: Self.x) { exp($0) }
                    await Task.yield()
                    return pullback(.ones([60, 50])).scalars
                }
            }
            return await group.reduce(into: Set<[Float]>()) { $0.insert($1) }
        }
        #expect(found == [exp(Self.x).scalars])
    }

    /// Constants, shared by an open recording and by other tasks, and inference beside it.
    @Test func inferenceBesideARecording() async {
        let expected = matmul(Self.x, Self.weight.transposed()).scalars
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<16 {
                group.addTask {
                    if task % 2 == 0 { return Self.step(1)[0].count == 1 }
                    return matmul(Self.x, Self.weight.transposed()).scalars == expected
                }
            }
            for await succeeded in group { #expect(succeeded) }
        }
    }
}
