// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Sums and extremes, for one instruction set and precision. Sums run in double lanes, so that a float is added
// exactly as it is and 10^8 of them lose nothing.

INLINE double NAME(fold)(WIDE v) {
    double sum = 0;
    for (int lane = 0; lane < WIDTH; ++lane) sum += v[lane];
    return sum;
}

static double NAME(sum)(const REAL *x, ptrdiff_t count) {
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
    return NAME(fold)((a + b) + (c + d));
}

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
    return NAME(fold)(a + b);
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
        REAL result = (REAL)(START); \
        for (int lane = 0; lane < WIDTH; ++lane) { \
            if (nan[lane]) return (REAL)NAN; \
            if (a[lane] COMPARE result) result = a[lane]; \
        } \
        return result; \
    }
DEFINE(maximum, >, -INFINITY)
DEFINE(minimum, <, INFINITY)
