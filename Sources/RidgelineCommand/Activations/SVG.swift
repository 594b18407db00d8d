// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation

/// A drawing in units of its own, written as SVG and printed as wide as A2.
struct SVG {
    /// A point of the page, the origin at its top left.
    struct Point {
        var x: Double
        var y: Double

        init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// An upright rectangle of the page.
    struct Box {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
        var right: Double { x + width }
        var bottom: Double { y + height }
    }

    /// How text is set.
    struct Font {
        var size: Double
        var color: String
        var weight = 400
        var isItalic = false
        var isSerif = true
        var spacing = 0.0
        var anchor = "start"
    }

    let width: Double
    let height: Double
    private var body: [String] = []
    private var clips = 0

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    /// The file's text.
    var text: String {
        let open =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"594mm\" "
            + "height=\"\(Self.number(594 * height / width))mm\" "
            + "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\">"
        return (["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", open] + body + ["</svg>", ""])
            .joined(separator: "\n")
    }

    mutating func rectangle(
        _ box: Box, fill: String, stroke: String = "none", width: Double = 0, radius: Double = 0
    ) {
        body.append(
            "<rect \(Self.attributes(box)) rx=\"\(Self.number(radius))\" fill=\"\(fill)\" stroke=\"\(stroke)\" "
                + "stroke-width=\"\(Self.number(width))\"/>")
    }

    mutating func line(_ from: Point, _ to: Point, color: String, width: Double, dash: String? = nil) {
        let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        body.append(
            "<path d=\"M\(Self.pair(from))L\(Self.pair(to))\" stroke=\"\(color)\" "
                + "stroke-width=\"\(Self.number(width))\" stroke-linecap=\"round\"\(dashes)/>")
    }

    /// Connected points, several strokes of them.
    mutating func strokes(_ strokes: [[Point]], color: String, width: Double, clip: String) {
        let path = strokes.map { "M" + $0.map(Self.pair).joined(separator: "L") }.joined()
        body.append(
            "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\" "
                + "stroke-linejoin=\"round\" stroke-linecap=\"round\" clip-path=\"url(#\(clip))\"/>")
    }

    mutating func text(_ text: String, at point: Point, _ font: Font) {
        let family =
            font.isSerif
            ? "'Source Serif 4','Source Serif Pro','STIX Two Text',Georgia,'DejaVu Serif',serif"
            : "'Source Sans 3','Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif"
        let style = font.isItalic ? " font-style=\"italic\"" : ""
        let spacing = font.spacing == 0 ? "" : " letter-spacing=\"\(Self.number(font.spacing))\""
        body.append(
            "<text x=\"\(Self.number(point.x))\" y=\"\(Self.number(point.y))\" font-family=\"\(family)\" "
                + "font-size=\"\(Self.number(font.size))\" font-weight=\"\(font.weight)\"\(style)\(spacing) "
                + "fill=\"\(font.color)\" text-anchor=\"\(font.anchor)\">\(Self.escaped(text))</text>")
    }

    /// Defines a region outside which nothing is drawn; returns its name.
    mutating func clip(_ box: Box) -> String {
        clips += 1
        body.append("<clipPath id=\"clip\(clips)\"><rect \(Self.attributes(box))/></clipPath>")
        return "clip\(clips)"
    }

    private static func attributes(_ box: Box) -> String {
        "x=\"\(number(box.x))\" y=\"\(number(box.y))\" width=\"\(number(box.width))\" "
            + "height=\"\(number(box.height))\""
    }

    private static func pair(_ point: Point) -> String { "\(number(point.x)) \(number(point.y))" }

    /// Two digits after the point, as few as will do.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
