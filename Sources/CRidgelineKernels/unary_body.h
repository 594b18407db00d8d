// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Functions of one value, for one instruction set and precision. Their errors, at most: none for what IEEE arithmetic
// rounds once (negate, absolute, sign, square, square_root, reciprocal, floor, ceiling, rounded); 1 ulp for exp, log
// and log1p; 1.5 for reciprocal_square_root; 2 for expm1, sin, cos, tan and erf.

#include "wide.h"
#include "activation_sine.h"
#include "logarithms.h"

INLINE VECTOR NAME(negate_value)(VECTOR x) { return -x; }
INLINE VECTOR NAME(absolute_value)(VECTOR x) { return NAME(absolute)(x); }
// x itself where it is zero or NaN.
INLINE VECTOR NAME(sign_value)(VECTOR x) {
    return SELECT(NAME(absolute)(x) > SPLAT(0), NAME(with_sign_of)(SPLAT(1), x), x);
}
INLINE VECTOR NAME(square_value)(VECTOR x) { return x * x; }
INLINE VECTOR NAME(square_root_value)(VECTOR x) { return __builtin_elementwise_sqrt(x); }
INLINE VECTOR NAME(reciprocal_square_root_value)(VECTOR x) { return SPLAT(1) / __builtin_elementwise_sqrt(x); }
INLINE VECTOR NAME(reciprocal_value)(VECTOR x) { return SPLAT(1) / x; }

INLINE VECTOR NAME(exp_value)(VECTOR x) { return NAME(scaled_exp)(x, SPLAT(1)); }

// 2^n (1 + p) - 1, of half the power, as 2^n may be one too large.
INLINE VECTOR NAME(expm1_value)(VECTOR x) {
    const VECTOR low = SPLAT(sizeof(REAL) == 4 ? -20 : -40), high = SPLAT(sizeof(REAL) == 4 ? 88.8 : 709.9);
    VECTOR bounded = SELECT(x < low, low, x);
    bounded = SELECT(bounded > high, high, bounded);
    BITS n;
    VECTOR rest, p = NAME(exp_fraction2)(bounded, SPLAT(-0.0), &n, &rest);
    VECTOR half = NAME(power_of_two)(n, -1);
    VECTOR y = NAME(madd)(half, p, NAME(madd)(half, rest, half - SPLAT(0.5)));
    // The least numbers themselves: half of them cannot be told from nothing.
    return SELECT(NAME(absolute)(x) < SPLAT(sizeof(REAL) == 4 ? 0x1p-40 : 0x1p-80), x, y + y);
}

INLINE VECTOR NAME(sin_value)(VECTOR x) { return NAME(sine)(x, 0); }
INLINE VECTOR NAME(cos_value)(VECTOR x) { return NAME(sine)(x, 1); }

// The error of sine and cosine added would be twice that of a quotient: their last roundings are made good. Of Float in
// double, so that it is rounded once. Lanes with a large x take the system's tangent, as sine does.
INLINE VECTOR NAME(tan_value)(VECTOR v) {
    WIDE x = WIDEN(v), r, low, s_low, c_low;
    WIDE_MASK far = NAME(wide_is_far)(x);
    WIDE_BITS quarters = NAME(wide_reduced)(SELECT(far, WIDE_SPLAT(0), x), &r, &low);
    WIDE s = NAME(wide_sine_near)(r, low, &s_low), c = NAME(wide_cosine_near)(r, low, &c_low);
    WIDE_MASK odd = (quarters & (WIDE_BITS)(uint64_t)1) != (WIDE_BITS)(uint64_t)0;
    WIDE over = SELECT(odd, -c, s), under = SELECT(odd, s, c), y = over / under;
    if (!IS_FLOAT) y = y + (SELECT(odd, -c_low, s_low) - y * SELECT(odd, s_low, c_low)) / under;
    y = SELECT(x == WIDE_SPLAT(0), x, y);
    if (__builtin_expect(__builtin_reduce_or(far) != 0, 0)) {
        for (int lane = 0; lane < WIDTH; ++lane)
            if (far[lane]) y[lane] = tan(x[lane]);
    }
    return NARROW(y);
}

// x + x P(x^2), or 1 - exp(-t - t g(t)) with the sign of x, where t = |x| is larger.
INLINE VECTOR NAME(erf_value)(VECTOR x) {
    const VECTOR one = SPLAT(CONSTANT(erf_one));
    VECTOR t = NAME(absolute)(x), bounded = SELECT(t > one, one, t);
    VECTOR g = POLYNOMIAL(bounded - SPLAT(CONSTANT(erf_middle)), erf_decay);
    BITS n;
    VECTOR p = NAME(exp_fraction)(-NAME(madd)(bounded, g, bounded), SPLAT(-0.0), &n);
    VECTOR scale = NAME(power_of_two)(n, 0);
    VECTOR outer = NAME(with_sign_of)(NAME(madd)(-scale, p, SPLAT(1) - scale), x);
    VECTOR inner = NAME(madd)(x, POLYNOMIAL(x * x, erf_inner), x);
    VECTOR y = SELECT(t < SPLAT(CONSTANT(erf_switch)), inner, outer);
    return SELECT(t < one, y, SELECT(t >= one, NAME(with_sign_of)(SPLAT(1), x), x));
}

// To nearest, ties to even: where the last place is one, addition rounds so. Larger numbers are whole.
INLINE VECTOR NAME(rounded_value)(VECTOR x) {
    const VECTOR whole = SPLAT((UNSIGNED)1 << MANTISSA_BITS);
    VECTOR t = NAME(absolute)(x);
    return SELECT(t < whole, NAME(with_sign_of)((t + whole) - whole, x), x);
}
INLINE VECTOR NAME(floor_value)(VECTOR x) {
    VECTOR y = NAME(rounded_value)(x);
    return SELECT(y > x, y - SPLAT(1), y);
}
// The sign is that of x, also of a zero.
INLINE VECTOR NAME(ceiling_value)(VECTOR x) {
    VECTOR y = NAME(rounded_value)(x);
    return SELECT(y < x, NAME(with_sign_of)(NAME(absolute)(y + SPLAT(1)), x), y);
}

// `function` is a constant at every use.
INLINE void NAME(unary_loop)(VECTOR (*function)(VECTOR), const REAL *x, REAL *out, ptrdiff_t count) {
    ptrdiff_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) STORE(out + i, function(LOAD(x + i)));
    if (i < count) NAME(store_part)(out + i, function(NAME(load_part)(x + i, count - i)), count - i);
}

#undef DEFINE
#define DEFINE(f) \
    static void NAME(f##_unary)(const REAL *x, REAL *out, ptrdiff_t count) { \
        NAME(unary_loop)(NAME(f##_value), x, out, count); \
    }
RIDGELINE_UNARY_FUNCTIONS(DEFINE)
