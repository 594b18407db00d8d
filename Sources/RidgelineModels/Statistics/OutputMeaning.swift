// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What the values of an activation say about their arguments, found from the function itself.
struct OutputMeaning: Sendable {
    /// The values in the flat tail for small arguments, if there is one.
    let lowerTail: ClosedRange<Double>?
    /// The values in the flat tail for large arguments, if there is one.
    let upperTail: ClosedRange<Double>?
    /// The values of a unit that is not active; nil where units cannot die.
    let silence: ClosedRange<Double>?

    /// The same for the kernel.
    let bounds: ObservationKernel.Bounds

    /// - Parameter flatness: A tail is flat where |f′| stays below this.
    init(of activation: Activation, flatness: Double) {
        let points = stride(from: -60.0, through: 60, by: 1.0 / 64)
        let f = activation.value(at:)
        func isFlat(_ x: Double) -> Bool { activation.derivative(at: x).magnitude < flatness }
        lowerTail = Self.tail(Array(points), -.infinity, f, isFlat)
        upperTail = Self.tail(points.reversed(), .infinity, f, isFlat)
        let atZero = f(0)
        if activation == .identity {
            silence = nil
        } else if points.allSatisfy({ (f($0) > atZero) == ($0 > 0) }) {
            silence = -.infinity...atZero
        } else {
            silence = 0...0
        }
        bounds = ObservationKernel.Bounds(lowerTail, upperTail, silence)
    }

    /// The values from the end up to where the slope is first not flat.
    private static func tail(
        _ points: [Double], _ end: Double, _ f: (Double) -> Double, _ isFlat: (Double) -> Bool
    ) -> ClosedRange<Double>? {
        let steep = points.firstIndex { !isFlat($0) } ?? points.count
        guard steep > 0 else { return nil }
        var inside = points[steep - 1]
        if steep < points.count {
            var outside = points[steep]
            for _ in 0..<60 {
                let middle = (inside + outside) / 2
                if isFlat(middle) { inside = middle } else { outside = middle }
            }
        }
        let values = (points[..<steep] + [inside, end]).map(f).filter { !$0.isNaN }
        guard let lower = values.min(), let upper = values.max() else { return nil }
        return lower...upper
    }
}
