// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Normalisation with given statistics and its gradients, of matrices of rows x channels, for one instruction set and
// precision. Backward finds again where the forward pass was positive, by the same operations to the bit.
//
// Each kernel takes a few rows together, so that they share the loads of the coefficients, and whole vectors before the
// tail: the functions below are inlined with both counts known.

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

// dz: dy, or, where it is masked, that where a x + b > 0.
INLINE VECTOR NAME(masked)(VECTOR dy, VECTOR x, VECTOR a, VECTOR b, int is_masked) {
    return is_masked ? SELECT(NAME(madd)(a, x, b) <= SPLAT(0), SPLAT(0), dy) : dy;
}

INLINE void NAME(gradient_sums_columns)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    double *sums, double *products, int rows, ptrdiff_t i, ptrdiff_t count
) {
    VECTOR a = NAME(coefficients)(scale, i, count, 0), b = NAME(coefficients)(shift, i, count, 0);
    VECTOR middle = NAME(load)(center + i, count), sum[4], product[4];
    for (int k = 0; k < 4; ++k) sum[k] = product[k] = SPLAT(0);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        VECTOR upstream = NAME(load)(dy + k * stride + i, count);
        LOADED_BEFORE;
        VECTOR value = NAME(load)(x + k * stride + i, count);
        VECTOR dz = NAME(masked)(upstream, value, a, b, scale != NULL);
        sum[k & 3] += dz;
        product[k & 3] = NAME(madd)(dz, value - middle, product[k & 3]);
    }
    NAME(add_widened)(sums + i, (sum[0] + sum[1]) + (sum[2] + sum[3]), count);
    NAME(add_widened)(products + i, (product[0] + product[1]) + (product[2] + product[3]), count);
}

INLINE void NAME(gradient_sums_rows)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    double *sums, double *products, int rows, ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(gradient_sums_columns)(dy, x, stride, center, scale, shift, sums, products, rows, i, WIDTH);
    if (i < columns)
        NAME(gradient_sums_columns)(dy, x, stride, center, scale, shift, sums, products, rows, i, columns - i);
}

// sums += sum of dz, products += sum of dz (x - center), dz = dy where scale x + shift > 0, or, where scale is null, dy.
// Eight rows are summed in REAL, and their sums in double.
static void NAME(channel_gradient_sums)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    double *sums, double *products, ptrdiff_t rows, ptrdiff_t columns
) {
    ptrdiff_t row = 0;
    for (; row + 8 <= rows; row += 8, dy += 8 * stride, x += 8 * stride) {
        if (scale) NAME(gradient_sums_rows)(dy, x, stride, center, scale, shift, sums, products, 8, columns);
        else NAME(gradient_sums_rows)(dy, x, stride, center, NULL, NULL, sums, products, 8, columns);
    }
    for (; row < rows; ++row, dy += stride, x += stride)
        NAME(gradient_sums_rows)(dy, x, stride, center, scale, shift, sums, products, 1, columns);
}

INLINE void NAME(gradient_columns)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    const REAL *factor, const REAL *slope, const REAL *constant, REAL *dx, int rows, ptrdiff_t i, ptrdiff_t count
) {
    VECTOR a = NAME(coefficients)(scale, i, count, 0), b = NAME(coefficients)(shift, i, count, 0);
    VECTOR middle = NAME(load)(center + i, count), by = NAME(load)(factor + i, count);
    VECTOR s = NAME(load)(slope + i, count), c = NAME(load)(constant + i, count);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        VECTOR upstream = NAME(load)(dy + k * stride + i, count);
        LOADED_BEFORE;
        VECTOR value = NAME(load)(x + k * stride + i, count);
        VECTOR dz = NAME(masked)(upstream, value, a, b, scale != NULL);
        NAME(store)(dx + k * stride + i, NAME(madd)(by, dz, NAME(madd)(s, value - middle, c)), count);
    }
}

INLINE void NAME(gradient_rows)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    const REAL *factor, const REAL *slope, const REAL *constant, REAL *dx, int rows, ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(gradient_columns)(
            dy, x, stride, center, scale, shift, factor, slope, constant, dx, rows, i, WIDTH);
    if (i < columns)
        NAME(gradient_columns)(
            dy, x, stride, center, scale, shift, factor, slope, constant, dx, rows, i, columns - i);
}

// dx = factor dz + slope (x - center) + constant, dz as above.
static void NAME(channel_gradient)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    const REAL *factor, const REAL *slope, const REAL *constant, REAL *dx, ptrdiff_t rows, ptrdiff_t columns
) {
    ptrdiff_t row = 0;
    for (; row < rows; ++row, dy += stride, x += stride, dx += stride) {
        if (scale)
            NAME(gradient_rows)(dy, x, stride, center, scale, shift, factor, slope, constant, dx, 1, columns);
        else NAME(gradient_rows)(dy, x, stride, center, NULL, NULL, factor, slope, constant, dx, 1, columns);
    }
}
