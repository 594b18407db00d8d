// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "reduction_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static double (*const sum_table_##PRECISION[])(const REAL *, ptrdiff_t) = RIDGELINE_VARIANTS(sum, PRECISION); \
    double ridgeline_sum_##PRECISION(int isa, const REAL *x, ptrdiff_t count) { \
        return sum_table_##PRECISION[isa](x, count); \
    } \
    static double (*const squares_table_##PRECISION[])(const REAL *, double, ptrdiff_t) = \
        RIDGELINE_VARIANTS(sum_of_squares, PRECISION); \
    double ridgeline_sum_of_squares_##PRECISION(int isa, const REAL *x, double shift, ptrdiff_t count) { \
        return squares_table_##PRECISION[isa](x, shift, count); \
    } \
    static REAL (*const maximum_table_##PRECISION[])(const REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(maximum, PRECISION); \
    REAL ridgeline_maximum_##PRECISION(int isa, const REAL *x, ptrdiff_t count) { \
        return maximum_table_##PRECISION[isa](x, count); \
    } \
    static REAL (*const minimum_table_##PRECISION[])(const REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(minimum, PRECISION); \
    REAL ridgeline_minimum_##PRECISION(int isa, const REAL *x, ptrdiff_t count) { \
        return minimum_table_##PRECISION[isa](x, count); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
