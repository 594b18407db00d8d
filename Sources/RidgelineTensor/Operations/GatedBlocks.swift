// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The rows of a gated unit's result cut into blocks of about the parallel loop's grain: by rows, and long
/// rows by columns too. The cut depends on the extents alone.
struct GatedBlocks {
    private let columns: Int
    private let rowPieces: RowPieces
    private let width: Int
    private let pieces: Int

    init(rows: Int, columns: Int) {
        self.columns = columns
        rowPieces = RowPieces(rows: rows, columns: columns)
        width = Swift.max(1, Swift.min(columns, 2 * LoopNest.grain))
        pieces = (columns + width - 1) / width
    }

    /// out = g·act(a), out contiguous.
    func forward<Scalar: FloatingScalar>(
        _ gate: Gate, a: UnsafePointer<Scalar>, aStride: Int, g: UnsafePointer<Scalar>, gStride: Int,
        out: UnsafeMutablePointer<Scalar>
    ) {
        forEach { row, column, rows, width in
            Scalar._kernels.gated(
                gate: gate.kind, a: a + row * aStride + column, aStride: aStride,
                g: g + row * gStride + column, gStride: gStride, out: out + row * columns + column,
                outStride: columns, rows: rows, columns: width)
        }
    }

    /// da = dy·g·act′(a) and dg = dy·act(a), dy contiguous. da may be a, dg may be g.
    func backward<Scalar: FloatingScalar>(
        _ gate: Gate, a: UnsafePointer<Scalar>, aStride: Int, g: UnsafePointer<Scalar>, gStride: Int,
        dy: UnsafePointer<Scalar>, da: UnsafeMutablePointer<Scalar>, daStride: Int,
        dg: UnsafeMutablePointer<Scalar>, dgStride: Int
    ) {
        forEach { row, column, rows, width in
            Scalar._kernels.gatedBackward(
                gate: gate.kind, a: a + row * aStride + column, aStride: aStride,
                g: g + row * gStride + column, gStride: gStride, dy: dy + row * columns + column,
                dyStride: columns, da: da + row * daStride + column, daStride: daStride,
                dg: dg + row * dgStride + column, dgStride: dgStride, rows: rows, columns: width)
        }
    }

    /// The gradients of both halves of a row-major x, g before a, in their place where nothing else holds
    /// them.
    func gradient<Scalar: FloatingScalar>(
        ofHalves x: consuming Tensor<Scalar>, _ gate: Gate, _ dy: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        var halves = consume x
        var dx = halves.isOverwritable() ? halves : Tensor(uninitialized: halves.shape)
        dx.fill { dx in
            let x = halves.pointer
            backward(
                gate, a: x + columns, aStride: 2 * columns, g: x, gStride: 2 * columns, dy: dy.pointer,
                da: dx + columns, daStride: 2 * columns, dg: dx, dgStride: 2 * columns)
        }
        withExtendedLifetime((halves.storage, dy.storage)) {}
        return dx
    }

    private func forEach(_ body: (_ row: Int, _ column: Int, _ rows: Int, _ width: Int) -> Void) {
        Parallelism.forEach(rowPieces.count * pieces) { index in
            let (row, rows) = rowPieces[index / pieces]
            let column = index % pieces * width
            body(row, column, rows, Swift.min(width, columns - column))
        }
    }
}
