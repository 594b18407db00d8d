// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// x / (1 + exp(-beta x)), by logistic.h. Both save x.

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
