// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// The activation function of each element, with a bias for each element of the last axis added before and
    /// a dropout applied after, all in one pass.
    ///
    /// The result takes the place of the elements where nothing else holds them and backward does not need
    /// them: `(a * b).activated(.relu)` fills no new memory, nor does `(consume x).activated(.relu)`.
    ///
    /// - Parameters:
    ///   - bias: As many elements as the last axis has, or nil.
    ///   - slope: For `.parametricReLU`, the slopes: one, or one for each element of the last axis.
    ///   - dropout: The probability of a dropout of the result, the same to the bit as `dropout(_:probability:)`
    ///     of it; whatever the mode, as there.
    /// - Returns: As this tensor. Traps on other shapes.
    public consuming func activated(
        _ activation: Activation, bias: Tensor? = nil, slope: Tensor? = nil, dropout: Double = 0
    ) -> Tensor {
        let columns = rank == 0 ? 1 : shape[-1]
        require(
            bias == nil || bias?.shape == [columns],
            "activated: bias \(bias?.shape.description ?? "") for \(shape); expected [\(columns)]")
        if activation == .identity && dropout == 0 {
            if let bias { return self + bias }
            return unchanged
        }
        let rows = columns == 0 ? 0 : elementCount / columns
        let fused = FusedActivation<Scalar>(
            activation, slope: slope, dropout: dropout, rows: rows, columns: columns, for: "activated")
        var z = consume self
        let trace = z.trace
        z.trace = .none
        let recording = Recording.tracking([trace, bias?.trace ?? .none, slope?.trace ?? .none])
        let offset = bias?.detached.contiguous()
        let (out, value) = fused.applied(
            to: consume z, bias: offset, rows: rows, columns: columns, saves: recording != nil)
        guard let recording, let value else { return out }
        let entries = (
            x: recording.entry(trace), bias: bias.flatMap { recording.entry($0.trace) },
            slope: slope.flatMap { recording.entry($0.trace) }
        )
        let saved = Saved(value)
        let slopeShape = slope?.shape ?? []
        return recording.record(.activation, out) { pass in
            let keeps = pass.keepsSaved
            let gradients = fused.gradients(
                pass.takeUpstream(), saved: saved.take(keeping: keeps), bias: offset, rows: rows,
                columns: columns, needsBias: entries.bias != nil,
                slopeCount: entries.slope == nil ? 0 : slopeShape.elementCount)
            if let db = gradients.bias { pass.add(db, to: entries.bias) }
            if let slope = gradients.slope { pass.add(slope.reshaped(to: slopeShape), to: entries.slope) }
            pass.add(gradients.input, to: entries.x)
        }
    }
}

extension FusedActivation {
    /// act(z + bias) of rows, dropped out, by whole rows on all threads; in the place of z where nothing else
    /// holds it and it is not saved. With it, where asked for, the value that backward needs.
    func applied(
        to z: consuming Tensor<Scalar>, bias: Tensor<Scalar>?, rows: Int, columns: Int, saves: Bool
    ) -> (out: Tensor<Scalar>, saved: Tensor<Scalar>?) {
        var input = consume z
        let reuses = input.isOverwritable() && (!saves || savesOutput)
        if !reuses { input = input.contiguous() }
        // What a dropout hides and backward needs goes to a place of its own, which may be that of z.
        var value = reuses || !(saves && savesOutput) ? input : Tensor(uninitialized: input.shape)
        let hides = saves && savesHidden
        var out = !hides && (reuses || (saves && savesOutput)) ? value : Tensor(uninitialized: input.shape)
        value.fill { hidden in
            out.fill { y in
                let z = input.pointer
                let pieces = RowPieces(rows: rows, columns: columns)
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    let start = first * columns
                    forward(
                        (row: first, column: 0, rows: count, columns: columns), z: z + start,
                        bias: bias?.pointer, hidden: hides ? hidden + start : nil, y: y + start,
                        stride: columns)
                }
            }
        }
        withExtendedLifetime((input.storage, bias?.storage)) {}
        return (out, saves ? value : nil)
    }
}

/// max(0, x) of each element; see `Activation.relu`.
public func relu<Scalar: FloatingScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    x.activated(.relu)
}
/// x·Φ(x) of each element; see `Activation.gelu`.
public func gelu<Scalar: FloatingScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    x.activated(.gelu)
}
/// x·σ(x) of each element; see `Activation.silu`.
public func silu<Scalar: FloatingScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    x.activated(.silu)
}
/// 1 / (1 + e⁻ˣ) of each element; see `Activation.sigmoid`.
public func sigmoid<Scalar: FloatingScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    x.activated(.sigmoid)
}
/// tanh x of each element; see `Activation.tanh`.
public func tanh<Scalar: FloatingScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    x.activated(.tanh)
}
