// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "dropout_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const dropout_table_##PRECISION[])( \
        uint64_t, uint64_t, ptrdiff_t, uint64_t, REAL, REAL, REAL, const REAL *, REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(dropout, PRECISION); \
    void ridgeline_dropout_##PRECISION( \
        int isa, uint64_t key, uint64_t position, ptrdiff_t skip, uint64_t threshold, REAL scale, REAL kept, \
        REAL dropped, const REAL *x, REAL *y, ptrdiff_t count \
    ) { \
        dropout_table_##PRECISION[isa](key, position, skip, threshold, scale, kept, dropped, x, y, count); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
