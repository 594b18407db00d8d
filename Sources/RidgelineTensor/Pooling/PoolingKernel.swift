// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// The kernels that pool one image, (height, width, channels), some rows of what they write at a time.
///
/// Winners are numbered row·longest + column within their window, in bytes or as `Int32`.
enum PoolingKernel {
    typealias Axis = ridgeline_pooling_axis

    /// The largest input of each window; NaN where one is, −∞ of none. Of equal ones the first wins, of NaNs
    /// the last.
    static func maximum<Scalar: FloatingScalar, Index: TensorScalar>(
        _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, winners: UnsafeMutablePointer<Index>?,
        _ vertical: Axis, _ horizontal: Axis, channels: Int, rows: Range<Int>,
        set: InstructionSet = .current
    ) {
        let size = Int32(MemoryLayout<Index>.size)
        withUnsafePointer(to: vertical) { v in
            withUnsafePointer(to: horizontal) { h in
                if let isa = set.kernelIndex, let x = x as? UnsafePointer<Float>,
                    let y = y as? UnsafeMutablePointer<Float>
                {
                    ridgeline_maximum_pooling_f32(
                        isa, x, y, winners, size, v, h, channels, rows.lowerBound, rows.count)
                } else if let isa = set.kernelIndex, let x = x as? UnsafePointer<Double>,
                    let y = y as? UnsafeMutablePointer<Double>
                {
                    ridgeline_maximum_pooling_f64(
                        isa, x, y, winners, size, v, h, channels, rows.lowerBound, rows.count)
                } else {
                    ReferencePooling.maximum(x, y, winners, vertical, horizontal, channels, rows)
                }
            }
        }
    }

    /// The sum of each window by its divisor.
    static func average<Scalar: FloatingScalar>(
        _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ vertical: Axis, _ horizontal: Axis,
        channels: Int, rows: Range<Int>, set: InstructionSet = .current
    ) {
        withUnsafePointer(to: vertical) { v in
            withUnsafePointer(to: horizontal) { h in
                if let isa = set.kernelIndex, let x = x as? UnsafePointer<Float>,
                    let y = y as? UnsafeMutablePointer<Float>
                {
                    ridgeline_average_pooling_f32(isa, x, y, v, h, channels, rows.lowerBound, rows.count)
                } else if let isa = set.kernelIndex, let x = x as? UnsafePointer<Double>,
                    let y = y as? UnsafeMutablePointer<Double>
                {
                    ridgeline_average_pooling_f64(isa, x, y, v, h, channels, rows.lowerBound, rows.count)
                } else {
                    ReferencePooling.average(x, y, vertical, horizontal, channels, rows)
                }
            }
        }
    }

    /// dx of dy, of the maximum or, without winners, of the average: each input gathers what it gets, in the
    /// order of the outputs.
    static func backward<Scalar: FloatingScalar, Index: TensorScalar>(
        _ dy: UnsafePointer<Scalar>, winners: UnsafePointer<Index>?, _ dx: UnsafeMutablePointer<Scalar>,
        _ vertical: Axis, _ horizontal: Axis, channels: Int, rows: Range<Int>,
        set: InstructionSet = .current
    ) {
        let size = Int32(MemoryLayout<Index>.size)
        withUnsafePointer(to: vertical) { v in
            withUnsafePointer(to: horizontal) { h in
                if let isa = set.kernelIndex, let dy = dy as? UnsafePointer<Float>,
                    let dx = dx as? UnsafeMutablePointer<Float>
                {
                    ridgeline_pooling_backward_f32(
                        isa, dy, winners, size, dx, v, h, channels, rows.lowerBound, rows.count)
                } else if let isa = set.kernelIndex, let dy = dy as? UnsafePointer<Double>,
                    let dx = dx as? UnsafeMutablePointer<Double>
                {
                    ridgeline_pooling_backward_f64(
                        isa, dy, winners, size, dx, v, h, channels, rows.lowerBound, rows.count)
                } else {
                    ReferencePooling.backward(dy, winners, dx, vertical, horizontal, channels, rows)
                }
            }
        }
    }
}
