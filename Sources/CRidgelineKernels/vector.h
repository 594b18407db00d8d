// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Vector types and the few operations the kernels are written in, for one instruction set and precision.
// Included by precisions.h, several times.

#undef INLINE
#define INLINE static inline __attribute__((always_inline, unused))

typedef REAL NAME(vector) __attribute__((ext_vector_type(WIDTH)));
typedef INTEGER NAME(mask) __attribute__((ext_vector_type(WIDTH)));
typedef UNSIGNED NAME(bits) __attribute__((ext_vector_type(WIDTH)));
typedef double NAME(wide) __attribute__((ext_vector_type(WIDTH)));
typedef int64_t NAME(wide_mask) __attribute__((ext_vector_type(WIDTH)));
typedef uint64_t NAME(wide_bits) __attribute__((ext_vector_type(WIDTH)));
typedef REAL NAME(unaligned) __attribute__((ext_vector_type(WIDTH), aligned(sizeof(REAL)), may_alias));
typedef double NAME(wide_unaligned) __attribute__((ext_vector_type(WIDTH), aligned(8), may_alias));

#undef VECTOR
#undef MASK
#undef BITS
#undef WIDE
#undef WIDE_MASK
#undef WIDE_BITS
#define VECTOR NAME(vector)
#define MASK NAME(mask)
#define BITS NAME(bits)
#define WIDE NAME(wide)
#define WIDE_MASK NAME(wide_mask)
#define WIDE_BITS NAME(wide_bits)

#undef LOAD
#undef STORE
#undef SPLAT
#undef SELECT
#undef WIDEN
#undef NARROW
#undef WIDE_SPLAT
#define LOAD(p) ((VECTOR) * (const NAME(unaligned) *)(p))
#define STORE(p, v) (*(NAME(unaligned) *)(p) = (v))
#define SPLAT(x) ((VECTOR)(REAL)(x))
#define SELECT(condition, a, b) ((condition) ? (a) : (b))
#define WIDEN(v) __builtin_convertvector((v), WIDE)
#define NARROW(v) __builtin_convertvector((v), VECTOR)
#define WIDE_SPLAT(x) ((WIDE)(double)(x))

// The first `count` lanes from memory, 0 < count < WIDTH, the others zero. In power-of-two pieces, so that no call of
// memcpy of unknown size is made.
INLINE VECTOR NAME(load_part)(const REAL *p, ptrdiff_t count) {
    union {
        VECTOR v;
        REAL lanes[WIDTH];
    } u = {.v = SPLAT(0)};
    ptrdiff_t i = 0;
    if (WIDTH > 32 && (count & 32)) __builtin_memcpy(u.lanes + i, p + i, 32 * sizeof(REAL)), i += 32;
    if (WIDTH > 16 && (count & 16)) __builtin_memcpy(u.lanes + i, p + i, 16 * sizeof(REAL)), i += 16;
    if (WIDTH > 8 && (count & 8)) __builtin_memcpy(u.lanes + i, p + i, 8 * sizeof(REAL)), i += 8;
    if (WIDTH > 4 && (count & 4)) __builtin_memcpy(u.lanes + i, p + i, 4 * sizeof(REAL)), i += 4;
    if (WIDTH > 2 && (count & 2)) __builtin_memcpy(u.lanes + i, p + i, 2 * sizeof(REAL)), i += 2;
    if (count & 1) u.lanes[i] = p[i];
    return u.v;
}

INLINE void NAME(store_part)(REAL *p, VECTOR v, ptrdiff_t count) {
    union {
        VECTOR v;
        REAL lanes[WIDTH];
    } u = {.v = v};
    ptrdiff_t i = 0;
    if (WIDTH > 32 && (count & 32)) __builtin_memcpy(p + i, u.lanes + i, 32 * sizeof(REAL)), i += 32;
    if (WIDTH > 16 && (count & 16)) __builtin_memcpy(p + i, u.lanes + i, 16 * sizeof(REAL)), i += 16;
    if (WIDTH > 8 && (count & 8)) __builtin_memcpy(p + i, u.lanes + i, 8 * sizeof(REAL)), i += 8;
    if (WIDTH > 4 && (count & 4)) __builtin_memcpy(p + i, u.lanes + i, 4 * sizeof(REAL)), i += 4;
    if (WIDTH > 2 && (count & 2)) __builtin_memcpy(p + i, u.lanes + i, 2 * sizeof(REAL)), i += 2;
    if (count & 1) p[i] = u.lanes[i];
}

// Loads and stores of whole vectors or, in a tail (count < WIDTH), of its first lanes.
INLINE VECTOR NAME(load)(const REAL *p, ptrdiff_t count) {
    return count >= WIDTH ? LOAD(p) : NAME(load_part)(p, count);
}

INLINE void NAME(store)(REAL *p, VECTOR v, ptrdiff_t count) {
    if (count >= WIDTH) STORE(p, v);
    else NAME(store_part)(p, v, count);
}

// total[i] += lane i of v, for the first `count` lanes, in double.
INLINE void NAME(add_wide)(double *total, WIDE v, ptrdiff_t count) {
    if (count >= WIDTH) {
        NAME(wide_unaligned) *target = (NAME(wide_unaligned) *)total;
        *target = *target + v;
    } else {
        for (ptrdiff_t lane = 0; lane < count; ++lane) total[lane] += v[lane];
    }
}
INLINE void NAME(add_widened)(double *total, VECTOR v, ptrdiff_t count) { NAME(add_wide)(total, WIDEN(v), count); }

// Lane i is true where i < count.
INLINE MASK NAME(first_lanes)(ptrdiff_t count) {
    MASK index;
    for (int i = 0; i < WIDTH; ++i) index[i] = i;
    return index < (MASK)(INTEGER)(count < WIDTH ? count : WIDTH);
}

// a b + c. At baseline x86-64 a fused multiply-add would be a call of libm for every lane.
INLINE VECTOR NAME(madd)(VECTOR a, VECTOR b, VECTOR c) {
#if HAS_FMA
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

INLINE WIDE NAME(wide_madd)(WIDE a, WIDE b, WIDE c) {
#if HAS_FMA
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

INLINE VECTOR NAME(absolute)(VECTOR x) {
    return (VECTOR)((BITS)x & (BITS)(((UNSIGNED)1 << (8 * sizeof(REAL) - 1)) - 1));
}

// `magnitude`, which must not be negative, with the sign of `x`.
INLINE VECTOR NAME(with_sign_of)(VECTOR magnitude, VECTOR x) {
    return (VECTOR)((BITS)magnitude | ((BITS)x & (BITS)((UNSIGNED)1 << (8 * sizeof(REAL) - 1))));
}

// x, at least -left and at most right. NaN stays.
INLINE VECTOR NAME(bounded)(VECTOR x, REAL left, REAL right) {
    x = SELECT(SPLAT(right) < x, SPLAT(right), x);
    return SELECT(SPLAT(-left) > x, SPLAT(-left), x);
}

// a b = result + low, exactly (to the last bit or two of `low` without FMA, by splitting both mantissas).
INLINE VECTOR NAME(product)(VECTOR a, VECTOR b, VECTOR *low) {
    VECTOR p = a * b;
#if HAS_FMA
    *low = __builtin_elementwise_fma(a, b, -p);
#else
    const BITS upper = (BITS)(~(((UNSIGNED)1 << SPLIT_BITS) - 1));
    VECTOR ah = (VECTOR)((BITS)a & upper), bh = (VECTOR)((BITS)b & upper);
    VECTOR al = a - ah, bl = b - bh;
    *low = ((ah * bh - p) + ah * bl + al * bh) + al * bl;
#endif
    return p;
}

// a b + c with the accuracy of a fused multiply-add on every instruction set.
INLINE VECTOR NAME(fused)(VECTOR a, VECTOR b, VECTOR c) {
#if HAS_FMA
    return __builtin_elementwise_fma(a, b, c);
#else
    // The sum's own error (Knuth), as nothing is known about which of the two is larger.
    VECTOR low, p = NAME(product)(a, b, &low);
    VECTOR sum = p + c, back = sum - c;
    return sum + (((c - (sum - back)) + (p - back)) + low);
#endif
}

// c - a b, where a b is close to c.
INLINE VECTOR NAME(residual)(VECTOR a, VECTOR b, VECTOR c) {
#if HAS_FMA
    return __builtin_elementwise_fma(-a, b, c);
#else
    VECTOR low, p = NAME(product)(a, b, &low);
    return (c - p) - low;
#endif
}

// The polynomial with these coefficients, lowest power first, by Horner's rule: independent vectors hide its latency.
INLINE VECTOR NAME(polynomial)(VECTOR x, const REAL *coefficients, int count) {
    VECTOR y = SPLAT(coefficients[count - 1]);
#pragma clang loop unroll(full)
    for (int i = count - 2; i >= 0; --i) y = NAME(madd)(y, x, SPLAT(coefficients[i]));
    return y;
}

// The same as a sum of two: `low` is the rounding error of the last step, in which most of the error arises.
INLINE VECTOR NAME(polynomial2)(VECTOR x, const REAL *coefficients, int count, VECTOR *low) {
    VECTOR rest = NAME(polynomial)(x, coefficients + 1, count - 1);
    VECTOR first = SPLAT(coefficients[0]);
#if HAS_FMA
    VECTOR y = NAME(madd)(rest, x, first);
    *low = NAME(madd)(rest, x, first - y);
#else
    VECTOR p_low, p = NAME(product)(rest, x, &p_low);
    VECTOR y = first + p;
    *low = ((first - y) + p) + p_low;
#endif
    return y;
}

#undef POLYNOMIAL
#undef POLYNOMIAL_ARGUMENTS
#define POLYNOMIAL_ARGUMENTS(c) CONSTANT(c), sizeof(CONSTANT(c)) / sizeof(CONSTANT(c)[0])
#define POLYNOMIAL(x, c) NAME(polynomial)(x, POLYNOMIAL_ARGUMENTS(c))

// exp(high + low) = 2^n (1 + p), |p| < 0.42. Returns p, and the bits of (n + 1.5 2^MANTISSA_BITS), of which the
// lowest are n. Not defined for |high| > 2^9 (2^12 in double); NaN gives p = NaN.
// Cody-Waite: n ln2_hi is exact, so r = high - n ln2 loses nothing; p = r + r^2 q(r) keeps what 1 + p would round off.
INLINE VECTOR NAME(exp_fraction)(VECTOR high, VECTOR low, BITS *shifted) {
    const VECTOR magic = SPLAT(1.5 * (double)((int64_t)1 << MANTISSA_BITS));
    VECTOR k = NAME(madd)(high, SPLAT(CONSTANT(log2e)), magic);
    VECTOR n = k - magic;
    VECTOR r = NAME(madd)(n, SPLAT(-CONSTANT(ln2_hi)), high);
    r = NAME(madd)(n, SPLAT(-CONSTANT(ln2_lo)), r) + low;
    *shifted = (BITS)k;
    return NAME(madd)(r * r, POLYNOMIAL(r, exp), r);
}

// The same as a sum of two; and p alone is nearer, as the small part of r is not rounded by the large one.
INLINE VECTOR NAME(exp_fraction2)(VECTOR high, VECTOR low, BITS *shifted, VECTOR *p_low) {
    const VECTOR magic = SPLAT(1.5 * (double)((int64_t)1 << MANTISSA_BITS));
    VECTOR k = NAME(madd)(high, SPLAT(CONSTANT(log2e)), magic);
    VECTOR n = k - magic;
    VECTOR first = NAME(madd)(n, SPLAT(-CONSTANT(ln2_hi)), high);
    VECTOR rest = NAME(madd)(n, SPLAT(-CONSTANT(ln2_lo)), low), r = first + rest;
    rest = NAME(madd)(r * r, POLYNOMIAL(r, exp), rest);
    VECTOR p = first + rest;
    *shifted = (BITS)k;
    *p_low = (first - p) + rest;
    return p;
}

// 2^(n + offset), for which that must be normal: the left shift drops all but the low bits of `shifted`.
INLINE VECTOR NAME(power_of_two)(BITS shifted, int offset) {
    return (VECTOR)((shifted << (BITS)MANTISSA_BITS) + (BITS)((UNSIGNED)(EXPONENT_BIAS + offset) << MANTISSA_BITS));
}

// exp(x) - 1 for x <= 0, to full relative accuracy.
INLINE VECTOR NAME(expm1_left)(VECTOR x) {
    const VECTOR low = SPLAT(sizeof(REAL) == 4 ? -20 : -40);
    BITS shifted;
    VECTOR p = NAME(exp_fraction)(SELECT(low > x, low, x), SPLAT(-0.0), &shifted);
    VECTOR s = NAME(power_of_two)(shifted, 0);
    return NAME(madd)(s, p, s - SPLAT(1));
}

// 2^-SUBNORMAL_OFFSET. Tails are computed scaled up by its inverse and multiplied by it once at the end, so that they
// reach the subnormal numbers with a single rounding.
INLINE VECTOR NAME(scale_down)(void) {
    return (VECTOR)(BITS)((UNSIGNED)(EXPONENT_BIAS - SUBNORMAL_OFFSET) << MANTISSA_BITS);
}

// exp(x) for every x: overflows to infinity, underflows gradually, keeps NaN. Also multiplied by `scale`.
INLINE VECTOR NAME(scaled_exp)(VECTOR x, VECTOR scale) {
    // Below `low` the result rounds to zero: set, not computed, as underflow is slow and masks make it common.
    const VECTOR low = SPLAT(sizeof(REAL) == 4 ? -104 : -745.25), high = SPLAT(sizeof(REAL) == 4 ? 100 : 720);
    MASK vanishes = x < low;
    x = SELECT(vanishes, low, x);
    x = SELECT(x > high, high, x);
    BITS shifted;
    VECTOR p = NAME(exp_fraction)(x, SPLAT(-0.0), &shifted);
    // 2^n in two factors, as 2^n alone need not be representable where the result is.
    MASK n = (MASK)(shifted - (BITS)SPLAT(1.5 * (double)((int64_t)1 << MANTISSA_BITS)));
    MASK half = n >> (MASK)1;
    VECTOR s1 = (VECTOR)((half + (MASK)EXPONENT_BIAS) << (MASK)MANTISSA_BITS);
    VECTOR s2 = (VECTOR)((n - half + (MASK)EXPONENT_BIAS) << (MASK)MANTISSA_BITS);
    return NAME(madd)(s1, p, s1) * SELECT(vanishes, SPLAT(0), s2) * scale;
}

#undef HAS_PIECES
#define HAS_PIECES (TABLE_LANES > 0 && MANTISSA_BITS == 23)

// 2^n v, rounded once, subnormal results included; n as exp_fraction gives it.
INLINE VECTOR NAME(scaled)(VECTOR v, BITS shifted) {
#if HAS_PIECES && TABLE_LANES == 16
    const VECTOR magic = SPLAT(1.5 * (double)((int64_t)1 << MANTISSA_BITS));
    union {
        VECTOR whole;
        __m512 parts[INTERLEAVE];
    } y = {.whole = v}, n = {.whole = (VECTOR)shifted - magic};
#pragma clang loop unroll(full)
    for (int i = 0; i < INTERLEAVE; ++i) y.parts[i] = _mm512_scalef_ps(y.parts[i], n.parts[i]);
    return y.whole;
#else
    return v * NAME(power_of_two)(shifted, SUBNORMAL_OFFSET) * NAME(scale_down)();
#endif
}

#if HAS_PIECES
// The entries of a table of one register that the last bits of `index` name.
INLINE VECTOR NAME(lookup)(BITS index, const REAL *table) {
    union {
        BITS index;
        VECTOR found;
#if TABLE_LANES == 16
        __m512i parts[INTERLEAVE];
#else
        __m256i parts[INTERLEAVE];
#endif
    } u = {.index = index};
#pragma clang loop unroll(full)
    for (int i = 0; i < INTERLEAVE; ++i) {
#if TABLE_LANES == 16
        u.parts[i] = _mm512_permutexvar_epi32(u.parts[i], _mm512_loadu_si512(table));
#else
        u.parts[i] = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)table), u.parts[i]);
#endif
    }
    return u.found;
}

// A function of t, 0 <= t < 15, as the sum of the result and the smaller *rest: a polynomial for each piece, found by
// the leading bits of t + 1, in the tables of fit_pieces in coefficients.py. NaN gives NaN.
INLINE VECTOR NAME(piecewise)(VECTOR t, const REAL (*rows)[TABLE_LANES], int count, VECTOR *rest) {
    BITS index = (BITS)(t + SPLAT(1)) >> (BITS)(TABLE_LANES == 16 ? MANTISSA_BITS - 2 : MANTISSA_BITS - 1);
    VECTOR r = t - NAME(lookup)(index, rows[0]);
    VECTOR y = NAME(lookup)(index, rows[count - 1]);
#pragma clang loop unroll(full)
    for (int i = count - 2; i > 1; --i) y = NAME(madd)(y, r, NAME(lookup)(index, rows[i]));
    *rest = y * r;
    return NAME(lookup)(index, rows[1]);
}

#undef PIECES
#undef PIECES_ARGUMENTS
#define PIECES(c) RIDGELINE_EXPAND2(c, TABLE_LANES)
#define PIECES_ARGUMENTS(c) PIECES(c), sizeof(PIECES(c)) / sizeof(PIECES(c)[0])
#endif

// exp(x) for x <= 0, gradual underflow included; NaN stays. As 2^n is never above one, one factor does.
INLINE VECTOR NAME(falling_exp)(VECTOR x) {
    const VECTOR low = SPLAT(sizeof(REAL) == 4 ? -104 : -745.25);
    MASK vanishes = x < low;
    x = SELECT(vanishes, low, x);
    BITS shifted;
    VECTOR p = NAME(exp_fraction)(x, SPLAT(0), &shifted);
    VECTOR scale = NAME(power_of_two)(shifted, SUBNORMAL_OFFSET);
    return NAME(madd)(scale, p, scale) * SELECT(vanishes, SPLAT(0), NAME(scale_down)());
}
