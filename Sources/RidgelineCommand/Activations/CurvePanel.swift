// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation

/// A function as the chart draws it.
struct Curve {
    var title: String
    var equation: String
    var derivativeEquation: String
    var facts: String
    var source: String
    var breaks: [Double]
    var value: (Double) -> Double
    var derivative: (Double) -> Double
}

/// The part of the plane that a panel shows.
struct PlotRange {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>
    var xTicks: [Double]
    var yTicks: [Double]
}

/// The colours of the chart.
enum Palette {
    static let paper = "#FBF8F1"
    static let panel = "#FFFDF8"
    static let grid = "#EAE4D6"
    static let axis = "#8F8878"
    static let ink = "#26231D"
    static let muted = "#7A7466"
    static let curve = "#1D4E6B"
    static let derivative = "#C8643C"
}

/// Axes, grid and curves in a box.
struct CurvePanel {
    let box: SVG.Box
    let range: PlotRange

    /// Where a point of the plane lies on the page.
    func point(_ x: Double, _ y: Double) -> SVG.Point {
        let across = (x - range.x.lowerBound) / (range.x.upperBound - range.x.lowerBound)
        let height = range.y.upperBound - range.y.lowerBound
        // Far away is as good as farther away.
        let up = min(max((y - range.y.lowerBound) / height, -3), 4)
        return SVG.Point(box.x + across * box.width, box.bottom - up * box.height)
    }

    /// Background, grid, axes and their numbers.
    func drawFrame(in svg: inout SVG) {
        svg.rectangle(box, fill: Palette.panel, stroke: Palette.grid, width: 0.2, radius: 1)
        for x in range.xTicks where x != 0 {
            svg.line(
                point(x, range.y.lowerBound), point(x, range.y.upperBound), color: Palette.grid, width: 0.16)
        }
        for y in range.yTicks where y != 0 {
            svg.line(
                point(range.x.lowerBound, y), point(range.x.upperBound, y), color: Palette.grid, width: 0.16)
        }
        svg.line(
            point(range.x.lowerBound, 0), point(range.x.upperBound, 0), color: Palette.axis, width: 0.22)
        svg.line(
            point(0, range.y.lowerBound), point(0, range.y.upperBound), color: Palette.axis, width: 0.22)
        var font = SVG.Font(size: 2.4, color: Palette.muted, isSerif: false, anchor: "middle")
        for x in range.xTicks {
            svg.text(Self.text(x), at: SVG.Point(point(x, 0).x, box.bottom + 2.9), font)
        }
        font.anchor = "end"
        for y in range.yTicks {
            svg.text(Self.text(y), at: SVG.Point(box.x - 0.9, point(0, y).y + 0.75), font)
        }
    }

    /// One function; where it jumps, a dotted line.
    func draw(
        _ function: (Double) -> Double, breaks: [Double], color: String, width: Double, in svg: inout SVG
    ) {
        let clip = svg.clip(box)
        let inside = breaks.filter(range.x.contains)
        let edges = [range.x.lowerBound] + inside + [range.x.upperBound]
        var strokes: [[SVG.Point]] = []
        for (lower, upper) in zip(edges, edges.dropFirst()) {
            let points = piece(function, lower, upper)
            if let last = strokes.last?.last, let first = points.first, abs(last.y - first.y) < 0.01 {
                strokes[strokes.count - 1] += points.dropFirst()
            } else {
                if let last = strokes.last?.last, let first = points.first {
                    svg.line(last, first, color: color, width: 0.6 * width, dash: "0.1 1.1")
                }
                strokes.append(points)
            }
        }
        svg.strokes(strokes.map(Self.simplified), color: color, width: width, clip: clip)
    }

    private func piece(
        _ function: (Double) -> Double, _ lower: Double, _ upper: Double
    ) -> [SVG.Point] {
        // At a break the value is the one on this side of it.
        let (first, last) = (lower + 1e-9, upper - 1e-9)
        let count = max(2, Int((upper - lower) * 40))
        return (0...count).map { index in
            let x = first + (last - first) * Double(index) / Double(count)
            return point(x, function(x))
        }
    }

    /// Without the points that lie on the line between those kept around them.
    private static func simplified(_ points: [SVG.Point]) -> [SVG.Point] {
        guard var kept = points.first.map({ [$0] }), points.count > 2 else { return points }
        var start = 0
        for end in 2..<points.count {
            let (a, b) = (points[start], points[end])
            let length = max(hypot(b.x - a.x, b.y - a.y), 1e-9)
            let isFlat = (start + 1..<end).allSatisfy { index in
                let p = points[index]
                return abs((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / length < 0.006
            }
            if !isFlat {
                kept.append(points[end - 1])
                start = end - 1
            }
        }
        return kept + [points[points.count - 1]]
    }

    private static func text(_ tick: Double) -> String {
        let magnitude = abs(tick) == abs(tick).rounded() ? "\(Int(abs(tick)))" : "\(abs(tick))"
        return (tick < 0 ? "−" : "") + magnitude
    }
}
