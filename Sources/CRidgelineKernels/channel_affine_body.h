// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Normalisation with given statistics and its gradients, of matrices of rows x channels, for one instruction set and
// precision. Backward finds again where the forward pass was positive, by the same operations to the bit.

// scale z + shift, what is null left out.
INLINE VECTOR NAME(affine)(
    const REAL *z, const REAL *scale, const REAL *shift, ptrdiff_t i, ptrdiff_t count
) {
    VECTOR v = NAME(load)(z + i, count);
    if (scale) {
        VECTOR b = shift ? NAME(load)(shift + i, count) : SPLAT(0);
        return NAME(madd)(NAME(load)(scale + i, count), v, b);
    }
    return shift ? v + NAME(load)(shift + i, count) : v;
}

// y = scale z + shift + residual; where rectified, max(y, 0).
static void NAME(channel_affine)(
    const REAL *z, ptrdiff_t z_stride, const REAL *scale, const REAL *shift, const REAL *residual,
    ptrdiff_t residual_stride, int rectify, REAL *y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    const VECTOR least = SPLAT(rectify ? 0 : -INFINITY);
    for (ptrdiff_t row = 0; row < rows; ++row, z += z_stride, y += y_stride) {
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR v = NAME(affine)(z, scale, shift, i, count);
            if (residual) v += NAME(load)(residual + i, count);
            NAME(store)(y + i, SELECT(v <= least, least, v), count);
        }
        if (residual) residual += residual_stride;
    }
}

// Of up to eight rows: sums += dz, products += dz (x - center).
INLINE void NAME(gradient_sums_block)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    double *sums, double *products, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
        ptrdiff_t count = columns - i;
        VECTOR middle = NAME(load)(center + i, count), sum[4], product[4];
        for (int k = 0; k < 4; ++k) sum[k] = product[k] = SPLAT(0);
#pragma clang loop unroll(full)
        for (int k = 0; k < 8; ++k) {
            if (k >= rows) break;
            VECTOR dz = NAME(load)(dy + k * stride + i, count);
            LOADED_BEFORE;
            if (scale) dz = SELECT(NAME(affine)(x + k * stride, scale, shift, i, count) <= SPLAT(0), SPLAT(0), dz);
            VECTOR difference = NAME(load)(x + k * stride + i, count) - middle;
            sum[k & 3] += dz;
            product[k & 3] = NAME(madd)(dz, difference, product[k & 3]);
        }
        NAME(add_widened)(sums + i, (sum[0] + sum[1]) + (sum[2] + sum[3]), count);
        NAME(add_widened)(products + i, (product[0] + product[1]) + (product[2] + product[3]), count);
    }
}

// sums += sum of dz, products += sum of dz (x - center), dz = dy where scale x + shift > 0, or, where scale is null, dy.
static void NAME(channel_gradient_sums)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    double *sums, double *products, ptrdiff_t rows, ptrdiff_t columns
) {
    ptrdiff_t row = 0;
    for (; row + 8 <= rows; row += 8, dy += 8 * stride, x += 8 * stride)
        NAME(gradient_sums_block)(dy, x, stride, center, scale, shift, sums, products, 8, columns);
    if (row < rows)
        NAME(gradient_sums_block)(dy, x, stride, center, scale, shift, sums, products, rows - row, columns);
}

// dx = factor dz + slope (x - center) + constant, dz as above.
static void NAME(channel_gradient)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, const REAL *shift,
    const REAL *factor, const REAL *slope, const REAL *constant, REAL *dx, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, dy += stride, x += stride, dx += stride) {
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR dz = NAME(load)(dy + i, count);
            LOADED_BEFORE;
            if (scale) dz = SELECT(NAME(affine)(x, scale, shift, i, count) <= SPLAT(0), SPLAT(0), dz);
            VECTOR difference = NAME(load)(x + i, count) - NAME(load)(center + i, count);
            VECTOR rest = NAME(madd)(NAME(load)(slope + i, count), difference, NAME(load)(constant + i, count));
            NAME(store)(dx + i, NAME(madd)(NAME(load)(factor + i, count), dz, rest), count);
        }
    }
}
