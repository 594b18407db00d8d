// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The transforms of Winograd's minimal filtering F(4x4, 3x3) and F(2x2, 3x3), for one instruction set and precision
// (Lavin, Gray, "Fast algorithms for convolutional neural networks", 2015). A tile's taps come as pointers to their
// channels, so that those outside the image may all point at zeros.
//
// F(4) evaluates at 0, +-5/8, +-3/2 and infinity: the coefficients of its input and output transforms are exact in
// binary, and its rounding error is 0.44 of that with the customary 0, +-1, +-2 (measured: 8.4e-7 against 1.9e-6).

#define P 0.625
#define Q 1.5
#define PP (P * P)
#define QQ (Q * Q)

// One dimension of each transform: `to` = matrix * `from`, elements `step` apart.

INLINE void NAME(input4)(const VECTOR *from, ptrdiff_t step, VECTOR *to, ptrdiff_t to_step) {
    VECTOR d0 = from[0], d1 = from[step], d2 = from[2 * step], d3 = from[3 * step], d4 = from[4 * step],
           d5 = from[5 * step];
    VECTOR even = NAME(madd)(d2, SPLAT(-QQ), d4), odd = P * NAME(madd)(d1, SPLAT(-QQ), d3);
    VECTOR even2 = NAME(madd)(d2, SPLAT(-PP), d4), odd2 = Q * NAME(madd)(d1, SPLAT(-PP), d3);
    to[0] = NAME(madd)(d0, SPLAT(PP * QQ), NAME(madd)(d2, SPLAT(-(PP + QQ)), d4));
    to[to_step] = even + odd;
    to[2 * to_step] = even - odd;
    to[3 * to_step] = even2 + odd2;
    to[4 * to_step] = even2 - odd2;
    to[5 * to_step] = NAME(madd)(d1, SPLAT(PP * QQ), NAME(madd)(d3, SPLAT(-(PP + QQ)), d5));
}

INLINE void NAME(output4)(const VECTOR *from, ptrdiff_t step, VECTOR *to, ptrdiff_t to_step) {
    VECTOR a = from[step] + from[2 * step], b = from[step] - from[2 * step];
    VECTOR c = from[3 * step] + from[4 * step], d = from[3 * step] - from[4 * step];
    to[0] = from[0] + a + c;
    to[to_step] = NAME(madd)(d, SPLAT(Q), P * b);
    to[2 * to_step] = NAME(madd)(c, SPLAT(QQ), PP * a);
    to[3 * to_step] = NAME(madd)(d, SPLAT(Q * QQ), NAME(madd)(b, SPLAT(P * PP), from[5 * step]));
}

// The transpose of the output's.
INLINE void NAME(gradient4)(const VECTOR *from, ptrdiff_t step, VECTOR *to, ptrdiff_t to_step) {
    VECTOR e0 = from[0], e1 = from[step], e2 = from[2 * step], e3 = from[3 * step];
    VECTOR even = NAME(madd)(e2, SPLAT(PP), e0), odd = P * NAME(madd)(e3, SPLAT(PP), e1);
    VECTOR even2 = NAME(madd)(e2, SPLAT(QQ), e0), odd2 = Q * NAME(madd)(e3, SPLAT(QQ), e1);
    to[0] = e0;
    to[to_step] = even + odd;
    to[2 * to_step] = even - odd;
    to[3 * to_step] = even2 + odd2;
    to[4 * to_step] = even2 - odd2;
    to[5 * to_step] = e3;
}

INLINE void NAME(weight4)(const WIDE *from, ptrdiff_t step, WIDE *to, ptrdiff_t to_step) {
    const double n = 1 / (2 * PP * (PP - QQ)), m = 1 / (2 * QQ * (QQ - PP));
    WIDE g0 = from[0], g1 = from[step], g2 = from[2 * step];
    WIDE even = n * (g0 + PP * g2), odd = (n * P) * g1, even2 = m * (g0 + QQ * g2), odd2 = (m * Q) * g1;
    to[0] = g0 * (1 / (PP * QQ));
    to[to_step] = even + odd;
    to[2 * to_step] = even - odd;
    to[3 * to_step] = even2 + odd2;
    to[4 * to_step] = even2 - odd2;
    to[5 * to_step] = g2;
}

// The transpose of the weights'.
INLINE void NAME(weight_gradient4)(const WIDE *from, ptrdiff_t step, WIDE *to, ptrdiff_t to_step) {
    const double n = 1 / (2 * PP * (PP - QQ)), m = 1 / (2 * QQ * (QQ - PP));
    WIDE a = n * (from[step] + from[2 * step]), b = n * (from[step] - from[2 * step]);
    WIDE c = m * (from[3 * step] + from[4 * step]), d = m * (from[3 * step] - from[4 * step]);
    to[0] = from[0] * (1 / (PP * QQ)) + a + c;
    to[to_step] = P * b + Q * d;
    to[2 * to_step] = PP * a + QQ * c + from[5 * step];
}

#undef P
#undef Q
#undef PP
#undef QQ

INLINE void NAME(input2)(const VECTOR *from, ptrdiff_t step, VECTOR *to, ptrdiff_t to_step) {
    VECTOR d1 = from[step], d2 = from[2 * step];
    to[0] = d2 - from[0];
    to[to_step] = d2 + d1;
    to[2 * to_step] = d2 - d1;
    to[3 * to_step] = from[3 * step] - d1;
}

INLINE void NAME(output2)(const VECTOR *from, ptrdiff_t step, VECTOR *to, ptrdiff_t to_step) {
    to[0] = from[0] + (from[step] + from[2 * step]);
    to[to_step] = (from[step] - from[2 * step]) + from[3 * step];
}

INLINE void NAME(gradient2)(const VECTOR *from, ptrdiff_t step, VECTOR *to, ptrdiff_t to_step) {
    VECTOR e0 = from[0], e1 = from[step];
    to[0] = e0;
    to[to_step] = e0 + e1;
    to[2 * to_step] = e0 - e1;
    to[3 * to_step] = e1;
}

INLINE void NAME(weight2)(const WIDE *from, ptrdiff_t step, WIDE *to, ptrdiff_t to_step) {
    WIDE even = 0.5 * (from[0] + from[2 * step]), odd = 0.5 * from[step];
    to[0] = -from[0];
    to[to_step] = even + odd;
    to[2 * to_step] = even - odd;
    to[3 * to_step] = from[2 * step];
}

INLINE void NAME(weight_gradient2)(const WIDE *from, ptrdiff_t step, WIDE *to, ptrdiff_t to_step) {
    WIDE a = 0.5 * (from[step] + from[2 * step]), b = 0.5 * (from[step] - from[2 * step]);
    to[0] = a - from[0];
    to[to_step] = b;
    to[2 * to_step] = a + from[3 * step];
}

INLINE WIDE NAME(load_wide)(const REAL *p, ptrdiff_t count) { return WIDEN(NAME(load)(p, count)); }

// Both dimensions: columns first, then rows. TAKE(i) is the vector of element i of a FROM x FROM tile, PUT(i, v) takes
// that of the TO x TO result.
#define TRANSFORM(TYPE, ONE, FROM, TO, TAKE, PUT) \
    do { \
        TYPE column[FROM], half[TO * FROM], row[TO]; \
        for (int j = 0; j < FROM; ++j) { \
            for (int i = 0; i < FROM; ++i) column[i] = TAKE(i * FROM + j); \
            NAME(ONE)(column, 1, half + j, FROM); \
        } \
        for (int i = 0; i < TO; ++i) { \
            NAME(ONE)(half + i * FROM, 1, row, 1); \
            for (int j = 0; j < TO; ++j) PUT(i * TO + j, row[j]); \
        } \
    } while (0)

#define FROM_TAPS(k) NAME(load)(taps[k] + c, count)
#define TO_MATRICES(k, value) NAME(store)(out + (k) * stride + c, value, count)
#define FROM_MATRICES(k) NAME(load)(in + (k) * stride + c, count)
// A value x 0 is 0 unless it is infinite or not a number.
#define TO_PIXELS(k, value) \
    do { \
        zero = NAME(madd)(value, SPLAT(0), zero); \
        if (pixels[k]) NAME(store)(pixels[k] + c, value, count); \
    } while (0)
#define FROM_WEIGHTS(k) NAME(load_wide)(weights + (flip ? 8 - (k) : (k)) * tap_stride + c, count)
#define TO_NARROW(k, value) NAME(store)(out + (k) * stride + c, NARROW(value), count)
#define FROM_WIDE_MATRICES(k) NAME(load_wide)(in + (k) * stride + c, count)
#define TO_WEIGHTS(k, value) NAME(store)(weights + (k) * tap_stride + c, NARROW(value), count)

#define WINOGRAD(TILE, SIZE) \
    static void NAME(winograd_input##TILE)( \
        const REAL *const *taps, ptrdiff_t tiles, REAL *out, ptrdiff_t stride, ptrdiff_t channels \
    ) { \
        for (; tiles > 0; --tiles, taps += SIZE * SIZE, out += channels) { \
            for (ptrdiff_t c = 0; c < channels; c += WIDTH) { \
                ptrdiff_t count = channels - c; \
                TRANSFORM(VECTOR, input##TILE, SIZE, SIZE, FROM_TAPS, TO_MATRICES); \
            } \
        } \
    } \
    static void NAME(winograd_output##TILE)( \
        const REAL *in, ptrdiff_t tiles, ptrdiff_t stride, REAL *const *pixels, uint32_t *marks, ptrdiff_t channels \
    ) { \
        for (; tiles > 0; --tiles, in += channels, pixels += TILE * TILE, ++marks) { \
            VECTOR zero = SPLAT(0); \
            for (ptrdiff_t c = 0; c < channels; c += WIDTH) { \
                ptrdiff_t count = channels - c; \
                TRANSFORM(VECTOR, output##TILE, SIZE, TILE, FROM_MATRICES, TO_PIXELS); \
            } \
            MASK suspects = zero != SPLAT(0); \
            if (__builtin_reduce_or(suspects)) *marks |= RIDGELINE_WINOGRAD_NOT_FINITE; \
        } \
    } \
    static void NAME(winograd_gradient##TILE)( \
        const REAL *const *taps, ptrdiff_t tiles, REAL *out, ptrdiff_t stride, ptrdiff_t channels \
    ) { \
        for (; tiles > 0; --tiles, taps += TILE * TILE, out += channels) { \
            for (ptrdiff_t c = 0; c < channels; c += WIDTH) { \
                ptrdiff_t count = channels - c; \
                TRANSFORM(VECTOR, gradient##TILE, TILE, SIZE, FROM_TAPS, TO_MATRICES); \
            } \
        } \
    } \
    static void NAME(winograd_weight##TILE)( \
        const REAL *weights, ptrdiff_t tap_stride, int flip, REAL *out, ptrdiff_t stride, ptrdiff_t channels \
    ) { \
        for (ptrdiff_t c = 0; c < channels; c += WIDTH) { \
            ptrdiff_t count = channels - c; \
            TRANSFORM(WIDE, weight##TILE, 3, SIZE, FROM_WEIGHTS, TO_NARROW); \
        } \
    } \
    static void NAME(winograd_weight_gradient##TILE)( \
        const REAL *in, ptrdiff_t stride, REAL *weights, ptrdiff_t tap_stride, ptrdiff_t channels \
    ) { \
        for (ptrdiff_t c = 0; c < channels; c += WIDTH) { \
            ptrdiff_t count = channels - c; \
            TRANSFORM(WIDE, weight_gradient##TILE, SIZE, 3, FROM_WIDE_MATRICES, TO_WEIGHTS); \
        } \
    }

WINOGRAD(4, 6)
WINOGRAD(2, 4)

#undef TRANSFORM
#undef FROM_TAPS
#undef TO_MATRICES
#undef FROM_MATRICES
#undef TO_PIXELS
#undef FROM_WEIGHTS
#undef TO_NARROW
#undef FROM_WIDE_MATRICES
#undef TO_WEIGHTS
#undef WINOGRAD

// out[p] = the largest magnitude of a pixel's channels; NaN where one is. As integers the bits of magnitudes are ordered
// as they are, infinity above them and NaN above that.
static void NAME(pixel_magnitudes)(const REAL *x, ptrdiff_t pixels, ptrdiff_t channels, REAL *out) {
    const BITS magnitude = (BITS)(((UNSIGNED)1 << (8 * sizeof(REAL) - 1)) - 1);
    for (; pixels > 0; --pixels, x += channels) {
        MASK most = (MASK)0;
        for (ptrdiff_t c = 0; c < channels; c += WIDTH)
            most = __builtin_elementwise_max(most, (MASK)((BITS)NAME(load)(x + c, channels - c) & magnitude));
        union {
            INTEGER bits;
            REAL value;
        } u = {.bits = __builtin_reduce_max(most)};
        *out++ = u.value;
    }
}

// The marks of a row of tiles by the inputs they read; see ridgeline_winograd_marks.
static void NAME(winograd_marks)(
    int tile, const REAL *x, ptrdiff_t lines, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t top, ptrdiff_t left,
    ptrdiff_t output_lines, ptrdiff_t output_width, ptrdiff_t tiles, REAL *magnitudes, uint32_t *marks
) {
    const REAL spread = RIDGELINE_WINOGRAD_SPREAD;
    const ptrdiff_t count = lines * width;
    for (ptrdiff_t t = 0; t < tiles; ++t) marks[t] = 0;
    if (count <= 0) return;
    NAME(pixel_magnitudes)(x, count, channels, magnitudes);
    // Most rows are even enough as a whole; a NaN fails the comparison.
    REAL largest = 0, smallest = INFINITY, zero = 0;
    for (ptrdiff_t i = 0; i < count; ++i) {
        largest = magnitudes[i] > largest ? magnitudes[i] : largest;
        smallest = magnitudes[i] < smallest ? magnitudes[i] : smallest;
        zero += magnitudes[i] * 0;
    }
    if (zero == 0 && largest <= spread * smallest) return;
    for (ptrdiff_t t = 0; t < tiles; ++t, left += tile) {
        REAL rows[6][4], most = 0, all = 0;
        for (ptrdiff_t i = 0; i < tile + 2; ++i) {
            REAL line[6];
            const int is_inside = i >= top && i - top < lines;
            for (ptrdiff_t j = 0; j < tile + 2; ++j) {
                line[j] = is_inside && left + j >= 0 && left + j < width ? magnitudes[(i - top) * width + left + j] : 0;
                all += line[j] * 0;
                most = line[j] > most ? line[j] : most;
            }
            for (ptrdiff_t j = 0; j < tile; ++j) {
                REAL two = line[j] > line[j + 1] ? line[j] : line[j + 1];
                rows[i][j] = two > line[j + 2] ? two : line[j + 2];
            }
        }
        if (all != 0) {
            marks[t] = RIDGELINE_WINOGRAD_UNEVEN;
            continue;
        }
        for (ptrdiff_t i = 0; i < tile && i < output_lines; ++i)
            for (ptrdiff_t j = 0; j < tile && t * tile + j < output_width; ++j) {
                REAL window = rows[i][j] > rows[i + 1][j] ? rows[i][j] : rows[i + 1][j];
                window = window > rows[i + 2][j] ? window : rows[i + 2][j];
                if (window == 0) marks[t] |= (uint32_t)1 << (i * tile + j);
                else if (window * spread < most) marks[t] |= RIDGELINE_WINOGRAD_UNEVEN;
            }
    }
}
