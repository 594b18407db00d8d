// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Which rows of a matrix make the rows of another, in which one may come several times or not at all; forward they
/// are copied, backward the gradients of each are added up.
struct TakenRows: Sendable {
    /// The row of the source for each row of the result.
    let rows: [Int]
    /// The source's number of rows.
    let sourceCount: Int
    /// The elements of a row.
    let width: Int

    init(rows: [Int], of sourceCount: Int, width: Int) {
        (self.rows, self.sourceCount, self.width) = (rows, sourceCount, width)
    }

    /// Rows below which one thread does all.
    private var rowsPerPiece: Int { Swift.max(1, LoopNest.grain / Swift.max(width, 1)) }

    /// A tensor of the given shape made of rows of a contiguous one.
    func rows<Scalar: TensorScalar>(of source: Tensor<Scalar>, _ shape: Shape) -> Tensor<Scalar> {
        var out = Tensor<Scalar>(uninitialized: shape)
        out.fill { target in
            source.read { x in
                let rowsPerPiece = rowsPerPiece
                Parallelism.forEach((rows.count + rowsPerPiece - 1) / rowsPerPiece) { piece in
                    let first = piece * rowsPerPiece
                    let last = Swift.min(first + rowsPerPiece, rows.count)
                    if width == 1 {
                        for row in first..<last { target[row] = x[rows[row]] }
                    } else {
                        for row in first..<last {
                            (target + row * width).update(from: x + rows[row] * width, count: width)
                        }
                    }
                }
            }
        }
        return out
    }

    /// A tensor of the source's shape with, in each row, the sum of the gradients of its copies, in their order and in
    /// double precision; zeros where there is none.
    func scattered<Scalar: FloatingScalar>(_ gradient: Tensor<Scalar>, into shape: Shape) -> Tensor<Scalar> {
        if width == 1 { return scatteredElements(gradient, into: shape) }
        let (order, firsts) = sorted()
        let gradient = gradient.contiguous()
        var out = Tensor<Scalar>(uninitialized: shape)
        out.fill { target in
            gradient.read { dy in
                let rowsPerPiece = rowsPerPiece
                Parallelism.forEach((sourceCount + rowsPerPiece - 1) / rowsPerPiece) { piece in
                    let first = piece * rowsPerPiece
                    for row in first..<Swift.min(first + rowsPerPiece, sourceCount) {
                        let copies = order[firsts[row]..<firsts[row + 1]]
                        Self.add(copies, of: dy, to: target + row * width, width)
                    }
                }
            }
        }
        return out
    }

    /// The same of single elements, in as many doubles as the source has of them.
    private func scatteredElements<Scalar: FloatingScalar>(
        _ gradient: Tensor<Scalar>, into shape: Shape
    ) -> Tensor<Scalar> {
        let gradient = Tensor<Double>(gradient).contiguous()
        var sums = Tensor<Double>.zeros(shape)
        sums.fill { sums in
            gradient.read { dy in
                for (copy, row) in rows.enumerated() { sums[row] += dy[copy] }
            }
        }
        return Tensor(sums)
    }

    /// The result's rows by the source's row that they are copies of, and where those of each begin.
    private func sorted() -> (order: [Int], firsts: [Int]) {
        var firsts = [Int](repeating: 0, count: sourceCount + 1)
        for row in rows { firsts[row + 1] += 1 }
        for row in 0..<sourceCount { firsts[row + 1] += firsts[row] }
        var next = firsts
        let order = [Int](unsafeUninitializedCapacity: rows.count) { order, count in
            for (copy, row) in rows.enumerated() {
                order[next[row]] = copy
                next[row] += 1
            }
            count = rows.count
        }
        return (order, firsts)
    }

    private static func add<Scalar: FloatingScalar>(
        _ copies: ArraySlice<Int>, of gradient: UnsafePointer<Scalar>, to sum: UnsafeMutablePointer<Scalar>,
        _ width: Int
    ) {
        guard let first = copies.first else { return sum.update(repeating: 0, count: width) }
        if copies.count == 1 { return sum.update(from: gradient + first * width, count: width) }
        let block = 512
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Swift.min(block, width)) { totals in
            guard let total = totals.baseAddress else { return }
            for start in stride(from: 0, to: width, by: block) {
                let count = Swift.min(block, width - start)
                total.initialize(repeating: 0, count: count)
                for copy in copies {
                    Scalar._kernels.columnSums(
                        x: gradient + copy * width + start, stride: width, total: total, rows: 1,
                        columns: count)
                }
                for index in 0..<count { sum[start + index] = Scalar(fromDouble: total[index]) }
            }
        }
    }
}
