// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define RIDGELINE_BODY "softmax_body.h"
#include "instantiate.h"

// log sum exp(x) = m + log sum exp(x - m), m the largest: no term overflows, and the sum is at least 1.
#define ENTRY(REAL, PRECISION) \
    static void (*const exponential_table_##PRECISION[])(const REAL *, REAL, REAL, REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(exponential_shifted, PRECISION); \
    void ridgeline_exponential_shifted_##PRECISION( \
        int isa, const REAL *x, REAL shift, REAL scale, REAL *out, ptrdiff_t count \
    ) { \
        exponential_table_##PRECISION[isa](x, shift, scale, out, count); \
    } \
    static double (*const sum_table_##PRECISION[])(const REAL *, REAL, ptrdiff_t) = \
        RIDGELINE_VARIANTS(sum_of_exponentials, PRECISION); \
    double ridgeline_sum_of_exponentials_##PRECISION(int isa, const REAL *x, REAL shift, ptrdiff_t count) { \
        return sum_table_##PRECISION[isa](x, shift, count); \
    } \
    REAL ridgeline_log_sum_exp_##PRECISION(int isa, const REAL *x, ptrdiff_t count) { \
        REAL largest = ridgeline_maximum_##PRECISION(isa, x, count); \
        if (!isfinite(largest)) return largest; \
        return (REAL)((double)largest + log(sum_table_##PRECISION[isa](x, largest, count))); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
