// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Mean and sum of squared differences of each column, in one pass, for one instruction set and precision. Differences
// are taken from a value near the mean, the mean of the first eight rows, so that a large mean does not cancel; they
// are summed eight rows at a time in REAL, by pairs, and those sums in double.

#define STRIP 512

INLINE VECTOR NAME(pairwise)(const VECTOR *v) {
    return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

INLINE void NAME(moments_columns)(
    const REAL *x, ptrdiff_t stride, const REAL *shift, double *sums, double *squares, int rows, ptrdiff_t i,
    ptrdiff_t count
) {
    VECTOR near = LOAD(shift + i), d[8], q[8];
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; ++k) {
        d[k] = k < rows ? NAME(load)(x + k * stride + i, count) - near : SPLAT(0);
        q[k] = d[k] * d[k];
    }
    NAME(add_widened)(sums + i, NAME(pairwise)(d), count);
    NAME(add_widened)(squares + i, NAME(pairwise)(q), count);
}

// sums += sum of (x - shift), squares += sum of (x - shift)^2 over up to eight rows.
INLINE void NAME(moments_rows)(
    const REAL *x, ptrdiff_t stride, const REAL *shift, double *sums, double *squares, int rows, ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH) NAME(moments_columns)(x, stride, shift, sums, squares, rows, i, WIDTH);
    if (i < columns) NAME(moments_columns)(x, stride, shift, sums, squares, rows, i, columns - i);
}

INLINE void NAME(moments_shift)(const REAL *x, ptrdiff_t stride, REAL *shift, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
        VECTOR v[8];
#pragma clang loop unroll(full)
        for (int k = 0; k < 8; ++k) v[k] = NAME(load)(x + (rows < 8 ? 0 : k) * stride + i, columns - i);
        STORE(shift + i, NAME(pairwise)(v) * SPLAT(0.125));
    }
}

static void NAME(column_moments)(
    const REAL *x, ptrdiff_t stride, double *mean, double *squares, ptrdiff_t rows, ptrdiff_t columns
) {
    REAL shift[STRIP];
    for (ptrdiff_t first = 0; first < columns; first += STRIP, x += STRIP, mean += STRIP, squares += STRIP) {
        ptrdiff_t width = columns - first < STRIP ? columns - first : STRIP;
        for (ptrdiff_t i = 0; i < width; ++i) mean[i] = squares[i] = 0;
        if (rows <= 0) continue;
        NAME(moments_shift)(x, stride, shift, rows, width);
        const REAL *p = x;
        ptrdiff_t row = 0;
        for (; row + 8 <= rows; row += 8, p += 8 * stride)
            NAME(moments_rows)(p, stride, shift, mean, squares, 8, width);
        if (row < rows) NAME(moments_rows)(p, stride, shift, mean, squares, (int)(rows - row), width);
        for (ptrdiff_t i = 0; i < width; ++i) {
            double difference = mean[i] / (double)rows;
            double rest = squares[i] - mean[i] * difference;
            mean[i] = (double)shift[i] + difference;
            squares[i] = rest < 0 ? 0 : rest;
        }
    }
}

#undef STRIP
