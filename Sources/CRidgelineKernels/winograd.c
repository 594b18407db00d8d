// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "winograd_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION, TILE) \
    static void (*const input_##TILE##_##PRECISION[])(const REAL *const *, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(winograd_input##TILE, PRECISION); \
    static void (*const output_##TILE##_##PRECISION[])( \
        const REAL *, ptrdiff_t, ptrdiff_t, REAL *const *, uint32_t *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(winograd_output##TILE, PRECISION); \
    static void (*const gradient_##TILE##_##PRECISION[])(const REAL *const *, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(winograd_gradient##TILE, PRECISION); \
    static void (*const weight_##TILE##_##PRECISION[])(const REAL *, ptrdiff_t, int, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(winograd_weight##TILE, PRECISION); \
    static void (*const weight_gradient_##TILE##_##PRECISION[])( \
        const REAL *, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(winograd_weight_gradient##TILE, PRECISION);

#define ENTRIES(REAL, PRECISION) \
    ENTRY(REAL, PRECISION, 4) \
    ENTRY(REAL, PRECISION, 2) \
    void ridgeline_winograd_input_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull const *_Nonnull taps, ptrdiff_t tiles, REAL *out, ptrdiff_t stride, \
        ptrdiff_t channels \
    ) { \
        (tile == 4 ? input_4_##PRECISION : input_2_##PRECISION)[isa](taps, tiles, out, stride, channels); \
    } \
    void ridgeline_winograd_output_##PRECISION( \
        int isa, int tile, const REAL *in, ptrdiff_t tiles, ptrdiff_t stride, REAL *_Nullable const *_Nonnull pixels, \
        uint32_t *marks, ptrdiff_t channels \
    ) { \
        (tile == 4 ? output_4_##PRECISION : output_2_##PRECISION)[isa](in, tiles, stride, pixels, marks, channels); \
    } \
    void ridgeline_winograd_gradient_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull const *_Nonnull taps, ptrdiff_t tiles, REAL *out, ptrdiff_t stride, \
        ptrdiff_t channels \
    ) { \
        (tile == 4 ? gradient_4_##PRECISION : gradient_2_##PRECISION)[isa](taps, tiles, out, stride, channels); \
    } \
    void ridgeline_winograd_weight_##PRECISION( \
        int isa, int tile, const REAL *weights, ptrdiff_t tap_stride, int flip, REAL *out, ptrdiff_t stride, \
        ptrdiff_t channels \
    ) { \
        (tile == 4 ? weight_4_##PRECISION : weight_2_##PRECISION)[isa]( \
            weights, tap_stride, flip, out, stride, channels); \
    } \
    void ridgeline_winograd_weight_gradient_##PRECISION( \
        int isa, int tile, const REAL *in, ptrdiff_t stride, REAL *weights, ptrdiff_t tap_stride, ptrdiff_t channels \
    ) { \
        (tile == 4 ? weight_gradient_4_##PRECISION : weight_gradient_2_##PRECISION)[isa]( \
            in, stride, weights, tap_stride, channels); \
    } \
    static void (*const magnitudes_##PRECISION[])(const REAL *, ptrdiff_t, ptrdiff_t, REAL *) = \
        RIDGELINE_VARIANTS(pixel_magnitudes, PRECISION); \
    void ridgeline_pixel_magnitudes_##PRECISION( \
        int isa, const REAL *x, ptrdiff_t pixels, ptrdiff_t channels, REAL *out \
    ) { \
        magnitudes_##PRECISION[isa](x, pixels, channels, out); \
    } \
    static void (*const marks_##PRECISION[])( \
        int, const REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, \
        REAL *, uint32_t *) = RIDGELINE_VARIANTS(winograd_marks, PRECISION); \
    void ridgeline_winograd_marks_##PRECISION( \
        int isa, int tile, const REAL *x, ptrdiff_t lines, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t top, \
        ptrdiff_t left, ptrdiff_t output_lines, ptrdiff_t output_width, ptrdiff_t tiles, REAL *magnitudes, \
        uint32_t *marks \
    ) { \
        marks_##PRECISION[isa]( \
            tile, x, lines, width, channels, top, left, output_lines, output_width, tiles, magnitudes, marks); \
    }

ENTRIES(float, f32)
ENTRIES(double, f64)
