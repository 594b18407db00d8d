// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// Every activation function and its derivative on one sheet, A2 landscape.
enum WallChart {
    private static let (width, height) = (688.8, 487.0)
    private static let (left, right, top) = (24.0, 24.0, 66.0)
    private static let labelWidth = 52.0
    private static let gap = 6.0
    private static let columns = 7
    private static let plotHeight = 40.0
    private static let rowHeight = 67.0

    private static var panelWidth: Double {
        (width - left - right - labelWidth - gap * Double(columns)) / Double(columns)
    }

    /// The sheet.
    static func svg() -> String {
        var svg = SVG(width: width, height: height)
        svg.rectangle(SVG.Box(x: 0, y: 0, width: width, height: height), fill: Palette.paper)
        drawTitle(in: &svg)
        for (index, row) in ChartRow.all.enumerated() {
            draw(row, at: top + Double(index) * rowHeight, in: &svg)
        }
        drawAdvice(in: &svg)
        drawCloseUp(in: &svg)
        drawFolds(in: &svg)
        drawFooter(in: &svg)
        return svg.text
    }

    private static func drawTitle(in svg: inout SVG) {
        svg.text(
            "Activation functions", at: SVG.Point(left, 37),
            SVG.Font(size: 20, color: Palette.ink, weight: 600, spacing: -0.2))
        svg.text(
            "What a neuron makes of the sum of its inputs, and what backward makes of its gradient.",
            at: SVG.Point(left + 0.5, 48), SVG.Font(size: 5.6, color: Palette.muted, isItalic: true))
        let legend = [
            (Palette.curve, 1.0, "f(x)", "the function"),
            (Palette.derivative, 0.7, "f′(x)", "the derivative, for backward"),
        ]
        for (index, entry) in legend.enumerated() {
            let y = 38.0 + 9.4 * Double(index)
            let x = width - right - 98
            svg.line(SVG.Point(x, y - 1.5), SVG.Point(x + 16, y - 1.5), color: entry.0, width: entry.1)
            svg.text(
                entry.2, at: SVG.Point(x + 20, y),
                SVG.Font(size: 5.2, color: entry.0, weight: 600, isItalic: true))
            svg.text(entry.3, at: SVG.Point(x + 34, y), SVG.Font(size: 4.4, color: Palette.muted))
        }
        svg.line(SVG.Point(left, 56), SVG.Point(width - right, 56), color: Palette.ink, width: 0.35)
    }

    private static func draw(_ row: ChartRow, at y: Double, in svg: inout SVG) {
        svg.text(
            row.title, at: SVG.Point(left, y + 5),
            SVG.Font(size: 6.4, color: Palette.ink, weight: 600))
        for (index, line) in row.lines.enumerated() {
            svg.text(
                line, at: SVG.Point(left, y + 12 + 5 * Double(index)),
                SVG.Font(size: 3.7, color: Palette.muted, isItalic: true))
        }
        for (index, curve) in row.curves.enumerated() {
            let x = left + labelWidth + gap + Double(index) * (panelWidth + gap)
            let box = SVG.Box(x: x, y: y, width: panelWidth, height: plotHeight)
            draw(curve, CurvePanel(box: box, range: row.range), in: &svg)
        }
    }

    private static func draw(_ curve: Curve, _ panel: CurvePanel, in svg: inout SVG) {
        panel.drawFrame(in: &svg)
        panel.draw(
            curve.derivative, breaks: curve.breaks, color: Palette.derivative, width: 0.6, in: &svg)
        panel.draw(curve.value, breaks: curve.breaks, color: Palette.curve, width: 0.95, in: &svg)
        let box = panel.box
        svg.text(
            curve.title, at: SVG.Point(box.x, box.bottom + 8),
            SVG.Font(size: 4.6, color: Palette.ink, weight: 600))
        caption(curve.equation, 3.2, Palette.curve, SVG.Point(box.x, box.bottom + 12.6), in: &svg)
        caption(
            curve.derivativeEquation, 2.8, Palette.derivative, SVG.Point(box.x, box.bottom + 16.6), in: &svg)
        caption(
            curve.facts + " · " + curve.source, 2.6, Palette.muted, SVG.Point(box.x, box.bottom + 20.2),
            in: &svg)
    }

    /// Text that is set smaller where it would be wider than its panel.
    private static func caption(
        _ text: String, _ size: Double, _ color: String, _ point: SVG.Point, in svg: inout SVG
    ) {
        let fitting = panelWidth / (0.56 * Double(text.count))
        svg.text(text, at: point, SVG.Font(size: min(size, fitting), color: color))
    }

    private static func drawFooter(in svg: inout SVG) {
        let y = height - 14
        svg.line(SVG.Point(left, y - 6), SVG.Point(width - right, y - 6), color: Palette.grid, width: 0.3)
        svg.text(
            "Drawn by ridgeline activations --plot from the functions that the engine computes. A dotted line "
                + "is a jump; C0 continuous, C1 with a continuous derivative, C∞ with derivatives of every order.",
            at: SVG.Point(left, y), SVG.Font(size: 3.3, color: Palette.muted))
        svg.text(
            "φ, Φ  density and distribution of the standard normal   ·   σ(x) = 1/(1 + e⁻ˣ)",
            at: SVG.Point(width - right, y), SVG.Font(size: 3.3, color: Palette.muted, anchor: "end"))
    }

    /// Where the last two rows leave room: those that people choose between, near zero.
    private static func drawCloseUp(in svg: inout SVG) {
        let x = left + labelWidth + gap + 5 * (panelWidth + gap)
        let y = top + 3 * rowHeight
        let box = SVG.Box(x: x, y: y, width: 2 * panelWidth + gap, height: rowHeight + plotHeight)
        let range = PlotRange(
            x: -4...1.4, y: -1.15...1.4, xTicks: [-4, -3, -2, -1, 0, 1], yTicks: [-1, -0.5, 0, 0.5, 1])
        let panel = CurvePanel(box: box, range: range)
        panel.drawFrame(in: &svg)
        let chosen: [(Activation, String)] = [
            (.elu, "#7B5EA7"), (.softplus, "#5B8C5A"), (.mish, "#D9A441"), (.silu, "#C8643C"),
            (.gelu, "#1D4E6B"), (.relu, "#26231D"),
        ]
        for (activation, color) in chosen {
            panel.draw(
                activation.value(at:), breaks: activation.facts.breaks, color: color, width: 0.9, in: &svg)
        }
        for (index, entry) in chosen.reversed().enumerated() {
            let line = y + 9 + 6.4 * Double(index)
            svg.line(
                SVG.Point(x + 6, line - 1.4), SVG.Point(x + 16, line - 1.4), color: entry.1, width: 0.9)
            svg.text(
                ChartRow.title(of: entry.0), at: SVG.Point(x + 19, line), SVG.Font(size: 4.2, color: entry.1))
        }
        svg.text(
            "Close to zero", at: SVG.Point(x, box.bottom + 8),
            SVG.Font(size: 4.6, color: Palette.ink, weight: 600))
        svg.text(
            "Where ReLU is silent, the others let a little of a negative sum through.",
            at: SVG.Point(x, box.bottom + 12.6), SVG.Font(size: 3.2, color: Palette.muted, isItalic: true))
    }

    /// Beside the radial functions, the group that has no curve: folds and gates.
    private static func drawFolds(in svg: inout SVG) {
        let x = left + labelWidth + gap + 5 * (panelWidth + gap)
        let y = top + 5 * rowHeight
        svg.text(
            "Folding", at: SVG.Point(x, y + 5), SVG.Font(size: 6.4, color: Palette.ink, weight: 600))
        svg.text(
            "Of several values, so not curves.", at: SVG.Point(x, y + 12),
            SVG.Font(size: 3.7, color: Palette.muted, isItalic: true))
        let folds = OtherFunction.all.filter { $0.group == Activation.Facts.Group.folding.rawValue }
        let perColumn = (folds.count + 1) / 2
        for (index, fold) in folds.enumerated() {
            let column = x + Double(index / perColumn) * (panelWidth + gap)
            let line = y + 21 + 6 * Double(index % perColumn)
            svg.text(
                fold.name, at: SVG.Point(column, line), SVG.Font(size: 3.4, color: Palette.ink, weight: 600))
            svg.text(
                fold.equation, at: SVG.Point(column + 30, line), SVG.Font(size: 3.4, color: Palette.curve))
        }
    }

    /// Where the second and the third row leave room: what is used where.
    private static func drawAdvice(in svg: inout SVG) {
        let advice = [
            ("Hidden layers", "ReLU first; where units die,", "leaky ReLU, ELU or GELU"),
            ("Transformers", "GELU; SiLU in gated units", nil),
            ("Without normalisation", "SELU with alpha dropout", nil),
            ("Recurrent nets", "tanh for states, sigmoid for gates", nil),
            ("Signals and shapes", "sine", nil),
            ("Small processors", "ReLU6, hard swish, hard sigmoid", nil),
            ("Output: quantities", "identity, nothing else", nil),
            ("Output: yes or no", "sigmoid, by its log in the loss", nil),
        ]
        let x = left + labelWidth + gap + 6 * (panelWidth + gap) + 4
        var y = top + rowHeight + 4.5
        svg.text(
            "Which one?", at: SVG.Point(x, y), SVG.Font(size: 6.4, color: Palette.ink, weight: 600))
        y += 10
        for (place, first, second) in advice {
            svg.text(
                place, at: SVG.Point(x, y), SVG.Font(size: 3.7, color: Palette.derivative, weight: 600))
            for line in [first, second].compactMap({ $0 }) {
                y += 4.8
                svg.text(line, at: SVG.Point(x, y), SVG.Font(size: 3.4, color: Palette.ink))
            }
            y += 7.6
        }
        svg.line(
            SVG.Point(x - 4, top + rowHeight), SVG.Point(x - 4, y - 8), color: Palette.grid, width: 0.3)
    }
}
