// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Sigmoid, tanh, softsign, and what is built on them. Those that the fastest machines should run at the speed of memory
// are in REAL, with as few roundings as there can be: at most 2 ulp forward and 4 backward. The others are in the
// arithmetic of wide.h. Where a tail carries E = exp(-|u|) as a factor, it keeps its relative accuracy down to the
// subnormal numbers.

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

// x - tanh(x). Where that cancels, for |x| < 1 (Float: 5/4), x^3 times a polynomial in x^2; else
// (|x| - 1) + 2 E / (1 + E) with the sign of x, E = exp(-2 |x|). Derivative tanh(x)^2; saves x.
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
    // The small parts of `inner` can be all that is left of it, with any sign.
    return NAME(with_sign_of)(NAME(absolute)(SELECT(t < SPLAT(1.25), inner, outer)), x);
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
    if (!IS_FLOAT) {
        VECTOR y = NAME(tanh_value)(x, 0, 0);
        return dy * (y * y);
    }
    // In double, as the error of tanh counts twice. With F = exp(-2 |x|) - 1, tanh is F / (F + 2).
    WIDE t = NAME(wide_absolute)(WIDEN(x)), f = NAME(wide_expm1_left)(-(t + t));
    WIDE y = f / (f + WIDE_SPLAT(2));
    return NARROW(WIDEN(dy) * (y * y));
}

#include "activation_mish.h"
#include "activation_swish.h"
