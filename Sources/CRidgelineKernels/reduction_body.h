// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Sums and extremes, for one instruction set and precision. Sums run in double lanes, so that a float is added
// exactly as it is and 10^8 of them lose nothing.

#include "sums.h"

static double NAME(sum)(const REAL *x, ptrdiff_t count) { return NAME(sum_of_row)(x, count); }

// sum (x - shift)^2
static double NAME(sum_of_squares)(const REAL *x, double shift, ptrdiff_t count) {
    WIDE a = (WIDE)0, b = (WIDE)0, m = (WIDE)shift;
    ptrdiff_t i = 0;
    for (; i + 2 * WIDTH <= count; i += 2 * WIDTH) {
        WIDE u = WIDEN(LOAD(x + i)) - m, v = WIDEN(LOAD(x + i + WIDTH)) - m;
        a = NAME(wide_madd)(u, u, a);
        b = NAME(wide_madd)(v, v, b);
    }
    for (; i < count; i += WIDTH) {
        VECTOR raw = NAME(load)(x + i, count - i);
        if (count - i < WIDTH) {
            // Unused lanes must contribute nothing, whatever the shift.
            for (ptrdiff_t lane = 0; lane < count - i; ++lane) {
                double u = (double)raw[lane] - shift;
                b[lane] += u * u;
            }
        } else {
            WIDE u = WIDEN(raw) - m;
            a = NAME(wide_madd)(u, u, a);
        }
    }
    return NAME(lanes_sum)(a + b);
}

// The comparison drops NaN, so whether there was one is kept apart.
#undef DEFINE
#define DEFINE(extreme, COMPARE, START) \
    static REAL NAME(extreme)(const REAL *x, ptrdiff_t count) { \
        VECTOR a = SPLAT(START), b = a; \
        MASK nan = (MASK)0; \
        ptrdiff_t i = 0; \
        for (; i + 2 * WIDTH <= count; i += 2 * WIDTH) { \
            VECTOR u = LOAD(x + i), v = LOAD(x + i + WIDTH); \
            a = SELECT(u COMPARE a, u, a); \
            b = SELECT(v COMPARE b, v, b); \
            nan |= (u != u) | (v != v); \
        } \
        for (; i < count; i += WIDTH) { \
            VECTOR u = NAME(load)(x + i, count - i); \
            u = SELECT(NAME(first_lanes)(count - i), u, SPLAT(START)); \
            a = SELECT(u COMPARE a, u, a); \
            nan |= u != u; \
        } \
        a = SELECT(b COMPARE a, b, a); \
        return __builtin_reduce_or(nan) ? (REAL)NAN : NAME(lanes_##extreme)(a); \
    }
DEFINE(maximum, >, -INFINITY)
DEFINE(minimum, <, INFINITY)
