// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "channel_normalization_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const normalization_table_##PRECISION[])( \
        const REAL *, const REAL *, REAL *, ptrdiff_t, const double *, const double *, const double *, int, ptrdiff_t, \
        ptrdiff_t) = RIDGELINE_VARIANTS(channel_normalization, PRECISION); \
    void ridgeline_channel_normalization_##PRECISION( \
        int isa, const REAL *x, const REAL *residual, REAL *y, ptrdiff_t stride, const double *center, \
        const double *factor, const double *constant, int rectify, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        normalization_table_##PRECISION[isa]( \
            x, residual, y, stride, center, factor, constant, rectify, rows, columns); \
    } \
    static void (*const sums_table_##PRECISION[])( \
        const REAL *, const REAL *, ptrdiff_t, const double *, const double *, const double *, double *, double *, \
        ptrdiff_t, ptrdiff_t) = RIDGELINE_VARIANTS(channel_gradient_sums, PRECISION); \
    void ridgeline_channel_gradient_sums_##PRECISION( \
        int isa, const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor, \
        const double *mask_constant, double *sums, double *products, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        sums_table_##PRECISION[isa]( \
            dy, x, stride, center, mask_factor, mask_constant, sums, products, rows, columns); \
    } \
    static void (*const gradient_table_##PRECISION[])( \
        const REAL *, const REAL *, ptrdiff_t, const double *, const double *, const double *, const double *, \
        const double *, const double *, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(channel_gradient, PRECISION); \
    void ridgeline_channel_gradient_##PRECISION( \
        int isa, const REAL *dy, const REAL *x, ptrdiff_t stride, const double *center, const double *mask_factor, \
        const double *mask_constant, const double *factor, const double *slope, const double *constant, REAL *dx, \
        ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        gradient_table_##PRECISION[isa]( \
            dy, x, stride, center, mask_factor, mask_constant, factor, slope, constant, dx, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
