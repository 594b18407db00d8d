// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// What was found out about one function.
struct ActivationResult: Encodable {
    /// One direction.
    struct Pass: Encodable {
        var milliseconds: Double
        /// The time over that of moving the same bytes.
        var ratioToMove: Double
        var moveMilliseconds: Double
        var pytorchMilliseconds: Double?
        /// PyTorch's time over ours.
        var pytorchRatio: Double?

        init(_ time: Double, move: Double, pytorch: Double?) {
            milliseconds = time
            moveMilliseconds = move
            ratioToMove = time / move
            pytorchMilliseconds = pytorch
            pytorchRatio = pytorch.map { $0 / time }
        }
    }

    var name: String
    var group: String
    var family: String
    var equation: String
    var derivative: String
    var range: String
    var continuity: String
    var source: String
    var backwardReads: String
    var forward: Pass
    var backward: Pass
    /// Nil for functions that are one product with a slope of their own.
    var errors: ActivationErrors?

    init(
        _ activation: Activation, _ times: ActivationTiming.Times, _ errors: ActivationErrors?,
        _ peer: PyTorchPeer.Times?
    ) {
        let facts = activation.facts
        name = activation.name
        group = facts.group.rawValue
        family = facts.family.rawValue
        equation = facts.equation
        derivative = facts.derivative
        range = facts.range.description
        continuity = facts.continuity.rawValue
        source = facts.source
        backwardReads = activation.savesOutput ? "output" : "input"
        forward = Pass(times.forward, move: times.forwardMove, pytorch: peer?.forward)
        backward = Pass(times.backward, move: times.backwardMove, pytorch: peer?.backward)
        self.errors = errors
    }

    /// Whether NaN and infinities are where they belong.
    var isRight: Bool {
        errors.map { $0.value.ulps.isFinite && $0.derivative.ulps.isFinite } ?? true
    }
}

/// The report of `ridgeline activations`.
struct ActivationsReport: Encodable {
    var cpu: String
    var threads: Int
    var isa: String
    var rows: Int
    var columns: Int
    var pytorch: String?
    var functions: [ActivationResult]
    /// The radial and the folding group, which are not timed here.
    var others: [OtherFunction]

    /// Two lines and a table.
    var text: String {
        var header = [
            "function", "group", "f(x)", "range", "forward ms", "× move", "backward ms", "× move", "ulp f",
            "ulp f′",
        ]
        if pytorch != nil { header += ["PyTorch forward", "backward"] }
        var table = TextTable(header: header, leftColumns: 4)
        table.rows = functions.map { result in
            var row = [
                result.name, result.group, result.equation, result.range,
                result.forward.milliseconds.text(2), result.forward.ratioToMove.text(2),
                result.backward.milliseconds.text(2), result.backward.ratioToMove.text(2),
                result.errors?.value.ulps.text(2) ?? "–", result.errors?.derivative.ulps.text(2) ?? "–",
            ]
            if pytorch != nil {
                row += [result.forward.pytorchRatio, result.backward.pytorchRatio].map {
                    $0.map { $0.text(2) + "×" } ?? "–"
                }
            }
            return row
        }
        table.rows += others.map {
            [$0.name, $0.group, $0.equation, $0.range] + header.dropFirst(4).map { _ in "" }
        }
        let compared = functions.compactMap { $0.errors?.count }.max() ?? 0
        let size =
            "act(x + b) and its backward on \(rows) × \(columns) floats; errors over \(compared) floats"
            + (pytorch.map { "; PyTorch \($0): its time over ours" } ?? "")
        return
            "\(cpu), \(threads) thread\(threads == 1 ? "" : "s"), \(isa) kernels\n\(size)\n\n" + table.text
    }
}
