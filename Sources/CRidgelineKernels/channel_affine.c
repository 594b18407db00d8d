// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "channel_affine_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const affine_table_##PRECISION[])( \
        const REAL *, ptrdiff_t, const REAL *, const REAL *, const REAL *, ptrdiff_t, int, REAL *, ptrdiff_t, \
        ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(channel_affine, PRECISION); \
    void ridgeline_channel_affine_##PRECISION( \
        int isa, const REAL *z, ptrdiff_t z_stride, const REAL *scale, const REAL *shift, const REAL *residual, \
        ptrdiff_t residual_stride, int rectify, REAL *y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        affine_table_##PRECISION[isa]( \
            z, z_stride, scale, shift, residual, residual_stride, rectify, y, y_stride, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
