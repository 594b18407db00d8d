// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Gated linear units (Dauphin et al., 2016; Shazeer, 2020): out = act(a) g, da = dy g act'(a), dg = dy act(a). The
// derivative is always worked out from a, so that nothing but a and g needs saving. Float's sigmoid and SiLU are in
// double throughout, with one exponential and one division for both gradients, and rounded once.

#include "wide.h"
#include "activation_gelus.h"
#include "activation_sigmoids.h"

// 1 + exp(-a) for Float, and a within the bounds past which nothing changes but the overflow of a product.
INLINE WIDE NAME(logistic_divisor)(WIDE *a, WIDE *e) {
    *a = NAME(wide_at_most)(NAME(wide_at_least)(*a, -200), 200);
    *e = NAME(wide_exp)(-*a);
    return *e + WIDE_SPLAT(1);
}

INLINE VECTOR NAME(sigmoid_forward)(VECTOR x, VECTOR g) {
    if (!IS_FLOAT) return NAME(sigmoid_value)(x, 0, 0) * g;
    WIDE e, a = WIDEN(x);
    return NARROW(WIDEN(g) / NAME(logistic_divisor)(&a, &e));
}
INLINE void NAME(sigmoid_backward)(VECTOR x, VECTOR g, VECTOR dy, VECTOR *da, VECTOR *dg) {
    if (IS_FLOAT) {
        WIDE e, a = WIDEN(x), inverse = WIDE_SPLAT(1) / NAME(logistic_divisor)(&a, &e), gate = WIDEN(dy) * inverse;
        *dg = NARROW(gate);
        *da = NARROW(gate * WIDEN(g) * (e * inverse));
        return;
    }
    // sigmoid(-|a|) sigmoid(|a|): a factor of one minus the sigmoid would lose the right tail.
    WIDE rest, m = NAME(decay)(NAME(wide_absolute)(WIDEN(x)), WIDE_SPLAT(0), &rest);
    WIDE d = NAME(wide_madd)(m, rest, WIDE_SPLAT(1));
    *dg = dy * NAME(sigmoid_value)(x, 0, 0);
    *da = dy * g * NARROW(m / (d * d) * rest);
}

INLINE VECTOR NAME(silu_forward)(VECTOR x, VECTOR g) {
    if (!IS_FLOAT) return NAME(silu_value)(x, 1, 0) * g;
    WIDE e, a = WIDEN(x), d = NAME(logistic_divisor)(&a, &e);
    return NARROW(NAME(wide_at_least)(WIDEN(x), -200) * WIDEN(g) / d);
}
INLINE void NAME(silu_backward)(VECTOR x, VECTOR g, VECTOR dy, VECTOR *da, VECTOR *dg) {
    if (IS_FLOAT) {
        WIDE e, a = WIDEN(x), inverse = WIDE_SPLAT(1) / NAME(logistic_divisor)(&a, &e), gate = WIDEN(dy) * inverse;
        *dg = NARROW(gate * NAME(wide_at_least)(WIDEN(x), -200));
        *da = NARROW(gate * WIDEN(g) * NAME(wide_madd)(a, e * inverse, WIDE_SPLAT(1)));
        return;
    }
    *dg = dy * NAME(silu_value)(x, 1, 0);
    *da = dy * g * NAME(logistic_slope)(x, SPLAT(-0.0));
}

INLINE VECTOR NAME(relu_forward)(VECTOR x, VECTOR g) { return SELECT(x <= SPLAT(0), SPLAT(0), x) * g; }
INLINE void NAME(relu_backward)(VECTOR x, VECTOR g, VECTOR dy, VECTOR *da, VECTOR *dg) {
    *dg = dy * SELECT(x <= SPLAT(0), SPLAT(0), x);
    *da = dy * g * SELECT(x <= SPLAT(0), SPLAT(0), SPLAT(1));
}

INLINE VECTOR NAME(gelu_forward)(VECTOR x, VECTOR g) { return NAME(gelu_value)(x, 0, 0) * g; }
INLINE void NAME(gelu_backward)(VECTOR x, VECTOR g, VECTOR dy, VECTOR *da, VECTOR *dg) {
    *dg = dy * NAME(gelu_value)(x, 0, 0);
    *da = dy * g * NAME(gelu_derivative)(x);
}

INLINE void NAME(gated_rows)(
    VECTOR (*forward)(VECTOR, VECTOR), const REAL *a, ptrdiff_t a_stride, const REAL *g, ptrdiff_t g_stride, REAL *out,
    ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, a += a_stride, g += g_stride, out += out_stride)
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR gated = NAME(load)(g + i, count);
            NAME(store)(out + i, forward(NAME(load)(a + i, count), gated), count);
        }
}

INLINE void NAME(gated_backward_rows)(
    void (*backward)(VECTOR, VECTOR, VECTOR, VECTOR *, VECTOR *), const REAL *a, ptrdiff_t a_stride, const REAL *g,
    ptrdiff_t g_stride, const REAL *dy, ptrdiff_t dy_stride, REAL *da, ptrdiff_t da_stride, REAL *dg,
    ptrdiff_t dg_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows;
         ++row, a += a_stride, g += g_stride, dy += dy_stride, da += da_stride, dg += dg_stride)
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR x = NAME(load)(a + i, count), gated = NAME(load)(g + i, count), dx, d_gated;
            backward(x, gated, NAME(load)(dy + i, count), &dx, &d_gated);
            NAME(store)(da + i, dx, count);
            NAME(store)(dg + i, d_gated, count);
        }
}

#undef DEFINE
#define DEFINE(act) \
    static void NAME(act##_gated)( \
        const REAL *a, ptrdiff_t a_stride, const REAL *g, ptrdiff_t g_stride, REAL *out, ptrdiff_t out_stride, \
        ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        NAME(gated_rows)(NAME(act##_forward), a, a_stride, g, g_stride, out, out_stride, rows, columns); \
    } \
    static void NAME(act##_gated_backward)( \
        const REAL *a, ptrdiff_t a_stride, const REAL *g, ptrdiff_t g_stride, const REAL *dy, ptrdiff_t dy_stride, \
        REAL *da, ptrdiff_t da_stride, REAL *dg, ptrdiff_t dg_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        NAME(gated_backward_rows)( \
            NAME(act##_backward), a, a_stride, g, g_stride, dy, dy_stride, da, da_stride, dg, dg_stride, rows, \
            columns); \
    }
RIDGELINE_GATES(DEFINE)
