// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 1
#define RIDGELINE_BODY "positions_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const largest_table_##PRECISION[])( \
        const REAL *, int32_t *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(position_of_largest, PRECISION); \
    static void (*const smallest_table_##PRECISION[])( \
        const REAL *, int32_t *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(position_of_smallest, PRECISION); \
    void ridgeline_extreme_position_##PRECISION( \
        int isa, int largest, const REAL *x, int32_t *out, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t step, \
        ptrdiff_t columns \
    ) { \
        (largest ? largest_table_##PRECISION : smallest_table_##PRECISION)[isa](x, out, outer, size, step, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
