// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define RIDGELINE_BODY "comparison_body.h"
#include "instantiate.h"

#define ROW_f32(relation) RIDGELINE_VARIANTS(relation##_comparison, f32),
#define ROW_f64(relation) RIDGELINE_VARIANTS(relation##_comparison, f64),

#define ENTRY(REAL, PRECISION) \
    static void (*const comparison_table_##PRECISION[][3])( \
        const REAL *, ptrdiff_t, ptrdiff_t, const REAL *, ptrdiff_t, ptrdiff_t, uint8_t *, ptrdiff_t, ptrdiff_t) = { \
        RIDGELINE_COMPARISONS(ROW_##PRECISION)}; \
    void ridgeline_compare_##PRECISION( \
        int isa, int relation, const REAL *a, ptrdiff_t a_stride, ptrdiff_t a_row, const REAL *b, \
        ptrdiff_t b_stride, ptrdiff_t b_row, uint8_t *out, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        comparison_table_##PRECISION[relation][isa](a, a_stride, a_row, b, b_stride, b_row, out, rows, columns); \
    } \
    static void (*const selection_table_##PRECISION[])( \
        const uint8_t *, ptrdiff_t, const REAL *, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, ptrdiff_t) = \
        RIDGELINE_VARIANTS(selection, PRECISION); \
    void ridgeline_select_##PRECISION( \
        int isa, const uint8_t *condition, ptrdiff_t condition_stride, const REAL *a, ptrdiff_t a_stride, \
        const REAL *b, ptrdiff_t b_stride, REAL *out, ptrdiff_t count \
    ) { \
        selection_table_##PRECISION[isa](condition, condition_stride, a, a_stride, b, b_stride, out, count); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
