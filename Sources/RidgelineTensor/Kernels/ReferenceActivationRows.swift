// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Reference {
    @inline(__always)
    static func biasActivation(
        _ kind: ActivationKind, _ first: Scalar, _ second: Scalar, _ z: P, _ zStride: Int, _ bias: P?, _ y: M,
        _ yStride: Int, _ rows: Int,
        _ columns: Int
    ) {
        let work = Forward<Scalar>(
            parameters: ActivationParameters(Double(first), Double(second)), z: z, zStride: zStride,
            bias: bias, y: y, yStride: yStride, rows: rows, columns: columns)
        kind.accept(work)
    }

    @inline(__always)
    static func biasActivationBackward(
        _ kind: ActivationKind, _ first: Scalar, _ second: Scalar, _ saved: P, _ savedStride: Int, _ bias: P?,
        _ dy: P, _ dyStride: Int, _ dz: M,
        _ dzStride: Int, _ rows: Int, _ columns: Int
    ) {
        let work = Backward<Scalar>(
            parameters: ActivationParameters(Double(first), Double(second)), saved: saved,
            savedStride: savedStride, bias: bias, dy: dy, dyStride: dyStride, dz: dz,
            dzStride: dzStride, rows: rows, columns: columns)
        kind.accept(work)
    }
}

private struct Forward<Scalar: FloatingScalar>: ActivationVisitor {
    let parameters: ActivationParameters<Double>
    let z: UnsafePointer<Scalar>
    let zStride: Int
    let bias: UnsafePointer<Scalar>?
    let y: UnsafeMutablePointer<Scalar>
    let yStride: Int
    let rows: Int
    let columns: Int

    @inline(__always)
    func visit<Activation: ReferenceActivation>(_: Activation.Type) {
        for row in 0..<rows {
            for column in 0..<columns {
                var x = z[row * zStride + column]
                if let bias { x += bias[column] }
                y[row * yStride + column] = Scalar(Activation.value(Double(x), parameters))
            }
        }
    }
}

private struct Backward<Scalar: FloatingScalar>: ActivationVisitor {
    let parameters: ActivationParameters<Double>
    let saved: UnsafePointer<Scalar>
    let savedStride: Int
    let bias: UnsafePointer<Scalar>?
    let dy: UnsafePointer<Scalar>
    let dyStride: Int
    let dz: UnsafeMutablePointer<Scalar>
    let dzStride: Int
    let rows: Int
    let columns: Int

    @inline(__always)
    func visit<Activation: ReferenceActivation>(_: Activation.Type) {
        for row in 0..<rows {
            for column in 0..<columns {
                var x = saved[row * savedStride + column]
                if let bias { x += bias[column] }
                let upstream = dy[row * dyStride + column]
                dz[row * dzStride + column] = Scalar(
                    Activation.pullback(Double(x), Double(upstream), parameters))
            }
        }
    }
}
