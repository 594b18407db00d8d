// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// One value from each group of values, and its gradient, for one instruction set and precision. A lane is a group:
// member j of the group of lane i is x[j step + i]. Groups that lie one after another are turned over first, a few
// registers of them at a time; of long ones, a lane is a member (fold.c has their forward pass).

#include "wide.h"
#include "sums.h"

// The groups of one block: in all lanes of a vector, or in the first `count`.
typedef struct {
    ptrdiff_t step, size, count;
} NAME(groups);
#undef GROUPS
#define GROUPS NAME(groups)

// log(s) for 1 <= s < 2^50: e log 2 + log m, 1/sqrt 2 <= m < sqrt 2, by the odd series in (m - 1) / (m + 1).
INLINE WIDE NAME(wide_log)(WIDE s) {
    WIDE_BITS shifted = (WIDE_BITS)s - (WIDE_BITS)(uint64_t)0x3FE6A09E667F3BCD;
    WIDE_MASK exponent = (WIDE_MASK)shifted >> (WIDE_MASK)52;
    WIDE m = (WIDE)((WIDE_BITS)s - ((WIDE_BITS)exponent << (WIDE_BITS)52));
    WIDE t = (m - WIDE_SPLAT(1)) / (m + WIDE_SPLAT(1)), z = t * t;
    WIDE e = (WIDE)((WIDE_BITS)exponent + (WIDE_BITS)WIDE_SPLAT(0x1.8p52)) - WIDE_SPLAT(0x1.8p52);
    return NAME(wide_madd)(e, WIDE_SPLAT(0x1.62e42fefa39efp-1), NAME(wide_madd)(t * z, WIDE_POLYNOMIAL(z, wide_log), t + t));
}

// The largest of sign x; NaN if there is one.
INLINE VECTOR NAME(fold_extreme)(const REAL *x, GROUPS g, REAL sign) {
    VECTOR largest = SPLAT(sign) * NAME(load)(x, g.count);
    for (ptrdiff_t j = 1; j < g.size; ++j) {
        VECTOR v = SPLAT(sign) * NAME(load)(x + j * g.step, g.count);
        largest = SELECT((largest >= v) | (largest != largest), largest, v);
    }
    return largest;
}

INLINE VECTOR NAME(mean_fold)(const REAL *x, GROUPS g) {
    WIDE total = WIDE_SPLAT(0);
    for (ptrdiff_t j = 0; j < g.size; ++j) total += WIDEN(NAME(load)(x + j * g.step, g.count));
    return NARROW(total / WIDE_SPLAT(g.size));
}
INLINE VECTOR NAME(total_fold)(const REAL *x, GROUPS g) {
    WIDE total = WIDE_SPLAT(0);
    for (ptrdiff_t j = 0; j < g.size; ++j) total += WIDEN(NAME(load)(x + j * g.step, g.count));
    return NARROW(total);
}
INLINE VECTOR NAME(minimum_fold)(const REAL *x, GROUPS g) { return -NAME(fold_extreme)(x, g, -1); }
INLINE VECTOR NAME(maximum_fold)(const REAL *x, GROUPS g) { return NAME(fold_extreme)(x, g, 1); }

// m + log sum exp(x - m), m the largest; m itself where it is infinite or NaN.
INLINE VECTOR NAME(log_sum_exp_fold)(const REAL *x, GROUPS g) {
    VECTOR largest = NAME(fold_extreme)(x, g, 1);
    MASK finite = NAME(absolute)(largest) < SPLAT(INFINITY);
    VECTOR shift = SELECT(finite, largest, SPLAT(0));
    WIDE total = WIDE_SPLAT(0);
    for (ptrdiff_t j = 0; j < g.size; ++j)
        total += WIDEN(NAME(falling_exp)(NAME(load)(x + j * g.step, g.count) - shift));
    return SELECT(finite, NARROW(WIDEN(shift) + NAME(wide_log)(total)), largest);
}

// What the members' gradients have in common, of the folded values and their gradient: dy over the number of winners,
// dy over the size, dy over the sum of exp(x - y), dy. Of a long group (`row`) too.
INLINE VECTOR NAME(even_share)(const REAL *x, VECTOR y, VECTOR dy, GROUPS g) {
    VECTOR winners = SPLAT(0);
    for (ptrdiff_t j = 0; j < g.size; ++j)
        winners += SELECT(NAME(load)(x + j * g.step, g.count) == y, SPLAT(1), SPLAT(0));
    return dy / winners;
}
INLINE REAL NAME(even_row_share)(const REAL *x, REAL y, REAL dy, ptrdiff_t size) {
    MASK found = (MASK)0;
    for (ptrdiff_t i = 0; i < size; i += WIDTH)
        found += (NAME(load)(x + i, size - i) == SPLAT(y)) & NAME(first_lanes)(size - i);
    return dy / (REAL)-__builtin_reduce_add(found);
}
INLINE VECTOR NAME(mean_share)(const REAL *x, VECTOR y, VECTOR dy, GROUPS g) { return dy / SPLAT(g.size); }
INLINE REAL NAME(mean_row_share)(const REAL *x, REAL y, REAL dy, ptrdiff_t size) { return dy / (REAL)size; }
// That sum is 1 but for the rounding of y, which is as coarse as the members are large.
INLINE VECTOR NAME(softmax_share)(const REAL *x, VECTOR y, VECTOR dy, GROUPS g) {
    WIDE total = WIDE_SPLAT(0);
    for (ptrdiff_t j = 0; j < g.size; ++j)
        total += WIDEN(NAME(falling_exp)(NAME(load)(x + j * g.step, g.count) - y));
    return SELECT(NAME(absolute)(y) < SPLAT(INFINITY), NARROW(WIDEN(dy) / total), dy);
}
INLINE REAL NAME(softmax_row_share)(const REAL *x, REAL y, REAL dy, ptrdiff_t size) {
    if (!(y - y == 0)) return dy;
    WIDE total = WIDE_SPLAT(0);
    for (ptrdiff_t i = 0; i < size; i += WIDTH) {
        VECTOR e = NAME(falling_exp)(NAME(load)(x + i, size - i) - SPLAT(y));
        total += WIDEN(SELECT(NAME(first_lanes)(size - i), e, SPLAT(0)));
    }
    return (REAL)(dy / NAME(lanes_sum)(total));
}

INLINE VECTOR NAME(plain_share)(const REAL *x, VECTOR y, VECTOR dy, GROUPS g) { return dy; }
INLINE REAL NAME(plain_row_share)(const REAL *x, REAL y, REAL dy, ptrdiff_t size) { return dy; }

// A member's gradient, of its value, the folded one and the share. NaN of no winner, or of an infinite share.
INLINE VECTOR NAME(even_member)(VECTOR x, VECTOR y, VECTOR share) { return SELECT(x == y, share, share * SPLAT(0)); }
INLINE VECTOR NAME(mean_member)(VECTOR x, VECTOR y, VECTOR share) { return share; }
INLINE VECTOR NAME(plain_member)(VECTOR x, VECTOR y, VECTOR share) { return share; }
INLINE VECTOR NAME(softmax_member)(VECTOR x, VECTOR y, VECTOR share) { return share * NAME(falling_exp)(x - y); }

// Four vectors of groups side by side, which hide the latency of each other's chain. The comparison drops NaN, so whether
// there was one is kept apart.
#undef DEFINE
#define DEFINE(extreme, COMPARE) \
    INLINE void NAME(extreme##_fold4)(const REAL *x, REAL *y, ptrdiff_t size, ptrdiff_t step) { \
        VECTOR a = LOAD(x), b = LOAD(x + WIDTH), c = LOAD(x + 2 * WIDTH), d = LOAD(x + 3 * WIDTH); \
        MASK nan_a = a != a, nan_b = b != b, nan_c = c != c, nan_d = d != d; \
        for (ptrdiff_t j = 1; j < size; ++j) { \
            const REAL *from = x + j * step; \
            VECTOR u = LOAD(from), v = LOAD(from + WIDTH), w = LOAD(from + 2 * WIDTH), z = LOAD(from + 3 * WIDTH); \
            nan_a |= u != u, nan_b |= v != v, nan_c |= w != w, nan_d |= z != z; \
            a = SELECT(u COMPARE a, u, a), b = SELECT(v COMPARE b, v, b); \
            c = SELECT(w COMPARE c, w, c), d = SELECT(z COMPARE d, z, d); \
        } \
        STORE(y, SELECT(nan_a, SPLAT(NAN), a)); \
        STORE(y + WIDTH, SELECT(nan_b, SPLAT(NAN), b)); \
        STORE(y + 2 * WIDTH, SELECT(nan_c, SPLAT(NAN), c)); \
        STORE(y + 3 * WIDTH, SELECT(nan_d, SPLAT(NAN), d)); \
    }
DEFINE(maximum, >)
DEFINE(minimum, <)
#undef DEFINE
#define DEFINE(name, FINISH) \
    INLINE void NAME(name##_fold4)(const REAL *x, REAL *y, ptrdiff_t size, ptrdiff_t step) { \
        WIDE a = WIDE_SPLAT(0), b = a, c = a, d = a; \
        for (ptrdiff_t j = 0; j < size; ++j) { \
            const REAL *from = x + j * step; \
            a += WIDEN(LOAD(from)), b += WIDEN(LOAD(from + WIDTH)); \
            c += WIDEN(LOAD(from + 2 * WIDTH)), d += WIDEN(LOAD(from + 3 * WIDTH)); \
        } \
        STORE(y, NARROW(FINISH(a))); \
        STORE(y + WIDTH, NARROW(FINISH(b))); \
        STORE(y + 2 * WIDTH, NARROW(FINISH(c))); \
        STORE(y + 3 * WIDTH, NARROW(FINISH(d))); \
    }
#undef OF_SIZE
#define OF_SIZE(sum) ((sum) / WIDE_SPLAT(size))
DEFINE(mean, OF_SIZE)
DEFINE(total, )
INLINE void NAME(log_sum_exp_fold4)(const REAL *x, REAL *y, ptrdiff_t size, ptrdiff_t step) {
    for (int i = 0; i < 4; ++i) {
        GROUPS g = {step, size, WIDTH};
        STORE(y + i * WIDTH, NAME(log_sum_exp_fold)(x + i * WIDTH, g));
    }
}

// Groups side by side.
INLINE void NAME(fold_columns)(
    VECTOR (*fold)(const REAL *, GROUPS), void (*fold4)(const REAL *, REAL *, ptrdiff_t, ptrdiff_t), const REAL *x,
    REAL *y, ptrdiff_t size, ptrdiff_t step, ptrdiff_t columns
) {
    ptrdiff_t i = 0;
    for (; i + 4 * WIDTH <= columns; i += 4 * WIDTH) fold4(x + i, y + i, size, step);
    for (; i < columns; i += WIDTH) {
        GROUPS g = {step, size, columns - i};
        NAME(store)(y + i, fold(x + i, g), g.count);
    }
}

INLINE void NAME(fold_columns_backward)(
    VECTOR (*share_of)(const REAL *, VECTOR, VECTOR, GROUPS), VECTOR (*member)(VECTOR, VECTOR, VECTOR), const REAL *x,
    const REAL *y, const REAL *dy, REAL *dx, ptrdiff_t size, ptrdiff_t step, ptrdiff_t columns
) {
    for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
        GROUPS g = {step, size, columns - i};
        VECTOR folded = NAME(load)(y + i, g.count);
        VECTOR share = share_of(x + i, folded, NAME(load)(dy + i, g.count), g);
        for (ptrdiff_t j = 0; j < size; ++j) {
            ptrdiff_t at = j * step + i;
            NAME(store)(dx + at, member(NAME(load)(x + at, g.count), folded, share), g.count);
        }
    }
}

// One long group, whose members are the lanes.
INLINE void NAME(fold_row_backward)(
    VECTOR (*member)(VECTOR, VECTOR, VECTOR), const REAL *x, REAL y, REAL share, REAL *dx, ptrdiff_t size
) {
    for (ptrdiff_t i = 0; i < size; i += WIDTH)
        NAME(store)(dx + i, member(NAME(load)(x + i, size - i), SPLAT(y), SPLAT(share)), size - i);
}

// Groups one after another to groups side by side, and back. LLVM makes shuffles of it where `size` is a constant.
INLINE void NAME(split_sized)(const REAL *restrict x, REAL *restrict members, ptrdiff_t size, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; ++i)
        for (ptrdiff_t j = 0; j < size; ++j) members[j * count + i] = x[i * size + j];
}
INLINE void NAME(join_sized)(const REAL *restrict members, REAL *restrict x, ptrdiff_t size, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; ++i)
        for (ptrdiff_t j = 0; j < size; ++j) x[i * size + j] = members[j * count + i];
}
#undef DEFINE
#define DEFINE(turn) \
    static void NAME(turn)(const REAL *restrict from, REAL *restrict to, ptrdiff_t size, ptrdiff_t count) { \
        switch (size) { \
        case 2: return NAME(turn##_sized)(from, to, 2, count); \
        case 3: return NAME(turn##_sized)(from, to, 3, count); \
        case 4: return NAME(turn##_sized)(from, to, 4, count); \
        case 5: return NAME(turn##_sized)(from, to, 5, count); \
        case 6: return NAME(turn##_sized)(from, to, 6, count); \
        case 7: return NAME(turn##_sized)(from, to, 7, count); \
        case 8: return NAME(turn##_sized)(from, to, 8, count); \
        default: return NAME(turn##_sized)(from, to, size, count); \
        } \
    }
DEFINE(split)
DEFINE(join)

// How many groups of a size are turned over at a time: whole vectors of them, a few kilobytes in all.
#undef TURNED
#undef TURNED_GROUPS
#define TURNED (RIDGELINE_LONG_GROUP * 32)
#define TURNED_GROUPS(size) (TURNED / (size) / WIDTH * WIDTH)

// x is (outer, size, step), y (outer, step), of which the first `columns` are meant.
INLINE void NAME(fold_all)(
    VECTOR (*fold)(const REAL *, GROUPS), void (*fold4)(const REAL *, REAL *, ptrdiff_t, ptrdiff_t), const REAL *x,
    REAL *y, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t step, ptrdiff_t columns
) {
    REAL members[TURNED] __attribute__((aligned(64)));
    if (step != 1)
        for (; outer > 0; --outer, x += size * step, y += step)
            NAME(fold_columns)(fold, fold4, x, y, size, step, columns);
    while (outer > 0) {
        ptrdiff_t count = TURNED_GROUPS(size) < outer ? TURNED_GROUPS(size) : outer;
        NAME(split)(x, members, size, count);
        NAME(fold_columns)(fold, fold4, members, y, size, count, count);
        x += count * size, y += count, outer -= count;
    }
}

// Long groups one after another.
static void NAME(total_rows)(const REAL *x, REAL *y, ptrdiff_t outer, ptrdiff_t size) {
    for (; outer > 0; --outer, x += size) *y++ = (REAL)NAME(sum_of_row)(x, size);
}

INLINE void NAME(fold_all_backward)(
    VECTOR (*share)(const REAL *, VECTOR, VECTOR, GROUPS), REAL (*row_share)(const REAL *, REAL, REAL, ptrdiff_t),
    VECTOR (*member)(VECTOR, VECTOR, VECTOR), const REAL *x, const REAL *y, const REAL *dy, REAL *dx, ptrdiff_t outer,
    ptrdiff_t size, ptrdiff_t step, ptrdiff_t columns
) {
    REAL members[TURNED] __attribute__((aligned(64)));
    if (step != 1)
        for (; outer > 0; --outer, x += size * step, dx += size * step, y += step, dy += step)
            NAME(fold_columns_backward)(share, member, x, y, dy, dx, size, step, columns);
    if (size > RIDGELINE_LONG_GROUP)
        for (; outer > 0; --outer, x += size, dx += size, ++y, ++dy)
            NAME(fold_row_backward)(member, x, *y, row_share(x, *y, *dy, size), dx, size);
    while (outer > 0) {
        ptrdiff_t count = TURNED_GROUPS(size) < outer ? TURNED_GROUPS(size) : outer;
        NAME(split)(x, members, size, count);
        NAME(fold_columns_backward)(share, member, members, y, dy, members, size, count, count);
        NAME(join)(members, dx, size, count);
        x += count * size, dx += count * size, y += count, dy += count, outer -= count;
    }
}

#undef DEFINE
#define DEFINE(name, gradient) \
    static void NAME(name##_folded)( \
        const REAL *x, REAL *y, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t step, ptrdiff_t columns \
    ) { \
        NAME(fold_all)(NAME(name##_fold), NAME(name##_fold4), x, y, outer, size, step, columns); \
    } \
    static void NAME(name##_fold_backward)( \
        const REAL *x, const REAL *y, const REAL *dy, REAL *dx, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t step, \
        ptrdiff_t columns \
    ) { \
        NAME(fold_all_backward)( \
            NAME(gradient##_share), NAME(gradient##_row_share), NAME(gradient##_member), x, y, dy, dx, outer, size, \
            step, columns); \
    }
DEFINE(mean, mean)
DEFINE(minimum, even)
DEFINE(maximum, even)
DEFINE(log_sum_exp, softmax)
DEFINE(total, plain)
