// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Normalisation of the columns of matrices of rows x channels, and its gradients, for one instruction set and precision.
// All arithmetic is in double and rounded once; (x - center) comes first, as it is exact where a mean is large.
// Backward finds again where the forward pass was positive, by the same operations to the bit.
//
// Each kernel takes a few rows together, so that they share the loads of the coefficients, and whole vectors before the
// tail: the functions below are inlined with both counts known.

#include "double_sums.h"

// As many rows as share what is loaded for their columns.
#define ROWS 4

INLINE void NAME(normalization_columns)(
    const REAL *x, const REAL *residual, REAL *y, ptrdiff_t stride, const double *center, const double *factor,
    const double *constant, VECTOR least, int rows, ptrdiff_t i, ptrdiff_t count
) {
    WIDE middle = NAME(wide_load)(center + i, count);
    WIDE a = NAME(wide_load)(factor + i, count), b = NAME(wide_load)(constant + i, count);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        WIDE z = NAME(wide_madd)(WIDEN(NAME(load)(x + k * stride + i, count)) - middle, a, b);
        if (residual) z += WIDEN(NAME(load)(residual + k * stride + i, count));
        VECTOR v = NARROW(z);
        NAME(store)(y + k * stride + i, SELECT(v <= least, least, v), count);
    }
}

INLINE void NAME(normalization_rows)(
    const REAL *x, const REAL *residual, REAL *y, ptrdiff_t stride, const double *center, const double *factor,
    const double *constant, VECTOR least, int rows, ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(normalization_columns)(x, residual, y, stride, center, factor, constant, least, rows, i, WIDTH);
    if (i < columns)
        NAME(normalization_columns)(x, residual, y, stride, center, factor, constant, least, rows, i, columns - i);
}

// y = factor (x - center) + constant + residual; where rectified, max(y, 0).
static void NAME(channel_normalization)(
    const REAL *x, const REAL *residual, REAL *y, ptrdiff_t stride, const double *center, const double *factor,
    const double *constant, int rectify, ptrdiff_t rows, ptrdiff_t columns
) {
    const VECTOR least = SPLAT(rectify ? 0 : -INFINITY);
    ptrdiff_t row = 0;
    for (; row + ROWS <= rows; row += ROWS, x += ROWS * stride, y += ROWS * stride) {
        if (residual) {
            NAME(normalization_rows)(
                x, residual, y, stride, center, factor, constant, least, ROWS, columns);
            residual += ROWS * stride;
        } else {
            NAME(normalization_rows)(x, NULL, y, stride, center, factor, constant, least, ROWS, columns);
        }
    }
    for (; row < rows; ++row, x += stride, y += stride) {
        NAME(normalization_rows)(x, residual, y, stride, center, factor, constant, least, 1, columns);
        if (residual) residual += stride;
    }
}

// dz: dy, or, where it is masked, that where a (x - center) + b, rounded as above, is above 0.
INLINE WIDE NAME(masked)(WIDE dy, WIDE difference, WIDE a, WIDE b, int is_masked) {
    // Half the least number of Float rounds to zero; so does all that is below.
    const WIDE vanishing = WIDE_SPLAT(IS_FLOAT ? 0x1p-150 : 0);
    return is_masked ? SELECT(NAME(wide_madd)(difference, a, b) <= vanishing, (WIDE)0, dy) : dy;
}

INLINE void NAME(gradient_sums_columns)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor,
    const double *mask_constant, double *sums, double *products, double *low, int rows, ptrdiff_t i, ptrdiff_t count
) {
    WIDE a = (WIDE)0, b = (WIDE)0, middle = NAME(wide_load)(center + i, count), sum[2], product[2];
    if (mask_factor) a = NAME(wide_load)(mask_factor + i, count), b = NAME(wide_load)(mask_constant + i, count);
    for (int k = 0; k < 2; ++k) sum[k] = product[k] = (WIDE)0;
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        VECTOR upstream = NAME(load)(dy + k * stride + i, count);
        LOADED_BEFORE;
        WIDE difference = WIDEN(NAME(load)(x + k * stride + i, count)) - middle;
        WIDE dz = NAME(masked)(WIDEN(upstream), difference, a, b, mask_factor != NULL);
        sum[k & 1] += dz;
        product[k & 1] = NAME(wide_madd)(dz, difference, product[k & 1]);
    }
    NAME(accumulate)(sums + i, low + i, sum[0] + sum[1], count);
    NAME(accumulate)(products + i, low + STRIP + i, product[0] + product[1], count);
}

INLINE void NAME(gradient_sums_rows)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor,
    const double *mask_constant, double *sums, double *products, double *low, int rows, ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(gradient_sums_columns)(
            dy, x, stride, center, mask_factor, mask_constant, sums, products, low, rows, i, WIDTH);
    if (i < columns)
        NAME(gradient_sums_columns)(
            dy, x, stride, center, mask_factor, mask_constant, sums, products, low, rows, i, columns - i);
}

// sums += sum of dz, products += sum of dz (x - center), for up to STRIP columns.
INLINE void NAME(gradient_sums_strip)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor,
    const double *mask_constant, double *sums, double *products, ptrdiff_t rows, ptrdiff_t columns
) {
    double low[IS_FLOAT ? 1 : 2 * STRIP];
    if (!IS_FLOAT)
        for (ptrdiff_t i = 0; i < 2 * STRIP; ++i) low[i] = 0;
    ptrdiff_t row = 0;
    for (; row + 8 <= rows; row += 8, dy += 8 * stride, x += 8 * stride)
        NAME(gradient_sums_rows)(
            dy, x, stride, center, mask_factor, mask_constant, sums, products, low, 8, columns);
    for (; row < rows; ++row, dy += stride, x += stride)
        NAME(gradient_sums_rows)(
            dy, x, stride, center, mask_factor, mask_constant, sums, products, low, 1, columns);
    if (IS_FLOAT) return;
    for (ptrdiff_t i = 0; i < columns; ++i) {
        sums[i] = NAME(completed)(sums[i], low[i]);
        products[i] = NAME(completed)(products[i], low[STRIP + i]);
    }
}

static void NAME(channel_gradient_sums)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor,
    const double *mask_constant, double *sums, double *products, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t i = 0; i < columns; i += STRIP) {
        ptrdiff_t width = columns - i < STRIP ? columns - i : STRIP;
        if (mask_factor)
            NAME(gradient_sums_strip)(
                dy + i, x + i, stride, center + i, mask_factor + i, mask_constant + i, sums + i, products + i, rows,
                width);
        else
            NAME(gradient_sums_strip)(
                dy + i, x + i, stride, center + i, NULL, NULL, sums + i, products + i, rows, width);
    }
}

INLINE void NAME(gradient_columns)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor,
    const double *mask_constant, const double *factor, const double *slope, const double *constant, REAL *dx,
    int rows, ptrdiff_t i, ptrdiff_t count
) {
    WIDE a = (WIDE)0, b = (WIDE)0, s = (WIDE)0, c = (WIDE)0;
    if (mask_factor) a = NAME(wide_load)(mask_factor + i, count), b = NAME(wide_load)(mask_constant + i, count);
    if (slope) s = NAME(wide_load)(slope + i, count), c = NAME(wide_load)(constant + i, count);
    WIDE middle = NAME(wide_load)(center + i, count), by = NAME(wide_load)(factor + i, count);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        VECTOR upstream = NAME(load)(dy + k * stride + i, count);
        LOADED_BEFORE;
        WIDE difference = WIDEN(NAME(load)(x + k * stride + i, count)) - middle;
        WIDE dz = NAME(masked)(WIDEN(upstream), difference, a, b, mask_factor != NULL);
        WIDE v = slope ? NAME(wide_madd)(by, dz, NAME(wide_madd)(s, difference, c)) : by * dz;
        NAME(store)(dx + k * stride + i, NARROW(v), count);
    }
}

INLINE void NAME(gradient_rows)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor,
    const double *mask_constant, const double *factor, const double *slope, const double *constant, REAL *dx,
    ptrdiff_t rows, ptrdiff_t columns
) {
    ptrdiff_t row = 0;
    for (; row + ROWS <= rows; row += ROWS, dy += ROWS * stride, x += ROWS * stride, dx += ROWS * stride) {
        ptrdiff_t i = 0;
        for (; i + WIDTH <= columns; i += WIDTH)
            NAME(gradient_columns)(
                dy, x, stride, center, mask_factor, mask_constant, factor, slope, constant, dx, ROWS, i, WIDTH);
        if (i < columns)
            NAME(gradient_columns)(
                dy, x, stride, center, mask_factor, mask_constant, factor, slope, constant, dx, ROWS, i,
                columns - i);
    }
    for (; row < rows; ++row, dy += stride, x += stride, dx += stride) {
        ptrdiff_t i = 0;
        for (; i + WIDTH <= columns; i += WIDTH)
            NAME(gradient_columns)(
                dy, x, stride, center, mask_factor, mask_constant, factor, slope, constant, dx, 1, i, WIDTH);
        if (i < columns)
            NAME(gradient_columns)(
                dy, x, stride, center, mask_factor, mask_constant, factor, slope, constant, dx, 1, i, columns - i);
    }
}

// dx = factor dz + slope (x - center) + constant, dz as above; without slope, factor dz.
static void NAME(channel_gradient)(
    const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor,
    const double *mask_constant, const double *factor, const double *slope, const double *constant, REAL *dx,
    ptrdiff_t rows, ptrdiff_t columns
) {
    if (mask_factor && slope)
        NAME(gradient_rows)(
            dy, x, stride, center, mask_factor, mask_constant, factor, slope, constant, dx, rows, columns);
    else if (mask_factor)
        NAME(gradient_rows)(
            dy, x, stride, center, mask_factor, mask_constant, factor, NULL, NULL, dx, rows, columns);
    else if (slope)
        NAME(gradient_rows)(dy, x, stride, center, NULL, NULL, factor, slope, constant, dx, rows, columns);
    else NAME(gradient_rows)(dy, x, stride, center, NULL, NULL, factor, NULL, NULL, dx, rows, columns);
}

#undef ROWS
