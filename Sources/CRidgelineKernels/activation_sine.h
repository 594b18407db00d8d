// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// sin(x) (Sitzmann et al., 2020). Derivative cos(x); saves x.

// Lanes that the reduction below is not for: large numbers, infinities and NaN.
INLINE WIDE_MASK NAME(wide_is_far)(WIDE x) { return ~(NAME(wide_absolute)(x) <= WIDE_SPLAT(1e6)); }

// x = n pi/2 + r + low, |r| <= pi/4. Cody-Waite reduction with pi/2 in three parts, whose products with n < 2^20 are
// exact. Returns bits of which the lowest are n.
INLINE WIDE_BITS NAME(wide_reduced)(WIDE x, WIDE *r, WIDE *low) {
    WIDE k = NAME(wide_madd)(x, WIDE_SPLAT(wide_two_over_pi), WIDE_SPLAT(0x1.8p52));
    WIDE n = k - WIDE_SPLAT(0x1.8p52);
    WIDE first = x - n * WIDE_SPLAT(wide_half_pi_1);
    if (IS_FLOAT) {
        *r = first - n * WIDE_SPLAT(wide_half_pi_2);
        *low = WIDE_SPLAT(0);
    } else {
        WIDE term = n * WIDE_SPLAT(wide_half_pi_2);
        WIDE second = first - term;
        WIDE missing = ((first - second) - term) - n * WIDE_SPLAT(wide_half_pi_3);
        *r = second + missing;
        *low = (second - *r) + missing;
    }
    return (WIDE_BITS)k;
}

// sin(r + low) and cos(r + low), with what their last addition rounds off.
INLINE WIDE NAME(wide_sine_near)(WIDE r, WIDE low, WIDE *rounded) {
    WIDE z = r * r, rest = NAME(wide_madd)(r * z, WIDE_POLYNOMIAL(z, wide_sin), low), y = r + rest;
    *rounded = (r - y) + rest;
    return y;
}
INLINE WIDE NAME(wide_cosine_near)(WIDE r, WIDE low, WIDE *rounded) {
    WIDE z = r * r, half = z * WIDE_SPLAT(0.5), one = WIDE_SPLAT(1), head = one - half;
    WIDE rest = z * z * WIDE_POLYNOMIAL(z, wide_cos);
    if (!IS_FLOAT) rest = ((one - head) - half) + (rest - r * low);
    WIDE y = head + rest;
    *rounded = (head - y) + rest;
    return y;
}

// sin(x + quarter pi/2); far lanes take the system's sine.
INLINE WIDE NAME(wide_sine)(WIDE x, int quarter) {
    WIDE_MASK far = NAME(wide_is_far)(x);
    WIDE r, low, rounded;
    WIDE_BITS k = NAME(wide_reduced)(SELECT(far, WIDE_SPLAT(0), x), &r, &low);
    WIDE sine = NAME(wide_sine_near)(r, low, &rounded), cosine = NAME(wide_cosine_near)(r, low, &rounded);
    WIDE_BITS q = k + (WIDE_BITS)(uint64_t)quarter;
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
    VECTOR k = quarter == 0 ? NAME(madd)(x, inverse, magic) : NAME(madd)(x, inverse, half) + magic;
    VECTOR n = quarter == 0 ? k - magic : (k - magic) - half;
    VECTOR first = NAME(madd)(n, SPLAT(-CONSTANT(pi_1)), x);
    VECTOR term_low, term = NAME(product)(n, SPLAT(CONSTANT(pi_2)), &term_low), r = first - term;
    VECTOR low = NAME(madd)(n, SPLAT(-CONSTANT(pi_3)), ((first - r) - term) - term_low);
    VECTOR z = r * r, cube = r * z, cosine = NAME(madd)(z, SPLAT(-0.5), SPLAT(1));
    VECTOR p_low, p = NAME(polynomial2)(z, POLYNOMIAL_ARGUMENTS(sine), &p_low);
    VECTOR y = r + NAME(madd)(cube, p, NAME(madd)(cube, p_low, low * cosine));
    y = (VECTOR)((BITS)y ^ ((BITS)k << (BITS)31));
    if (quarter == 0) y = SELECT(t < SPLAT(0x1p-12), x, y);
    // What is near does not depend on its neighbours.
    if (__builtin_expect(__builtin_reduce_or(far) != 0, 0))
        y = SELECT(far, NARROW(NAME(wide_sine)(WIDEN(x), quarter)), y);
    return y;
}
#else
INLINE VECTOR NAME(sine)(VECTOR x, int quarter) { return NARROW(NAME(wide_sine)(WIDEN(x), quarter)); }
#endif

INLINE VECTOR NAME(sine_value)(VECTOR x, REAL first, REAL second) { return NAME(sine)(x, 0); }
INLINE VECTOR NAME(sine_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) { return dy * NAME(sine)(x, 1); }
