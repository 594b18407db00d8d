// Part of Ridgeline. Licensed under the Apache License 2.0.

// GELU(x) = x Phi(x), Phi the normal distribution function. With t = |x|, Phi(-t) = exp(-t^2/2) Q(t):
//     x < 0: -t Phi(-t)        x >= 0: x - t Phi(-t)
// so only the left tail is needed, to full relative accuracy. Where registers hold tables, Q is known in pieces; else
// (t + a) Q(t) = R(A) is a polynomial in A = t/(t + a), and t Q(t) is A R(A). What is rounded carries its error along:
// without that the errors of about six roundings would add up to 4 ulp.
INLINE VECTOR NAME(gelu_value)(VECTOR x, REAL first, REAL second) {
#if HAS_PIECES
    VECTOR bounded = NAME(bounded)(x, CONSTANT(erf_limit), CONSTANT(erf_right_limit)), t = NAME(absolute)(bounded);
    VECTOR low, square = NAME(product)(SPLAT(-0.5) * t, t, &low);
    BITS n;
    VECTOR p = NAME(exp_fraction)(square, low, &n);
    VECTOR rest, q = NAME(piecewise)(t, PIECES_ARGUMENTS(gelu_pieces), &rest);
    // The largest part of Q is multiplied by x exactly, which leaves two roundings.
    VECTOR y_low, y = NAME(product)(q, bounded, &y_low);
    y = y + NAME(madd)(NAME(madd)(q, p, NAME(madd)(rest, p, rest)), bounded, y_low);
    y = NAME(scaled)(y, n);
    // By the sign bit, for minus zero, whose y has lost it.
    return SELECT((MASK)x < (MASK)(INTEGER)0, -NAME(absolute)(y), x - y);
#else
    const VECTOR shift = SPLAT(CONSTANT(gelu_shift));
    VECTOR down, t = NAME(clamped)(x, CONSTANT(erf_limit), CONSTANT(erf_right_limit), &down);
    VECTOR low, square = NAME(product)(SPLAT(-0.5) * t, t, &low);
    BITS n;
    VECTOR p_low, p = NAME(exp_fraction2)(square, low, &n, &p_low);
    (void)p_low;

    VECTOR s = t + shift;
    VECTOR s_low = t - (s - shift);
    VECTOR a = t / s;
    VECTOR error = NAME(madd)(-a, s_low, NAME(residual)(a, s, t));
    // 1 / (t + a) = (1 - A) / a.
    VECTOR inverse = SPLAT(CONSTANT(gelu_shift_inverse));
    VECTOR a_low = error * NAME(madd)(a, -inverse, inverse);

    VECTOR v = (a - SPLAT(CONSTANT(gelu_centre))) + a_low;
    VECTOR r_low, r = NAME(polynomial2)(v, POLYNOMIAL_ARGUMENTS(gelu_tail), &r_low);
    VECTOR q_low, q = NAME(product)(a, r, &q_low);
    q_low = NAME(madd)(a_low, r, NAME(madd)(a, r_low, q_low));
    VECTOR tail = q + NAME(fused)(q, p, NAME(madd)(q_low, p, q_low));
    tail = tail * NAME(power_of_two)(n, SUBNORMAL_OFFSET) * down;
#if !HAS_FMA
    // The split products above underflow here; Phi is a half.
    tail = SELECT(t < NAME(scale_down)(), t * SPLAT(0.5), tail);
#endif
    return SELECT(x < SPLAT(0), -tail, x - tail);
#endif
}

// GELU'(x) = Phi(x) + x phi(x), and GELU'(-t) + GELU'(t) = 1. The left half is exp(-t^2/2) (Q(t) - t / sqrt(2 pi)),
// whose bracket has a root at t0 = 0.75...: fitted as (t - t0) times a polynomial in t/(t + a), it keeps its relative
// accuracy there.
INLINE VECTOR NAME(gelu_derivative)(VECTOR x) {
#if HAS_PIECES
    VECTOR t = NAME(absolute)(NAME(bounded)(x, CONSTANT(erf_limit), CONSTANT(erf_right_limit)));
    VECTOR low, square = NAME(product)(SPLAT(-0.5) * t, t, &low);
    return NAME(slope_by_pieces)(
        x, t, square, low, CONSTANT(gelu_root_at), CONSTANT(gelu_root_term), PIECES_ARGUMENTS(gelu_slope_pieces));
#else
    const VECTOR shift = SPLAT(CONSTANT(gelu_shift));
    VECTOR down, t = NAME(clamped)(x, CONSTANT(erf_limit), CONSTANT(erf_right_limit), &down);
    VECTOR low, square = NAME(product)(SPLAT(-0.5) * t, t, &low);
    BITS n;
    VECTOR p = NAME(exp_fraction)(square, low, &n);

    VECTOR a = t / (t + shift);
    VECTOR w = POLYNOMIAL(a - SPLAT(CONSTANT(gelu_centre)), gelu_slope);
    VECTOR q = NAME(fused)(t - SPLAT(CONSTANT(gelu_root_at)), w, SPLAT(CONSTANT(gelu_root_term)));
    VECTOR left = NAME(fused)(q, p, q) * NAME(power_of_two)(n, SUBNORMAL_OFFSET) * down;
    return SELECT(x < SPLAT(0), left, SPLAT(1) - left);
#endif
}

INLINE VECTOR NAME(gelu_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    return dy * NAME(gelu_derivative)(x);
}
