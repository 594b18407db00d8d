// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Parametric ReLU (He et al., 2015), x for x > 0, else slope x, with x = z + bias: one slope (stride 0), one a column
// (stride 1), or, with a row stride, one an element, as the randomised leaky ReLU draws them in training. Derivative 1
// for x > 0, else the slope; d slope += dy x for x <= 0, in double.

INLINE VECTOR NAME(slopes)(const REAL *slope, ptrdiff_t stride, ptrdiff_t i, ptrdiff_t count) {
    return stride ? NAME(load)(slope + i, count) : SPLAT(*slope);
}

static void NAME(parametric_forward)(
    const REAL *z, ptrdiff_t z_stride, const REAL *bias, const REAL *slope, ptrdiff_t slope_stride,
    ptrdiff_t slope_row_stride, REAL *y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, z += z_stride, y += y_stride, slope += slope_row_stride) {
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR x = NAME(load)(z + i, count);
            if (bias) x += NAME(load)(bias + i, count);
            VECTOR a = NAME(slopes)(slope, slope_stride, i, count);
            NAME(store)(y + i, SELECT(x > SPLAT(0), x, a * x), count);
        }
    }
}

static void NAME(parametric_backward)(
    const REAL *z, ptrdiff_t z_stride, const REAL *bias, const REAL *slope, ptrdiff_t slope_stride,
    ptrdiff_t slope_row_stride, const REAL *dy, ptrdiff_t dy_stride, REAL *dz, ptrdiff_t dz_stride, double *d_slope,
    ptrdiff_t rows, ptrdiff_t columns
) {
    // For one slope, rows are summed in REAL and added up in double.
    double total = 0;
    for (ptrdiff_t row = 0; row < rows;
         ++row, z += z_stride, dy += dy_stride, dz += dz_stride, slope += slope_row_stride) {
        VECTOR sum = SPLAT(0);
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR upstream = NAME(load)(dy + i, count);
            LOADED_BEFORE;
            VECTOR x = NAME(load)(z + i, count);
            if (bias) x += NAME(load)(bias + i, count);
            VECTOR a = NAME(slopes)(slope, slope_stride, i, count);
            MASK positive = x > SPLAT(0);
            VECTOR g = SELECT(positive, upstream, a * upstream);
            // In the lanes past a tail, upstream is zero and x the bias's zero: they add nothing.
            VECTOR s = SELECT(positive, SPLAT(0), upstream * x);
            NAME(store)(dz + i, g, count);
            if (d_slope && slope_stride) NAME(add_wide)(d_slope + i, WIDEN(s), count);
            else sum += s;
        }
        if (d_slope && !slope_stride) {
            WIDE wide = WIDEN(sum);
            for (int lane = 0; lane < WIDTH; ++lane) total += wide[lane];
        }
    }
    if (d_slope && !slope_stride) *d_slope += total;
}
