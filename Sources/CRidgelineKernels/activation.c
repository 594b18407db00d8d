// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The tables of all activations, which are compiled family by family in activation_*.c.

#include "CRidgelineKernels.h"

#define FORWARD(REAL) \
    REAL, REAL, const REAL *, ptrdiff_t, const REAL *, REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t
#define BACKWARD(REAL) \
    REAL, REAL, const REAL *, ptrdiff_t, const REAL *, const REAL *, ptrdiff_t, REAL *, ptrdiff_t, ptrdiff_t, ptrdiff_t

#if defined(__x86_64__)
#define EACH_VARIANT(EACH, act, REAL, PRECISION) \
    EACH(act, REAL, PRECISION##_baseline) EACH(act, REAL, PRECISION##_avx2) EACH(act, REAL, PRECISION##_avx512)
#else
#define EACH_VARIANT(EACH, act, REAL, PRECISION) EACH(act, REAL, PRECISION##_baseline)
#endif

#define DECLARE(act, REAL, variant) \
    __attribute__((visibility("hidden"))) void ridgeline_##act##_forward_##variant(FORWARD(REAL)); \
    __attribute__((visibility("hidden"))) void ridgeline_##act##_backward_##variant(BACKWARD(REAL));
#define DECLARE_ALL(act) EACH_VARIANT(DECLARE, act, float, f32) EACH_VARIANT(DECLARE, act, double, f64)
RIDGELINE_ACTIVATIONS(DECLARE_ALL)

#define NAME_FORWARD(act, REAL, variant) ridgeline_##act##_forward_##variant,
#define NAME_BACKWARD(act, REAL, variant) ridgeline_##act##_backward_##variant,
#define FORWARD_f32(act) {EACH_VARIANT(NAME_FORWARD, act, float, f32)},
#define FORWARD_f64(act) {EACH_VARIANT(NAME_FORWARD, act, double, f64)},
#define BACKWARD_f32(act) {EACH_VARIANT(NAME_BACKWARD, act, float, f32)},
#define BACKWARD_f64(act) {EACH_VARIANT(NAME_BACKWARD, act, double, f64)},

#define ENTRY(REAL, PRECISION) \
    static void (*const forward_table_##PRECISION[][3])(FORWARD(REAL)) = { \
        RIDGELINE_ACTIVATIONS(FORWARD_##PRECISION)}; \
    static void (*const backward_table_##PRECISION[][3])(BACKWARD(REAL)) = { \
        RIDGELINE_ACTIVATIONS(BACKWARD_##PRECISION)}; \
    void ridgeline_bias_activation_##PRECISION( \
        int isa, int kind, REAL first, REAL second, const REAL *z, ptrdiff_t z_stride, const REAL *bias, REAL *y, \
        ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        forward_table_##PRECISION[kind][isa](first, second, z, z_stride, bias, y, y_stride, rows, columns); \
    } \
    void ridgeline_bias_activation_backward_##PRECISION( \
        int isa, int kind, REAL first, REAL second, const REAL *saved, ptrdiff_t saved_stride, const REAL *bias, \
        const REAL *dy, ptrdiff_t dy_stride, REAL *dz, ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        backward_table_##PRECISION[kind][isa]( \
            first, second, saved, saved_stride, bias, dy, dy_stride, dz, dz_stride, rows, columns); \
    }

ENTRY(float, f32)
ENTRY(double, f64)
