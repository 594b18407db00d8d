// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "gather_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const gather_runs_##PRECISION[])( \
        const REAL *, ptrdiff_t, const ptrdiff_t *, ptrdiff_t, ptrdiff_t, REAL *, ptrdiff_t, const REAL *) = \
        RIDGELINE_VARIANTS(gather_runs, PRECISION); \
    void ridgeline_gather_runs_##PRECISION( \
        int isa, const REAL *from, ptrdiff_t step, const ptrdiff_t *offsets, ptrdiff_t runs, ptrdiff_t length, REAL *to, \
        ptrdiff_t positions, const REAL *image_end \
    ) { \
        gather_runs_##PRECISION[isa](from, step, offsets, runs, length, to, positions, image_end); \
    } \
    static void (*const scatter_runs_##PRECISION[])( \
        const REAL *, REAL *, ptrdiff_t, const ptrdiff_t *, ptrdiff_t, ptrdiff_t, ptrdiff_t, const REAL *) = \
        RIDGELINE_VARIANTS(scatter_runs, PRECISION); \
    void ridgeline_scatter_runs_##PRECISION( \
        int isa, const REAL *from, REAL *to, ptrdiff_t step, const ptrdiff_t *offsets, ptrdiff_t runs, ptrdiff_t length, \
        ptrdiff_t positions, const REAL *image_end \
    ) { \
        scatter_runs_##PRECISION[isa](from, to, step, offsets, runs, length, positions, image_end); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
