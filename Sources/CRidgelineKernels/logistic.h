// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// x / (1 + exp(-u)) and its slope, for the activations that are built on them. Included by wide.h.

// Where E is zero for all that multiplies it, and E's scaled power of two is still normal.
#undef LOGISTIC_LIMIT
#define LOGISTIC_LIMIT SPLAT(IS_FLOAT ? 130 : 1000)

// x / (1 + exp(-u - low)). With E = 2^n (1 + p) and q = x / (1 + E), that is q for u >= 0, else (q + q p) 2^n. The
// rounding error of 1 + E goes into p, divided by 4/3 for 1 + E: it counts most where E is small.
INLINE VECTOR NAME(logistic)(VECTOR x, VECTOR u, VECTOR low) {
    // Where E is 1, both sides are one half of x: only the right keeps the sign of a zero.
    MASK negative = u < SPLAT(IS_FLOAT ? -0x1p-30 : -0x1p-60);
    VECTOR t = NAME(absolute)(u);
    MASK past = t > LOGISTIC_LIMIT;
    t = SELECT(past, LOGISTIC_LIMIT, t);
    BITS n;
    VECTOR p_low, p = NAME(exp_fraction2)(-t, low, &n, &p_low);
    VECTOR scaled = NAME(power_of_two)(n, SUBNORMAL_OFFSET);
    VECTOR s = scaled * NAME(scale_down)();
    VECTOR one_s = s + SPLAT(1), d = NAME(madd)(s, p, one_s), q = x / d;
    p_low = NAME(madd)(NAME(madd)(s, p, one_s - d), SPLAT(-0.75), p_low);
    VECTOR tail = (q + NAME(fused)(q, p, q * p_low)) * scaled;
    tail = SELECT(past, NAME(with_sign_of)(SPLAT(0), x), tail) * NAME(scale_down)();
    return SELECT(negative, tail, q);
}

// The derivative of x / (1 + exp(-u)) with u = beta x: E / (1 + E)^2 (1 + E - |u|) for u < 0; for u >= 0 one minus
// that. `low` as above. At its root, |u| = 1.278, the error is counted in ulp of the addend 1 / (1 + exp(-u)).
INLINE VECTOR NAME(logistic_slope)(VECTOR u, VECTOR low) {
    MASK negative = u < SPLAT(0);
    VECTOR t = NAME(absolute)(u);
    MASK past = t > LOGISTIC_LIMIT;
    t = SELECT(past, LOGISTIC_LIMIT, t);
    BITS n;
    VECTOR p_low, p = NAME(exp_fraction2)(-t, low, &n, &p_low);
    (void)p_low;
    VECTOR scaled = NAME(power_of_two)(n, SUBNORMAL_OFFSET);
    VECTOR s = scaled * NAME(scale_down)();
    VECTOR one_s = s + SPLAT(1);
    VECTOR d = NAME(madd)(s, p, one_s);
    // The rounding errors of d and u matter near the root of 1 + E - |u|.
    VECTOR d_low = NAME(madd)(s, p, one_s - d), h = (d - t) + (d_low + low);
    VECTOR left = h / NAME(fused)(d, d, (d + d) * d_low);
    left = NAME(fused)(left, p, left) * scaled;
    left = SELECT(past, SPLAT(0), left) * NAME(scale_down)();
    return SELECT(negative, left, SPLAT(1) - left);
}
