// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Mean and sum of squared differences of each column, for one instruction set and precision. The mean is center +
// delta: a value near it, and the rest, so that x - center loses nothing where x is near the mean and a
// mean far larger than the deviation costs nothing. All sums are in double, of differences from the center, at first
// the mean of the first eight rows. Float is done in one pass: were those rows all of the variance, double would have
// digits to spare. Double takes a second pass, about the mean that the first has found.

#include "double_sums.h"

INLINE void NAME(moments_columns)(
    const REAL *x, ptrdiff_t stride, const REAL *center, double *sums, double *squares, double *low, int rows,
    ptrdiff_t i, ptrdiff_t count
) {
    WIDE near = WIDEN(LOAD(center + i)), sum[2], square[2];
    for (int k = 0; k < 2; ++k) sum[k] = square[k] = (WIDE)0;
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        WIDE d = WIDEN(NAME(load)(x + k * stride + i, count)) - near;
        sum[k & 1] += d;
        square[k & 1] = NAME(wide_madd)(d, d, square[k & 1]);
    }
    NAME(accumulate)(sums + i, low + i, sum[0] + sum[1], count);
    NAME(accumulate)(squares + i, low + STRIP + i, square[0] + square[1], count);
}

// sums += sum of (x - center), squares += sum of (x - center)^2 over some rows.
INLINE void NAME(moments_rows)(
    const REAL *x, ptrdiff_t stride, const REAL *center, double *sums, double *squares, double *low, int rows,
    ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(moments_columns)(x, stride, center, sums, squares, low, rows, i, WIDTH);
    if (i < columns) NAME(moments_columns)(x, stride, center, sums, squares, low, rows, i, columns - i);
}

INLINE void NAME(moments_center)(const REAL *x, ptrdiff_t stride, REAL *center, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
        VECTOR mean = SPLAT(0);
#pragma clang loop unroll(full)
        for (int k = 0; k < 8; ++k)
            mean += NAME(load)(x + (rows < 8 ? 0 : k) * stride + i, columns - i) * SPLAT(0.125);
        STORE(center + i, mean);
    }
}

static void NAME(column_moments)(
    const REAL *x, ptrdiff_t stride, double *center, double *delta, double *squares, ptrdiff_t rows, ptrdiff_t columns
) {
    REAL near[STRIP];
    double low[IS_FLOAT ? 1 : 2 * STRIP];
    for (ptrdiff_t first = 0; first < columns;
         first += STRIP, x += STRIP, center += STRIP, delta += STRIP, squares += STRIP) {
        ptrdiff_t width = columns - first < STRIP ? columns - first : STRIP;
        if (rows <= 0) {
            for (ptrdiff_t i = 0; i < width; ++i) center[i] = delta[i] = squares[i] = 0;
            continue;
        }
        NAME(moments_center)(x, stride, near, rows, width);
        for (int pass = IS_FLOAT ? 1 : 0; pass < 2; ++pass) {
            for (ptrdiff_t i = 0; i < width; ++i) delta[i] = squares[i] = 0;
            if (!IS_FLOAT)
                for (ptrdiff_t i = 0; i < 2 * STRIP; ++i) low[i] = 0;
            const REAL *p = x;
            ptrdiff_t row = 0;
            for (; row + 8 <= rows; row += 8, p += 8 * stride)
                NAME(moments_rows)(p, stride, near, delta, squares, low, 8, width);
            for (; row < rows; ++row, p += stride)
                NAME(moments_rows)(p, stride, near, delta, squares, low, 1, width);
            for (ptrdiff_t i = 0; i < width; ++i) {
                double sum = IS_FLOAT ? delta[i] : NAME(completed)(delta[i], low[i]);
                double square = IS_FLOAT ? squares[i] : NAME(completed)(squares[i], low[STRIP + i]);
                double difference = sum / (double)rows;
                if (pass == 0) {
                    near[i] += (REAL)difference;
                    continue;
                }
                double rest = square - sum * difference;
                center[i] = (double)near[i];
                delta[i] = difference;
                squares[i] = rest < 0 ? 0 : rest;
            }
        }
    }
}
