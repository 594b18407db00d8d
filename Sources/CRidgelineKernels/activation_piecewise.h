// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The hard forms of smooth functions, and the shrinkages that only compare. Derivatives at the kinks are PyTorch's.

// min(max(x + 3, 0), 6) / 6. Derivative 1/6 for -3 < x < 3, else 0 (at NaN too); saves x, as rounding takes an x just
// below 3 to 1.
INLINE VECTOR NAME(hard_sigmoid_value)(VECTOR x, REAL first, REAL second) {
    VECTOR y = x + SPLAT(3);
    y = SELECT(y <= SPLAT(0), SPLAT(0), y);
    return SELECT(y > SPLAT(6), SPLAT(6), y) / SPLAT(6);
}
INLINE VECTOR NAME(hard_sigmoid_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    return SELECT((x > SPLAT(-3)) & (x < SPLAT(3)), dy / SPLAT(6), SPLAT(0));
}

// x within [first, second], else the nearer of both. Derivative 1 for first < x < second, else 0; saves y.
INLINE VECTOR NAME(hard_tanh_value)(VECTOR x, REAL first, REAL second) {
    VECTOR y = SELECT(x < SPLAT(first), SPLAT(first), x);
    return SELECT(y > SPLAT(second), SPLAT(second), y);
}
INLINE VECTOR NAME(hard_tanh_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    return SELECT((y <= SPLAT(first)) | (y >= SPLAT(second)), SPLAT(0), dy);
}

// x min(max(x + 3, 0), 6) / 6. Derivative x/3 + 1/2 for -3 < x < 3, 0 below, 1 above; saves x. Zero at minus infinity,
// where PyTorch has NaN.
INLINE VECTOR NAME(hard_swish_value)(VECTOR x, REAL first, REAL second) {
    WIDE w = WIDEN(x);
    VECTOR y = NARROW(w * (w + WIDE_SPLAT(3)) * WIDE_SPLAT(1.0 / 6));
    y = SELECT(x >= SPLAT(3), x, y);
    return SELECT(x <= SPLAT(-3), SPLAT((REAL)-0.0), y);
}
INLINE VECTOR NAME(hard_swish_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    // x/3 + 1/2 so that it is zero exactly at -3/2.
    VECTOR g = NARROW(WIDEN(dy) * ((WIDEN(x) + WIDE_SPLAT(1.5)) * WIDE_SPLAT(1.0 / 3)));
    g = SELECT(x >= SPLAT(3), dy, g);
    return SELECT(x <= SPLAT(-3), SPLAT(0), g);
}

// 0 for |x| <= first, else x. Derivative 0 and 1; saves y, which the same comparison tells apart.
INLINE VECTOR NAME(hard_shrink_value)(VECTOR x, REAL first, REAL second) {
    return SELECT((x >= SPLAT(-first)) & (x <= SPLAT(first)), SPLAT(0), x);
}
INLINE VECTOR NAME(hard_shrink_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    return SELECT((y >= SPLAT(-first)) & (y <= SPLAT(first)), SPLAT(0), dy);
}

// x moved towards 0 by `first`, at most to 0. Derivative 0 for |x| <= first, else 1; saves y, as subtraction gives 0
// only for equal numbers. A zero has the sign of x.
INLINE VECTOR NAME(soft_shrink_value)(VECTOR x, REAL first, REAL second) {
    VECTOR inside = NAME(with_sign_of)(SPLAT(0), x);
    VECTOR y = SELECT((x >= SPLAT(-first)) & (x <= SPLAT(first)), inside, x - NAME(with_sign_of)(SPLAT(first), x));
    return y;
}
INLINE VECTOR NAME(soft_shrink_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    return SELECT(y == SPLAT(0), SPLAT(0), dy);
}
