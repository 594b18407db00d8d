// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The Gaussian error linear unit (Hendrycks and Gimpel, 2016) and its approximation by tanh, in REAL: where these run
// inside a matrix product they are not bound by memory, and this is faster than wide.h. Both save x.

// |x|, cut off where the left tail is zero and, for x >= 0, already where it no longer matters. `down` is the final
// factor of the tail, which is computed scaled up: 2^-SUBNORMAL_OFFSET, or zero past the cut, as a product that
// underflows takes a hundred cycles.
INLINE VECTOR NAME(clamped)(VECTOR x, REAL left, REAL right, VECTOR *down) {
    VECTOR t = NAME(absolute)(x);
    VECTOR limit = SELECT(x < SPLAT(0), SPLAT(left), SPLAT(right));
    MASK past = t > limit;
    *down = SELECT(past, SPLAT(0), NAME(scale_down)());
    return SELECT(past, limit, t);
}

// x, at least -left and at most right. NaN stays.
INLINE VECTOR NAME(bounded)(VECTOR x, REAL left, REAL right) {
    x = SELECT(SPLAT(right) < x, SPLAT(right), x);
    return SELECT(SPLAT(-left) > x, SPLAT(-left), x);
}

// Where w is past LOGISTIC_LIMIT, and finite.
#undef LOGISTIC_BOUND
#define LOGISTIC_BOUND (IS_FLOAT ? 12 : 25)

#if HAS_PIECES
// Both derivatives are f'(-t) = exp(-w(t)) (t - root) W(t), f'(t) = 1 - f'(-t), with W smooth and known in pieces;
// high + low = -w(t).
INLINE VECTOR NAME(slope_by_pieces)(
    VECTOR x, VECTOR t, VECTOR high, VECTOR low, REAL root_at, REAL root_term, const REAL (*rows)[TABLE_LANES], int count
) {
    BITS n;
    VECTOR p = NAME(exp_fraction)(high, low, &n);
    VECTOR rest, w = NAME(piecewise)(t, rows, count, &rest);
    VECTOR q = NAME(madd)(t - SPLAT(root_at), w + rest, SPLAT(root_term));
    VECTOR left = NAME(scaled)(NAME(madd)(q, p, q), n);
    return SELECT(x < SPLAT(0), left, SPLAT(1) - left);
}
#endif

// GELU(x) = x Phi(x), Phi the normal distribution function. With t = |x|, Phi(-t) = exp(-t^2/2) Q(t):
//     x < 0: -t Phi(-t)        x >= 0: x - t Phi(-t)
// so only the left tail is needed, to full relative accuracy. (t + a) Q(t) is smooth and bounded in A = t/(t + a);
// t Q(t) is then A times a polynomial. t^2, A and A R(A) carry their rounding errors along: without that the errors
// of about six roundings would add up to 4 ulp.
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
    // By the sign bit, for minus zero.
    return SELECT((MASK)x < (MASK)(INTEGER)0, y, x - y);
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

// w = 2 sqrt(2/pi) (t + 0.044715 t^3), as a sum of two. Also the cubic's own c1 t^2, for the derivative.
INLINE VECTOR NAME(tanh_argument)(VECTOR t, VECTOR *w_low, VECTOR *cubic) {
    const VECTOR linear = SPLAT(CONSTANT(tanh_linear_hi)), cube = SPLAT(CONSTANT(tanh_cubic_hi));
    VECTOR t2_low, t2 = NAME(product)(t, t, &t2_low);
    VECTOR c_low, c = NAME(product)(cube, t2, &c_low);
    VECTOR q = c + linear;
    // Exact, as `linear` has few bits.
    VECTOR q_low = (c - (q - linear)) + c_low + SPLAT(CONSTANT(tanh_linear_lo));
    q_low = NAME(madd)(cube, t2_low, NAME(madd)(t2, SPLAT(CONSTANT(tanh_cubic_lo)), q_low));
    VECTOR low, w = NAME(product)(t, q, &low);
    *w_low = NAME(madd)(t, q_low, low);
    *cubic = c;
    return w;
}

// GELU(x) ~ x / (1 + exp(-w(x))), which is x (1 + tanh(w/2)) / 2.
INLINE VECTOR NAME(gelu_tanh_value)(VECTOR x, REAL first, REAL second) {
    VECTOR w_low, cubic, w = NAME(tanh_argument)(NAME(bounded)(x, LOGISTIC_BOUND, LOGISTIC_BOUND), &w_low, &cubic);
    (void)cubic;
    return NAME(logistic)(x, w, SELECT(x < SPLAT(0), w_low, -w_low));
}

// With E = exp(-w(t)), the derivative at -t is E / (1 + E)^2 h(t), h(t) = 1 + E - t w'(t); again left(t) + right(t) = 1.
// h has a root t0 = 0.75...; within an eighth of it h is fitted as (t - t0) times a polynomial in t - t0.
INLINE VECTOR NAME(gelu_tanh_derivative)(VECTOR x) {
#if HAS_PIECES && TABLE_LANES == 16
    VECTOR t = NAME(absolute)(NAME(bounded)(x, CONSTANT(tanh_limit), CONSTANT(tanh_right_limit)));
    VECTOR w_low, cubic, w = NAME(tanh_argument)(t, &w_low, &cubic);
    return NAME(slope_by_pieces)(
        x, t, -w, -w_low, CONSTANT(tanh_slope_root_at), CONSTANT(tanh_slope_root_term),
        PIECES_ARGUMENTS(tanh_slope_pieces));
#else
    VECTOR down, t = NAME(clamped)(x, CONSTANT(tanh_limit), CONSTANT(tanh_right_limit), &down);
    VECTOR w_low, cubic, w = NAME(tanh_argument)(t, &w_low, &cubic);
    BITS n;
    VECTOR p = NAME(exp_fraction)(-w, -w_low, &n);
    VECTOR scaled = NAME(power_of_two)(n, SUBNORMAL_OFFSET);
    VECTOR s = scaled * NAME(scale_down)();
    VECTOR one_s = SPLAT(1) + s;
    VECTOR d = NAME(madd)(s, p, one_s);
    VECTOR d_low = NAME(madd)(s, p, one_s - d);
    // t w' = w + 2 c1 t^3. The rounding error of d - w joins the small terms.
    VECTOR difference = d - w;
    VECTOR small = (w_low - d_low) - (d - (difference + w));
    VECTOR far = difference - NAME(fused)(cubic + cubic, t, small);
    VECTOR distance = t - SPLAT(CONSTANT(tanh_root_at));
    VECTOR near = NAME(fused)(distance, POLYNOMIAL(distance, tanh_slope), SPLAT(CONSTANT(tanh_root_term)));
    VECTOR h = SELECT(NAME(absolute)(distance) < SPLAT(CONSTANT(tanh_root_radius)), near, far);
    h = h * scaled;
    VECTOR left = NAME(fused)(h, p, h) / NAME(fused)(d, d, (d + d) * d_low) * down;
    return SELECT(x < SPLAT(0), left, SPLAT(1) - left);
#endif
}

INLINE VECTOR NAME(gelu_tanh_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    return dy * NAME(gelu_tanh_derivative)(x);
}
