// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// sin(x) (Sitzmann et al., 2020). Derivative cos(x); saves x.

// sin(x + quarter pi/2). Cody-Waite reduction with pi/2 in three parts, whose products with n < 2^20 are exact; lanes
// with a larger x, an infinity or NaN take the system's sine.
INLINE WIDE NAME(wide_sine)(WIDE x, int quarter) {
    const WIDE magic = WIDE_SPLAT(0x1.8p52);
    WIDE_MASK far = ~(NAME(wide_absolute)(x) <= WIDE_SPLAT(1e6));
    WIDE near = SELECT(far, WIDE_SPLAT(0), x);
    WIDE k = NAME(wide_madd)(near, WIDE_SPLAT(wide_two_over_pi), magic);
    WIDE n = k - magic;
    WIDE r, low = WIDE_SPLAT(0);
    WIDE first = near - n * WIDE_SPLAT(wide_half_pi_1);
    if (IS_FLOAT) {
        r = first - n * WIDE_SPLAT(wide_half_pi_2);
    } else {
        WIDE term = n * WIDE_SPLAT(wide_half_pi_2);
        WIDE second = first - term;
        WIDE missing = ((first - second) - term) - n * WIDE_SPLAT(wide_half_pi_3);
        r = second + missing;
        low = (second - r) + missing;
    }
    WIDE z = r * r;
    WIDE sine = r + NAME(wide_madd)(r * z, WIDE_POLYNOMIAL(z, wide_sin), low);
    WIDE half = z * WIDE_SPLAT(0.5), one = WIDE_SPLAT(1), head = one - half;
    WIDE cosine = z * z * WIDE_POLYNOMIAL(z, wide_cos);
    if (!IS_FLOAT) cosine = ((one - head) - half) + (cosine - r * low);
    cosine = head + cosine;
    WIDE_BITS q = (WIDE_BITS)k + (WIDE_BITS)(uint64_t)quarter;
    WIDE y = SELECT((q & (WIDE_BITS)(uint64_t)1) != (WIDE_BITS)(uint64_t)0, cosine, sine);
    y = (WIDE)((WIDE_BITS)y ^ ((q & (WIDE_BITS)(uint64_t)2) << (WIDE_BITS)(uint64_t)62));
    // The sign of a zero.
    if (quarter == 0) y = SELECT(x == WIDE_SPLAT(0), x, y);
    if (__builtin_expect(__builtin_reduce_or(far) != 0, 0)) {
        for (int lane = 0; lane < WIDTH; ++lane)
            if (far[lane]) y[lane] = quarter == 0 ? sin(x[lane]) : cos(x[lane]);
    }
    return y;
}

#if MANTISSA_BITS == 23 && HAS_FMA
// The same in float, x - n pi being exact but for a last rounding that `low` makes good; past what is common, in double.
INLINE VECTOR NAME(sine)(VECTOR x, int quarter) {
    const VECTOR magic = SPLAT(0x1.8p23), half = SPLAT(0.5 * quarter), inverse = SPLAT(CONSTANT(inverse_pi));
    VECTOR t = NAME(absolute)(x);
    MASK far = ~(t <= SPLAT(5e4));
    if (__builtin_expect(__builtin_reduce_or(far) != 0, 0)) return NARROW(NAME(wide_sine)(WIDEN(x), quarter));
    VECTOR k = quarter == 0 ? NAME(madd)(x, inverse, magic) : NAME(madd)(x, inverse, half) + magic;
    VECTOR n = quarter == 0 ? k - magic : (k - magic) - half;
    VECTOR first = NAME(madd)(n, SPLAT(-CONSTANT(pi_1)), x);
    VECTOR term_low, term = NAME(product)(n, SPLAT(CONSTANT(pi_2)), &term_low), r = first - term;
    VECTOR low = NAME(madd)(n, SPLAT(-CONSTANT(pi_3)), ((first - r) - term) - term_low);
    VECTOR z = r * r, cube = r * z, cosine = NAME(madd)(z, SPLAT(-0.5), SPLAT(1));
    VECTOR p_low, p = NAME(polynomial2)(z, POLYNOMIAL_ARGUMENTS(sine), &p_low);
    VECTOR y = r + NAME(madd)(cube, p, NAME(madd)(cube, p_low, low * cosine));
    y = (VECTOR)((BITS)y ^ ((BITS)k << (BITS)31));
    return quarter == 0 ? SELECT(t < SPLAT(0x1p-12), x, y) : y;
}
#else
INLINE VECTOR NAME(sine)(VECTOR x, int quarter) { return NARROW(NAME(wide_sine)(WIDEN(x), quarter)); }
#endif

INLINE VECTOR NAME(sine_value)(VECTOR x, REAL first, REAL second) { return NAME(sine)(x, 0); }
INLINE VECTOR NAME(sine_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) { return dy * NAME(sine)(x, 1); }
