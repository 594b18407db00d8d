// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Sums in double of columns and rows, for one instruction set and precision: those of Float's values as they come,
// those of Double's with what each addition loses beside them, so that neither grows less exact with their number.

#undef STRIP
#undef IS_FLOAT
// As many columns as have their lost parts on the stack.
#define STRIP 512
#define IS_FLOAT (sizeof(REAL) == 4)

// The first `count` lanes from memory, the others zero.
INLINE WIDE NAME(wide_load)(const double *p, ptrdiff_t count) {
    if (count >= WIDTH) return (WIDE) * (const NAME(wide_unaligned) *)p;
    WIDE v = (WIDE)0;
    for (ptrdiff_t lane = 0; lane < count; ++lane) v[lane] = p[lane];
    return v;
}

INLINE void NAME(wide_store)(double *p, WIDE v, ptrdiff_t count) {
    if (count >= WIDTH) {
        *(NAME(wide_unaligned) *)p = v;
        return;
    }
    for (ptrdiff_t lane = 0; lane < count; ++lane) p[lane] = v[lane];
}

// total[i] += lane i of v; for Double, low[i] += what that rounds off (Knuth).
INLINE void NAME(accumulate)(double *total, double *low, WIDE v, ptrdiff_t count) {
    WIDE before = NAME(wide_load)(total, count), sum = before + v;
    if (!IS_FLOAT) {
        WIDE added = sum - before;
        NAME(wide_store)(low, NAME(wide_load)(low, count) + ((before - (sum - added)) + (v - added)), count);
    }
    NAME(wide_store)(total, sum, count);
}

// Puts sums and their lost parts together; of an infinite sum there are none.
INLINE double NAME(completed)(double total, double low) { return IS_FLOAT || low != low ? total : total + low; }

// The sum of the lanes, by halves.
INLINE double NAME(lanes_sum)(WIDE v) {
    union {
        WIDE v;
        double lanes[WIDTH];
    } u = {.v = v};
#pragma clang loop unroll(full)
    for (int half = WIDTH / 2; half > 0; half /= 2) {
#pragma clang loop unroll(full)
        for (int lane = 0; lane < half; ++lane) u.lanes[lane] += u.lanes[lane + half];
    }
    return u.lanes[0];
}
