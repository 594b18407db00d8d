// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "column_sums_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const column_sums_table_##PRECISION[])(const REAL *, ptrdiff_t, double *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(column_sums, PRECISION); \
    void ridgeline_column_sums_##PRECISION( \
        int isa, const REAL *x, ptrdiff_t stride, double *total, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        column_sums_table_##PRECISION[isa](x, stride, total, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
