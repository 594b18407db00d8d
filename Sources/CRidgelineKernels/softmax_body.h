// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Exponentials and their sums, for one instruction set and precision.

// out = scale exp(x - shift)
static void NAME(exponential_shifted)(const REAL *x, REAL shift, REAL scale, REAL *out, ptrdiff_t count) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH)
        STORE(out + i, NAME(scaled_exp)(LOAD(x + i) - SPLAT(shift), SPLAT(scale)));
    if (i < count) {
        VECTOR v = NAME(load_part)(x + i, count - i) - SPLAT(shift);
        NAME(store_part)(out + i, NAME(scaled_exp)(v, SPLAT(scale)), count - i);
    }
}

// The sum of exp(x - shift): in short blocks of REAL, folded into double, so that no count loses accuracy.
static double NAME(sum_of_exponentials)(const REAL *x, REAL shift, ptrdiff_t count) {
    WIDE total = (WIDE)0;
    ptrdiff_t i = 0;
    while (i + WIDTH <= count) {
        VECTOR block = SPLAT(0);
        for (int k = 0; k < 16 && i + WIDTH <= count; ++k, i += WIDTH)
            block += NAME(scaled_exp)(LOAD(x + i) - SPLAT(shift), SPLAT(1));
        total += WIDEN(block);
    }
    if (i < count) {
        VECTOR v = NAME(scaled_exp)(NAME(load_part)(x + i, count - i) - SPLAT(shift), SPLAT(1));
        total += WIDEN(SELECT(NAME(first_lanes)(count - i), v, SPLAT(0)));
    }
    double sum = 0;
    for (int lane = 0; lane < WIDTH; ++lane) sum += total[lane];
    return sum;
}
