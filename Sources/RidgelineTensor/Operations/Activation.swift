// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An activation function, for every layer that takes one.
///
/// The functions are applied, with the bias, to the tile of a matrix product that was just computed.
public struct Activation: Sendable, Hashable, CustomStringConvertible {
    package let kind: ActivationKind

    /// f(x) = x.
    public static let identity = Activation(kind: .identity)
    /// The rectifier f(x) = max(0, x), f′(x) = 1 for x > 0, else 0 (PyTorch: `relu`). NaN stays NaN.
    public static let relu = Activation(kind: .relu)
    /// The Gaussian error linear unit f(x) = x·Φ(x) = x/2·(1 + erf(x/√2)), f′(x) = Φ(x) + x·φ(x) (Hendrycks
    /// and Gimpel, 2016; PyTorch: `gelu`).
    public static let gelu = Activation(kind: .gelu)
    /// GELU's approximation f(x) = x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))) (PyTorch:
    /// `gelu(approximate="tanh")`).
    public static let geluTanh = Activation(kind: .geluTanh)

    /// All activations.
    public static let all: [Activation] = [.identity, .relu, .gelu, .geluTanh]

    /// The name: `identity`, `relu`, `gelu`, `gelu-tanh`.
    public var name: String {
        switch kind {
        case .identity: "identity"
        case .relu: "relu"
        case .gelu: "gelu"
        case .geluTanh: "gelu-tanh"
        default: String(describing: kind)
        }
    }

    /// The name.
    public var description: String { name }
}

/// max(0, x) of each element; see `Activation.relu`.
public func relu<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.activated(.relu) }
/// x·Φ(x) of each element; see `Activation.gelu`.
public func gelu<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.activated(.gelu) }
/// GELU's approximation by tanh of each element; see `Activation.geluTanh`.
public func geluTanh<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x.activated(.geluTanh)
}

extension Tensor where Scalar: FloatingScalar {
    /// The activation function of each element.
    public func activated(_ activation: Activation) -> Tensor {
        if activation == .identity { return self }
        let z = detached.contiguous()
        let out = Tensor.biasActivation(activation.kind, z, bias: nil)
        guard let recording = Recording.tracking(trace) else { return out }
        let entry = recording.entry(trace)
        // ReLU's derivative is read off its output; the others need their input.
        let saved = Saved(activation.kind.savesOutput ? out : z)
        return recording.record(.linear, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            let saved = saved.take(keeping: pass.keepsSaved)
            pass.add(Tensor.activationBackward(activation.kind, saved, nil, upstream).input, to: entry)
        }
    }

    /// act(z + bias) over contiguous rows as long as the bias, by whole rows on all threads.
    static func biasActivation(_ kind: ActivationKind, _ z: Tensor, bias: Tensor?) -> Tensor {
        var out = Tensor(uninitialized: z.shape)
        let (rows, columns) = rowsAndColumns(z.shape, bias)
        out.fill { y in
            z.read { z in
                let pieces = RowPieces(rows: rows, columns: columns)
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    Scalar._kernels.biasActivation(
                        kind: kind, z: z + first * columns, zStride: columns, bias: bias?.pointer,
                        y: y + first * columns, yStride: columns, rows: count, columns: columns)
                }
            }
        }
        withExtendedLifetime(bias?.storage) {}
        return out
    }

    /// The gradients of act(z + bias): upstream·act′, in place of the upstream gradient where that is free,
    /// and in the same pass its sum over rows where there is a bias.
    static func activationBackward(
        _ kind: ActivationKind, _ saved: Tensor, _ bias: Tensor?, _ upstream: consuming Tensor,
        biasGradient: Bool = false
    ) -> (input: Tensor, bias: Tensor?) {
        let (rows, columns) = rowsAndColumns(upstream.shape, bias)
        var dy = upstream
        let reuses = dy.isOverwritable()
        if !reuses { dy = dy.contiguous() }
        var dz = reuses ? dy : Tensor(uninitialized: dy.shape)
        let pieces = RowPieces(rows: rows, columns: columns)
        let sums = biasGradient ? Tensor.zeros([pieces.count, columns]) : nil
        let sumPointer = sums.map { $0.storage.pointer(as: Scalar.self) }
        dz.fill { dz in
            let from = dy.pointer
            saved.read { saved in
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    let start = first * columns
                    Scalar._kernels.biasActivationBackward(
                        kind: kind, saved: saved + start, savedStride: columns, bias: bias?.pointer,
                        dy: from + start, dyStride: columns, dz: dz + start, dzStride: columns,
                        db: sumPointer.map { $0 + piece * columns }, rows: count, columns: columns)
                }
            }
        }
        withExtendedLifetime((bias?.storage, dy.storage, sums?.storage)) {}
        return (dz, sums?.sum(axes: 0))
    }

    private static func rowsAndColumns(_ shape: Shape, _ bias: Tensor?) -> (Int, Int) {
        let columns = bias?.elementCount ?? (shape.rank == 0 ? 1 : shape[-1])
        return (columns == 0 ? 0 : shape.elementCount / columns, columns)
    }
}

/// Rows cut into pieces of about the parallel loop's grain; the cut depends on the extents alone.
struct RowPieces {
    let rows: Int
    let rowsPerPiece: Int

    init(rows: Int, columns: Int) {
        self.rows = rows
        rowsPerPiece = Swift.max(1, 2 * LoopNest.grain / Swift.max(columns, 1))
    }

    var count: Int { (rows + rowsPerPiece - 1) / rowsPerPiece }

    subscript(piece: Int) -> (first: Int, count: Int) {
        (piece * rowsPerPiece, Swift.min(rowsPerPiece, rows - piece * rowsPerPiece))
    }
}
