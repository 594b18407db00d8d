// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Layer normalization of contiguous rows, for one instruction set and precision.

INLINE double NAME(fold)(WIDE v) {
    double sum = 0;
    for (int lane = 0; lane < WIDTH; ++lane) sum += v[lane];
    return sum;
}

// y = scale xhat + offset, xhat = (x - mean) r, r = 1 / sqrt(variance + epsilon). Two passes over the row for its
// statistics, in double lanes: no cancellation however far the mean is from zero.
static void NAME(layer_normalization)(
    const REAL *x, const REAL *scale, const REAL *offset, REAL epsilon, REAL *y, REAL *mean, REAL *deviation,
    ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, x += columns, y += columns) {
        WIDE a = (WIDE)0, b = (WIDE)0;
        ptrdiff_t i = 0;
        for (; i + 2 * WIDTH <= columns; i += 2 * WIDTH) {
            a += WIDEN(LOAD(x + i));
            b += WIDEN(LOAD(x + i + WIDTH));
        }
        for (; i < columns; i += WIDTH) a += WIDEN(NAME(load)(x + i, columns - i));
        double m = NAME(fold)(a + b) / (double)columns;

        a = b = (WIDE)0;
        i = 0;
        for (; i + 2 * WIDTH <= columns; i += 2 * WIDTH) {
            WIDE u = WIDEN(LOAD(x + i)) - (WIDE)m, v = WIDEN(LOAD(x + i + WIDTH)) - (WIDE)m;
            a = NAME(wide_madd)(u, u, a);
            b = NAME(wide_madd)(v, v, b);
        }
        for (; i + WIDTH <= columns; i += WIDTH) {
            WIDE u = WIDEN(LOAD(x + i)) - (WIDE)m;
            a = NAME(wide_madd)(u, u, a);
        }
        double squares = NAME(fold)(a + b);
        for (; i < columns; ++i) squares += ((double)x[i] - m) * ((double)x[i] - m);
        double r = 1 / sqrt(squares / (double)columns + (double)epsilon);
        mean[row] = (REAL)m;
        deviation[row] = (REAL)r;

        // Where x is near the mean the first difference is exact, so the mean's own rounding error is what is left.
        VECTOR high = SPLAT(m), low = SPLAT(m - (double)(REAL)m), factor = SPLAT(r);
        for (i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR v = ((NAME(load)(x + i, count) - high) - low) * factor;
            VECTOR s = scale ? NAME(load)(scale + i, count) : SPLAT(1);
            VECTOR o = offset ? NAME(load)(offset + i, count) : SPLAT(0);
            NAME(store)(y + i, NAME(madd)(v, s, o), count);
        }
    }
}

// With g = scale dy:  dx = r (g - mean(g) - xhat mean(g xhat)),  dscale += dy xhat,  doffset += dy.
static void NAME(layer_normalization_backward)(
    const REAL *x, const REAL *scale, const REAL *mean, const REAL *deviation, const REAL *dy, REAL *dx, REAL *dscale,
    REAL *doffset, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, x += columns, dy += columns, dx += columns) {
        VECTOR m = SPLAT(mean[row]), r = SPLAT(deviation[row]);
        WIDE sum = (WIDE)0, dot = (WIDE)0;
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR d = NAME(load)(dy + i, count);
            VECTOR normalized = (NAME(load)(x + i, count) - m) * r;
            // Unused lanes of dy are zero and so add nothing, unless times infinity.
            if (count < WIDTH) normalized = SELECT(NAME(first_lanes)(count), normalized, SPLAT(0));
            VECTOR g = scale ? d * NAME(load)(scale + i, count) : d;
            sum += WIDEN(g);
            dot = NAME(wide_madd)(WIDEN(g), WIDEN(normalized), dot);
            if (dscale)
                NAME(store)(dscale + i, NAME(madd)(d, normalized, NAME(load)(dscale + i, count)), count);
            if (doffset) NAME(store)(doffset + i, NAME(load)(doffset + i, count) + d, count);
        }
        VECTOR mean_g = SPLAT(NAME(fold)(sum) / (double)columns);
        VECTOR mean_dot = SPLAT(NAME(fold)(dot) / (double)columns);
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR d = NAME(load)(dy + i, count);
            VECTOR normalized = (NAME(load)(x + i, count) - m) * r;
            VECTOR g = scale ? d * NAME(load)(scale + i, count) : d;
            NAME(store)(dx + i, r * NAME(madd)(-normalized, mean_dot, g - mean_g), count);
        }
    }
}
