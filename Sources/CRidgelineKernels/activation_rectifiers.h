// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Rectifiers and the step: exact, but for a rounding of their products. Comparisons are written so that NaN stays NaN,
// and so that a derivative of zero wins over an infinite upstream gradient.

// x. Derivative 1.
INLINE VECTOR NAME(identity_value)(VECTOR x, REAL first, REAL second) { return x; }
INLINE VECTOR NAME(identity_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) { return dy; }

// The Heaviside step: 0 for x < 0, 1 for x > 0, `first` at 0 (PyTorch: heaviside(x, first)). Its derivative is 0 and
// teaches nothing; the gradient passes straight through instead (Bengio, Leonard and Courville, 2013).
INLINE VECTOR NAME(step_value)(VECTOR x, REAL first, REAL second) {
    VECTOR y = SELECT(x > SPLAT(0), SPLAT(1), x);
    y = SELECT(x < SPLAT(0), SPLAT(0), y);
    return SELECT(x == SPLAT(0), SPLAT(first), y);
}
INLINE VECTOR NAME(step_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) { return dy; }

// max(x, 0). Derivative 1 for x > 0, else 0; saves y.
INLINE VECTOR NAME(relu_value)(VECTOR x, REAL first, REAL second) { return SELECT(x <= SPLAT(0), SPLAT(0), x); }
INLINE VECTOR NAME(relu_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    return SELECT(y <= SPLAT(0), SPLAT(0), dy);
}

// min(max(x, 0), 6). Derivative 1 for 0 < x < 6, else 0; saves y.
INLINE VECTOR NAME(relu6_value)(VECTOR x, REAL first, REAL second) {
    VECTOR y = SELECT(x <= SPLAT(0), SPLAT(0), x);
    return SELECT(y > SPLAT(6), SPLAT(6), y);
}
INLINE VECTOR NAME(relu6_pullback)(VECTOR y, VECTOR dy, REAL first, REAL second) {
    return SELECT((y <= SPLAT(0)) | (y >= SPLAT(6)), SPLAT(0), dy);
}

// x for x > 0, else first x. Derivative 1 for x > 0, else `first`; saves y where first > 0, as y then has x's sign.
INLINE VECTOR NAME(leaky_relu_value)(VECTOR x, REAL first, REAL second) {
    return SELECT(x > SPLAT(0), x, x * SPLAT(first));
}
INLINE VECTOR NAME(leaky_relu_pullback)(VECTOR saved, VECTOR dy, REAL first, REAL second) {
    return SELECT(saved > SPLAT(0), dy, dy * SPLAT(first));
}

// max(x, 0)^2 (So et al., 2021). Derivative 2 max(x, 0); saves x.
INLINE VECTOR NAME(squared_relu_value)(VECTOR x, REAL first, REAL second) {
    return SELECT(x <= SPLAT(0), SPLAT(0), x * x);
}
INLINE VECTOR NAME(squared_relu_pullback)(VECTOR x, VECTOR dy, REAL first, REAL second) {
    return SELECT(x <= SPLAT(0), SPLAT(0), (x + x) * dy);
}

// x for x > first, else second. Derivative 1 for x > first, else 0; saves y where second <= first, else x.
INLINE VECTOR NAME(thresholded_value)(VECTOR x, REAL first, REAL second) {
    return SELECT(x <= SPLAT(first), SPLAT(second), x);
}
INLINE VECTOR NAME(thresholded_pullback)(VECTOR saved, VECTOR dy, REAL first, REAL second) {
    return SELECT(saved <= SPLAT(first), SPLAT(0), dy);
}
