// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// The kernel that sees what a layer's outputs are like, in one pass over them.
package enum ObservationKernel {
    /// What is counted, and with what it is compared.
    package struct Bounds: Sendable {
        /// Six numbers: values from the first to the second or from the third to the fourth are saturated,
        /// those from the fifth to the sixth silent. A range that ends before it begins holds nothing.
        package let values: [Double]

        package init(
            _ lowerTail: ClosedRange<Double>?, _ upperTail: ClosedRange<Double>?,
            _ silence: ClosedRange<Double>?
        ) {
            values = [lowerTail, upperTail, silence].flatMap {
                $0.map { [$0.lowerBound, $0.upperBound] } ?? [.infinity, -.infinity]
            }
        }
    }

    /// Sums over the outputs.
    package struct Sums: Sendable, Equatable {
        /// Of the differences from the shift.
        package var differences = 0.0
        /// Of their squares.
        package var squares = 0.0
        package var zeros = 0.0
        package var saturated = 0.0

        package init(
            differences: Double = 0, squares: Double = 0, zeros: Double = 0, saturated: Double = 0
        ) {
            self.differences = differences
            self.squares = squares
            self.zeros = zeros
            self.saturated = saturated
        }
    }

    /// Counts contiguous rows, and sets `active` to 1 for each column that has a value outside the silence.
    package static func count<Scalar: FloatingScalar>(
        _ y: UnsafePointer<Scalar>, rows: Int, columns: Int, _ bounds: Bounds, shift: Scalar,
        active: UnsafeMutablePointer<Scalar>, set: InstructionSet = .current
    ) -> Sums {
        let limits = bounds.values.map { Scalar($0) }
        var sums = [0.0, 0, 0, 0]
        if let isa = set.kernelIndex, let y = y as? UnsafePointer<Float>,
            let limits = limits as? [Float], let active = active as? UnsafeMutablePointer<Float>
        {
            ridgeline_observe_f32(isa, y, rows, columns, limits, Float(shift), active, &sums)
        } else if let isa = set.kernelIndex, let y = y as? UnsafePointer<Double>,
            let limits = limits as? [Double], let active = active as? UnsafeMutablePointer<Double>
        {
            ridgeline_observe_f64(isa, y, rows, columns, limits, Double(shift), active, &sums)
        } else {
            reference(y, rows, columns, limits, shift, active, &sums)
        }
        return Sums(differences: sums[0], squares: sums[1], zeros: sums[2], saturated: sums[3])
    }

    private static func reference<Scalar: FloatingScalar>(
        _ y: UnsafePointer<Scalar>, _ rows: Int, _ columns: Int, _ limits: [Scalar], _ shift: Scalar,
        _ active: UnsafeMutablePointer<Scalar>, _ sums: inout [Double]
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let value = y[row * columns + column]
                let difference = Double(value - shift)
                sums[0] += difference
                sums[1] += difference * difference
                if value == 0 { sums[2] += 1 }
                let isLow = value >= limits[0] && value <= limits[1]
                if isLow || (value >= limits[2] && value <= limits[3]) { sums[3] += 1 }
                if !(value >= limits[4] && value <= limits[5]) { active[column] = 1 }
            }
        }
    }
}
