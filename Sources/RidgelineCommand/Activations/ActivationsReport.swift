// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// What was found out about one function.
struct ActivationResult: Encodable {
    /// One direction.
    struct Pass: Encodable {
        var milliseconds: Double
        /// The time over that of moving the same bytes.
        var ratioToMove: Double?
        var moveMilliseconds: Double?
        var pytorchMilliseconds: Double?
        /// PyTorch's time over ours.
        var pytorchRatio: Double?

        init(_ time: Double, move: Double?, pytorch: Double?) {
            milliseconds = time
            moveMilliseconds = move
            ratioToMove = move.map { time / $0 }
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
    var errors: ActivationErrors?
    /// With --exhaustive: those of Double.
    var doubleErrors: ActivationErrors?
    /// What the errors in Float may be.
    var largestError: Bounds

    /// Bounds of errors, in units of the last place.
    struct Bounds: Encodable {
        var value: Double
        var derivative: Double
    }

    init(
        _ activation: Activation, _ times: ActivationTiming.Times, _ errors: ActivationErrors?,
        double: ActivationErrors?, _ peer: PyTorchPeer.Times?
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
        doubleErrors = double
        // With parameters of their own, functions keep to what all of them do.
        let isUsual = Activation.family.contains(activation)
        largestError = Bounds(
            value: isUsual ? facts.largestError.value : 2,
            derivative: isUsual ? facts.largestError.derivative : 4)
    }

    /// Whether errors are within their bounds, and NaN and infinities where they belong.
    var isRight: Bool {
        guard let errors else { return true }
        return errors.value.ulps <= largestError.value && errors.derivative.ulps <= largestError.derivative
            && (doubleErrors.map { $0.value.ulps <= 4 && $0.derivative.ulps <= 4 } ?? true)
    }

    fileprivate var errorCells: [String] {
        func cell(_ extreme: ActivationErrors.Extreme?, _ bound: Double) -> String {
            guard let extreme else { return "–" }
            let ulps = extreme.ulps.isFinite ? extreme.ulps.text(2) : "wrong"
            let sign = extreme.ulps <= bound ? "≤" : ">"
            return extreme.ulps == 0
                ? "0"
                : "\(ulps) \(sign) \(bound == bound.rounded() ? bound.text(0) : "\(bound)") \(extreme.isa)"
        }
        var cells = [
            cell(errors?.value, largestError.value), cell(errors?.derivative, largestError.derivative),
        ]
        if let doubleErrors { cells += [cell(doubleErrors.value, 4), cell(doubleErrors.derivative, 4)] }
        return cells
    }
}

/// What was found out about a function of the radial or the folding group.
struct OtherResult: Encodable {
    var function: OtherFunction
    var forward: ActivationResult.Pass
    var backward: ActivationResult.Pass

    init(_ function: OtherFunction, _ times: ActivationTiming.Times, _ peer: PyTorchPeer.Times?) {
        self.function = function
        forward = ActivationResult.Pass(times.forward, move: times.forwardMove, pytorch: peer?.forward)
        backward = ActivationResult.Pass(times.backward, move: times.backwardMove, pytorch: peer?.backward)
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
    /// The radial and the folding group.
    var others: [OtherResult]
    /// With PyTorch: values far to the left.
    var tails: [FarTail]?

    /// Prints it as JSON or as a text.
    func print(json: Bool) throws {
        if json {
            try StandardOutput.print(json: self)
        } else {
            try StandardOutput.print(text)
        }
    }

    /// Two lines and a table, or two.
    var text: String {
        let isDouble = functions.contains { $0.doubleErrors != nil }
        var header = [
            "function", "group", "f(x)", "range", "forward ms", "× move", "backward ms", "× move", "ulp f",
            "ulp f′",
        ]
        if isDouble { header += ["Double f", "Double f′"] }
        if pytorch != nil { header += ["PyTorch forward", "backward"] }
        var table = TextTable(header: header, leftColumns: 4)
        table.rows = functions.map { result in
            [result.name, result.group, result.equation, result.range]
                + cells(result.forward, result.backward, result.errorCells)
        }
        table.rows += others.map { result in
            [result.function.name, result.function.group, result.function.equation, result.function.range]
                + cells(result.forward, result.backward, isDouble ? ["", "", "", ""] : ["", ""])
        }
        let compared = functions.compactMap { $0.errors?.count }.max()
        let size =
            "act(x + b) and its backward on \(rows) × \(columns) floats"
            + (compared.map {
                "; largest errors over \($0) floats, their bounds and the instruction sets that have them"
            } ?? "")
            + (pytorch.map { "; PyTorch \($0): its time over ours" } ?? "")
        return
            "\(cpu), \(threads) thread\(threads == 1 ? "" : "s"), \(isa) kernels\n\(size)\n\n" + table.text
            + (tails.map { $0.isEmpty ? "" : "\n\nFar to the left:\n\n" + FarTail.text($0) } ?? "")
    }

    private func cells(
        _ forward: ActivationResult.Pass, _ backward: ActivationResult.Pass, _ errors: [String]
    ) -> [String] {
        var cells = [
            forward.milliseconds.text(2), forward.ratioToMove?.text(2) ?? "–", backward.milliseconds.text(2),
            backward.ratioToMove?.text(2) ?? "–",
        ]
        cells += errors
        if pytorch != nil {
            cells += [forward.pytorchRatio, backward.pytorchRatio].map {
                $0.map { $0.text(2) + "×" } ?? "–"
            }
        }
        return cells
    }
}
