// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "pooling_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const maximum_pooling_table_##PRECISION[])( \
        const REAL *, REAL *, void *, int, const ridgeline_pooling_axis *, const ridgeline_pooling_axis *, ptrdiff_t, \
        ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(maximum_pooling, PRECISION); \
    void ridgeline_maximum_pooling_##PRECISION( \
        int isa, const REAL *x, REAL *y, void *index, int index_size, const ridgeline_pooling_axis *vertical, \
        const ridgeline_pooling_axis *horizontal, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows \
    ) { \
        maximum_pooling_table_##PRECISION[isa]( \
            x, y, index, index_size, vertical, horizontal, channels, first, rows); \
    } \
    static void (*const average_pooling_table_##PRECISION[])( \
        const REAL *, REAL *, const ridgeline_pooling_axis *, const ridgeline_pooling_axis *, ptrdiff_t, ptrdiff_t, \
        ptrdiff_t) = RIDGELINE_VARIANTS(average_pooling, PRECISION); \
    void ridgeline_average_pooling_##PRECISION( \
        int isa, const REAL *x, REAL *y, const ridgeline_pooling_axis *vertical, \
        const ridgeline_pooling_axis *horizontal, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows \
    ) { \
        average_pooling_table_##PRECISION[isa](x, y, vertical, horizontal, channels, first, rows); \
    } \
    static void (*const pooling_backward_table_##PRECISION[])( \
        const REAL *, const void *, int, REAL *, const ridgeline_pooling_axis *, const ridgeline_pooling_axis *, \
        ptrdiff_t, ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(pooling_backward, PRECISION); \
    void ridgeline_pooling_backward_##PRECISION( \
        int isa, const REAL *dy, const void *index, int index_size, REAL *dx, const ridgeline_pooling_axis *vertical, \
        const ridgeline_pooling_axis *horizontal, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows \
    ) { \
        pooling_backward_table_##PRECISION[isa]( \
            dy, index, index_size, dx, vertical, horizontal, channels, first, rows); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
