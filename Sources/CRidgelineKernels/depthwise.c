// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "depthwise_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const depthwise_##PRECISION[])( \
        const ridgeline_depthwise_line *, const REAL *const *, const REAL *const *, ptrdiff_t, ptrdiff_t, REAL *, int, \
        ptrdiff_t) = RIDGELINE_VARIANTS(depthwise, PRECISION); \
    static void (*const depthwise_weights_##PRECISION[])( \
        const ridgeline_depthwise_line *, const REAL *const *, double *const *, ptrdiff_t, const REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(depthwise_weights, PRECISION); \
    void ridgeline_depthwise_##PRECISION( \
        int isa, const ridgeline_depthwise_line *line, const REAL *_Nonnull const *_Nonnull rows, \
        const REAL *_Nonnull const *_Nonnull weights, ptrdiff_t row_count, ptrdiff_t weight_step, REAL *out, int add, \
        ptrdiff_t channels \
    ) { \
        depthwise_##PRECISION[isa](line, rows, weights, row_count, weight_step, out, add, channels); \
    } \
    void ridgeline_depthwise_weights_##PRECISION( \
        int isa, const ridgeline_depthwise_line *line, const REAL *_Nonnull const *_Nonnull rows, \
        double *_Nonnull const *_Nonnull sums, ptrdiff_t row_count, const REAL *dy, ptrdiff_t channels \
    ) { \
        depthwise_weights_##PRECISION[isa](line, rows, sums, row_count, dy, channels); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
