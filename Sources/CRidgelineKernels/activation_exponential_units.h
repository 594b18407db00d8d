// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Exponential linear units in REAL, the others in the arithmetic of wide.h. Only exp(-|u|) is ever taken, so nothing
// overflows.

// alpha (exp(x) - 1) for x < 0, else x. Derivative alpha exp(x) = y + alpha for x <= 0, else 1; saves y, or x where
// alpha is negative (Clevert, Unterthiner and Hochreiter, 2015).
INLINE VECTOR NAME(elu_value)(VECTOR x, REAL first, REAL second) {
    MASK negative = x < SPLAT(0);
    return SELECT(negative, NAME(expm1_left)(SELECT(negative, x, SPLAT(0))) * SPLAT(first), x);
}
INLINE VECTOR NAME(elu_pullback)(VECTOR saved, VECTOR dy, REAL first, REAL second) {
    WIDE left;
    if (first >= 0) {
        left = WIDEN(saved) + WIDE_SPLAT(first);
    } else {
        WIDE rest, e = NAME(decay)(NAME(wide_absolute)(WIDEN(saved)), WIDE_SPLAT(0), &rest);
        left = e * WIDE_SPLAT(first) * rest;
    }
    return SELECT(saved <= SPLAT(0), NARROW(WIDEN(dy) * left), dy);
}

// alpha (exp(x / alpha) - 1) for x < 0, else x; alpha > 0. Derivative exp(x / alpha) = (y + alpha) / alpha for x <= 0,
// else 1; saves y (Barron, 2017).
INLINE VECTOR NAME(celu_value)(VECTOR x, REAL first, REAL second) {
    VECTOR u = first == 1 ? x : x / SPLAT(first);
    // For the smallest arguments the quotient is not exact, but the result is x.
    MASK negative = u < SPLAT(IS_FLOAT ? -0x1p-30 : -0x1p-60);
    return SELECT(negative, NAME(expm1_left)(SELECT(negative, u, SPLAT(0))) * SPLAT(first), x);
}
INLINE VECTOR NAME(celu_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    WIDE left = (WIDEN(y) + WIDE_SPLAT(first)) / WIDE_SPLAT(first);
    return SELECT(y <= SPLAT(0), NARROW(WIDEN(dy) * left), dy);
}

// scale alpha (exp(x) - 1) for x < 0, else scale x, with constants that keep mean 0 and variance 1 (Klambauer et al.,
// 2017). Derivative y + scale alpha for x <= 0, else scale; saves y.
INLINE VECTOR NAME(selu_value)(VECTOR x, REAL first, REAL second) {
    const REAL scale = (REAL)wide_selu_alpha_scale, scale_low = (REAL)(wide_selu_alpha_scale - (double)scale);
    MASK negative = x < SPLAT(0);
    VECTOR e = NAME(expm1_left)(SELECT(negative, x, SPLAT(0)));
    // Float's constant in two parts, the first rounded down, so that what overflows is what should.
    const float right = 0x1.0cfabcp0f, right_low = (float)(wide_selu_scale - 0x1.0cfabcp0);
    VECTOR positive = IS_FLOAT ? NAME(madd)(x, SPLAT(right), x * SPLAT(right_low)) : x * SPLAT(wide_selu_scale);
    return SELECT(negative, NAME(madd)(e, SPLAT(scale), e * SPLAT(scale_low)), positive);
}
INLINE VECTOR NAME(selu_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    WIDE w = WIDEN(y);
    WIDE left = w + WIDE_SPLAT(wide_selu_alpha_scale);
    return NARROW(WIDEN(dy) * SELECT(w <= WIDE_SPLAT(0), left, WIDE_SPLAT(wide_selu_scale)));
}

// log(1 + E) / E for E in [0, 1].
INLINE WIDE NAME(log1p_quotient)(WIDE e) { return WIDE_POLYNOMIAL(e - WIDE_SPLAT(0.5), wide_log1p); }

#if MANTISSA_BITS == 23 && HAS_FMA
// log(1 + exp(x)) = max(x, 0) + log(1 + E). With E = 2^n (1 + p) and log(1 + E) = E (1 + d), that is 2^n
// (1 + p) (1 + d).
INLINE VECTOR NAME(log1p_exp)(VECTOR x) {
    VECTOR t = NAME(absolute)(x);
    BITS n;
    VECTOR p = NAME(exp_fraction)(-SELECT(SPLAT(110) < t, SPLAT(110), t), SPLAT(-0.0), &n);
    VECTOR one_p = SPLAT(1) + p, low = (SPLAT(1) - one_p) + p, e = NAME(scaled)(one_p, n);
    VECTOR d_low, d = NAME(polynomial2)(
        e - SPLAT(CONSTANT(log1p_centre)), POLYNOMIAL_ARGUMENTS(log1p_rest), &d_low);
    VECTOR tail = NAME(scaled)(one_p + NAME(madd)(e * d, one_p, NAME(madd)(e, d_low, low)), n);
    return SELECT(x < SPLAT(0), tail, x + tail);
}
#endif

// log(1 + exp(u)) / beta, u = beta x; x itself for u > second (PyTorch's threshold; with infinity, exact throughout).
// Derivative 1 / (1 + exp(-u)); saves x.
INLINE VECTOR NAME(softplus_value)(VECTOR x, REAL first, REAL second) {
#if MANTISSA_BITS == 23 && HAS_FMA
    if (first == 1) return SELECT(x > SPLAT(second), x, NAME(log1p_exp)(x));
#endif
    WIDE w = WIDEN(x), low, rest;
    WIDE u = NAME(wide_product)(w, WIDE_SPLAT(first), &low);
    WIDE_MASK negative = u < WIDE_SPLAT(0);
    WIDE m = NAME(decay)(NAME(wide_absolute)(u), SELECT(negative, -low, low), &rest);
    WIDE tail = m * NAME(log1p_quotient)(m * rest) * (WIDE_SPLAT(1) / WIDE_SPLAT(first)) * rest;
    WIDE y = SELECT(negative, tail, w + tail);
    return NARROW(SELECT(u > WIDE_SPLAT(second), w, y));
}
INLINE VECTOR NAME(softplus_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    WIDE low, rest;
    if (IS_FLOAT && HAS_FMA && first == 1)
        return SELECT(x > SPLAT(second), dy, dy * NAME(logistic)(SPLAT(1), x, SPLAT(-0.0)));
    if (IS_FLOAT) {
        WIDE u = WIDEN(x) * WIDE_SPLAT(first);
        WIDE bounded = NAME(wide_at_most)(NAME(wide_at_least)(u, -200), 200);
        WIDE slope = WIDEN(dy) / (NAME(wide_exp)(-bounded) + WIDE_SPLAT(1));
        return NARROW(SELECT(u > WIDE_SPLAT(second), WIDEN(dy), slope));
    }
    WIDE u = NAME(wide_product)(WIDEN(x), WIDE_SPLAT(first), &low);
    WIDE_MASK negative = u < WIDE_SPLAT(0);
    WIDE m = NAME(decay)(NAME(wide_absolute)(u), SELECT(negative, -low, low), &rest);
    WIDE slope = SELECT(negative, m, WIDE_SPLAT(1)) / NAME(wide_madd)(m, rest, WIDE_SPLAT(1));
    slope = SELECT(negative, slope * rest, slope);
    return NARROW(WIDEN(dy) * SELECT(u > WIDE_SPLAT(second), WIDE_SPLAT(1), slope));
}

// log(1 / (1 + exp(-x))) = min(x, 0) - log(1 + E). Derivative 1 / (1 + exp(x)); saves x.
INLINE VECTOR NAME(log_sigmoid_value)(VECTOR x, REAL first, REAL second) {
#if MANTISSA_BITS == 23 && HAS_FMA
    return -NAME(log1p_exp)(-x);
#else
    WIDE w = WIDEN(x), rest;
    WIDE m = NAME(decay)(NAME(wide_absolute)(w), WIDE_SPLAT(0), &rest);
    WIDE tail = m * NAME(log1p_quotient)(m * rest) * rest;
    return NARROW(SELECT(w < WIDE_SPLAT(0), w - tail, -tail));
#endif
}
INLINE VECTOR NAME(log_sigmoid_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    if (IS_FLOAT && HAS_FMA) return dy * NAME(logistic)(SPLAT(1), -x, SPLAT(-0.0));
    WIDE w = WIDEN(x), rest;
    if (IS_FLOAT) {
        w = NAME(wide_at_most)(NAME(wide_at_least)(w, -200), 200);
        return NARROW(WIDEN(dy) / (NAME(wide_exp)(w) + WIDE_SPLAT(1)));
    }
    WIDE_MASK negative = w < WIDE_SPLAT(0);
    WIDE m = NAME(decay)(NAME(wide_absolute)(w), WIDE_SPLAT(0), &rest);
    WIDE slope = SELECT(negative, WIDE_SPLAT(1), m) / NAME(wide_madd)(m, rest, WIDE_SPLAT(1));
    return NARROW(WIDEN(dy) * SELECT(negative, slope, slope * rest));
}
