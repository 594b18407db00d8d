// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define RIDGELINE_BODY "parametric_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const forward_table_##PRECISION[])( \
        const REAL *, ptrdiff_t, const REAL *, const REAL *, ptrdiff_t, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t, \
        ptrdiff_t) = RIDGELINE_VARIANTS(parametric_forward, PRECISION); \
    void ridgeline_parametric_relu_##PRECISION( \
        int isa, const REAL *z, ptrdiff_t z_stride, const REAL *bias, const REAL *slope, ptrdiff_t slope_stride, \
        ptrdiff_t slope_row_stride, REAL *y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        forward_table_##PRECISION[isa]( \
            z, z_stride, bias, slope, slope_stride, slope_row_stride, y, y_stride, rows, columns); \
    } \
    static void (*const backward_table_##PRECISION[])( \
        const REAL *, ptrdiff_t, const REAL *, const REAL *, ptrdiff_t, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, \
        ptrdiff_t, double *, ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(parametric_backward, PRECISION); \
    void ridgeline_parametric_relu_backward_##PRECISION( \
        int isa, const REAL *z, ptrdiff_t z_stride, const REAL *bias, const REAL *slope, ptrdiff_t slope_stride, \
        ptrdiff_t slope_row_stride, const REAL *dy, ptrdiff_t dy_stride, REAL *dz, ptrdiff_t dz_stride, \
        double *d_slope, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        backward_table_##PRECISION[isa]( \
            z, z_stride, bias, slope, slope_stride, slope_row_stride, dy, dy_stride, dz, dz_stride, d_slope, \
            rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
