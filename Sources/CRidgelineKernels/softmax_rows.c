// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define RIDGELINE_BODY "softmax_rows_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const softmax_table_##PRECISION[])(const REAL *, REAL, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(softmax, PRECISION); \
    void ridgeline_softmax_##PRECISION( \
        int isa, const REAL *x, REAL sign, REAL *y, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        softmax_table_##PRECISION[isa](x, sign, y, rows, columns); \
    } \
    static void (*const softmax_backward_table_##PRECISION[])( \
        const REAL *, REAL, const REAL *, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(softmax_backward, PRECISION); \
    void ridgeline_softmax_backward_##PRECISION( \
        int isa, const REAL *y, REAL sign, const REAL *dy, REAL *dx, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        softmax_backward_table_##PRECISION[isa](y, sign, dy, dx, rows, columns); \
    } \
    static void (*const log_softmax_table_##PRECISION[])(const REAL *, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(log_softmax, PRECISION); \
    void ridgeline_log_softmax_##PRECISION( \
        int isa, const REAL *x, REAL *y, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        log_softmax_table_##PRECISION[isa](x, y, rows, columns); \
    } \
    static void (*const log_softmax_backward_table_##PRECISION[])( \
        const REAL *, const REAL *, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(log_softmax_backward, PRECISION); \
    void ridgeline_log_softmax_backward_##PRECISION( \
        int isa, const REAL *y, const REAL *dy, REAL *dx, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        log_softmax_backward_table_##PRECISION[isa](y, dy, dx, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
