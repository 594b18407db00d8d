// Part of Ridgeline. Licensed under the Apache License 2.0.

#define RIDGELINE_BODY "optimizer_body.h"
#include "instantiate.h"

#define ENTRY(REAL, PRECISION) \
    static void (*const sgd_table_##PRECISION[])( \
        REAL *, const REAL *, REAL *, ptrdiff_t, REAL, REAL, REAL, REAL, int, int) = \
        RIDGELINE_VARIANTS(sgd, PRECISION); \
    void ridgeline_sgd_##PRECISION( \
        int isa, REAL *parameter, const REAL *gradient, REAL *velocity, ptrdiff_t count, REAL learning_rate, \
        REAL momentum, REAL undamped, REAL weight_decay, int nesterov, int first_step \
    ) { \
        sgd_table_##PRECISION[isa]( \
            parameter, gradient, velocity, count, learning_rate, momentum, undamped, weight_decay, nesterov, \
            first_step); \
    } \
    static void (*const adam_table_##PRECISION[])( \
        REAL *, const REAL *, REAL *, REAL *, ptrdiff_t, REAL, REAL, REAL, REAL, REAL, REAL, REAL, REAL) = \
        RIDGELINE_VARIANTS(adam, PRECISION); \
    void ridgeline_adam_##PRECISION( \
        int isa, REAL *parameter, const REAL *gradient, REAL *first, REAL *second, ptrdiff_t count, REAL decay, \
        REAL coupled, REAL one_minus_beta1, REAL beta2, REAL one_minus_beta2, REAL step_size, REAL root_scale, REAL epsilon \
    ) { \
        adam_table_##PRECISION[isa]( \
            parameter, gradient, first, second, count, decay, coupled, one_minus_beta1, beta2, one_minus_beta2, \
            step_size, root_scale, epsilon); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
