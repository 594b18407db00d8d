// Part of Ridgeline. Licensed under the Apache License 2.0.

/// y = act(scale·z + shift + residual) by channels, for tiles of a matrix: a normalisation with known statistics in the
/// epilogue of a product. ReLU and the identity take one pass over the tile, other activations two.
package struct ChannelAffine<Scalar: FloatingScalar> {
    private let scale: Tensor<Scalar>?
    private let shift: Tensor<Scalar>?
    private let fused: FusedActivation<Scalar>

    /// The function for a matrix of the given extents; scale and shift are (columns).
    package init(
        scale: Tensor<Scalar>? = nil, shift: Tensor<Scalar>? = nil, activation: Activation = .identity,
        slope: Tensor<Scalar>? = nil, rows: Int, columns: Int, for operation: String
    ) {
        for (name, parameter) in [("scale", scale), ("shift", shift)] {
            require(
                parameter == nil || parameter?.shape == [columns],
                "\(operation): \(name) \(parameter?.shape.description ?? ""); expected [\(columns)]")
        }
        self.scale = scale?.detached.contiguous()
        self.shift = shift?.detached.contiguous()
        fused = FusedActivation(activation, slope: slope, rows: rows, columns: columns, for: operation)
    }

    /// Applies it to the tile that begins at the pointers, whose rows are `stride` apart. y may be z or the
    /// residual.
    package func apply(
        tile: MatrixMultiply.Tile, z: UnsafePointer<Scalar>, residual: UnsafePointer<Scalar>? = nil,
        y: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        let shift = shift.map { $0.pointer + tile.column }
        if scale == nil && residual == nil {
            fused.forward(tile, z: z, bias: shift, y: y, stride: stride)
        } else {
            let scale = scale.map { $0.pointer + tile.column }
            Scalar._kernels.channels.affine(
                z: z, zStride: stride, .init(scale: scale, shift: shift), residual: residual,
                residualStride: stride, rectifies: fused.isReLU, y: y, yStride: stride, rows: tile.rows,
                columns: tile.columns)
            if !fused.isReLU && !fused.isIdentity {
                fused.forward(tile, z: y, bias: nil, y: y, stride: stride)
            }
        }
        withExtendedLifetime((self.scale?.storage, self.shift?.storage)) {}
    }
}
