// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Sigmoid, tanh, softsign, and what is built on them. Those that the fastest machines should run at the speed of memory
// are in REAL, with as few roundings as there can be: at most 2 ulp forward and 4 backward. The others are in the
// arithmetic of wide.h. Where a tail carries E = exp(-|u|) as a factor, it keeps its relative accuracy down to the
// subnormal numbers.

// beta x = u + *low, *low with the sign that exp(-|u|) needs, and zero where u is infinite.
INLINE VECTOR NAME(logistic_argument)(VECTOR x, REAL beta, REAL beta_low, VECTOR *low) {
    // No sum: LLVM drops an addition of minus zero.
    if (beta == 1) {
        *low = SPLAT(-0.0);
        return x;
    }
    VECTOR error, u = NAME(product)(x, SPLAT(beta), &error);
    error = NAME(madd)(x, SPLAT(beta_low), error);
    error = SELECT(NAME(absolute)(u) > LOGISTIC_LIMIT, SPLAT(0), error);
    *low = SELECT(u < SPLAT(0), error, -error);
    return u;
}

// 1 / (1 + exp(-x)). Derivative y (1 - y); saves y.
INLINE VECTOR NAME(sigmoid_value)(VECTOR x, REAL first, REAL second) {
    return NAME(logistic)(SPLAT(1), x, SPLAT(-0.0));
}
INLINE VECTOR NAME(sigmoid_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    WIDE w = WIDEN(y);
    return NARROW(WIDEN(dy) * (w * (WIDE_SPLAT(1) - w)));
}

// tanh(x): for |x| < 5/8, x + x^3 times a polynomial in x^2; else 1 - 2 E / (1 + E), E = exp(-2 |x|), with the sign of
// x. Derivative 1 - y^2 = (1 - y) (1 + y); saves y.
INLINE VECTOR NAME(tanh_value)(VECTOR x, REAL first, REAL second) {
    const VECTOR limit = SPLAT(IS_FLOAT ? 20 : 40);
    VECTOR t = NAME(absolute)(x), twice = t + t, z = t * t;
    VECTOR inner = NAME(madd)(t * z, POLYNOMIAL(z, tanh_inner), t);
    BITS n;
    VECTOR p = NAME(exp_fraction)(-SELECT(limit < twice, limit, twice), SPLAT(-0.0), &n);
    VECTOR s = NAME(power_of_two)(n, 0), e = NAME(madd)(s, p, s);
    VECTOR outer = SPLAT(1) - (e + e) / (e + SPLAT(1));
    return NAME(with_sign_of)(SELECT(t < SPLAT(0.625), inner, outer), x);
}
INLINE VECTOR NAME(tanh_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    WIDE w = WIDEN(y);
    return NARROW(WIDEN(dy) * ((WIDE_SPLAT(1) - w) * (WIDE_SPLAT(1) + w)));
}

// x / (1 + |x|), its limits at the infinities (PyTorch: NaN). Derivative 1 / (1 + |x|)^2; saves x.
INLINE VECTOR NAME(softsign_value)(VECTOR x, REAL first, REAL second) {
    WIDE w = WIDEN(x), t = NAME(wide_absolute)(w);
    WIDE y = SELECT(t == WIDE_SPLAT(INFINITY), NAME(wide_with_sign_of)(WIDE_SPLAT(1), w), w / (t + WIDE_SPLAT(1)));
    return NARROW(y);
}
INLINE VECTOR NAME(softsign_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    WIDE inverse = WIDE_SPLAT(1) / (NAME(wide_absolute)(WIDEN(x)) + WIDE_SPLAT(1));
    return NARROW(WIDEN(dy) * (inverse * inverse));
}

// x - tanh(x). For |x| < 1 (Float: 5/4), where that cancels, x^3 times a polynomial in x^2; else (|x| - 1) + 2 E^2 / (1 + E^2) with
// the sign of x, E^2 = exp(-2 |x|). Derivative tanh(x)^2; saves x.
INLINE VECTOR NAME(tanh_shrink_value)(VECTOR x, REAL first, REAL second) {
#if MANTISSA_BITS == 23
    VECTOR z_low, t = NAME(absolute)(x), z = NAME(product)(t, t, &z_low), twice = t + t;
    VECTOR low, m_low, factor = NAME(polynomial2)(
        z - SPLAT(CONSTANT(tanh_shrink_centre)), POLYNOMIAL_ARGUMENTS(tanh_shrink), &low);
    VECTOR m = NAME(product)(z, factor, &m_low);
    VECTOR inner = NAME(madd)(t, NAME(madd)(z, low, NAME(madd)(z_low, factor, m_low)), t * m);
    BITS n;
    VECTOR p = NAME(exp_fraction)(-SELECT(SPLAT(40) < twice, SPLAT(40), twice), SPLAT(-0.0), &n);
    VECTOR s = NAME(power_of_two)(n, 0), e = NAME(madd)(s, p, s);
    VECTOR outer = (t - SPLAT(1)) + (e + e) / (e + SPLAT(1));
    return NAME(with_sign_of)(SELECT(t < SPLAT(1.25), inner, outer), x);
#else
    WIDE w = WIDEN(x), t = NAME(wide_absolute)(w), z = w * w, rest;
    WIDE inner = t * (z * WIDE_POLYNOMIAL(z - WIDE_SPLAT(0.5), wide_tanh_shrink));
    WIDE e = NAME(decay)(t + t, WIDE_SPLAT(0), &rest);
    e = e * rest;
    WIDE outer = (t - WIDE_SPLAT(1)) + (e + e) / (e + WIDE_SPLAT(1));
    return NARROW(NAME(wide_with_sign_of)(SELECT(t < WIDE_SPLAT(1), inner, outer), w));
#endif
}
INLINE VECTOR NAME(tanh_shrink_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    // Rounded once, as the error of tanh counts twice.
    WIDE y = WIDEN(NAME(tanh_value)(x, 0, 0));
    return NARROW(WIDEN(dy) * (y * y));
}

// Swish: x / (1 + exp(-first x)); with 1, SiLU (Elfwing, Uchibe and Doya, 2017). Saves x.
INLINE VECTOR NAME(silu_value)(VECTOR x, REAL first, REAL second) {
    VECTOR low, u = NAME(logistic_argument)(x, first, 0, &low);
    return NAME(logistic)(x, u, low);
}
INLINE VECTOR NAME(silu_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    VECTOR low, u = NAME(logistic_argument)(x, first, 0, &low);
    return dy * NAME(logistic_slope)(u, low);
}

// GELU's approximation by the sigmoid, Swish with 1.702, as a double (Hendrycks and Gimpel, 2016). Saves x.
#undef QUICK
#define QUICK (REAL)1.702, (REAL)(1.702 - (double)(REAL)1.702)
INLINE VECTOR NAME(gelu_sigmoid_value)(VECTOR x, REAL first, REAL second) {
    VECTOR low, u = NAME(logistic_argument)(x, QUICK, &low);
    return NAME(logistic)(x, u, low);
}
INLINE VECTOR NAME(gelu_sigmoid_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    VECTOR low, u = NAME(logistic_argument)(x, QUICK, &low);
    return dy * NAME(logistic_slope)(u, low);
}

// Mish: x tanh(log(1 + exp(x))) (Misra, 2019), a rational function of E = exp(-|x|):
//     x < 0: x E (2 + E) / (2 + 2 E + E^2)        x >= 0: x (1 + 2 E) / (1 + 2 E + 2 E^2)
// For Float, the left form with E = exp(x) throughout. Saves x.
INLINE VECTOR NAME(mish_value)(VECTOR x, REAL first, REAL second) {
    const WIDE one = WIDE_SPLAT(1), two = WIDE_SPLAT(2);
    WIDE w = WIDEN(x), rest;
    if (IS_FLOAT) {
        w = NAME(wide_at_least)(w, -200);
        WIDE e = NAME(wide_exp)(NAME(wide_at_most)(w, 100));
        WIDE n = e * (e + two);
        return NARROW(w * n / (n + two));
    }
    WIDE_MASK negative = w < WIDE_SPLAT(0);
    WIDE m = NAME(decay)(NAME(wide_absolute)(w), WIDE_SPLAT(0), &rest);
    WIDE e = m * rest;
    WIDE n = SELECT(negative, e + two, NAME(wide_madd)(e, two, one));
    WIDE d = SELECT(negative, NAME(wide_madd)(e, n, two), NAME(wide_madd)(e + e, e, n));
    WIDE finite = SELECT(m == WIDE_SPLAT(0), -one, w);
    WIDE y = SELECT(negative, finite * m, w) * (n / d);
    return NARROW(SELECT(negative, y * rest, y));
}

// With N the numerators without their factors x and x E, and D the denominators, x < 0: E (N D + 4 x (1 + E)) / D^2,
// x >= 0: (N D + 4 x E^2 (1 + E)) / D^2. For Float, the left form throughout.
INLINE VECTOR NAME(mish_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    const WIDE one = WIDE_SPLAT(1), two = WIDE_SPLAT(2), four = WIDE_SPLAT(4);
    WIDE w = WIDEN(x), rest;
    if (IS_FLOAT) {
        w = NAME(wide_at_most)(NAME(wide_at_least)(w, -200), 100);
        WIDE e = NAME(wide_exp)(w), n = e + two, d = NAME(wide_madd)(e, n, two);
        WIDE h = NAME(wide_madd)(n, d, four * w * (e + one));
        return NARROW(WIDEN(dy) * (e * h / (d * d)));
    }
    WIDE_MASK negative = w < WIDE_SPLAT(0);
    WIDE t = NAME(wide_absolute)(w);
    const WIDE most = WIDE_SPLAT(1e4);
    WIDE m = NAME(decay)(t, WIDE_SPLAT(0), &rest);
    t = SELECT(t > most, most, t);
    WIDE e = m * rest;
    WIDE n = SELECT(negative, e + two, NAME(wide_madd)(e, two, one));
    WIDE d = SELECT(negative, NAME(wide_madd)(e, n, two), NAME(wide_madd)(e + e, e, n));
    WIDE factor = SELECT(negative, -four * t, four * t * e * e);
    WIDE h = NAME(wide_madd)(n, d, factor * (e + one)) / (d * d);
    return NARROW(WIDEN(dy) * SELECT(negative, h * m * rest, h));
}
