// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The activation act of a gated linear unit, out = g·act(a).
public enum Gate: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// σ(a) = 1 / (1 + e⁻ᵃ): GLU (Dauphin et al., "Language modeling with gated convolutional networks",
    /// 2016; PyTorch: `glu`).
    case sigmoid
    /// max(0, a): ReGLU (Shazeer, "GLU variants improve transformer", 2020).
    case relu
    /// a·Φ(a): GEGLU (Shazeer, 2020).
    case gelu
    /// a·σ(a): SwiGLU (Shazeer, 2020), the gate of LLaMA's feed-forward block.
    case silu

    /// The name of the unit with this gate: `glu`, `reglu`, `geglu`, `swiglu`.
    public var name: String {
        switch self {
        case .sigmoid: "glu"
        case .relu: "reglu"
        case .gelu: "geglu"
        case .silu: "swiglu"
        }
    }

    /// The gate of a unit's name or, as `sigmoid`, `relu`, `gelu`, `silu` or `swish`, of its activation's;
    /// nil for others. `names` lists what it takes.
    public init?(named name: String) {
        guard let gate = Self.named[name] else { return nil }
        self = gate
    }

    /// All names that `init(named:)` takes, in alphabetic order.
    public static var names: [String] { named.keys.sorted() }

    private static let named: [String: Gate] = {
        var named = ["swish": Gate.silu]
        for gate in allCases {
            named[gate.name] = gate
            named[gate.rawValue] = gate
        }
        return named
    }()

    /// The unit's name.
    public var description: String { name }

    var kind: GateKind {
        switch self {
        case .sigmoid: .sigmoid
        case .relu: .relu
        case .gelu: .gelu
        case .silu: .silu
        }
    }
}

/// x₁·act(x₂), x₁ and x₂ the first and the second half of x along an axis (PyTorch: `glu`, with the sigmoid;
/// ReGLU, GEGLU and SwiGLU with the other gates).
///
/// dx₁ = dy·act(x₂), dx₂ = dy·x₁·act′(x₂). Both halves are one pass, forward and backward, along any axis of
/// contiguous elements without a copy. Saves x.
///
/// - Parameter x: (…, 2n, …), 2n along the axis. Traps on an odd extent.
/// - Returns: (…, n, …).
public func gatedLinearUnit<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, gate: Gate = .sigmoid, axis: Int = -1
) -> Tensor<Scalar> {
    let axis = x.shape.axis(axis, for: "gatedLinearUnit")
    require(
        x.shape[axis].isMultiple(of: 2),
        "gatedLinearUnit: extent \(x.shape[axis]) along axis \(axis) of \(x.shape); expected an even one")
    let input = x.detached.contiguous()
    var extents = Array(x.shape)
    extents[axis] /= 2
    let shape = Shape(extents)
    // What lies between two steps along the axis stays together: a half of a row is one run.
    let columns = extents[axis...].reduce(1, *)
    let blocks = GatedBlocks(rows: columns == 0 ? 0 : shape.elementCount / columns, columns: columns)
    var out = Tensor<Scalar>(uninitialized: shape)
    out.fill { y in
        input.read { x in
            blocks.forward(
                gate, a: x + columns, aStride: 2 * columns, g: x, gStride: 2 * columns, out: y)
        }
    }
    guard let recording = Recording.tracking(x.trace) else { return out }
    let entry = recording.entry(x.trace)
    let saved = Saved(input)
    return recording.record(.gated, out) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        let dx = blocks.gradient(ofHalves: saved.take(keeping: pass.keepsSaved), gate, dy)
        pass.add(dx, to: entry)
    }
}

/// g·act(a) of each two elements, for gates that two layers make.
///
/// da = dy·g·act′(a), dg = dy·act(a), in one pass. Saves a and g. Traps where their shapes differ.
public func gated<Scalar: FloatingScalar>(
    _ a: Tensor<Scalar>, _ g: Tensor<Scalar>, gate: Gate = .sigmoid
) -> Tensor<Scalar> {
    require(a.shape == g.shape, "gated: shapes \(a.shape) and \(g.shape); expected equal ones")
    let (left, right) = (a.detached.contiguous(), g.detached.contiguous())
    let columns = a.shape.last ?? 1
    let blocks = GatedBlocks(rows: columns == 0 ? 0 : a.elementCount / columns, columns: columns)
    var out = Tensor<Scalar>(uninitialized: a.shape)
    out.fill { y in
        left.read { a in
            right.read { g in
                blocks.forward(gate, a: a, aStride: columns, g: g, gStride: columns, out: y)
            }
        }
    }
    guard let recording = Recording.tracking(a.trace, g.trace) else { return out }
    let entries = (a: recording.entry(a.trace), g: recording.entry(g.trace))
    return recording.record(.gated, out) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        var da = Tensor<Scalar>(uninitialized: left.shape)
        var dg = Tensor<Scalar>(uninitialized: left.shape)
        da.fill { da in
            dg.fill { dg in
                blocks.backward(
                    gate, a: left.pointer, aStride: columns, g: right.pointer, gStride: columns,
                    dy: dy.pointer, da: da, daStride: columns, dg: dg, dgStride: columns)
            }
        }
        withExtendedLifetime((left.storage, right.storage, dy.storage)) {}
        pass.add(da, to: entries.a)
        pass.add(dg, to: entries.g)
    }
}
