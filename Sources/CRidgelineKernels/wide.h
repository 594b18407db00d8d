// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Arithmetic in double for both precisions, for one instruction set. Float's functions computed so are rounded
// once, at the end: half an ulp and a little, subnormal results included, and at the speed of memory. Double's keep
// the few low parts that matter (IS_FLOAT is a constant: the branches on it cost nothing).

#undef IS_FLOAT
#define IS_FLOAT (sizeof(REAL) == 4)

INLINE WIDE NAME(wide_absolute)(WIDE x) { return (WIDE)((WIDE_BITS)x & (WIDE_BITS)(UINT64_MAX >> 1)); }

// `magnitude`, which must not be negative, with the sign of `x`.
INLINE WIDE NAME(wide_with_sign_of)(WIDE magnitude, WIDE x) {
    return (WIDE)((WIDE_BITS)magnitude | ((WIDE_BITS)x & (WIDE_BITS)((uint64_t)1 << 63)));
}

// a b = result + low; for Float, whose products are exact in double, low is zero.
INLINE WIDE NAME(wide_product)(WIDE a, WIDE b, WIDE *low) {
    WIDE p = a * b;
    if (IS_FLOAT) {
        *low = WIDE_SPLAT(0);
        return p;
    }
#if HAS_FMA
    *low = __builtin_elementwise_fma(a, b, -p);
#else
    const WIDE_BITS upper = (WIDE_BITS)(~(((uint64_t)1 << 27) - 1));
    WIDE ah = (WIDE)((WIDE_BITS)a & upper), bh = (WIDE)((WIDE_BITS)b & upper);
    WIDE al = a - ah, bl = b - bh;
    *low = ((ah * bh - p) + ah * bl + al * bh) + al * bl;
#endif
    return p;
}

INLINE WIDE NAME(wide_polynomial)(WIDE x, const double *coefficients, int count) {
    WIDE y = WIDE_SPLAT(coefficients[count - 1]);
#pragma clang loop unroll(full)
    for (int i = count - 2; i >= 0; --i) y = NAME(wide_madd)(y, x, WIDE_SPLAT(coefficients[i]));
    return y;
}

#undef WIDE_POLYNOMIAL
#define WIDE_POLYNOMIAL(x, c) NAME(wide_polynomial)(x, POLYNOMIAL_ARGUMENTS(c))

// exp(x + low) = 2^n (1 + p), |p| < 0.42. Returns p, and the bits of n + 1.5 2^52. For |x| < 2^12.
INLINE WIDE NAME(wide_exp_fraction)(WIDE x, WIDE low, WIDE_BITS *shifted) {
    const WIDE magic = WIDE_SPLAT(0x1.8p52);
    WIDE k = NAME(wide_madd)(x, WIDE_SPLAT(log2e_f64), magic);
    WIDE n = k - magic;
    WIDE r;
    if (IS_FLOAT) {
        r = NAME(wide_madd)(n, WIDE_SPLAT(-wide_ln2), x);
    } else {
        r = NAME(wide_madd)(n, WIDE_SPLAT(-ln2_hi_f64), x);
        r = NAME(wide_madd)(n, WIDE_SPLAT(-ln2_lo_f64), r) + low;
    }
    *shifted = (WIDE_BITS)k;
    return NAME(wide_madd)(r * r, WIDE_POLYNOMIAL(r, wide_exp), r);
}

// 2^n, for which that must be normal.
INLINE WIDE NAME(wide_power_of_two)(WIDE_BITS shifted) {
    return (WIDE)((shifted << (WIDE_BITS)52) + (WIDE_BITS)((uint64_t)1023 << 52));
}

// exp(-t - low) for t >= 0, as the product of the result and *rest: a factor of the result reaches the subnormal
// numbers with it, multiplied by *rest at the end. Past where any function here rounds to zero, it is zero.
INLINE WIDE NAME(decay)(WIDE t, WIDE low, WIDE *rest) {
    const WIDE limit = WIDE_SPLAT(IS_FLOAT ? 200 : 1400);
    WIDE_MASK past = t > limit;
    t = SELECT(past, limit, t);
    if (!IS_FLOAT) low = SELECT(past, WIDE_SPLAT(0), low);
    WIDE_BITS shifted;
    WIDE p = NAME(wide_exp_fraction)(-t, -low, &shifted);
    WIDE scale;
    if (IS_FLOAT) {
        scale = NAME(wide_power_of_two)(shifted);
        *rest = WIDE_SPLAT(1);
    } else {
        WIDE_MASK n = (WIDE_MASK)(shifted - (WIDE_BITS)WIDE_SPLAT(0x1.8p52));
        WIDE_MASK half = n >> (WIDE_MASK)1;
        scale = (WIDE)((half + (WIDE_MASK)1023) << (WIDE_MASK)52);
        *rest = (WIDE)((n - half + (WIDE_MASK)1023) << (WIDE_MASK)52);
    }
    scale = SELECT(past, WIDE_SPLAT(0), scale);
    return NAME(wide_madd)(scale, p, scale);
}

// `x`, or the nearer of two bounds. NaN stays.
INLINE WIDE NAME(wide_at_least)(WIDE x, double bound) { return SELECT(WIDE_SPLAT(bound) > x, WIDE_SPLAT(bound), x); }
INLINE WIDE NAME(wide_at_most)(WIDE x, double bound) { return SELECT(WIDE_SPLAT(bound) < x, WIDE_SPLAT(bound), x); }

// exp(x) for |x| <= 700, for Float: its range fits twice into that of double, so no sign needs telling apart.
INLINE WIDE NAME(wide_exp)(WIDE x) {
    WIDE_BITS shifted;
    WIDE p = NAME(wide_exp_fraction)(x, WIDE_SPLAT(0), &shifted);
    WIDE scale = NAME(wide_power_of_two)(shifted);
    return NAME(wide_madd)(scale, p, scale);
}

// exp(x) - 1 for x <= 0, for Float.
INLINE WIDE NAME(wide_expm1_left)(WIDE x) {
    WIDE_BITS shifted;
    WIDE p = NAME(wide_exp_fraction)(NAME(wide_at_least)(x, -40), WIDE_SPLAT(0), &shifted);
    WIDE scale = NAME(wide_power_of_two)(shifted);
    return NAME(wide_madd)(scale, p, scale - WIDE_SPLAT(1));
}

#include "logistic.h"
