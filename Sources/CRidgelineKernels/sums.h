// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The sum of a row, in double lanes, for one instruction set and precision.

#include "lanes.h"

INLINE double NAME(sum_of_row)(const REAL *x, ptrdiff_t count) {
    WIDE a = (WIDE)0, b = (WIDE)0, c = (WIDE)0, d = (WIDE)0;
    ptrdiff_t i = 0;
    for (; i + 4 * WIDTH <= count; i += 4 * WIDTH) {
        a += WIDEN(LOAD(x + i));
        b += WIDEN(LOAD(x + i + WIDTH));
        c += WIDEN(LOAD(x + i + 2 * WIDTH));
        d += WIDEN(LOAD(x + i + 3 * WIDTH));
    }
    for (; i + WIDTH <= count; i += WIDTH) a += WIDEN(LOAD(x + i));
    if (i < count) b += WIDEN(NAME(load_part)(x + i, count - i));
    return NAME(lanes_sum)((a + b) + (c + d));
}

