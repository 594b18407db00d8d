// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "normalization_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const forward_table_##PRECISION[])( \
        const REAL *, const REAL *, const REAL *, REAL, REAL *, REAL *, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(layer_normalization, PRECISION); \
    void ridgeline_layer_normalization_##PRECISION( \
        int isa, const REAL *x, const REAL *scale, const REAL *offset, REAL epsilon, REAL *y, REAL *mean, \
        REAL *reciprocal_deviation, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        forward_table_##PRECISION[isa](x, scale, offset, epsilon, y, mean, reciprocal_deviation, rows, columns); \
    } \
    static void (*const backward_table_##PRECISION[])( \
        const REAL *, const REAL *, const REAL *, const REAL *, const REAL *, REAL *, REAL *, REAL *, ptrdiff_t, \
        ptrdiff_t) = RIDGELINE_VARIANTS(layer_normalization_backward, PRECISION); \
    void ridgeline_layer_normalization_backward_##PRECISION( \
        int isa, const REAL *x, const REAL *scale, const REAL *mean, const REAL *reciprocal_deviation, \
        const REAL *dy, REAL *dx, REAL *d_scale, REAL *d_offset, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        backward_table_##PRECISION[isa]( \
            x, scale, mean, reciprocal_deviation, dy, dx, d_scale, d_offset, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
