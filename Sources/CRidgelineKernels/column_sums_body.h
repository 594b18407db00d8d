// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// total[j] += the sum of x[i][j] over the rows i, for one instruction set and precision, in double throughout: terms
// that cancel leave what is small beside them, and no sum of floats overflows on the way. Eight rows at a time are
// summed by pairs before the total is touched.

static void NAME(column_sums)(
    const REAL *x, ptrdiff_t stride, double *total, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; row += 8, x += 8 * stride) {
        ptrdiff_t block = rows - row;
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            const REAL *p = x + i;
            ptrdiff_t count = columns - i;
            WIDE sum;
            if (block >= 8 && count >= WIDTH) {
                WIDE a = WIDEN(LOAD(p)) + WIDEN(LOAD(p + stride));
                WIDE b = WIDEN(LOAD(p + 2 * stride)) + WIDEN(LOAD(p + 3 * stride));
                WIDE c = WIDEN(LOAD(p + 4 * stride)) + WIDEN(LOAD(p + 5 * stride));
                WIDE d = WIDEN(LOAD(p + 6 * stride)) + WIDEN(LOAD(p + 7 * stride));
                sum = (a + b) + (c + d);
            } else {
                sum = WIDEN(NAME(load)(p, count));
                for (ptrdiff_t k = 1; k < 8 && k < block; ++k) sum += WIDEN(NAME(load)(p + k * stride, count));
            }
            NAME(add_wide)(total + i, sum, count);
        }
    }
}
