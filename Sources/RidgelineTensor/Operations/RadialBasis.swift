// Part of Ridgeline. Licensed under the Apache License 2.0.

/// φ(εⱼ·‖xᵢ − cⱼ‖) of every row xᵢ and every centre cⱼ (Broomhead and Lowe, 1988).
///
/// Distances and their gradients are matrix products; `SquaredDistances` says what that costs in accuracy.
/// With t = ε²r², h = dy·dφ/dt and g = h·ε²: dxᵢ = 2·Σⱼ gᵢⱼ·(xᵢ − cⱼ), dcⱼ = 2·Σᵢ gᵢⱼ·(cⱼ − xᵢ), dεⱼ =
/// 2·εⱼ·Σᵢ hᵢⱼ·r²ᵢⱼ. Saves x and the centres (moved), the squared distances and the result.
///
/// - Parameters:
///   - x: (…, inputs).
///   - centres: (count, inputs).
///   - widths: ε, (count), or nil for 1; nil for a function without a width. Traps, with the value, on one
///     that is negative, infinite or NaN.
/// - Returns: (…, count). Traps on other shapes.
public func radialBasis<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, centres: Tensor<Scalar>, widths: Tensor<Scalar>? = nil,
    function: RadialFunction = .gaussian
) -> Tensor<Scalar> {
    require(
        centres.rank == 2 && x.rank > 0 && x.shape[-1] == centres.shape[1],
        "radialBasis: input \(x.shape), centres \(centres.shape); expected (…, inputs) and (count, inputs)")
    let (count, inputs) = (centres.shape[0], centres.shape[1])
    checkWidths(widths, count, function)
    let rows = Shape(x.shape.dropLast()).elementCount
    let distances = SquaredDistances(
        x.detached.reshaped(to: [rows, inputs]).contiguous(), centres.detached.contiguous())
    let squares = widths.map { ($0.detached * $0.detached).contiguous() }
    let radial = RadialRows<Scalar>(function: function)
    var out = Tensor<Scalar>(uninitialized: [rows, count])
    out.fill { y in
        distances.values.read { s in
            forEachRow(rows, count) { row, _, scratch in
                let (s, y) = (s + row * count, y + row * count)
                var t = s
                if let squares {
                    Scalar._binary(.multiply, s, 1, squares.pointer, 1, y, count)
                    t = UnsafePointer(y)
                }
                radial.values(t, y, scratch: scratch, count: count)
            }
        }
    }
    withExtendedLifetime(squares?.storage) {}
    let result = out.reshaped(to: Shape(x.shape.dropLast() + [count]))
    guard let recording = Recording.tracking([x.trace, centres.trace, widths?.trace ?? .none]) else {
        return result
    }
    let entries = (
        x: recording.entry(x.trace), centres: recording.entry(centres.trace),
        widths: widths.flatMap { recording.entry($0.trace) }
    )
    let (xShape, epsilon) = (x.shape, widths?.detached)
    return recording.record(.radial, result) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).reshaped(to: [rows, count]).contiguous()
        let (g, sums) = distanceGradient(
            radial, distances.values, out, dy, squares, needsWidths: entries.widths != nil)
        if let sums, let epsilon { pass.add(epsilon * sums * 2, to: entries.widths) }
        if entries.x != nil { pass.add(distances.rowGradient(g).reshaped(to: xShape), to: entries.x) }
        if entries.centres != nil { pass.add(distances.centreGradient(g), to: entries.centres) }
    }
}

/// g, the gradient by the squared distances, and Σᵢ hᵢⱼ·r²ᵢⱼ, which the widths' gradient is made of.
private func distanceGradient<Scalar: FloatingScalar>(
    _ radial: RadialRows<Scalar>, _ distances: Tensor<Scalar>, _ out: Tensor<Scalar>, _ dy: Tensor<Scalar>,
    _ squares: Tensor<Scalar>?, needsWidths: Bool
) -> (g: Tensor<Scalar>, sums: Tensor<Scalar>?) {
    let (rows, count) = (dy.shape[0], dy.shape[1])
    var g = Tensor<Scalar>(uninitialized: dy.shape)
    let pieces = RowPieces(rows: rows, columns: count).count
    let partial = needsWidths ? Tensor<Double>.zeros([pieces, count]) : nil
    let sums = partial.map { $0.storage.pointer(as: Double.self) }
    g.fill { g in
        let (s, y, dy) = (distances.pointer, out.pointer, dy.pointer)
        forEachRow(rows, count) { row, piece, scratch in
            let start = row * count
            let g = g + start
            // Functions with a width go by their results alone; for the others, t is the squared distance.
            radial.slopes(s + start, y + start, dy + start, g, scratch: scratch, count: count)
            if let squares {
                if let sums {
                    Scalar._binary(.multiply, g, 1, s + start, 1, scratch, count)
                    Scalar._kernels.columnSums(
                        x: scratch, stride: count, total: sums + piece * count, rows: 1, columns: count)
                }
                Scalar._binary(.multiply, g, 1, squares.pointer, 1, g, count)
            }
        }
    }
    withExtendedLifetime((distances.storage, out.storage, dy.storage, squares?.storage, partial?.storage)) {}
    return (g, partial.map { Tensor($0.sum(axes: 0)) })
}

/// Every row on all threads, with scratch for one row; pieces as `RowPieces` cuts them.
private func forEachRow<Scalar: FloatingScalar>(
    _ rows: Int, _ columns: Int, _ body: (_ row: Int, _ piece: Int, UnsafeMutablePointer<Scalar>) -> Void
) {
    let pieces = RowPieces(rows: columns == 0 ? 0 : rows, columns: columns)
    Parallelism.forEach(pieces.count) { piece in
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: columns) { room in
            guard let scratch = room.baseAddress else { return }
            let (first, count) = pieces[piece]
            for row in first..<first + count { body(row, piece, scratch) }
        }
    }
}

private func checkWidths<Scalar: FloatingScalar>(
    _ widths: Tensor<Scalar>?, _ count: Int, _ function: RadialFunction
) {
    if let degree = function.splineDegree {
        require(degree > 0, "radialBasis: a spline of degree \(degree); expected 1 or more")
    }
    guard let widths else { return }
    require(
        widths.shape == [count],
        "radialBasis: widths \(widths.shape) for \(count) centres; expected [\(count)]")
    require(function.hasWidth, "radialBasis: \(function) has no width; expected nil for the widths")
    let scalars = widths.detached.scalars
    if let wrong = scalars.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
        requirementFailed(
            "radialBasis: width \(scalars[wrong]) of centre \(wrong); expected finite and not negative"
        )
    }
}
