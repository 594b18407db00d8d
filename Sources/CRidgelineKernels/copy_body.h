// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Copies of blocks whose elements lie otherwise in the source, for one instruction set and size of element. Elements
// are only moved, so they may be anything of that size.

// Rows from here on, in bytes, are the C library's to copy.
#define LONG_ROW 4096

INLINE void NAME(copy_run)(const REAL *from, REAL *to, ptrdiff_t count) {
    if (count * (ptrdiff_t)sizeof(REAL) >= LONG_ROW) {
        __builtin_memcpy(to, from, (size_t)count * sizeof(REAL));
        return;
    }
    ptrdiff_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) STORE(to + i, LOAD(from + i));
    if (i == count) return;
    // The last vector again up to the end, where there was one.
    if (i > 0) STORE(to + count - WIDTH, LOAD(from + count - WIDTH));
    else for (; i < count; ++i) to[i] = from[i];
}

INLINE void NAME(fill_run)(REAL value, REAL *to, ptrdiff_t count) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) STORE(to + i, SPLAT(value));
    for (; i < count; ++i) to[i] = value;
}

// Few planes side by side to groups one after another, and back. LLVM makes shuffles of it where `size` is a constant.
INLINE void NAME(interleave)(const REAL *restrict from, ptrdiff_t plane, REAL *restrict to, ptrdiff_t count, int size) {
    for (ptrdiff_t i = 0; i < count; ++i)
        for (int j = 0; j < size; ++j) to[i * size + j] = from[j * plane + i];
}
INLINE void NAME(deinterleave)(
    const REAL *restrict from, REAL *restrict to, ptrdiff_t plane, ptrdiff_t count, int size
) {
    for (ptrdiff_t i = 0; i < count; ++i)
        for (int j = 0; j < size; ++j) to[j * plane + i] = from[i * size + j];
}

typedef REAL NAME(eight) __attribute__((ext_vector_type(8)));
typedef REAL NAME(unaligned_eight) __attribute__((ext_vector_type(8), aligned(sizeof(REAL)), may_alias));
#undef EIGHT
#define EIGHT NAME(eight)

// to[r][c] = from[c][r], eight by eight: pairs, fours and halves of registers change places.
INLINE void NAME(turn_eight)(const REAL *from, ptrdiff_t from_row, REAL *to, ptrdiff_t to_row) {
    EIGHT r[8], t[8], u[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; ++i) r[i] = *(const NAME(unaligned_eight) *)(from + i * from_row);
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i += 2) {
        t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i += 4) {
        u[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        u[i + 1] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        u[i + 2] = __builtin_shufflevector(t[i + 1], t[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        u[i + 3] = __builtin_shufflevector(t[i + 1], t[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; ++i) {
        *(NAME(unaligned_eight) *)(to + i * to_row) =
            __builtin_shufflevector(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        *(NAME(unaligned_eight) *)(to + (i + 4) * to_row) =
            __builtin_shufflevector(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

// to[r][c] = from[c][r] in squares whose lines, on both sides, fit the first-level cache.
INLINE void NAME(turn)(
    const REAL *from, ptrdiff_t from_line, REAL *to, ptrdiff_t to_row, ptrdiff_t rows, ptrdiff_t columns
) {
    const ptrdiff_t side = 64;
    for (ptrdiff_t r0 = 0; r0 < rows; r0 += side) {
        ptrdiff_t r_end = r0 + side < rows ? r0 + side : rows;
        for (ptrdiff_t c0 = 0; c0 < columns; c0 += side) {
            ptrdiff_t c_end = c0 + side < columns ? c0 + side : columns;
            ptrdiff_t r = r0;
            for (; r + 8 <= r_end; r += 8) {
                ptrdiff_t c = c0;
                for (; c + 8 <= c_end; c += 8)
                    NAME(turn_eight)(from + c * from_line + r, from_line, to + r * to_row + c, to_row);
                for (; c < c_end; ++c)
                    for (int i = 0; i < 8; ++i) to[(r + i) * to_row + c] = from[c * from_line + r + i];
            }
            for (; r < r_end; ++r)
                for (ptrdiff_t c = c0; c < c_end; ++c) to[r * to_row + c] = from[c * from_line + r];
        }
    }
}

// to[r to_row + c] = from[r from_row + c from_step]
static void NAME(copy_block)(
    const REAL *from, ptrdiff_t from_row, ptrdiff_t from_step, REAL *to, ptrdiff_t to_row, ptrdiff_t rows,
    ptrdiff_t columns
) {
    if (from_step == 1) {
        for (; rows > 0; --rows, from += from_row, to += to_row) NAME(copy_run)(from, to, columns);
    } else if (from_step == 0) {
        for (; rows > 0; --rows, from += from_row, to += to_row) NAME(fill_run)(*from, to, columns);
    } else if (from_row == 1) {
        if (to_row == columns) {
            switch (columns) {
            case 2: return NAME(interleave)(from, from_step, to, rows, 2);
            case 3: return NAME(interleave)(from, from_step, to, rows, 3);
            case 4: return NAME(interleave)(from, from_step, to, rows, 4);
            }
        }
        if (from_step == rows) {
            switch (rows) {
            case 2: return NAME(deinterleave)(from, to, to_row, columns, 2);
            case 3: return NAME(deinterleave)(from, to, to_row, columns, 3);
            case 4: return NAME(deinterleave)(from, to, to_row, columns, 4);
            }
        }
        NAME(turn)(from, from_step, to, to_row, rows, columns);
    } else {
        for (; rows > 0; --rows, from += from_row, to += to_row)
            for (ptrdiff_t c = 0; c < columns; ++c) to[c] = from[c * from_step];
    }
}
