// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 1
#define RIDGELINE_BODY "power_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const power_table_##PRECISION[])( \
        const REAL *, ptrdiff_t, const REAL *, ptrdiff_t, REAL *, ptrdiff_t) = RIDGELINE_VARIANTS(power, PRECISION); \
    void ridgeline_power_##PRECISION( \
        int isa, const REAL *x, ptrdiff_t x_stride, const REAL *y, ptrdiff_t y_stride, REAL *out, ptrdiff_t count \
    ) { \
        power_table_##PRECISION[isa](x, x_stride, y, y_stride, out, count); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
