// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Softmax and its logarithm by whole rows, with their gradients, for one instruction set and precision. A row comes
// from memory once: the later passes find it in the first-level cache, if it is not longer than that.

#include "lanes.h"

// The largest of sign x; NaN if there is one.
INLINE REAL NAME(signed_maximum)(const REAL *x, VECTOR sign, ptrdiff_t count) {
    VECTOR largest = SPLAT(-INFINITY), second = largest;
    MASK ordered = largest == largest;
    ptrdiff_t i = 0;
    for (; i + 2 * WIDTH <= count; i += 2 * WIDTH) {
        VECTOR a = sign * LOAD(x + i), b = sign * LOAD(x + i + WIDTH);
        largest = SELECT(a > largest, a, largest);
        second = SELECT(b > second, b, second);
        ordered &= (a == a) & (b == b);
    }
    for (; i < count; i += WIDTH) {
        VECTOR a = SELECT(NAME(first_lanes)(count - i), sign * NAME(load)(x + i, count - i), SPLAT(-INFINITY));
        largest = SELECT(a > largest, a, largest);
        ordered &= a == a;
    }
    largest = SELECT(second > largest, second, largest);
    return __builtin_reduce_and(ordered) ? NAME(lanes_maximum)(largest) : NAN;
}

// y = e / sum e with e = exp(sign x - m), m the largest of sign x: every e is in y before the sum is known.
static void NAME(softmax)(const REAL *x, REAL sign, REAL *y, ptrdiff_t rows, ptrdiff_t columns) {
    const VECTOR turn = SPLAT(sign);
    for (ptrdiff_t row = 0; row < rows; ++row, x += columns, y += columns) {
        const VECTOR shift = SPLAT(-NAME(signed_maximum)(x, turn, columns));
        WIDE total = (WIDE)0;
        ptrdiff_t i = 0;
        while (i + WIDTH <= columns) {
            VECTOR block = SPLAT(0);
            for (int k = 0; k < 16 && i + WIDTH <= columns; ++k, i += WIDTH) {
                VECTOR e = NAME(falling_exp)(NAME(madd)(turn, LOAD(x + i), shift));
                STORE(y + i, e);
                block += e;
            }
            total += WIDEN(block);
        }
        if (i < columns) {
            VECTOR e = NAME(falling_exp)(NAME(madd)(turn, NAME(load_part)(x + i, columns - i), shift));
            NAME(store_part)(y + i, e, columns - i);
            total += WIDEN(SELECT(NAME(first_lanes)(columns - i), e, SPLAT(0)));
        }
        const VECTOR scale = SPLAT(1 / NAME(lanes_sum)(total));
        for (i = 0; i < columns; i += WIDTH)
            NAME(store)(y + i, NAME(load)(y + i, columns - i) * scale, columns - i);
    }
}

// dx = sign y (dy - sum dy y). dx may be dy.
static void NAME(softmax_backward)(
    const REAL *y, REAL sign, const REAL *dy, REAL *dx, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, y += columns, dy += columns, dx += columns) {
        WIDE total = (WIDE)0;
        for (ptrdiff_t i = 0; i < columns;) {
            VECTOR block = SPLAT(0);
            for (int k = 0; k < 16 && i < columns; ++k, i += WIDTH)
                block = NAME(madd)(NAME(load)(y + i, columns - i), NAME(load)(dy + i, columns - i), block);
            total += WIDEN(block);
        }
        const VECTOR dot = SPLAT(NAME(lanes_sum)(total)), turn = SPLAT(sign);
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            VECTOR d = NAME(load)(dy + i, columns - i) - dot;
            NAME(store)(dx + i, turn * NAME(load)(y + i, columns - i) * d, columns - i);
        }
    }
}

// y = (x - m) - log sum exp(x - m), m the largest. y may be x.
static void NAME(log_softmax)(const REAL *x, REAL *y, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t row = 0; row < rows; ++row, x += columns, y += columns) {
        const VECTOR shift = SPLAT(NAME(signed_maximum)(x, SPLAT(1), columns));
        WIDE total = (WIDE)0;
        ptrdiff_t i = 0;
        while (i + WIDTH <= columns) {
            VECTOR block = SPLAT(0);
            for (int k = 0; k < 16 && i + WIDTH <= columns; ++k, i += WIDTH)
                block += NAME(falling_exp)(LOAD(x + i) - shift);
            total += WIDEN(block);
        }
        if (i < columns) {
            VECTOR e = NAME(falling_exp)(NAME(load_part)(x + i, columns - i) - shift);
            total += WIDEN(SELECT(NAME(first_lanes)(columns - i), e, SPLAT(0)));
        }
        const VECTOR rest = SPLAT(log(NAME(lanes_sum)(total)));
        for (i = 0; i < columns; i += WIDTH)
            NAME(store)(y + i, (NAME(load)(x + i, columns - i) - shift) - rest, columns - i);
    }
}

// dx = dy - exp(y) sum dy. dx may be dy.
static void NAME(log_softmax_backward)(
    const REAL *y, const REAL *dy, REAL *dx, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, y += columns, dy += columns, dx += columns) {
        WIDE total = (WIDE)0;
        for (ptrdiff_t i = 0; i < columns;) {
            VECTOR block = SPLAT(0);
            for (int k = 0; k < 16 && i < columns; ++k, i += WIDTH) block += NAME(load)(dy + i, columns - i);
            total += WIDEN(block);
        }
        const VECTOR sum = SPLAT(NAME(lanes_sum)(total));
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            VECTOR p = NAME(falling_exp)(NAME(load)(y + i, columns - i));
            NAME(store)(dx + i, NAME(load)(dy + i, columns - i) - p * sum, columns - i);
        }
    }
}
