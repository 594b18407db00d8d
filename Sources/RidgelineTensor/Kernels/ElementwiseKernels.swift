// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// Rows of an operand as kernels take them.
package struct OperandRows<Scalar> {
    package let start: UnsafePointer<Scalar>
    /// Along a row: 1, or 0 for one value used throughout.
    package let stride: Int
    /// Between rows.
    package let rowStride: Int
}

/// The kernels of elementwise functions, and those that only move elements.
///
/// A stride is 1, or 0 for one value used throughout.
package struct ElementwiseKernels<Scalar: FloatingScalar>: Sendable {
    package typealias P = UnsafePointer<Scalar>
    package typealias M = UnsafeMutablePointer<Scalar>

    let unaryKernel: @Sendable (UnaryKind, P, M, Int) -> Void
    let powerKernel: @Sendable (P, Int, P, Int, M, Int) -> Void
    let compareKernel:
        @Sendable (ComparisonKind, P, Int, Int, P, Int, Int, UnsafeMutablePointer<Bool>, Int, Int) -> Void
    let selectKernel: @Sendable (UnsafePointer<Bool>, Int, P, Int, P, Int, M, Int) -> Void
    let positionKernel: @Sendable (Bool, P, UnsafeMutablePointer<Int32>, Int, Int, Int, Int) -> Void
    let copyKernel: @Sendable (P, Int, Int, M, Int, Int, Int) -> Void

    /// out = function(x). out may be x.
    @inline(__always)
    package func unary(_ kind: UnaryKind, x: P, out: M, count: Int) { unaryKernel(kind, x, out, count) }

    /// out = xʸ, with the special cases of C's `pow`. out may be x or y.
    @inline(__always)
    package func power(x: P, xStride: Int, y: P, yStride: Int, out: M, count: Int) {
        powerKernel(x, xStride, y, yStride, out, count)
    }

    /// out = a relation b, for rows that lie anyhow, and without gaps in out.
    @inline(__always)
    package func compare(
        _ kind: ComparisonKind, a: OperandRows<Scalar>, b: OperandRows<Scalar>,
        out: UnsafeMutablePointer<Bool>,
        rows: Int, columns: Int
    ) {
        compareKernel(
            kind, a.start, a.stride, a.rowStride, b.start, b.stride, b.rowStride, out, rows, columns)
    }

    /// out = a where the condition holds, else b, bit by bit.
    @inline(__always)
    package func select(
        condition: UnsafePointer<Bool>, conditionStride: Int, a: P, aStride: Int, b: P, bStride: Int, out: M,
        count: Int
    ) {
        selectKernel(condition, conditionStride, a, aStride, b, bStride, out, count)
    }

    /// The positions of the largest or smallest values of x, (outer, size, step), along its middle axis, in both the
    /// first `columns` columns: the first of equals, the first NaN where there is one.
    @inline(__always)
    package func positions(
        largest: Bool, x: P, out: UnsafeMutablePointer<Int32>, outer: Int, size: Int, step: Int, columns: Int
    ) {
        require(size > 0, "a position among no members")
        positionKernel(largest, x, out, outer, size, step, columns)
    }

    /// to[r·toRow + c] = from[r·fromRow + c·fromStep], bit by bit. The two do not overlap.
    @inline(__always)
    package func copyBlock(
        _ from: P, row fromRow: Int, step fromStep: Int, to: M, row toRow: Int, rows: Int, columns: Int
    ) {
        copyKernel(from, fromRow, fromStep, to, toRow, rows, columns)
    }
}

private func bytes(_ flags: UnsafePointer<Bool>) -> UnsafePointer<UInt8> {
    UnsafeRawPointer(flags).assumingMemoryBound(to: UInt8.self)
}

private func bytes(_ flags: UnsafeMutablePointer<Bool>) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(flags).assumingMemoryBound(to: UInt8.self)
}

extension ElementwiseKernels<Float> {
    /// The Float kernels of an instruction set.
    static func table(_ isa: Int32) -> ElementwiseKernels {
        ElementwiseKernels(
            unaryKernel: { kind, x, out, count in ridgeline_unary_f32(isa, kind.rawValue, x, out, count) },
            powerKernel: { x, xStride, y, yStride, out, count in
                ridgeline_power_f32(isa, x, xStride, y, yStride, out, count)
            },
            compareKernel: { kind, a, aStride, aRow, b, bStride, bRow, out, rows, columns in
                ridgeline_compare_f32(
                    isa, kind.rawValue, a, aStride, aRow, b, bStride, bRow, bytes(out), rows, columns)
            },
            selectKernel: { condition, conditionStride, a, aStride, b, bStride, out, count in
                ridgeline_select_f32(
                    isa, bytes(condition), conditionStride, a, aStride, b, bStride, out, count)
            },
            positionKernel: { largest, x, out, outer, size, step, columns in
                ridgeline_extreme_position_f32(isa, largest ? 1 : 0, x, out, outer, size, step, columns)
            },
            copyKernel: { from, fromRow, fromStep, to, toRow, rows, columns in
                ridgeline_copy_block_f32(isa, from, fromRow, fromStep, to, toRow, rows, columns)
            })
    }
}

extension ElementwiseKernels<Double> {
    /// The Double kernels of an instruction set.
    static func table(_ isa: Int32) -> ElementwiseKernels {
        ElementwiseKernels(
            unaryKernel: { kind, x, out, count in ridgeline_unary_f64(isa, kind.rawValue, x, out, count) },
            powerKernel: { x, xStride, y, yStride, out, count in
                ridgeline_power_f64(isa, x, xStride, y, yStride, out, count)
            },
            compareKernel: { kind, a, aStride, aRow, b, bStride, bRow, out, rows, columns in
                ridgeline_compare_f64(
                    isa, kind.rawValue, a, aStride, aRow, b, bStride, bRow, bytes(out), rows, columns)
            },
            selectKernel: { condition, conditionStride, a, aStride, b, bStride, out, count in
                ridgeline_select_f64(
                    isa, bytes(condition), conditionStride, a, aStride, b, bStride, out, count)
            },
            positionKernel: { largest, x, out, outer, size, step, columns in
                ridgeline_extreme_position_f64(isa, largest ? 1 : 0, x, out, outer, size, step, columns)
            },
            copyKernel: { from, fromRow, fromStep, to, toRow, rows, columns in
                ridgeline_copy_block_f64(isa, from, fromRow, fromStep, to, toRow, rows, columns)
            })
    }
}
