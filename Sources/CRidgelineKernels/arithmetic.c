// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define RIDGELINE_BODY "arithmetic_body.h"
#include "instantiate.h"

#define ROW_f32(op) RIDGELINE_VARIANTS(op##_binary, f32),
#define ROW_f64(op) RIDGELINE_VARIANTS(op##_binary, f64),

#define ENTRY(REAL, PRECISION) \
    typedef void (*binary_##PRECISION)( \
        const REAL *, ptrdiff_t, ptrdiff_t, const REAL *, ptrdiff_t, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t); \
    static const binary_##PRECISION binary_table_##PRECISION[][3] = {RIDGELINE_BINARY_OPERATIONS(ROW_##PRECISION)}; \
    void ridgeline_binary_##PRECISION( \
        int isa, int op, const REAL *a, ptrdiff_t a_stride, ptrdiff_t a_row, const REAL *b, ptrdiff_t b_stride, \
        ptrdiff_t b_row, REAL *out, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        binary_table_##PRECISION[op][isa](a, a_stride, a_row, b, b_stride, b_row, out, rows, columns); \
    } \
    static void (*const scaled_add_table_##PRECISION[])(REAL, const REAL *, REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(scaled_add, PRECISION); \
    void ridgeline_scaled_add_##PRECISION(int isa, REAL alpha, const REAL *x, REAL *y, ptrdiff_t count) { \
        scaled_add_table_##PRECISION[isa](alpha, x, y, count); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
