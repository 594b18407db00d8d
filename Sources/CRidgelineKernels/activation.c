// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 4
#define RIDGELINE_BODY "activation_body.h"
#include "instantiate.h"

#define FORWARD_f32(act) RIDGELINE_VARIANTS(act##_forward, f32),
#define FORWARD_f64(act) RIDGELINE_VARIANTS(act##_forward, f64),
#define BACKWARD_f32(act) RIDGELINE_VARIANTS(act##_backward, f32),
#define BACKWARD_f64(act) RIDGELINE_VARIANTS(act##_backward, f64),

#define ENTRY(REAL, PRECISION) \
    typedef void (*forward_##PRECISION)( \
        const REAL *, ptrdiff_t, const REAL *, REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t); \
    static const forward_##PRECISION forward_table_##PRECISION[][3] = {RIDGELINE_ACTIVATIONS(FORWARD_##PRECISION)}; \
    void ridgeline_bias_activation_##PRECISION( \
        int isa, int kind, const REAL *z, ptrdiff_t z_stride, const REAL *bias, REAL *y, ptrdiff_t y_stride, \
        ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        forward_table_##PRECISION[kind][isa](z, z_stride, bias, y, y_stride, rows, columns); \
    } \
    typedef void (*backward_##PRECISION)( \
        const REAL *, ptrdiff_t, const REAL *, const REAL *, ptrdiff_t, REAL *, ptrdiff_t, REAL *, ptrdiff_t, \
        ptrdiff_t); \
    static const backward_##PRECISION backward_table_##PRECISION[][3] = {RIDGELINE_ACTIVATIONS(BACKWARD_##PRECISION)}; \
    void ridgeline_bias_activation_backward_##PRECISION( \
        int isa, int kind, const REAL *saved, ptrdiff_t saved_stride, const REAL *bias, const REAL *dy, \
        ptrdiff_t dy_stride, REAL *dz, ptrdiff_t dz_stride, REAL *db, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        backward_table_##PRECISION[kind][isa]( \
            saved, saved_stride, bias, dy, dy_stride, dz, dz_stride, db, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
