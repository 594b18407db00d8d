// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// log(x) and log1p(x), for one instruction set and precision (as in fdlibm's e_log.c, Sun Microsystems, 1993): with
// x = 2^e m, sqrt(1/2) <= m < sqrt 2, f = m - 1 and s = f / (2 + f), log m = f - f^2/2 + s (f^2/2 + s^2 W(s^2)), and no
// term is rounded in units of a larger one. Below 1 ulp.

// log(2^-shift (x + low)) for positive normal x, |low| at most half a unit in its last place.
INLINE VECTOR NAME(log_of_sum)(VECTOR x, VECTOR low, VECTOR shift) {
    const BITS least = (BITS)(UNSIGNED)(sizeof(REAL) == 4 ? 0x3F3504F3 : 0x3FE6A09E667F3BCD);
    const VECTOR magic = SPLAT(1.5 * (double)((int64_t)1 << MANTISSA_BITS));
    MASK e = (MASK)((BITS)x - least) >> (MASK)MANTISSA_BITS;
    VECTOR m = (VECTOR)((BITS)x - ((BITS)e << (BITS)MANTISSA_BITS));
    VECTOR n = ((VECTOR)((BITS)e + (BITS)magic) - magic) - shift;
    VECTOR f = m - SPLAT(1), s = f / (f + SPLAT(2)), z = s * s, half = SPLAT(0.5) * f * f;
    // log(m + low) = log m + low / m, and 1 / m is nearly 1 - f + f^2. Of large x, low is nothing.
    MASK large = e > (MASK)(INTEGER)(2 * MANTISSA_BITS);
    BITS unit = SELECT(large, (BITS)(UNSIGNED)0, (BITS)((MASK)(INTEGER)EXPONENT_BIAS - e) << (BITS)MANTISSA_BITS);
    VECTOR correction = low * (VECTOR)unit * NAME(madd)(f, f, SPLAT(1) - f);
    VECTOR rest = NAME(madd)(n, SPLAT(CONSTANT(ln2_lo)), s * (half + z * POLYNOMIAL(z, log_series))) + correction;
    return NAME(madd)(n, SPLAT(CONSTANT(ln2_hi)), -((half - rest) - f));
}

// Minus infinity at 0, NaN below, infinity and NaN themselves.
INLINE VECTOR NAME(log_ends)(VECTOR x, VECTOR y) {
    y = SELECT(x < SPLAT(INFINITY), y, x);
    y = SELECT(x < SPLAT(0), SPLAT(NAN), y);
    return SELECT(x == SPLAT(0), SPLAT(-INFINITY), y);
}

INLINE VECTOR NAME(log_value)(VECTOR x) {
    const REAL least = sizeof(REAL) == 4 ? 0x1p-126 : 0x1p-1022;
    MASK subnormal = x < SPLAT(least);
    VECTOR scaled = SELECT(subnormal, x * SPLAT((UNSIGNED)1 << MANTISSA_BITS), x);
    VECTOR shift = SELECT(subnormal, SPLAT(MANTISSA_BITS), SPLAT(0));
    return NAME(log_ends)(x, NAME(log_of_sum)(scaled, SPLAT(0), shift));
}

// log(u + low), u = 1 + x rounded: the sum's own error (Knuth) is not lost.
INLINE VECTOR NAME(log1p_value)(VECTOR x) {
    VECTOR u = SPLAT(1) + x, back = u - SPLAT(1);
    VECTOR low = (SPLAT(1) - (u - back)) + (x - back);
    VECTOR y = NAME(log_ends)(u, NAME(log_of_sum)(u, low, SPLAT(0)));
    return SELECT(x == SPLAT(0), x, y);
}
