// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// Elements of `x` where the condition holds and of `y` elsewhere, all three broadcast, unrecorded.
    static func select(_ condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor) -> Tensor {
        let shape = Shape.broadcast(
            Shape.broadcast(condition.shape, x.shape, for: "which"), y.shape, for: "which")
        let out = Tensor(uninitialized: shape)
        let nest = LoopNest(
            out.layout, condition.layout.broadcast(to: shape), x.layout.broadcast(to: shape),
            y.layout.broadcast(to: shape))
        let (c, a, b) = (
            condition.storage.pointer(as: Bool.self), x.storage.pointer(as: Scalar.self),
            y.storage.pointer(as: Scalar.self)
        )
        let target = out.storage.pointer(as: Scalar.self)
        nest.forEachRun { offsets, strides, count in
            selectStrided(
                c + offsets[1], strides[1], a + offsets[2], strides[2], b + offsets[3], strides[3],
                target + offsets[0], strides[0], count)
        }
        withExtendedLifetime((condition.storage, x.storage, y.storage)) {}
        return out
    }
}

/// By element size rather than type, as `copyStrided`.
private func selectStrided<Scalar: BitwiseCopyable>(
    _ condition: UnsafePointer<Bool>, _ conditionStride: Int, _ x: UnsafePointer<Scalar>, _ xStride: Int,
    _ y: UnsafePointer<Scalar>, _ yStride: Int, _ out: UnsafeMutablePointer<Scalar>, _ outStride: Int,
    _ count: Int
) {
    @inline(__always) func loop<Word: BitwiseCopyable>(_ type: Word.Type) {
        let x = UnsafeRawPointer(x).assumingMemoryBound(to: Word.self)
        let y = UnsafeRawPointer(y).assumingMemoryBound(to: Word.self)
        let out = UnsafeMutableRawPointer(out).assumingMemoryBound(to: Word.self)
        for index in 0..<count {
            out[index * outStride] =
                condition[index * conditionStride] ? x[index * xStride] : y[index * yStride]
        }
    }
    switch MemoryLayout<Scalar>.size {
    case 8: loop(UInt64.self)
    case 4: loop(UInt32.self)
    case 2: loop(UInt16.self)
    default: loop(UInt8.self)
    }
}

/// Elements of `x` where the condition holds and of `y` elsewhere, with broadcasting (NumPy's and PyTorch's
/// `where`, a keyword in Swift; the name is mlx-swift's). Traps where the shapes do not broadcast.
public func which<Scalar: FloatingScalar>(
    _ condition: Tensor<Bool>, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
    let out = Tensor.select(condition, x, y)
    guard let recording = Recording.tracking(x.trace, y.trace) else { return out }
    let (left, right) = (recording.entry(x.trace), recording.entry(y.trace))
    let (xShape, yShape) = (x.shape, y.shape)
    return recording.record(.select, out) { pass in
        let upstream: Tensor<Scalar> = pass.takeUpstream()
        let zero = Tensor<Scalar>.zeros([])
        if left != nil { pass.add(Tensor.select(condition, upstream, zero).summed(to: xShape), to: left) }
        if right != nil { pass.add(Tensor.select(condition, zero, upstream).summed(to: yShape), to: right) }
    }
}

/// Elements of `x` where the condition holds and of `y` elsewhere, with broadcasting.
public func which<Integer: IntegerScalar>(
    _ condition: Tensor<Bool>, _ x: Tensor<Integer>, _ y: Tensor<Integer>
) -> Tensor<Integer> {
    .select(condition, x, y)
}

/// Elements of `x` where the condition holds and one value elsewhere, with broadcasting.
public func which<Scalar: FloatingScalar>(
    _ condition: Tensor<Bool>, _ x: Tensor<Scalar>, _ y: Scalar
) -> Tensor<Scalar> { which(condition, x, Tensor(y)) }

/// One value where the condition holds and elements of `y` elsewhere, with broadcasting.
public func which<Scalar: FloatingScalar>(
    _ condition: Tensor<Bool>, _ x: Scalar, _ y: Tensor<Scalar>
) -> Tensor<Scalar> { which(condition, Tensor(x), y) }
