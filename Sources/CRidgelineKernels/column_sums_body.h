// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// total[j] += the sum of x[i][j] over the rows i, for one instruction set and precision. Eight rows at a time are summed
// in REAL, by pairs, and those sums in double: a float column of 10^8 values stays right to a few parts in 10^7.

static void NAME(column_sums)(
    const REAL *x, ptrdiff_t stride, double *total, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; row += 8, x += 8 * stride) {
        ptrdiff_t block = rows - row;
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            const REAL *p = x + i;
            ptrdiff_t count = columns - i;
            VECTOR sum;
            if (block >= 8 && count >= WIDTH) {
                VECTOR a = LOAD(p) + LOAD(p + stride), b = LOAD(p + 2 * stride) + LOAD(p + 3 * stride);
                VECTOR c = LOAD(p + 4 * stride) + LOAD(p + 5 * stride), d = LOAD(p + 6 * stride) + LOAD(p + 7 * stride);
                sum = (a + b) + (c + d);
            } else {
                sum = NAME(load)(p, count);
                for (ptrdiff_t k = 1; k < 8 && k < block; ++k) sum += NAME(load)(p + k * stride, count);
            }
            NAME(add_widened)(total + i, sum, count);
        }
    }
}
