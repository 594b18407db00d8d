// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// y = act(z + bias) and its pullback, row by row, for one instruction set and precision.

#include "activation_functions.h"

// `value` is a constant at every use, so it is inlined into the loop.
INLINE void NAME(forward_rows)(
    VECTOR (*value)(VECTOR), const REAL *z, ptrdiff_t z_stride, const REAL *bias, REAL *y, ptrdiff_t y_stride,
    ptrdiff_t rows, ptrdiff_t columns
) {
    if (!bias && z_stride == columns && y_stride == columns) {
        columns *= rows;
        rows = columns > 0;
    }
    for (ptrdiff_t row = 0; row < rows; ++row, z += z_stride, y += y_stride) {
        ptrdiff_t i = 0;
        for (; i + WIDTH <= columns; i += WIDTH) {
            VECTOR x = LOAD(z + i);
            if (bias) x += LOAD(bias + i);
            STORE(y + i, value(x));
        }
        if (i < columns) {
            VECTOR x = NAME(load_part)(z + i, columns - i);
            if (bias) x += NAME(load_part)(bias + i, columns - i);
            NAME(store_part)(y + i, value(x), columns - i);
        }
    }
}

// `bias` is added to what was saved: the caller passes null where that is the output.
INLINE void NAME(backward_rows)(
    VECTOR (*pullback)(VECTOR, VECTOR), const REAL *saved, ptrdiff_t saved_stride, const REAL *bias, const REAL *dy,
    ptrdiff_t dy_stride, REAL *dz, ptrdiff_t dz_stride, REAL *db, ptrdiff_t rows, ptrdiff_t columns
) {
    if (!bias && !db && saved_stride == columns && dy_stride == columns && dz_stride == columns) {
        columns *= rows;
        rows = columns > 0;
    }
    for (ptrdiff_t row = 0; row < rows; ++row, saved += saved_stride, dy += dy_stride, dz += dz_stride) {
        ptrdiff_t i = 0;
        for (; i + WIDTH <= columns; i += WIDTH) {
            VECTOR x = LOAD(saved + i);
            if (bias) x += LOAD(bias + i);
            VECTOR g = pullback(x, LOAD(dy + i));
            STORE(dz + i, g);
            if (db) STORE(db + i, LOAD(db + i) + g);
        }
        if (i < columns) {
            ptrdiff_t count = columns - i;
            VECTOR x = NAME(load_part)(saved + i, count);
            if (bias) x += NAME(load_part)(bias + i, count);
            VECTOR g = pullback(x, NAME(load_part)(dy + i, count));
            NAME(store_part)(dz + i, g, count);
            if (db) NAME(store_part)(db + i, NAME(load_part)(db + i, count) + g, count);
        }
    }
}

#undef DEFINE
#define DEFINE(act) \
    static void NAME(act##_forward)( \
        const REAL *z, ptrdiff_t z_stride, const REAL *bias, REAL *y, ptrdiff_t y_stride, ptrdiff_t rows, \
        ptrdiff_t columns \
    ) { \
        NAME(forward_rows)(NAME(act##_value), z, z_stride, bias, y, y_stride, rows, columns); \
    } \
    static void NAME(act##_backward)( \
        const REAL *saved, ptrdiff_t saved_stride, const REAL *bias, const REAL *dy, ptrdiff_t dy_stride, REAL *dz, \
        ptrdiff_t dz_stride, REAL *db, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        NAME(backward_rows)( \
            NAME(act##_pullback), saved, saved_stride, bias, dy, dy_stride, dz, dz_stride, db, rows, columns); \
    }
RIDGELINE_ACTIVATIONS(DEFINE)
