// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Exponentials and their sums, for one instruction set and precision.

#include "lanes.h"

// scale exp(x - shift). What the subtraction rounds off, half a unit of a large difference, would be many units of its
// exponential: it is found (Knuth's two-sum) and multiplied in, e^(d + r) = e^d (1 + r), where both are finite.
INLINE VECTOR NAME(shifted_exp)(VECTOR x, VECTOR shift, VECTOR scale) {
    VECTOR d = x - shift, back = d - x;
    VECTOR rest = (x - (d - back)) - (shift + back);
    VECTOR e = NAME(scaled_exp)(d, scale);
    MASK finite = (rest == rest) & (NAME(absolute)(e) < SPLAT(INFINITY));
    return e + SELECT(finite, e * rest, SPLAT(0));
}

// out = scale exp(x - shift)
static void NAME(exponential_shifted)(const REAL *x, REAL shift, REAL scale, REAL *out, ptrdiff_t count) {
    ptrdiff_t i = 0;
    if (shift == 0) {
        for (; i + WIDTH <= count; i += WIDTH) STORE(out + i, NAME(scaled_exp)(LOAD(x + i), SPLAT(scale)));
    } else {
        for (; i + WIDTH <= count; i += WIDTH)
            STORE(out + i, NAME(shifted_exp)(LOAD(x + i), SPLAT(shift), SPLAT(scale)));
    }
    if (i < count) {
        VECTOR v = NAME(load_part)(x + i, count - i);
        NAME(store_part)(out + i, NAME(shifted_exp)(v, SPLAT(shift), SPLAT(scale)), count - i);
    }
}

// The sum of exp(x - shift): in blocks of four REAL vectors, folded into double, so that no count loses accuracy.
static double NAME(sum_of_exponentials)(const REAL *x, REAL shift, ptrdiff_t count) {
    WIDE total = (WIDE)0;
    ptrdiff_t i = 0;
    while (i + WIDTH <= count) {
        VECTOR block = SPLAT(0);
        for (int k = 0; k < 4 && i + WIDTH <= count; ++k, i += WIDTH)
            block += NAME(shifted_exp)(LOAD(x + i), SPLAT(shift), SPLAT(1));
        total += WIDEN(block);
    }
    if (i < count) {
        VECTOR v = NAME(shifted_exp)(NAME(load_part)(x + i, count - i), SPLAT(shift), SPLAT(1));
        total += WIDEN(SELECT(NAME(first_lanes)(count - i), v, SPLAT(0)));
    }
    return NAME(lanes_sum)(total);
}
