// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// One affine function for each column of a matrix of rows x channels, for one instruction set and precision.

// The coefficient of each column, or `missing` where there are none.
INLINE VECTOR NAME(coefficients)(const REAL *p, ptrdiff_t i, ptrdiff_t count, REAL missing) {
    return p ? NAME(load)(p + i, count) : SPLAT(missing);
}

INLINE void NAME(affine_columns)(
    const REAL *z, ptrdiff_t z_stride, const REAL *scale, const REAL *shift, const REAL *residual,
    ptrdiff_t residual_stride, VECTOR least, REAL *y, ptrdiff_t y_stride, int rows, ptrdiff_t i, ptrdiff_t count
) {
    VECTOR a = NAME(coefficients)(scale, i, count, 1), b = NAME(coefficients)(shift, i, count, 0);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        VECTOR v = NAME(madd)(a, NAME(load)(z + k * z_stride + i, count), b);
        if (residual) v += NAME(load)(residual + k * residual_stride + i, count);
        NAME(store)(y + k * y_stride + i, SELECT(v <= least, least, v), count);
    }
}

INLINE void NAME(affine_rows)(
    const REAL *z, ptrdiff_t z_stride, const REAL *scale, const REAL *shift, const REAL *residual,
    ptrdiff_t residual_stride, VECTOR least, REAL *y, ptrdiff_t y_stride, int rows, ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(affine_columns)(
            z, z_stride, scale, shift, residual, residual_stride, least, y, y_stride, rows, i, WIDTH);
    if (i < columns)
        NAME(affine_columns)(
            z, z_stride, scale, shift, residual, residual_stride, least, y, y_stride, rows, i, columns - i);
}

// y = scale z + shift + residual; where rectified, max(y, 0).
static void NAME(channel_affine)(
    const REAL *z, ptrdiff_t z_stride, const REAL *scale, const REAL *shift, const REAL *residual,
    ptrdiff_t residual_stride, int rectify, REAL *y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    const VECTOR least = SPLAT(rectify ? 0 : -INFINITY);
    ptrdiff_t row = 0;
    for (; row < rows; ++row, z += z_stride, y += y_stride) {
        if (residual) {
            NAME(affine_rows)(z, z_stride, scale, shift, residual, residual_stride, least, y, y_stride, 1, columns);
            residual += residual_stride;
        } else {
            NAME(affine_rows)(z, z_stride, scale, shift, NULL, 0, least, y, y_stride, 1, columns);
        }
    }
}
