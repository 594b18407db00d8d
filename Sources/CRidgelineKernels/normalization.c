// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "normalization_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const forward_table_##PRECISION[])( \
        const REAL *, const double *, const double *, const double *, REAL *, double *, double *, double *, ptrdiff_t, \
        ptrdiff_t) = RIDGELINE_VARIANTS(layer_normalization, PRECISION); \
    void ridgeline_layer_normalization_##PRECISION( \
        int isa, const REAL *x, const double *scale, const double *offset, const double *epsilon, REAL *y, double *center, \
        double *delta, double *reciprocal_deviation, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        forward_table_##PRECISION[isa]( \
            x, scale, offset, epsilon, y, center, delta, reciprocal_deviation, rows, columns); \
    } \
    static void (*const backward_table_##PRECISION[])( \
        const REAL *, const double *, const double *, const double *, const double *, const REAL *, REAL *, double *, \
        double *, ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(layer_normalization_backward, PRECISION); \
    void ridgeline_layer_normalization_backward_##PRECISION( \
        int isa, const REAL *x, const double *scale, const double *center, const double *delta, \
        const double *reciprocal_deviation, const REAL *dy, REAL *dx, double *d_scale, double *d_offset, \
        ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        backward_table_##PRECISION[isa]( \
            x, scale, center, delta, reciprocal_deviation, dy, dx, d_scale, d_offset, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
