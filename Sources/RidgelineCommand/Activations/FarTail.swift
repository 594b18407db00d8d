// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// A value far to the left, by Ridgeline and by PyTorch, beside the exact one.
struct FarTail: Encodable {
    var function: String
    var x: Float
    var exact: Double
    var ridgeline: Float
    var pytorch: Float
    /// The errors, in units of the last place of the exact value.
    var ridgelineUlps: Double
    var pytorchUlps: Double

    private init(_ activation: Activation, _ x: Float, ours: Float, theirs: Float) {
        let exact = activation.value(at: Double(x))
        let place = Double(max(Float(exact).magnitude, .leastNormalMagnitude).ulp)
        function = activation.name
        self.x = x
        self.exact = exact
        ridgeline = ours
        pytorch = theirs
        ridgelineUlps = (Double(ours) - exact).magnitude / place
        pytorchUlps = (Double(theirs) - exact).magnitude / place
    }

    /// The functions that decay to the left, and where they are looked at.
    private static let points: [(Activation, [Float])] = [
        (.gelu, [-3, -5.5, -8, -10, -12, -14]), (.geluTanh, [-3, -5.5, -8, -10, -12, -14]),
        (.silu, [-5, -20, -50, -80, -100]), (.mish, [-5, -20, -50, -80, -100]),
    ]

    /// The values of those among `functions`.
    static func compared(_ functions: [Activation], with peer: PyTorchPeer) throws -> [FarTail] {
        try points.filter { functions.contains($0.0) }.flatMap { activation, points in
            let ours = Tensor(points).activated(activation).scalars
            let theirs = try peer.values(of: activation, at: points)
            return points.indices.map { FarTail(activation, points[$0], ours: ours[$0], theirs: theirs[$0]) }
        }
    }

    /// A table of them.
    static func text(_ tails: [FarTail]) -> String {
        var table = TextTable(
            header: ["function", "x", "exact", "Ridgeline", "PyTorch", "ulp", "PyTorch's ulp"])
        table.rows = tails.map {
            [
                $0.function, "\($0.x)", "\(Float($0.exact))", "\($0.ridgeline)", "\($0.pytorch)",
                $0.ridgelineUlps.text(2),
                $0.pytorchUlps < 1e5 ? $0.pytorchUlps.text(2) : "\(Float($0.pytorchUlps))",
            ]
        }
        return table.text
    }
}
