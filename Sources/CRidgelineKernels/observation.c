// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "observation_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const observe_table_##PRECISION[])( \
        const REAL *, ptrdiff_t, ptrdiff_t, const REAL *, REAL, REAL *, double *) = \
        RIDGELINE_VARIANTS(observe, PRECISION); \
    void ridgeline_observe_##PRECISION( \
        int isa, const REAL *y, ptrdiff_t rows, ptrdiff_t columns, const REAL *bounds, REAL shift, REAL *active, \
        double *sums) { \
        observe_table_##PRECISION[isa](y, rows, columns, bounds, shift, active, sums); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
