// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// The activation function of each element, with a bias for each element of the last axis added before.
    ///
    /// - Parameters:
    ///   - bias: As many elements as the last axis has, or nil.
    ///   - slope: For `.parametricReLU`, the slopes: one, or one for each element of the last axis.
    /// - Returns: As this tensor. Traps on other shapes.
    public func activated(_ activation: Activation, bias: Tensor? = nil, slope: Tensor? = nil) -> Tensor {
        let columns = rank == 0 ? 1 : shape[-1]
        require(
            bias == nil || bias?.shape == [columns],
            "activated: bias \(bias?.shape.description ?? "") for \(shape); expected [\(columns)]")
        if activation == .identity { return bias.map { self + $0 } ?? self }
        let rows = columns == 0 ? 0 : elementCount / columns
        let fused = FusedActivation<Scalar>(
            activation, slope: slope, rows: rows, columns: columns, for: "activated")
        let z = detached.contiguous()
        let offset = bias?.detached.contiguous()
        let out = fused.applied(to: z, bias: offset, rows: rows, columns: columns)
        let traces = [trace, bias?.trace ?? .none, slope?.trace ?? .none]
        guard let recording = Recording.tracking(traces) else { return out }
        let entries = (
            x: recording.entry(trace), bias: bias.flatMap { recording.entry($0.trace) },
            slope: slope.flatMap { recording.entry($0.trace) }
        )
        let saved = Saved(fused.savesOutput ? out : z)
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
    /// act(z + bias) of contiguous rows, by whole rows on all threads.
    func applied(to z: Tensor<Scalar>, bias: Tensor<Scalar>?, rows: Int, columns: Int) -> Tensor<Scalar> {
        var out = Tensor<Scalar>(uninitialized: z.shape)
        out.fill { y in
            z.read { z in
                let pieces = RowPieces(rows: rows, columns: columns)
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    let start = first * columns
                    forward(
                        (row: first, column: 0, rows: count, columns: columns), z: z + start,
                        bias: bias?.pointer, y: y + start, stride: columns)
                }
            }
        }
        withExtendedLifetime(bias?.storage) {}
        return out
    }
}

/// max(0, x) of each element; see `Activation.relu`.
public func relu<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.activated(.relu) }
/// x·Φ(x) of each element; see `Activation.gelu`.
public func gelu<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.activated(.gelu) }
/// x·σ(x) of each element; see `Activation.silu`.
public func silu<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.activated(.silu) }
/// 1 / (1 + e⁻ˣ) of each element; see `Activation.sigmoid`.
public func sigmoid<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.activated(.sigmoid) }
/// tanh x of each element; see `Activation.tanh`.
public func tanh<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.activated(.tanh) }
