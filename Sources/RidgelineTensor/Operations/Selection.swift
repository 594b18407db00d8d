// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor {
    /// Elements of `x` where the condition holds and of `y` elsewhere, all three broadcast, unrecorded.
    static func select(_ condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor) -> Tensor {
        let shape = Shape.broadcast(
            Shape.broadcast(condition.shape, x.shape, for: "which"), y.shape, for: "which")
        let out = Tensor(uninitialized: shape)
        var (condition, x, y) = (condition, x, y)
        func nested() -> LoopNest {
            LoopNest(
                out.layout, condition.layout.broadcast(to: shape), x.layout.broadcast(to: shape),
                y.layout.broadcast(to: shape))
        }
        let found = nested().steps
        if condition.isScattered(found[1]) { condition = condition.contiguous() }
        if x.isScattered(found[2]) { x = x.detached.contiguous() }
        if y.isScattered(found[3]) { y = y.detached.contiguous() }
        let nest = nested()
        let c = UnsafePointer(condition.storage.pointer(as: Bool.self))
        let a = UnsafePointer(x.storage.pointer(as: Scalar.self))
        let b = UnsafePointer(y.storage.pointer(as: Scalar.self))
        let target = out.storage.pointer(as: Scalar.self)
        let (steps, rowSteps, room) = (nest.steps, nest.rowSteps, TiledOperand<Scalar>.tileCount)
        nest.forEachBlock(scratch: room * (2 * MemoryLayout<Scalar>.stride + 1)) { block, scratch in
            let first = scratch.assumingMemoryBound(to: Scalar.self)
            let last = UnsafeMutableRawPointer(first + 2 * room).assumingMemoryBound(to: Bool.self)
            func operand<Element>(
                _ start: UnsafePointer<Element>, _ number: Int, _ room: UnsafeMutablePointer<Element>
            ) -> TiledOperand<Element> {
                TiledOperand(
                    start + block.offsets[number], step: steps[number], rowStep: rowSteps[number],
                    rows: block.rows, columns: block.columns, room: room)
            }
            var (chosen, u, v) = (operand(c, 1, last), operand(a, 2, first), operand(b, 3, first + room))
            Tiles(rows: block.rows, columns: block.columns, resultRowStep: rowSteps[0]).forEach {
                row, column, rows, columns in
                selectElements(
                    chosen.tile(row: row, column: column, rows: rows, columns: columns), chosen.stride,
                    u.tile(row: row, column: column, rows: rows, columns: columns), u.stride,
                    v.tile(row: row, column: column, rows: rows, columns: columns), v.stride,
                    target + block.offsets[0] + row * rowSteps[0] + column, rows * columns)
            }
        }
        withExtendedLifetime((condition.storage, x.storage, y.storage)) {}
        return out
    }
}

/// By element size rather than type, as `copyBlock`: those of four and eight bytes by the vector kernels.
private func selectElements<Scalar: BitwiseCopyable>(
    _ condition: UnsafePointer<Bool>, _ conditionStride: Int, _ x: UnsafePointer<Scalar>, _ xStride: Int,
    _ y: UnsafePointer<Scalar>, _ yStride: Int, _ out: UnsafeMutablePointer<Scalar>, _ count: Int
) {
    let (x, y, out) = (UnsafeRawPointer(x), UnsafeRawPointer(y), UnsafeMutableRawPointer(out))
    @inline(__always) func by<Real: FloatingScalar>(_ kernels: KernelTable<Real>) {
        kernels.elementwise.select(
            condition: condition, conditionStride: conditionStride, a: x.assumingMemoryBound(to: Real.self),
            aStride: xStride, b: y.assumingMemoryBound(to: Real.self), bStride: yStride,
            out: out.assumingMemoryBound(to: Real.self), count: count)
    }
    @inline(__always) func loop<Word: BitwiseCopyable>(_: Word.Type) {
        selectWords(
            condition, conditionStride, x.assumingMemoryBound(to: Word.self), xStride,
            y.assumingMemoryBound(to: Word.self), yStride, out.assumingMemoryBound(to: Word.self), count)
    }
    switch MemoryLayout<Scalar>.size {
    case 8: by(Double._kernels)
    case 4: by(Float._kernels)
    case 2: loop(UInt16.self)
    default: loop(UInt8.self)
    }
}

/// The plain loop of selection.
@inline(__always)
func selectWords<Word: BitwiseCopyable>(
    _ condition: UnsafePointer<Bool>, _ conditionStride: Int, _ x: UnsafePointer<Word>, _ xStride: Int,
    _ y: UnsafePointer<Word>, _ yStride: Int, _ out: UnsafeMutablePointer<Word>, _ count: Int
) {
    for index in 0..<count {
        out[index] = condition[index * conditionStride] ? x[index * xStride] : y[index * yStride]
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
