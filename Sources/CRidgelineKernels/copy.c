// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 1
#define RIDGELINE_BODY "copy_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const copy_table_##PRECISION[])( \
        const REAL *, ptrdiff_t, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t) = \
        RIDGELINE_VARIANTS(copy_block, PRECISION); \
    void ridgeline_copy_block_##PRECISION( \
        int isa, const REAL *from, ptrdiff_t from_row, ptrdiff_t from_step, REAL *to, ptrdiff_t to_row, \
        ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        copy_table_##PRECISION[isa](from, from_row, from_step, to, to_row, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
