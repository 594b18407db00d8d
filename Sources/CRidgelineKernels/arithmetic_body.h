// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Elementwise arithmetic, for one instruction set and precision.

INLINE VECTOR NAME(add_values)(VECTOR a, VECTOR b) { return a + b; }
INLINE VECTOR NAME(subtract_values)(VECTOR a, VECTOR b) { return a - b; }
INLINE VECTOR NAME(multiply_values)(VECTOR a, VECTOR b) { return a * b; }
INLINE VECTOR NAME(divide_values)(VECTOR a, VECTOR b) { return a / b; }
// A NaN in b fails the first comparison and is chosen there; one in a needs the second.
INLINE VECTOR NAME(maximum_values)(VECTOR a, VECTOR b) { return SELECT(a != a, a, SELECT(a > b, a, b)); }
INLINE VECTOR NAME(minimum_values)(VECTOR a, VECTOR b) { return SELECT(a != a, a, SELECT(a < b, a, b)); }

// `op` and whether the operands vary along a row are constants at every use.
INLINE void NAME(binary_loop)(
    VECTOR (*op)(VECTOR, VECTOR), const REAL *a, int a_varies, ptrdiff_t a_row, const REAL *b, int b_varies,
    ptrdiff_t b_row, REAL *out, ptrdiff_t rows, ptrdiff_t columns
) {
    for (; rows > 0; --rows, a += a_row, b += b_row, out += columns) {
        VECTOR a0 = SPLAT(*a), b0 = SPLAT(*b);
        ptrdiff_t i = 0;
        for (; i + WIDTH <= columns; i += WIDTH)
            STORE(out + i, op(a_varies ? LOAD(a + i) : a0, b_varies ? LOAD(b + i) : b0));
        if (i < columns) {
            ptrdiff_t rest = columns - i;
            VECTOR u = a_varies ? NAME(load_part)(a + i, rest) : a0;
            VECTOR v = b_varies ? NAME(load_part)(b + i, rest) : b0;
            NAME(store_part)(out + i, op(u, v), rest);
        }
    }
}

#undef DEFINE
#define DEFINE(op) \
    static void NAME(op##_binary)( \
        const REAL *a, ptrdiff_t a_stride, ptrdiff_t a_row, const REAL *b, ptrdiff_t b_stride, ptrdiff_t b_row, \
        REAL *out, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        if (columns <= 0) return; \
        if (a_stride && b_stride) NAME(binary_loop)(NAME(op##_values), a, 1, a_row, b, 1, b_row, out, rows, columns); \
        else if (a_stride) NAME(binary_loop)(NAME(op##_values), a, 1, a_row, b, 0, b_row, out, rows, columns); \
        else if (b_stride) NAME(binary_loop)(NAME(op##_values), a, 0, a_row, b, 1, b_row, out, rows, columns); \
        else NAME(binary_loop)(NAME(op##_values), a, 0, a_row, b, 0, b_row, out, rows, columns); \
    }
RIDGELINE_BINARY_OPERATIONS(DEFINE)

// y += alpha x
static void NAME(scaled_add)(REAL alpha, const REAL *x, REAL *y, ptrdiff_t count) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) STORE(y + i, NAME(madd)(SPLAT(alpha), LOAD(x + i), LOAD(y + i)));
    if (i < count) {
        VECTOR v = NAME(madd)(SPLAT(alpha), NAME(load_part)(x + i, count - i), NAME(load_part)(y + i, count - i));
        NAME(store_part)(y + i, v, count - i);
    }
}
