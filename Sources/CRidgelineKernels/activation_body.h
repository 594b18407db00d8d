// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// y = act(z + bias) and its pullback, row by row, for one family of activations, instruction set and precision. The
// including file defines FAMILY, the list, and FAMILY_FUNCTIONS, the file with each one's `_value` of x and `_pullback`
// of what forward saved and the upstream gradient.

#include "wide.h"
#include FAMILY_FUNCTIONS

// `value` is a constant at every use, so it is inlined into the loop: once, for whole vectors and tails alike.
INLINE void NAME(forward_rows)(
    VECTOR (*value)(VECTOR, REAL, REAL), REAL first, REAL second, const REAL *z, ptrdiff_t z_stride, const REAL *bias,
    REAL *y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns
) {
    if (!bias && z_stride == columns && y_stride == columns) {
        columns *= rows;
        rows = columns > 0;
    }
    for (ptrdiff_t row = 0; row < rows; ++row, z += z_stride, y += y_stride) {
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR x = NAME(load)(z + i, count);
            if (bias) x += NAME(load)(bias + i, count);
            NAME(store)(y + i, value(x, first, second), count);
        }
    }
}

// `bias` is added to what was saved: the caller passes null where that is the output.
INLINE void NAME(backward_rows)(
    VECTOR (*pullback)(VECTOR, VECTOR, REAL, REAL), REAL first, REAL second, const REAL *saved, ptrdiff_t saved_stride,
    const REAL *bias, const REAL *dy, ptrdiff_t dy_stride, REAL *dz, ptrdiff_t dz_stride, ptrdiff_t rows,
    ptrdiff_t columns
) {
    if (!bias && saved_stride == columns && dy_stride == columns && dz_stride == columns) {
        columns *= rows;
        rows = columns > 0;
    }
    for (ptrdiff_t row = 0; row < rows; ++row, saved += saved_stride, dy += dy_stride, dz += dz_stride) {
        for (ptrdiff_t i = 0; i < columns; i += WIDTH) {
            ptrdiff_t count = columns - i;
            VECTOR upstream = NAME(load)(dy + i, count);
            LOADED_BEFORE;
            VECTOR x = NAME(load)(saved + i, count);
            if (bias) x += NAME(load)(bias + i, count);
            NAME(store)(dz + i, pullback(x, upstream, first, second), count);
        }
    }
}

#undef DEFINE
#define DEFINE(act) \
    __attribute__((visibility("hidden"))) void NAME(ridgeline_##act##_forward)( \
        REAL first, REAL second, const REAL *z, ptrdiff_t z_stride, const REAL *bias, REAL *y, ptrdiff_t y_stride, \
        ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        NAME(forward_rows)( \
            NAME(act##_value), first, second, z, z_stride, bias, y, y_stride, rows, columns); \
    } \
    __attribute__((visibility("hidden"))) void NAME(ridgeline_##act##_backward)( \
        REAL first, REAL second, const REAL *saved, ptrdiff_t saved_stride, const REAL *bias, const REAL *dy, \
        ptrdiff_t dy_stride, REAL *dz, ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        NAME(backward_rows)( \
            NAME(act##_pullback), first, second, saved, saved_stride, bias, dy, dy_stride, dz, dz_stride, rows, \
            columns); \
    }
FAMILY(DEFINE)
