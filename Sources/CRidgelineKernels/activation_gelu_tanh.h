// Part of Ridgeline. Licensed under the Apache License 2.0.

// Where w is past LOGISTIC_LIMIT, and finite.
#undef LOGISTIC_BOUND
#define LOGISTIC_BOUND (IS_FLOAT ? 12 : 25)

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
