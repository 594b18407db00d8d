// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// x^y with the special cases of C's pow, for one instruction set and precision: Float's in double, rounded once; Double's
// from a logarithm of twice the precision. The exponents 2, 3, 1, 0, -1, -2 and 1/2 are multiplied out. Within 2 ulp.

#include "wide.h"

#if MANTISSA_BITS == 23
// log(s) for positive normal s: e log 2 + log m, 1/sqrt 2 <= m < sqrt 2, by the odd series in (m - 1) / (m + 1).
INLINE WIDE NAME(wide_natural_log)(WIDE s) {
    WIDE_MASK e = (WIDE_MASK)((WIDE_BITS)s - (WIDE_BITS)(uint64_t)0x3FE6A09E667F3BCD) >> (WIDE_MASK)52;
    WIDE m = (WIDE)((WIDE_BITS)s - ((WIDE_BITS)e << (WIDE_BITS)52));
    WIDE t = (m - WIDE_SPLAT(1)) / (m + WIDE_SPLAT(1)), z = t * t;
    WIDE n = (WIDE)((WIDE_BITS)e + (WIDE_BITS)WIDE_SPLAT(0x1.8p52)) - WIDE_SPLAT(0x1.8p52);
    return NAME(wide_madd)(n, WIDE_SPLAT(wide_ln2), NAME(wide_madd)(t * z, WIDE_POLYNOMIAL(z, wide_log), t + t));
}

// t^y for t >= 0, but for the cases that general_power puts right.
INLINE WIDE NAME(magnitude_power)(WIDE t, WIDE y) {
    WIDE log = NAME(wide_natural_log)(t);
    log = SELECT(t < WIDE_SPLAT(INFINITY), log, t);
    log = SELECT(t == WIDE_SPLAT(0), WIDE_SPLAT(-INFINITY), log);
    return NAME(wide_exp)(NAME(wide_at_most)(NAME(wide_at_least)(y * log, -200), 200));
}
#else
// log(x) = result + *low to some 2^-64 of it, for positive x: as log_of_sum in logarithms.h, with the parts that count as
// sums of two.
INLINE VECTOR NAME(long_log)(VECTOR x, VECTOR *low) {
    const VECTOR magic = SPLAT(0x1.8p52);
    MASK subnormal = x < SPLAT(0x1p-1022);
    x = SELECT(subnormal, x * SPLAT(0x1p52), x);
    MASK e = (MASK)((BITS)x - (BITS)(UNSIGNED)0x3FE6A09E667F3BCD) >> (MASK)52;
    VECTOR f = (VECTOR)((BITS)x - ((BITS)e << (BITS)52)) - SPLAT(1);
    VECTOR n = ((VECTOR)((BITS)e + (BITS)magic) - magic) - SELECT(subnormal, SPLAT(52), SPLAT(0));
    VECTOR under = f + SPLAT(2), under_low = f - (under - SPLAT(2)), s = f / under;
    VECTOR s_low = (NAME(residual)(s, under, f) - s * under_low) / under;
    VECTOR z_low, z = NAME(product)(s, s, &z_low);
    z_low = NAME(madd)(s + s, s_low, z_low);
    VECTOR cube_low, cube = NAME(product)(s, z, &cube_low);
    cube_low += NAME(madd)(s, z_low, s_low * z);
    VECTOR third_low, third = NAME(product)(cube, SPLAT(two_thirds_hi_f64), &third_low);
    third_low += NAME(madd)(cube, SPLAT(two_thirds_lo_f64), cube_low * SPLAT(two_thirds_hi_f64));
    VECTOR rest = NAME(madd)(cube * z, POLYNOMIAL(z, log_power), third_low + (s_low + s_low));
    VECTOR first = s + s, sum = first + third;
    rest += (first - sum) + third;
    VECTOR whole = n * SPLAT(ln2_hi_f64), total = whole + sum;
    rest += NAME(madd)(n, SPLAT(ln2_lo_f64), (whole - total) + sum);
    VECTOR result = total + rest;
    *low = (total - result) + rest;
    return result;
}

// t^y for t >= 0, but for the cases that general_power puts right.
INLINE WIDE NAME(magnitude_power)(WIDE t, WIDE y) {
    VECTOR log_low, log = NAME(long_log)(t, &log_low);
    MASK plain = (t < SPLAT(INFINITY)) & (t != SPLAT(0));
    log = SELECT(plain, log, SELECT(t == SPLAT(0), SPLAT(-INFINITY), t));
    log_low = SELECT(plain, log_low, SPLAT(0));
    VECTOR low, high = NAME(product)(y, log, &low);
    low = NAME(madd)(y, log_low, low);
    // Past where every result is infinite or zero.
    MASK past = NAME(absolute)(high) > SPLAT(1000);
    high = SELECT(past, NAME(with_sign_of)(SPLAT(1000), high), high);
    low = SELECT(past, SPLAT(0), low);
    BITS shifted;
    VECTOR p = NAME(exp_fraction)(high, low, &shifted);
    MASK n = (MASK)(shifted - (BITS)SPLAT(0x1.8p52)), half = n >> (MASK)1;
    VECTOR s1 = (VECTOR)((half + (MASK)EXPONENT_BIAS) << (MASK)MANTISSA_BITS);
    VECTOR s2 = (VECTOR)((n - half + (MASK)EXPONENT_BIAS) << (MASK)MANTISSA_BITS);
    return NAME(madd)(s1, p, s1) * s2;
}
#endif

INLINE WIDE NAME(wide_whole)(WIDE x) {
    const WIDE magic = WIDE_SPLAT(0x1p52);
    WIDE t = NAME(wide_absolute)(x);
    return SELECT(t < magic, NAME(wide_with_sign_of)((t + magic) - magic, x), x);
}

INLINE VECTOR NAME(general_power)(VECTOR base, VECTOR exponent) {
    WIDE x = WIDEN(base), y = WIDEN(exponent), t = NAME(wide_absolute)(x);
    const WIDE zero = WIDE_SPLAT(0), one = WIDE_SPLAT(1), infinity = WIDE_SPLAT(INFINITY);
    WIDE result = NAME(magnitude_power)(t, y);
    // Below 0: of even and odd exponents, and NaN of finite numbers with others. Whole numbers from 2^53 on are even.
    WIDE half = y * WIDE_SPLAT(0.5);
    WIDE_MASK whole = NAME(wide_whole)(y) == y, odd = whole & (NAME(wide_whole)(half) != half);
    WIDE_MASK signed_base = (WIDE_MASK)x < (WIDE_MASK)(int64_t)0;
    result = SELECT(signed_base & odd, -result, result);
    result = SELECT((x < zero) & (t < infinity) & ~whole, WIDE_SPLAT(NAN), result);
    // 1 to any power and anything to the power 0 are 1, NaN too; so is (-1) to an infinite one.
    WIDE_MASK infinite = NAME(wide_absolute)(y) == infinity;
    return NARROW(SELECT((y == zero) | (x == one) | ((t == one) & infinite), one, result));
}
INLINE VECTOR NAME(zeroth_power)(VECTOR x, VECTOR y) { return SPLAT(1); }
INLINE VECTOR NAME(first_power)(VECTOR x, VECTOR y) { return x; }
INLINE VECTOR NAME(second_power)(VECTOR x, VECTOR y) { return x * x; }
INLINE VECTOR NAME(third_power)(VECTOR x, VECTOR y) {
    WIDE w = WIDEN(x);
    return NARROW(w * w * w);
}
INLINE VECTOR NAME(minus_first_power)(VECTOR x, VECTOR y) { return SPLAT(1) / x; }
// Inverted first: a square may overflow whose inverse does not vanish.
INLINE VECTOR NAME(minus_second_power)(VECTOR x, VECTOR y) {
    WIDE inverse = WIDE_SPLAT(1) / WIDEN(x);
    return NARROW(inverse * inverse);
}
// Unlike the root's, the power of minus zero is zero, and that of minus infinity is infinity.
INLINE VECTOR NAME(half_power)(VECTOR x, VECTOR y) {
    VECTOR root = __builtin_elementwise_sqrt(x + SPLAT(0));
    return SELECT(x == SPLAT(-INFINITY), SPLAT(INFINITY), root);
}

// `function` and whether x and y vary are constants at every use.
INLINE void NAME(power_loop)(
    VECTOR (*function)(VECTOR, VECTOR), const REAL *x, int x_varies, const REAL *y, int y_varies, REAL *out,
    ptrdiff_t count
) {
    VECTOR x0 = SPLAT(*x), y0 = SPLAT(*y);
    ptrdiff_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH)
        STORE(out + i, function(x_varies ? LOAD(x + i) : x0, y_varies ? LOAD(y + i) : y0));
    if (i < count) {
        VECTOR u = x_varies ? NAME(load_part)(x + i, count - i) : x0;
        NAME(store_part)(out + i, function(u, y_varies ? NAME(load_part)(y + i, count - i) : y0), count - i);
    }
}

static void NAME(power)(
    const REAL *x, ptrdiff_t x_stride, const REAL *y, ptrdiff_t y_stride, REAL *out, ptrdiff_t count
) {
    if (count <= 0) return;
#define POWER(exponent, function) \
    if (*y == (REAL)(exponent)) return NAME(power_loop)(NAME(function), x, 1, y, 0, out, count)
    if (x_stride && !y_stride) {
        POWER(2, second_power);
        POWER(3, third_power);
        POWER(1, first_power);
        POWER(0, zeroth_power);
        POWER(-1, minus_first_power);
        POWER(-2, minus_second_power);
        POWER(0.5, half_power);
        return NAME(power_loop)(NAME(general_power), x, 1, y, 0, out, count);
    }
#undef POWER
    if (x_stride) return NAME(power_loop)(NAME(general_power), x, 1, y, 1, out, count);
    if (y_stride) return NAME(power_loop)(NAME(general_power), x, 0, y, 1, out, count);
    NAME(power_loop)(NAME(general_power), x, 0, y, 0, out, count);
}
