// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "depthwise_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const depthwise_##PRECISION[])( \
        const REAL *const *, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, int, ptrdiff_t) = RIDGELINE_VARIANTS(depthwise, PRECISION); \
    static void (*const depthwise_weights_##PRECISION[])( \
        const REAL *const *, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(depthwise_weights, PRECISION); \
    void ridgeline_depthwise_##PRECISION( \
        int isa, const REAL *_Nonnull const *_Nonnull taps, ptrdiff_t pixels, const REAL *weights, \
        ptrdiff_t tap_count, REAL *out, int add, ptrdiff_t channels \
    ) { \
        depthwise_##PRECISION[isa](taps, pixels, weights, tap_count, out, add, channels); \
    } \
    void ridgeline_depthwise_weights_##PRECISION( \
        int isa, const REAL *_Nonnull const *_Nonnull taps, ptrdiff_t pixels, const REAL *dy, ptrdiff_t tap_count, \
        REAL *sums, ptrdiff_t channels \
    ) { \
        depthwise_weights_##PRECISION[isa](taps, pixels, dy, tap_count, sums, channels); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
