// Part of Ridgeline. Licensed under the Apache License 2.0.

extension KernelTable {
    /// y = act(z + bias), row by row. y may be z. Strides are those of rows.
    @inline(__always)
    package func biasActivation(
        kind: ActivationKind, parameters: ActivationParameters<Scalar> = .none, z: P, zStride: Int, bias: P?,
        y: M, yStride: Int, rows: Int, columns: Int
    ) {
        biasActivationKernel(
            kind, parameters.first, parameters.second, z, zStride, bias, y, yStride, rows, columns)
    }

    /// dz = dy act'(...). dz may be dy. `saved` is the output or the input, as `ActivationKind.savesOutput(_:)` says;
    /// only an input has the bias added.
    @inline(__always)
    package func biasActivationBackward(
        kind: ActivationKind, parameters: ActivationParameters<Scalar> = .none, saved: P, savedStride: Int,
        bias: P?, dy: P, dyStride: Int, dz: M, dzStride: Int, rows: Int, columns: Int
    ) {
        biasActivationBackwardKernel(
            kind, parameters.first, parameters.second, saved, savedStride,
            kind.savesOutput(parameters) ? nil : bias, dy, dyStride, dz, dzStride, rows, columns)
    }

    /// Parametric and randomised leaky ReLU: y = x where x > 0, else slope·x, with x = z + bias. y may be z.
    @inline(__always)
    package func parametricReLU(
        z: P, zStride: Int, bias: P?, slope: SlopeArray<Scalar>, y: M, yStride: Int, rows: Int, columns: Int
    ) {
        parametricReLUKernel(z, zStride, bias, slope, y, yStride, rows, columns)
    }

    /// dz = dy where x > 0, else dy·slope. dSlope, if given, gains the sums of dy·x where not x > 0: one a column, or
    /// one in all where there is one slope. dz may be dy.
    @inline(__always)
    package func parametricReLUBackward(
        z: P, zStride: Int, bias: P?, slope: SlopeArray<Scalar>, dy: P, dyStride: Int, dz: M, dzStride: Int,
        dSlope: UnsafeMutablePointer<Double>?, rows: Int, columns: Int
    ) {
        require(dSlope == nil || slope.rowStride == 0, "slopes of single elements have no gradient")
        parametricReLUBackwardKernel(
            z, zStride, bias, slope, dy, dyStride, dz, dzStride, dSlope, rows, columns)
    }

    /// A gated unit, out = act(a)·g, row by row: a and g may be the columns of one matrix, in either order
    /// (`torch.nn.functional.glu` has g on the left and a, through the sigmoid, on the right). out may be a or g.
    @inline(__always)
    package func gated(
        gate: GateKind, a: P, aStride: Int, g: P, gStride: Int, out: M, outStride: Int, rows: Int,
        columns: Int
    ) {
        gatedKernel(gate, a, aStride, g, gStride, out, outStride, rows, columns)
    }

    /// da = dy·g·act'(a) and dg = dy·act(a). da may be a, dg may be g.
    @inline(__always)
    package func gatedBackward(
        gate: GateKind, a: P, aStride: Int, g: P, gStride: Int, dy: P, dyStride: Int, da: M, daStride: Int,
        dg: M, dgStride: Int, rows: Int, columns: Int
    ) {
        gatedBackwardKernel(
            gate, a, aStride, g, gStride, dy, dyStride, da, daStride, dg, dgStride, rows, columns)
    }
}

/// The slopes of a parametric ReLU.
package struct SlopeArray<Scalar> {
    package let start: UnsafePointer<Scalar>
    package let stride: Int
    package let rowStride: Int

    /// One for all elements.
    package static func one(_ start: UnsafePointer<Scalar>) -> SlopeArray {
        SlopeArray(start: start, stride: 0, rowStride: 0)
    }

    /// One for each column.
    package static func columns(_ start: UnsafePointer<Scalar>) -> SlopeArray {
        SlopeArray(start: start, stride: 1, rowStride: 0)
    }

    /// One for each element, as the randomised leaky ReLU draws them in training; they have no gradient.
    package static func elements(_ start: UnsafePointer<Scalar>, rowStride: Int) -> SlopeArray {
        SlopeArray(start: start, stride: 1, rowStride: rowStride)
    }
}
