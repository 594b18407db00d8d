// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Sigmoid, tanh, softsign, and what is built on them, in the arithmetic of wide.h. For Double, E = exp(-|u|), so
// nothing overflows; where a tail carries E as a factor, it keeps its relative accuracy down to the subnormal numbers.
// For Float, double neither overflows nor underflows, and the textbook formulas keep full accuracy with fewer steps.

// 1 / (1 + exp(-x)). Derivative y (1 - y); saves y.
INLINE WIDE NAME(wide_sigmoid)(WIDE x) {
    if (IS_FLOAT) {
        x = NAME(wide_at_most)(NAME(wide_at_least)(x, -200), 200);
        return WIDE_SPLAT(1) / (NAME(wide_exp)(-x) + WIDE_SPLAT(1));
    }
    WIDE_MASK negative = x < WIDE_SPLAT(0);
    WIDE rest, m = NAME(decay)(NAME(wide_absolute)(x), WIDE_SPLAT(0), &rest);
    WIDE y = SELECT(negative, m, WIDE_SPLAT(1)) / NAME(wide_madd)(m, rest, WIDE_SPLAT(1));
    return SELECT(negative, y * rest, y);
}
INLINE VECTOR NAME(sigmoid_value)(VECTOR x, REAL first, REAL second) { return NARROW(NAME(wide_sigmoid)(WIDEN(x))); }
INLINE VECTOR NAME(sigmoid_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    WIDE w = WIDEN(y);
    return NARROW(WIDEN(dy) * (w * (WIDE_SPLAT(1) - w)));
}

// (1 - E^2) / (1 + E^2) with the sign of x. Derivative 1 - y^2 = (1 - y) (1 + y); saves y.
INLINE WIDE NAME(wide_tanh)(WIDE x) {
    if (IS_FLOAT) {
        WIDE u = NAME(wide_at_most)(NAME(wide_at_least)(x + x, -40), 40);
        WIDE_BITS shifted;
        WIDE p = NAME(wide_exp_fraction)(u, WIDE_SPLAT(0), &shifted);
        WIDE scale = NAME(wide_power_of_two)(shifted);
        WIDE e = NAME(wide_madd)(scale, p, scale - WIDE_SPLAT(1));
        // The sign of a zero.
        return (WIDE)((WIDE_BITS)(e / (e + WIDE_SPLAT(2))) | ((WIDE_BITS)x & (WIDE_BITS)((uint64_t)1 << 63)));
    }
    WIDE t = NAME(wide_absolute)(x);
    WIDE e = NAME(decay_minus_one)(t + t);
    return NAME(wide_with_sign_of)(NAME(wide_absolute)(e / (e + WIDE_SPLAT(2))), x);
}
INLINE VECTOR NAME(tanh_value)(VECTOR x, REAL first, REAL second) { return NARROW(NAME(wide_tanh)(WIDEN(x))); }
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

// x - tanh(x). For |x| < 1, where that cancels, x^3 times a polynomial in x^2; else (|x| - 1) + 2 E^2 / (1 + E^2) with
// the sign of x, E^2 = exp(-2 |x|). Derivative tanh(x)^2; saves x.
INLINE VECTOR NAME(tanh_shrink_value)(VECTOR x, REAL first, REAL second) {
    WIDE w = WIDEN(x), t = NAME(wide_absolute)(w), z = w * w, rest;
    WIDE inner = t * (z * WIDE_POLYNOMIAL(z - WIDE_SPLAT(0.5), wide_tanh_shrink));
    WIDE e = NAME(decay)(t + t, WIDE_SPLAT(0), &rest);
    e = e * rest;
    WIDE outer = (t - WIDE_SPLAT(1)) + (e + e) / (e + WIDE_SPLAT(1));
    return NARROW(NAME(wide_with_sign_of)(SELECT(t < WIDE_SPLAT(1), inner, outer), w));
}
INLINE VECTOR NAME(tanh_shrink_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    WIDE y = NAME(wide_tanh)(WIDEN(x));
    return NARROW(WIDEN(dy) * (y * y));
}

// x / (1 + exp(-u)), u = beta x. For u < 0 that is x E / (1 + E), else x / (1 + E).
INLINE WIDE NAME(wide_swish)(WIDE x, double beta) {
    if (IS_FLOAT && beta > 0) {
        // At the lower bound the result is far below the smallest number; infinity passes the upper one.
        x = NAME(wide_at_least)(x, -200 / beta);
        WIDE u = NAME(wide_at_most)(x * WIDE_SPLAT(beta), 200);
        return x / (NAME(wide_exp)(-u) + WIDE_SPLAT(1));
    }
    WIDE low, rest, u = NAME(wide_product)(x, WIDE_SPLAT(beta), &low);
    WIDE_MASK negative = u < WIDE_SPLAT(0);
    WIDE m = NAME(decay)(NAME(wide_absolute)(u), SELECT(negative, -low, low), &rest);
    // An infinite x would turn a vanished tail into NaN.
    WIDE finite = SELECT(m == WIDE_SPLAT(0), NAME(wide_with_sign_of)(WIDE_SPLAT(1), x), x);
    WIDE y = SELECT(negative, finite * m, x) / NAME(wide_madd)(m, rest, WIDE_SPLAT(1));
    return IS_FLOAT ? y : SELECT(negative, y * rest, y);
}

// E / (1 + E)^2 (1 + E - |u|) for u < 0; for u >= 0 one minus that.
// For Float, s + u s (1 - s) with s = 1 / (1 + exp(-u)).
INLINE WIDE NAME(wide_swish_slope)(WIDE x, double beta) {
    if (IS_FLOAT) {
        WIDE u = NAME(wide_at_most)(NAME(wide_at_least)(x * WIDE_SPLAT(beta), -200), 200);
        WIDE s = WIDE_SPLAT(1) / (NAME(wide_exp)(-u) + WIDE_SPLAT(1));
        return NAME(wide_madd)(u * s, WIDE_SPLAT(1) - s, s);
    }
    WIDE low, rest, u = NAME(wide_product)(x, WIDE_SPLAT(beta), &low);
    WIDE_MASK negative = u < WIDE_SPLAT(0);
    WIDE t = NAME(wide_absolute)(u);
    low = SELECT(negative, -low, low);
    WIDE m = NAME(decay)(t, low, &rest);
    const WIDE most = WIDE_SPLAT(1e4);
    WIDE_MASK past = t > most;
    t = SELECT(past, most, t);
    WIDE d = NAME(wide_madd)(m, rest, WIDE_SPLAT(1));
    WIDE h = d - t;
    // The rounding errors of d and u, which matter near the root of h.
    h = h + (NAME(wide_madd)(m, rest, WIDE_SPLAT(1) - d) - SELECT(past, WIDE_SPLAT(0), low));
    WIDE left = m * h / (d * d) * rest;
    return SELECT(negative, left, WIDE_SPLAT(1) - left);
}

// Swish: x times the sigmoid of first x; with 1, SiLU (Elfwing, Uchibe and Doya, 2017). Saves x.
INLINE VECTOR NAME(silu_value)(VECTOR x, REAL first, REAL second) {
    return NARROW(NAME(wide_swish)(WIDEN(x), first));
}
INLINE VECTOR NAME(silu_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    return NARROW(WIDEN(dy) * NAME(wide_swish_slope)(WIDEN(x), first));
}

// GELU's approximation by the sigmoid, x times the sigmoid of 1.702 x (Hendrycks and Gimpel, 2016). Saves x.
INLINE VECTOR NAME(gelu_sigmoid_value)(VECTOR x, REAL first, REAL second) {
    return NARROW(NAME(wide_swish)(WIDEN(x), 1.702));
}
INLINE VECTOR NAME(gelu_sigmoid_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    return NARROW(WIDEN(dy) * NAME(wide_swish_slope)(WIDEN(x), 1.702));
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
