// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define RIDGELINE_BODY "unary_body.h"
#include "instantiate.h"

#define ROW_f32(function) RIDGELINE_VARIANTS(function##_unary, f32),
#define ROW_f64(function) RIDGELINE_VARIANTS(function##_unary, f64),

#define ENTRY(REAL, PRECISION) \
    static void (*const unary_table_##PRECISION[][3])(const REAL *, REAL *, ptrdiff_t) = { \
        RIDGELINE_UNARY_FUNCTIONS(ROW_##PRECISION)}; \
    void ridgeline_unary_##PRECISION(int isa, int function, const REAL *x, REAL *out, ptrdiff_t count) { \
        unary_table_##PRECISION[function][isa](x, out, count); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
