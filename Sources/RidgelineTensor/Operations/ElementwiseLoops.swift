// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Elements of a strided run that are gathered at a time, so that kernels see contiguous ones.
private let scratchCount = 1_024

extension Tensor {
    /// A new tensor of the broadcast shape, filled run by run: `body` gets contiguous (stride 1) or repeated
    /// (stride 0) elements of both inputs and contiguous room for the results.
    @inline(__always)
    static func combining<Right: TensorScalar, Result: TensorScalar>(
        _ lhs: Tensor, _ rhs: Tensor<Right>, _ operation: String, result: Result.Type,
        _ body: (
            _ a: UnsafePointer<Scalar>, _ aStride: Int, _ b: UnsafePointer<Right>, _ bStride: Int,
            _ out: UnsafeMutablePointer<Result>, _ count: Int
        ) -> Void
    ) -> Tensor<Result> {
        if lhs.shape == rhs.shape && lhs.layout.isContiguous && rhs.layout.isContiguous {
            let out = Tensor<Result>(uninitialized: lhs.shape)
            let count = lhs.elementCount
            if count > 0 && count <= LoopNest.grain {
                body(lhs.pointer, 1, rhs.pointer, 1, out.storage.pointer(), count)
                withExtendedLifetime((lhs.storage, rhs.storage)) {}
                return out
            }
        }
        let shape = Shape.broadcast(lhs.shape, rhs.shape, for: operation)
        let out = Tensor<Result>(uninitialized: shape)
        let nest = LoopNest(out.layout, lhs.layout.broadcast(to: shape), rhs.layout.broadcast(to: shape))
        let a = lhs.storage.pointer(as: Scalar.self)
        let b = rhs.storage.pointer(as: Right.self)
        let c = out.storage.pointer(as: Result.self)
        nest.forEachRun { offsets, strides, count in
            let plain = (strides[1] == 0 || strides[1] == 1) && (strides[2] == 0 || strides[2] == 1)
            if plain {
                body(a + offsets[1], strides[1], b + offsets[2], strides[2], c + offsets[0], count)
                return
            }
            withGathered(a + offsets[1], strides[1], count) { a, aStride in
                withGathered(b + offsets[2], strides[2], count) { b, bStride in
                    for start in stride(from: 0, to: count, by: scratchCount) {
                        let piece = Swift.min(scratchCount, count - start)
                        body(
                            a(start, piece), aStride, b(start, piece), bStride, c + offsets[0] + start, piece)
                    }
                }
            }
        }
        withExtendedLifetime((lhs.storage, rhs.storage)) {}
        return out
    }

    /// A new tensor of this shape, filled from contiguous runs of this one's elements.
    @inline(__always)
    func mapping<Result: TensorScalar>(
        to result: Result.Type,
        _ body: (_ x: UnsafePointer<Scalar>, _ out: UnsafeMutablePointer<Result>, _ count: Int) -> Void
    ) -> Tensor<Result> {
        let out = Tensor<Result>(uninitialized: shape)
        let x = storage.pointer(as: Scalar.self)
        let c = out.storage.pointer(as: Result.self)
        LoopNest(out.layout, layout).forEachRun { offsets, strides, count in
            if strides[1] == 1 {
                body(x + offsets[1], c + offsets[0], count)
                return
            }
            withGathered(x + offsets[1], strides[1], count, repeats: false) { x, _ in
                for start in stride(from: 0, to: count, by: scratchCount) {
                    let piece = Swift.min(scratchCount, count - start)
                    body(x(start, piece), c + offsets[0] + start, piece)
                }
            }
        }
        withExtendedLifetime(storage) {}
        return out
    }
}

/// Gives `body` a way to see pieces of a strided run as contiguous elements (or one repeated element, stride
/// 0), through a scratch of `scratchCount` elements where they are not.
@inline(__always)
private func withGathered<Scalar: BitwiseCopyable>(
    _ run: UnsafePointer<Scalar>, _ runStride: Int, _ count: Int, repeats: Bool = true,
    _ body: (_ piece: (_ start: Int, _ count: Int) -> UnsafePointer<Scalar>, _ stride: Int) -> Void
) {
    if runStride == 1 || (runStride == 0 && repeats) {
        body({ start, _ in run + start * runStride }, runStride)
        return
    }
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Swift.min(scratchCount, count)) { scratch in
        guard let room = scratch.baseAddress else { return }
        body(
            { start, count in
                copyStrided(run + start * runStride, runStride, room, 1, count)
                return UnsafePointer(room)
            }, 1)
    }
}
