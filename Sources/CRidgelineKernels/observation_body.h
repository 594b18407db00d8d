// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// What a layer's outputs are like, in one pass over them, for one instruction set and precision.

// Adds the columns [0, count) of one row to the sums, and sets the flags of those outside the silent values.
INLINE void NAME(observe_part)(const REAL *y, ptrdiff_t count, const REAL *bounds, REAL shift, REAL *active,
                               double *sums) {
    VECTOR sum = SPLAT(0), squares = sum;
    MASK zeros = (MASK)0, flat = zeros;
    for (ptrdiff_t i = 0; i < count; i += WIDTH) {
        ptrdiff_t rest = count - i;
        VECTOR v = NAME(load)(y + i, rest), flags = NAME(load)(active + i, rest);
        VECTOR d = v - SPLAT(shift);
        MASK is_zero = v == SPLAT(0);
        MASK is_flat = ((v >= SPLAT(bounds[0])) & (v <= SPLAT(bounds[1]))) |
                       ((v >= SPLAT(bounds[2])) & (v <= SPLAT(bounds[3])));
        MASK is_silent = (v >= SPLAT(bounds[4])) & (v <= SPLAT(bounds[5]));
        NAME(store)(active + i, SELECT(is_silent, flags, SPLAT(1)), rest);
        if (rest < WIDTH) {
            MASK valid = NAME(first_lanes)(rest);
            d = SELECT(valid, d, SPLAT(0));
            is_zero &= valid;
            is_flat &= valid;
        }
        sum += d;
        squares += d * d;
        zeros -= is_zero;
        flat -= is_flat;
    }
    for (int lane = 0; lane < WIDTH; ++lane) {
        sums[0] += (double)sum[lane];
        sums[1] += (double)squares[lane];
        sums[2] += (double)zeros[lane];
        sums[3] += (double)flat[lane];
    }
}

static void NAME(observe)(const REAL *y, ptrdiff_t rows, ptrdiff_t columns, const REAL *bounds, REAL shift,
                          REAL *active, double *sums) {
    // The lanes add few enough values to lose nothing that matters.
    const ptrdiff_t part = 4096;
    for (ptrdiff_t row = 0; row < rows; ++row)
        for (ptrdiff_t i = 0; i < columns; i += part)
            NAME(observe_part)(y + row * columns + i, columns - i < part ? columns - i : part, bounds, shift,
                               active + i, sums);
}
