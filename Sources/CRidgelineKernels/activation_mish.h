// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Mish: x tanh(log(1 + exp(x))) (Misra, 2019). With E = exp(x), N = 2 + E and D = 2 + E N, that is
//     x E N / D = x E (1 - E (1 + E) / D) = x - 2 x / D
// and its derivative
//     E (4 (1 + x) + E (6 + 4 x + E (4 + E))) / D^2 = 1 + (E (4 x - 4 + E (4 x - 2)) - 4) / D^2.
// Float, in double, takes the first forms. Double takes the last ones for x >= 0; else those before, with a single
// rounding of E. Saves x.

// Past these, mish is zero, and x.
#undef MISH_LEAST
#undef MISH_MOST
#define MISH_LEAST (IS_FLOAT ? -200 : -1000)
#define MISH_MOST (IS_FLOAT ? 100 : 40)

// E = 2^n (1 + p), for Double; *scaled is 2^n scaled up, or zero where mish is.
INLINE VECTOR NAME(mish_exp)(VECTOR x, VECTOR *p, VECTOR *scaled) {
    BITS n;
    VECTOR p_low;
    *p = NAME(exp_fraction2)(x, SPLAT(-0.0), &n, &p_low);
    (void)p_low;
    *scaled = SELECT(x <= SPLAT(MISH_LEAST), SPLAT(0), NAME(power_of_two)(n, SUBNORMAL_OFFSET));
    VECTOR s = *scaled * NAME(scale_down)();
    return NAME(madd)(s, *p, s);
}

INLINE VECTOR NAME(mish_value)(VECTOR x, REAL first, REAL second) {
    if (IS_FLOAT) {
        const WIDE two = WIDE_SPLAT(2);
        WIDE w = NAME(wide_at_least)(WIDEN(x), MISH_LEAST);
        WIDE e = NAME(wide_exp)(NAME(wide_at_most)(w, MISH_MOST)), n = e * (e + two);
        return NARROW(w * n / (n + two));
    }
    const VECTOR two = SPLAT(2);
    // By the sign bit, for minus zero.
    MASK negative = (MASK)x < (MASK)(INTEGER)0;
    VECTOR t = NAME(bounded)(x, -MISH_LEAST, MISH_MOST), p, scaled, e = NAME(mish_exp)(t, &p, &scaled);
    VECTOR r = SELECT(negative, NAME(madd)(e, e, e), two) / NAME(madd)(e, e + two, two), left = t * (SPLAT(1) - r);
    return SELECT(negative, NAME(madd)(left, p, left) * scaled * NAME(scale_down)(), x - t * r);
}

INLINE VECTOR NAME(mish_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    if (IS_FLOAT) {
        const WIDE two = WIDE_SPLAT(2), four = WIDE_SPLAT(4);
        WIDE w = NAME(wide_at_most)(NAME(wide_at_least)(WIDEN(x), MISH_LEAST), MISH_MOST);
        WIDE e = NAME(wide_exp)(w), n = e + two, d = NAME(wide_madd)(e, n, two);
        WIDE h = NAME(wide_madd)(n, d, four * w * (e + WIDE_SPLAT(1)));
        return NARROW(WIDEN(dy) * (e * h / (d * d)));
    }
    const VECTOR four = SPLAT(4);
    MASK negative = x < SPLAT(0);
    VECTOR t = NAME(bounded)(x, -MISH_LEAST, MISH_MOST), p, scaled, e = NAME(mish_exp)(t, &p, &scaled);
    VECTOR c0 = SELECT(negative, (t + SPLAT(1)) * four, -four);
    VECTOR c1 = NAME(madd)(t, four, SELECT(negative, SPLAT(6), -four));
    VECTOR c2 = SELECT(negative, e + four, NAME(madd)(t, four, SPLAT(-2)));
    VECTOR square = NAME(madd)(e, NAME(madd)(e, NAME(madd)(e, e + four, SPLAT(8)), SPLAT(8)), four);
    VECTOR q = NAME(madd)(e, NAME(madd)(e, c2, c1), c0) / square;
    VECTOR left = NAME(madd)(q, p, q) * scaled * NAME(scale_down)();
    return dy * SELECT(negative, left, q + SPLAT(1));
}
