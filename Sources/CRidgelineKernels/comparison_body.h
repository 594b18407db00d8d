// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Comparisons, whose results are bytes of 0 and 1, and selection by such bytes, for one instruction set and precision.

typedef uint8_t NAME(bytes) __attribute__((ext_vector_type(WIDTH), aligned(1), may_alias));
#undef BYTES
#define BYTES NAME(bytes)

INLINE void NAME(comparison_loop)(
    MASK (*relation)(VECTOR, VECTOR), const REAL *a, int a_varies, ptrdiff_t a_row, const REAL *b, int b_varies,
    ptrdiff_t b_row, uint8_t *out, ptrdiff_t rows, ptrdiff_t columns
) {
    for (; rows > 0; --rows, a += a_row, b += b_row, out += columns) {
        VECTOR a0 = SPLAT(*a), b0 = SPLAT(*b);
        ptrdiff_t i = 0;
        for (; i + WIDTH <= columns; i += WIDTH) {
            MASK holds = relation(a_varies ? LOAD(a + i) : a0, b_varies ? LOAD(b + i) : b0);
            *(BYTES *)(out + i) = __builtin_convertvector(holds, BYTES) & (BYTES)(uint8_t)1;
        }
        if (i < columns) {
            VECTOR u = a_varies ? NAME(load_part)(a + i, columns - i) : a0;
            MASK holds = relation(u, b_varies ? NAME(load_part)(b + i, columns - i) : b0);
            for (ptrdiff_t lane = 0; lane < columns - i; ++lane) out[i + lane] = holds[lane] & 1;
        }
    }
}

#undef DEFINE
#define DEFINE(relation, OPERATOR) \
    INLINE MASK NAME(relation##_holds)(VECTOR a, VECTOR b) { return a OPERATOR b; } \
    static void NAME(relation##_comparison)( \
        const REAL *a, ptrdiff_t a_stride, ptrdiff_t a_row, const REAL *b, ptrdiff_t b_stride, ptrdiff_t b_row, \
        uint8_t *out, ptrdiff_t rows, ptrdiff_t columns \
    ) { \
        if (columns <= 0) return; \
        if (a_stride && b_stride) \
            NAME(comparison_loop)(NAME(relation##_holds), a, 1, a_row, b, 1, b_row, out, rows, columns); \
        else if (a_stride) NAME(comparison_loop)(NAME(relation##_holds), a, 1, a_row, b, 0, b_row, out, rows, columns); \
        else if (b_stride) NAME(comparison_loop)(NAME(relation##_holds), a, 0, a_row, b, 1, b_row, out, rows, columns); \
        else NAME(comparison_loop)(NAME(relation##_holds), a, 0, a_row, b, 0, b_row, out, rows, columns); \
    }
DEFINE(equal, ==)
DEFINE(unequal, !=)
DEFINE(less, <)
DEFINE(less_or_equal, <=)
DEFINE(greater, >)
DEFINE(greater_or_equal, >=)

// out = condition ? a : b. Only moves, so the bits of a NaN, or of what is no REAL at all, stay.
INLINE void NAME(selection_loop)(
    const uint8_t *condition, const REAL *a, int a_varies, const REAL *b, int b_varies, REAL *out, ptrdiff_t count
) {
    VECTOR a0 = SPLAT(*a), b0 = SPLAT(*b);
    ptrdiff_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) {
        MASK chosen = __builtin_convertvector(*(const BYTES *)(condition + i), MASK) != (MASK)(INTEGER)0;
        VECTOR u = a_varies ? LOAD(a + i) : a0, v = b_varies ? LOAD(b + i) : b0;
        LOADED_BEFORE;
        STORE(out + i, SELECT(chosen, u, v));
    }
    for (; i < count; ++i) out[i] = *(condition[i] ? a + (a_varies ? i : 0) : b + (b_varies ? i : 0));
}

static void NAME(selection)(
    const uint8_t *condition, ptrdiff_t condition_stride, const REAL *a, ptrdiff_t a_stride, const REAL *b,
    ptrdiff_t b_stride, REAL *out, ptrdiff_t count
) {
    if (count <= 0) return;
    if (!condition_stride) {
        const REAL *from = *condition ? a : b;
        ptrdiff_t stride = *condition ? a_stride : b_stride;
        for (ptrdiff_t i = 0; i < count; ++i) out[i] = from[i * stride];
    } else if (a_stride && b_stride) NAME(selection_loop)(condition, a, 1, b, 1, out, count);
    else if (a_stride) NAME(selection_loop)(condition, a, 1, b, 0, out, count);
    else if (b_stride) NAME(selection_loop)(condition, a, 0, b, 1, out, count);
    else NAME(selection_loop)(condition, a, 0, b, 0, out, count);
}
