// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Gated linear units (Dauphin et al., 2016; Shazeer, 2020): out = act(a) g, da = dy g act'(a), dg = dy act(a). The
// derivative is always worked out from a, so that nothing but a and g needs saving.

#include "wide.h"
#include "activation_gelus.h"
#include "activation_sigmoids.h"

INLINE VECTOR NAME(sigmoid_gate)(VECTOR a) { return NAME(sigmoid_value)(a, 0, 0); }
INLINE VECTOR NAME(sigmoid_gate_slope)(VECTOR a) {
    // sigmoid(-|a|) sigmoid(|a|): a factor of one minus the sigmoid would lose the right tail.
    WIDE rest, m = NAME(decay)(NAME(wide_absolute)(WIDEN(a)), WIDE_SPLAT(0), &rest);
    WIDE d = NAME(wide_madd)(m, rest, WIDE_SPLAT(1));
    return NARROW(m / (d * d) * rest);
}
INLINE VECTOR NAME(relu_gate)(VECTOR a) { return SELECT(a <= SPLAT(0), SPLAT(0), a); }
INLINE VECTOR NAME(relu_gate_slope)(VECTOR a) { return SELECT(a <= SPLAT(0), SPLAT(0), SPLAT(1)); }
INLINE VECTOR NAME(gelu_gate)(VECTOR a) { return NAME(gelu_value)(a, 0, 0); }
INLINE VECTOR NAME(gelu_gate_slope)(VECTOR a) { return NAME(gelu_derivative)(a); }
INLINE VECTOR NAME(silu_gate)(VECTOR a) { return NAME(silu_value)(a, 1, 0); }
INLINE VECTOR NAME(silu_gate_slope)(VECTOR a) { return NAME(logistic_slope)(a, SPLAT(-0.0)); }

INLINE void NAME(gated_rows)(
    VECTOR (*value)(VECTOR), const REAL *a, ptrdiff_t a_stride, const REAL *g, ptrdiff_t g_stride, REAL *out,
    ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows; ++row, a += a_stride, g += g_stride, out += out_stride)
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR gated = NAME(load)(g + i, count);
            NAME(store)(out + i, value(NAME(load)(a + i, count)) * gated, count);
        }
}

INLINE void NAME(gated_backward_rows)(
    VECTOR (*value)(VECTOR), VECTOR (*slope)(VECTOR), const REAL *a, ptrdiff_t a_stride, const REAL *g,
    ptrdiff_t g_stride, const REAL *dy, ptrdiff_t dy_stride, REAL *da, ptrdiff_t da_stride, REAL *dg,
    ptrdiff_t dg_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    for (ptrdiff_t row = 0; row < rows;
         ++row, a += a_stride, g += g_stride, dy += dy_stride, da += da_stride, dg += dg_stride)
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR x = NAME(load)(a + i, count), gated = NAME(load)(g + i, count);
            VECTOR upstream = NAME(load)(dy + i, count);
            VECTOR dx = upstream * gated * slope(x);
            VECTOR d_gated = upstream * value(x);
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
        NAME(gated_rows)(NAME(act##_gate), a, a_stride, g, g_stride, out, out_stride, rows, columns); \
    } \
    static void NAME(act##_gated_backward)( \
        const REAL *a, ptrdiff_t a_stride, const REAL *g, ptrdiff_t g_stride, const REAL *dy, ptrdiff_t dy_stride, \
        REAL *da, ptrdiff_t da_stride, REAL *dg, ptrdiff_t dg_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        NAME(gated_backward_rows)( \
            NAME(act##_gate), NAME(act##_gate_slope), a, a_stride, g, g_stride, dy, dy_stride, da, da_stride, dg, \
            dg_stride, rows, columns); \
    }
RIDGELINE_GATES(DEFINE)
