// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The squared distances of rows to centres by a matrix product: ‖x‖² + ‖c‖² − 2·x·cᵀ.
///
/// The sum cancels where a row lies near a centre and both lie far from the origin. So the origin is moved to
/// the mean of the centres first, and a distance that is small beside the norms (its square below 1/64 of
/// their sum) is worked out anew from the differences, which also makes it exactly 0 at the centre: what is
/// left is an error of some 64 units of the last place of r² at most. The gradient by x, 2·(Σ g·(x − m) −
/// g·(c − m)), still subtracts sums: its absolute error is some units of the last place of Σ |g|·‖x − m‖.
struct SquaredDistances<Scalar: FloatingScalar> {
    /// The rows, (rows, inputs), and the centres, (count, inputs), as they were given.
    let x: Tensor<Scalar>, centres: Tensor<Scalar>
    /// Both seen from the mean of the centres.
    let moved: (x: Tensor<Scalar>, centres: Tensor<Scalar>)
    /// (rows, count).
    let values: Tensor<Scalar>

    init(_ x: Tensor<Scalar>, _ centres: Tensor<Scalar>) {
        self.x = x
        self.centres = centres
        let (rows, count, inputs) = (x.shape[0], centres.shape[0], x.shape[1])
        let mean = count == 0 ? .zeros([1, inputs]) : centres.mean(axes: 0, keepingDimensions: true)
        let moved = ((x - mean).contiguous(), (centres - mean).contiguous())
        self.moved = moved
        let (rowNorms, centreNorms) = (Self.norms(moved.0), Self.norms(moved.1))
        var values = Tensor<Scalar>(uninitialized: [rows, count])
        guard let left = moved.0.matrixView(), let right = moved.1.transposed().matrixView() else {
            fatalError("squared distances: a contiguous matrix is always readable")
        }
        values.fill { d in
            let room = Room(
                x: x.pointer, centres: centres.pointer, rowNorms: rowNorms.pointer,
                centreNorms: centreNorms.pointer, inputs: inputs, count: count)
            MatrixMultiply.product(
                left, right, alpha: -2, into: d, leadingDimension: Swift.max(1, count)
            ) { tile in
                for row in tile.row..<tile.row + tile.rows {
                    room.finish(d + row * count, row: row, columns: tile.column..<tile.column + tile.columns)
                }
            }
        }
        withExtendedLifetime((x.storage, centres.storage, rowNorms.storage, centreNorms.storage)) {}
        withExtendedLifetime((moved.0.storage, moved.1.storage)) {}
        self.values = values
    }

    private static func norms(_ rows: Tensor<Scalar>) -> Tensor<Scalar> {
        let width = rows.shape[1]
        var out = Tensor<Scalar>(uninitialized: [rows.shape[0]])
        out.fill { out in
            rows.read { x in
                let pieces = RowPieces(rows: rows.shape[0], columns: width)
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    for row in first..<first + count {
                        out[row] = Scalar(
                            fromDouble: Scalar._kernels.sumOfSquares(
                                x: x + row * width, shift: 0, count: width))
                    }
                }
            }
        }
        return out
    }

    /// 2·(Σⱼ gᵢⱼ·(xᵢ − m) − Σⱼ gᵢⱼ·(cⱼ − m)): the gradient by x, from that by the squared distances.
    func rowGradient(_ g: Tensor<Scalar>) -> Tensor<Scalar> {
        Self.gradient(g, of: moved.x, against: moved.centres)
    }

    /// The gradient by the centres, likewise.
    func centreGradient(_ g: Tensor<Scalar>) -> Tensor<Scalar> {
        Self.gradient(g.transposed(), of: moved.centres, against: moved.x)
    }

    private static func gradient(
        _ g: Tensor<Scalar>, of points: Tensor<Scalar>, against others: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        var product = Tensor<Scalar>(uninitialized: points.shape)
        product.accumulateProduct(g, others, beta: 0)
        return (points * g.sum(axes: 1, keepingDimensions: true) - product) * 2
    }
}

/// What a tile of products needs to become distances.
private struct Room<Scalar: FloatingScalar> {
    let x: UnsafePointer<Scalar>, centres: UnsafePointer<Scalar>
    let rowNorms: UnsafePointer<Scalar>, centreNorms: UnsafePointer<Scalar>
    let inputs: Int, count: Int

    /// d holds −2·x·cᵀ of a row, and then its squared distances. By size rather than by type, so that the
    /// loop is specialised though its caller is generic.
    func finish(_ d: UnsafeMutablePointer<Scalar>, row: Int, columns: Range<Int>) {
        @inline(__always) func loop<Real: FloatingScalar>(_: Real.Type) {
            func bound(_ pointer: UnsafePointer<Scalar>) -> UnsafePointer<Real> {
                UnsafeRawPointer(pointer).assumingMemoryBound(to: Real.self)
            }
            let d = UnsafeMutableRawPointer(d).assumingMemoryBound(to: Real.self)
            let (x, centres) = (bound(x) + row * inputs, bound(centres))
            let (own, norms) = (bound(rowNorms)[row], bound(centreNorms))
            // Without a branch, so that it runs in vectors: a row near a centre is rare.
            var near: Int32 = 0
            for column in columns {
                let scale = own + norms[column]
                let distance = d[column] + scale
                d[column] = distance
                near |= distance * 64 > scale ? 0 : 1
            }
            if near == 0 { return }
            for column in columns where !(d[column] * 64 > own + norms[column]) {
                let centre = centres + column * inputs
                var sum: Real = 0
                for input in 0..<inputs {
                    let difference = x[input] - centre[input]
                    sum += difference * difference
                }
                d[column] = sum
            }
        }
        if MemoryLayout<Scalar>.size == 4 { loop(Float.self) } else { loop(Double.self) }
    }
}
