// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineTensor

/// What the values of a function say about their arguments, found from the function itself.
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
    init(of function: ObservedFunction, flatness: Double) {
        switch function {
        case .activation(let activation): self.init(of: activation, flatness)
        case .gate: self.init(nil, nil, silence: 0...0)
        case .radial(let function): self.init(of: function, flatness)
        case .other: self.init(nil, nil, silence: nil)
        }
    }

    private init(
        _ lowerTail: ClosedRange<Double>?, _ upperTail: ClosedRange<Double>?, silence: ClosedRange<Double>?
    ) {
        self.lowerTail = lowerTail
        self.upperTail = upperTail
        self.silence = silence
        bounds = ObservationKernel.Bounds(lowerTail, upperTail, silence)
    }

    /// Far from the centre, in units of the width, where the function decays.
    private init(of function: RadialFunction, _ flatness: Double) {
        let curve: (value: (Double) -> Double, slope: (Double) -> Double)? =
            switch function {
            case .gaussian: ({ exp(-$0 * $0) }, { -2 * $0 * exp(-$0 * $0) })
            case .inverseMultiquadric:
                ({ 1 / (1 + $0 * $0).squareRoot() }, { -$0 / ((1 + $0 * $0) * (1 + $0 * $0).squareRoot()) })
            case .multiquadric, .thinPlateSpline, .polyharmonicSpline: nil
            }
        let points = Array(stride(from: 60.0, through: 0, by: -1.0 / 64))
        let tail = curve.flatMap { curve in
            Self.tail(points, .infinity, curve.value) { curve.slope($0).magnitude < flatness }
        }
        self.init(nil, tail, silence: tail)
    }

    private init(of activation: Activation, _ flatness: Double) {
        let points = stride(from: -60.0, through: 60, by: 1.0 / 64)
        let f = activation.value(at:)
        func isFlat(_ x: Double) -> Bool { activation.derivative(at: x).magnitude < flatness }
        let lowerTail = Self.tail(Array(points), -.infinity, f, isFlat)
        let upperTail = Self.tail(points.reversed(), .infinity, f, isFlat)
        let atZero = f(0)
        let silence: ClosedRange<Double>?
        if activation == .identity {
            silence = nil
        } else if points.allSatisfy({ (f($0) > atZero) == ($0 > 0) }) {
            silence = -.infinity...atZero
        } else {
            silence = 0...0
        }
        self.init(lowerTail, upperTail, silence: silence)
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
