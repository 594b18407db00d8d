// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// A row of the wall chart: functions of one idea on one scale.
struct ChartRow {
    var title: String
    /// What they have in common, line by line.
    var lines: [String]
    var range: PlotRange
    var curves: [Curve]

    /// The rows from top to bottom. Functions of other groups are rows with curves of their own.
    static var all: [ChartRow] {
        [
            ChartRow(
                "Rectifiers", ["Nothing, or little,", "passes below zero."], [.rectifier],
                y: -1.5...7, yTicks: [0, 2, 4, 6]),
            ChartRow(
                "Self-gated", ["x times a gate", "that x itself opens."], [.selfGated],
                y: -1...3, yTicks: [-1, 0, 1, 2, 3]),
            ChartRow(
                "Sigmoids", ["From one level", "to another."], [.sigmoid],
                y: -1.35...1.35, yTicks: [-1, 0, 1]),
            ChartRow(
                "Exponential", ["Linear for large x,", "decaying for small."], [.exponential],
                y: -2.5...3.5, yTicks: [-2, 0, 2]),
            ChartRow(
                "Shrinkages", ["Only large values stay.", "With them: line and wave."],
                [.shrinkage, .elementary], y: -3.5...3.5, yTicks: [-2, 0, 2]),
            radial,
        ]
    }

    private init(
        _ title: String, _ lines: [String], _ families: [Activation.Facts.Family],
        y: ClosedRange<Double>, yTicks: [Double]
    ) {
        self.title = title
        self.lines = lines
        range = PlotRange(x: -7...7, y: y, xTicks: [-6, -4, -2, 0, 2, 4, 6], yTicks: yTicks)
        curves = families.flatMap { family in
            Activation.family.filter { $0.facts.family == family }.map(Self.curve)
        }
    }

    private init(title: String, lines: [String], range: PlotRange, curves: [Curve]) {
        self.title = title
        self.lines = lines
        self.range = range
        self.curves = curves
    }

    /// By the distance to a centre, which is never negative.
    private static var radial: ChartRow {
        ChartRow(
            title: "Radial", lines: ["Of the distance r", "to a centre, not of a sum."],
            range: PlotRange(
                x: 0...4, y: -1.2...3, xTicks: [0, 1, 2, 3, 4], yTicks: [-1, 0, 1, 2, 3]),
            curves: OtherFunction.radials.map { radial in
                Curve(
                    title: title(ofName: radial.function.name),
                    equation: "φ(r) = " + radial.function.equation,
                    derivativeEquation: "φ′(r) = " + radial.derivative, facts: radial.range,
                    source: source(of: radial.function), breaks: [], value: radial.value,
                    derivative: radial.slope)
            })
    }

    private static func source(of function: RadialFunction) -> String {
        switch function {
        case .gaussian: "Broomhead and Lowe, 1988"
        case .multiquadric, .inverseMultiquadric: "Hardy, 1971"
        case .thinPlateSpline, .polyharmonicSpline: "Duchon, 1977"
        }
    }

    private static func curve(_ activation: Activation) -> Curve {
        let facts = activation.facts
        return Curve(
            title: title(of: activation), equation: "f(x) = " + facts.equation,
            derivativeEquation: "f′(x) = " + facts.derivative,
            facts: "\(facts.range) · \(facts.continuity.rawValue)", source: facts.source,
            breaks: facts.breaks, value: activation.value(at:), derivative: activation.derivative(at:))
    }

    /// The name as it is printed: `Leaky ReLU`.
    static func title(of activation: Activation) -> String { title(ofName: activation.baseName) }

    private static func title(ofName name: String) -> String {
        let spellings = [
            "relu": "ReLU", "relu6": "ReLU6", "elu": "ELU", "celu": "CELU", "selu": "SELU", "gelu": "GELU",
            "silu": "SiLU", "thresholded": "Thresholded ReLU",
        ]
        let words = name.split(separator: "-").map(String.init)
        return words.enumerated().map { index, word in
            spellings[word] ?? (index == 0 ? word.prefix(1).uppercased() + word.dropFirst() : word)
        }.joined(separator: " ")
    }
}
