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
    } \
    static void (*const sums_table_##PRECISION[])( \
        const REAL *, const REAL *, ptrdiff_t, const REAL *, const REAL *, const REAL *, double *, double *, \
        ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(channel_gradient_sums, PRECISION); \
    void ridgeline_channel_gradient_sums_##PRECISION( \
        int isa, const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, \
        const REAL *shift, double *sums, double *products, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        sums_table_##PRECISION[isa](dy, x, stride, center, scale, shift, sums, products, rows, columns); \
    } \
    static void (*const gradient_table_##PRECISION[])( \
        const REAL *, const REAL *, ptrdiff_t, const REAL *, const REAL *, const REAL *, const REAL *, const REAL *, \
        const REAL *, REAL *, ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(channel_gradient, PRECISION); \
    void ridgeline_channel_gradient_##PRECISION( \
        int isa, const REAL *dy, const REAL *x, ptrdiff_t stride, const REAL *center, const REAL *scale, \
        const REAL *shift, const REAL *factor, const REAL *slope, const REAL *constant, REAL *dx, ptrdiff_t rows, \
        ptrdiff_t columns \
    ) { \
        gradient_table_##PRECISION[isa]( \
            dy, x, stride, center, scale, shift, factor, slope, constant, dx, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
