// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct RecordingLifetimeTests {
    private let x: Tensor<Double> = [[1, 2], [3, 4]]

    private final class Weak<Object: AnyObject> {
        weak var object: Object?
        init(_ object: Object?) { self.object = object }
    }

    @Test func escapedTensorsAreConstantsAndKeepNothingAlive() {
        var escaped: Tensor<Double>?
        var saved: Weak<Storage>?
        var recording: Weak<Recording>?
        let (value, gradient) = valueAndGradient(at: x) { x in
            recording = Weak(Recording.current)
            let inner = exp(x)
            saved = Weak(inner.storage)
            escaped = (inner * inner) * 1
            return inner.squared().sum()
        }
        #expect(recording?.object == nil, "the recording lives on")
        #expect(saved?.object == nil, "a saved value lives on")
        let constant = valueAndGradient(at: x) { x in (x * (escaped ?? x)).sum() }.gradient
        expect(constant, [2, 2], (escaped ?? x).scalars)
        #expect(value.trace.isNone && gradient.trace.isNone)
    }

    @Test func pullbacksKeepWhatTheySavedAndNoLonger() {
        var saved: Weak<Storage>?
        var kept: Pullback<Double, Double>?
        kept =
            valueWithPullback(at: x) { x in
                let y = exp(x)
                saved = Weak(y.storage)
                return y * y
            }.pullback
        #expect(saved?.object != nil)
        #expect(kept?(.ones([2, 2])).shape == [2, 2])
        #expect(saved?.object != nil)
        kept = nil
        #expect(saved?.object == nil)
    }

    /// Without another use, each entry's saved value goes before the next gradient is made.
    @Test func savedValuesGoOnTheWayBack() {
        var saved: [Weak<Storage>] = []
        var alive: [Int] = []
        _ = valueAndGradient(at: x) { x -> Tensor<Double> in
            var y = x
            for _ in 0..<4 {
                y = customOperation(y) { y in
                    let kept = y * 2
                    saved.append(Weak(kept.storage))
                    return (
                        y + 1,
                        { upstream in
                            alive.append(saved.filter { $0.object != nil }.count)
                            return upstream * kept
                        }
                    )
                }
            }
            return y.sum()
        }
        #expect(alive == [4, 3, 2, 1])
        #expect(saved.allSatisfy { $0.object == nil })
    }

    /// No entry owns another: a chain of any length is walked and released without recursion.
    @Test func millionRecordedOperations() {
        let count = 1_000_000
        let one: Tensor<Float> = [1, 2, 3]
        let (value, gradient) = valueAndGradient(at: one) { x in
            var y = x
            for _ in 0..<count { y = y + x }
            return y.sum()
        }
        expect(value, [], [6 * Float(count + 1)])
        expect(gradient, [3], Array(repeating: Float(count + 1), count: 3))
        // Released without a walk.
        var pullback: Pullback<Float, Float>? = valueWithPullback(at: one) { x in
            var y = x
            for _ in 0..<count { y = y + 1 }
            return y
        }.pullback
        #expect(pullback?.outputShape == [3])
        pullback = nil
    }

    /// In a process of its own, where nothing else uses the pool: no step leaves bytes behind.
    @Test func stepsLeaveNoBytesBehind() async {
        await #expect(processExitsWith: .success) {
            unsetenv("RIDGELINE_POOL")
            let x: Tensor<Float> = sample([200, 100])
            let weight: Tensor<Float> = sample([300, 100], seed: 2)
            func step() {
                _ = valueAndGradients(at: [x, weight]) {
                    linear($0[0], weight: $0[1], activation: .gelu).squared().mean()
                }
            }
            step()
            let before = BufferPool.shared.counters
            for _ in 0..<20 { step() }
            let after = BufferPool.shared.counters
            #expect(before.bytesInUse >= (200 * 100 + 300 * 100) * 4)
            #expect(after.bytesInUse == before.bytesInUse)
            #expect(after.systemAllocations == before.systemAllocations)
            #expect(after.peakBytes == before.peakBytes)
        }
    }
}
