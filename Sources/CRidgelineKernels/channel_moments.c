// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "channel_moments_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const column_moments_table_##PRECISION[])( \
        const REAL *, ptrdiff_t, double *, double *, double *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(column_moments, PRECISION); \
    void ridgeline_column_moments_##PRECISION( \
        int isa, const REAL *x, ptrdiff_t stride, double *center, double *delta, double *squares, ptrdiff_t rows, \
        ptrdiff_t columns \
    ) { \
        column_moments_table_##PRECISION[isa](x, stride, center, delta, squares, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
