// Part of Ridgeline. Licensed under the Apache License 2.0.

// Groups of neighbours longer than this are folded by the kernels for whole rows.
#define RIDGELINE_LONG_GROUP 64

#define INTERLEAVE 1
#define RIDGELINE_BODY "fold_body.h"
#include "instantiate.h"

#define FORWARD_f32(fold) RIDGELINE_VARIANTS(fold##_folded, f32),
#define FORWARD_f64(fold) RIDGELINE_VARIANTS(fold##_folded, f64),
#define BACKWARD_f32(fold) RIDGELINE_VARIANTS(fold##_fold_backward, f32),
#define BACKWARD_f64(fold) RIDGELINE_VARIANTS(fold##_fold_backward, f64),

#define ENTRY(REAL, PRECISION) \
    static REAL ridgeline_mean_##PRECISION(int isa, const REAL *x, ptrdiff_t count) { \
        return (REAL)(ridgeline_sum_##PRECISION(isa, x, count) / (double)count); \
    } \
    static REAL (*const row_table_##PRECISION[])(int, const REAL *, ptrdiff_t) = { \
        RIDGELINE_FOLDS(ROW_##PRECISION)}; \
    static void (*const total_rows_table_##PRECISION[])(const REAL *, REAL *, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(total_rows, PRECISION); \
    static void (*const fold_table_##PRECISION[][3])( \
        const REAL *, REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t) = { \
        RIDGELINE_FOLDS(FORWARD_##PRECISION)}; \
    void ridgeline_fold_##PRECISION( \
        int isa, int fold, const REAL *x, REAL *y, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t step, \
        ptrdiff_t columns \
    ) { \
        if (step == 1 && size > RIDGELINE_LONG_GROUP && row_table_##PRECISION[fold] == NULL) \
            total_rows_table_##PRECISION[isa](x, y, outer, size); \
        else if (step == 1 && size > RIDGELINE_LONG_GROUP) \
            for (; outer > 0; --outer, x += size) *y++ = row_table_##PRECISION[fold](isa, x, size); \
        else fold_table_##PRECISION[fold][isa](x, y, outer, size, step, columns); \
    } \
    static void (*const backward_table_##PRECISION[][3])( \
        const REAL *, const REAL *, const REAL *, REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t) = { \
        RIDGELINE_FOLDS(BACKWARD_##PRECISION)}; \
    void ridgeline_fold_backward_##PRECISION( \
        int isa, int fold, const REAL *x, const REAL *y, const REAL *dy, REAL *dx, ptrdiff_t outer, ptrdiff_t size, \
        ptrdiff_t step, ptrdiff_t columns \
    ) { \
        backward_table_##PRECISION[fold][isa](x, y, dy, dx, outer, size, step, columns); \
    }

#define ROW_f32(fold) ridgeline_##fold##_f32,
#define ROW_f64(fold) ridgeline_##fold##_f64,

// Sums of rows stay within one variant, row after row.
#define ridgeline_total_f32 NULL
#define ridgeline_total_f64 NULL

ENTRY(float, f32)
ENTRY(double, f64)
