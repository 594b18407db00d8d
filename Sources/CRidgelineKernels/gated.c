// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define RIDGELINE_BODY "gated_body.h"
#include "instantiate.h"

#define FORWARD_f32(act) RIDGELINE_VARIANTS(act##_gated, f32),
#define FORWARD_f64(act) RIDGELINE_VARIANTS(act##_gated, f64),
#define BACKWARD_f32(act) RIDGELINE_VARIANTS(act##_gated_backward, f32),
#define BACKWARD_f64(act) RIDGELINE_VARIANTS(act##_gated_backward, f64),

#define ENTRY(REAL, PRECISION) \
    static void (*const forward_table_##PRECISION[][3])( \
        const REAL *, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t) = { \
        RIDGELINE_GATES(FORWARD_##PRECISION)}; \
    void ridgeline_gated_##PRECISION( \
        int isa, int gate, const REAL *a, ptrdiff_t a_stride, const REAL *g, ptrdiff_t g_stride, REAL *out, \
        ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        forward_table_##PRECISION[gate][isa](a, a_stride, g, g_stride, out, out_stride, rows, columns); \
    } \
    static void (*const backward_table_##PRECISION[][3])( \
        const REAL *, ptrdiff_t, const REAL *, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, ptrdiff_t, REAL *, \
        ptrdiff_t, ptrdiff_t, ptrdiff_t) = {RIDGELINE_GATES(BACKWARD_##PRECISION)}; \
    void ridgeline_gated_backward_##PRECISION( \
        int isa, int gate, const REAL *a, ptrdiff_t a_stride, const REAL *g, ptrdiff_t g_stride, const REAL *dy, \
        ptrdiff_t dy_stride, REAL *da, ptrdiff_t da_stride, REAL *dg, ptrdiff_t dg_stride, ptrdiff_t rows, \
        ptrdiff_t columns \
    ) { \
        backward_table_##PRECISION[gate][isa]( \
            a, a_stride, g, g_stride, dy, dy_stride, da, da_stride, dg, dg_stride, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
