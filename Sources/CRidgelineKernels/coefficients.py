#!/usr/bin/env python3
# Part of Ridgeline. Licensed under the Apache License 2.0.
"""Computes the constants of the vector kernels and prints coefficients.h.

    python3 coefficients.py > coefficients.h        (needs mpmath; --report prints approximation errors instead)

Every polynomial interpolates its function at the Chebyshev nodes of its interval, in 80 digits, and is then rounded
to the precision that evaluates it. That is within a small factor of the minimax error, and needs no iteration.
"""
import struct
import sys

from mpmath import (mp, mpf, chebyt, cos, erf, erfc, exp, expm1, findroot, floor, frexp, ldexp, log, log1p, matrix, pi,
                    sin, sqrt, tanh, lu_solve)

mp.dps = 80

# The shift of t/(t + a): few bits, so that t + a and its rounding error are both exact.
SHIFT = {"f32": mpf(2.5), "f64": mpf(4)}
# Below minus these the functions and their derivatives round to zero.
ERF_LIMIT = {"f32": mpf(14.625), "f64": mpf(38.75)}
TANH_LIMIT = {"f32": mpf(11), "f64": mpf(21.75)}
# Above these x the functions round to x and their derivatives to one.
ERF_RIGHT_LIMIT = {"f32": mpf(7), "f64": mpf(10)}
TANH_RIGHT_LIMIT = {"f32": mpf(6), "f64": mpf(9)}
# Up to the first, erf is x times a polynomial in x^2, from there 1 - exp(-t - t g(t)); from the second on it rounds to 1.
ERF_SWITCH = {"f32": mpf(0.9375), "f64": mpf(0.9375)}
ERF_ONE = {"f32": mpf(4), "f64": mpf(6)}
# The distance to the root of tanh-GELU's derivative within which a polynomial replaces the formula.
ROOT_RADIUS = mpf(0.125)
DEGREES = {
    "f32": {"exp": 5, "gelu_tail": 11, "gelu_slope": 9, "tanh_slope": 5, "tanh_inner": 4,
            "tanh_shrink": 9, "sine": 4, "log1p_rest": 9, "log_series": 3, "erf_inner": 6, "erf_decay": 8},
    "f64": {"exp": 10, "gelu_tail": 24, "gelu_slope": 22, "tanh_slope": 11, "tanh_inner": 12,
            "log_series": 7, "log_power": 7, "erf_inner": 12, "erf_decay": 24},
}
# By the lanes of a table, the degree of a piece.
PIECES = {"gelu_pieces": {8: 8, 16: 6}, "gelu_slope_pieces": {8: 6, 16: 5},
          "tanh_slope_pieces": {16: 7}}
MANTISSA = {"f32": 24, "f64": 53}
# The polynomials of wide.h are evaluated in double for both precisions; f32 only needs fewer terms.
WIDE_DEGREES = {
    "f32": {"wide_exp": 6, "wide_log1p": 13, "wide_sin": 4, "wide_cos": 4, "wide_log": 5},
    "f64": {"wide_exp": 10, "wide_log1p": 21, "wide_tanh_shrink": 16, "wide_sin": 6, "wide_cos": 6, "wide_log": 9},
}


def rounded(value, bits):
    """`value` rounded to `bits` significant bits."""
    if value == 0:
        return mpf(0)
    mantissa, exponent = frexp(value)
    return ldexp(floor(ldexp(mantissa, bits) + mpf(0.5)), exponent - bits)


def literal(value, precision):
    number = float(rounded(value, MANTISSA[precision]))
    return number.hex() + ("f" if precision == "f32" else "")


def interpolate(function, low, high, degree, centre):
    """Coefficients in powers of (x - centre), exact to working precision."""
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    system = matrix(degree + 1, degree + 1)
    for row, node in enumerate(nodes):
        for power in range(degree + 1):
            system[row, power] = (node - centre)**power
    return list(lu_solve(system, matrix([function(node) for node in nodes])))


def relative_error(function, coefficients, low, high, centre, weight=lambda x: mpf(1)):
    worst = mpf(0)
    for k in range(801):
        x = low + (high - low) * (k + mpf(0.37)) / 802
        value = sum(c * (x - centre)**i for i, c in enumerate(coefficients))
        worst = max(worst, abs((value - function(x)) * weight(x)))
    return worst


def piece_bounds(piece, lanes):
    """Where a piece begins and ends: lanes/4 in each of the octaves of t + 1 from 1 to 16; and its lane, the last bits
    of the exponent of t + 1 and the first of its mantissa."""
    per_octave = lanes // 4
    octave, part = divmod(piece, per_octave)
    begin, width = mpf(2)**octave, mpf(2)**octave / per_octave
    return begin + part * width - 1, begin + (part + 1) * width - 1, (127 + octave) % 4 * per_octave + part


def accurate_centre(function, low, high, bits):
    """A centre near the middle where the function is nearly a number of `bits` bits (Gal's accurate tables), and that."""
    for k in range(2000):
        centre = rounded((low + high) / 2 + (high - low) * (-1)**k * ((k + 1) // 2) / 8192, bits)
        exact = function(centre)
        value = rounded(exact, bits)
        if abs(value - exact) < abs(exact) * mpf(2)**-(bits + 7):
            return centre, value
    raise ValueError("no centre")


def rise(function, t, centre):
    """(f(t) - f(centre)) / (t - centre), also where the two are the same."""
    if abs(t - centre) < mpf(10)**-20:
        t = centre + mpf(10)**-20
    return (function(t) - function(centre)) / (t - centre)


def tail(t):
    """Q(t) = exp(t^2/2) Phi(-t)."""
    return erfc(t / sqrt(mpf(2))) / 2 * exp(t * t / 2)


def slope(t):
    """exp(t^2/2) gelu'(-t) = Q(t) - t / sqrt(2 pi)."""
    return tail(t) - t / sqrt(2 * pi)


TANH_LINEAR = 2 * sqrt(2 / pi)
TANH_CUBIC = TANH_LINEAR * mpf("0.044715")


def tanh_slope(t):
    """(1 + e^-w) - t w'(t): the factor of tanh-GELU's derivative at -t that changes sign."""
    return 1 + exp(-(TANH_LINEAR * t + TANH_CUBIC * t**3)) - (TANH_LINEAR * t + 3 * TANH_CUBIC * t**3)


ERF_ROOT = findroot(slope, mpf("0.7518"))
TANH_ROOT = findroot(tanh_slope, mpf("0.7525"))


def divided(function, root):
    def quotient(t):
        distance = t - root
        if abs(distance) < mpf(10)**-30:
            distance = mpf(10)**-25
            return function(root + distance) / distance
        return function(t) / distance
    return quotient


# The fixed point of Klambauer et al. (2017), as PyTorch writes it.
SELU_ALPHA = mpf("1.6732632423543772848170429916717")
SELU_SCALE = mpf("1.0507009873554804934193349852946")


def main():
    report = "--report" in sys.argv
    if not report:
        print("// Part of Ridgeline. Licensed under the Apache License 2.0.")
        print("// Written by coefficients.py: change that, not this.\n")
        print("#ifndef RIDGELINE_COEFFICIENTS_H\n#define RIDGELINE_COEFFICIENTS_H\n")
        print("#define RIDGELINE_CONSTANT static const __attribute__((unused))\n")
    for precision, real in (("f32", "float"), ("f64", "double")):
        bits = MANTISSA[precision]
        degrees = DEGREES[precision]

        def emit(name, values):
            values = values if isinstance(values, list) else [values]
            if report:
                return
            body = ", ".join(literal(v, precision) for v in values)
            if len(values) == 1:
                print(f"RIDGELINE_CONSTANT {real} {name}_{precision} = {body};")
            else:
                print(f"RIDGELINE_CONSTANT {real} {name}_{precision}[{len(values)}] = {{")
                for v in values:
                    print(f"    {literal(v, precision)},")
                print("};")

        def emit_split(name, value, high_bits=None):
            high = rounded(value, high_bits or bits)
            emit(name + "_hi", high)
            emit(name + "_lo", value - high)

        def emit_root(name, root, factor):
            """(t - root) W(t) = (t - root_at) W(t) + root_term, as W hardly changes over root - root_at."""
            at = rounded(root, bits)
            emit(name + "_at", at)
            emit(name + "_term", (at - root) * factor(root))

        def fit_wide(name, function, low, high, centre, weight):
            degree = WIDE_DEGREES[precision][name]
            coefficients = interpolate(function, low, high, degree, centre)
            if report:
                error = relative_error(function, coefficients, low, high, centre, weight)
                print(f"{name}_{precision}: degree {degree}, error 2^{float(log(error, 2)):.2f}")
                return
            print(f"RIDGELINE_CONSTANT double {name}_{precision}[{degree + 1}] = {{")
            for value in coefficients:
                print(f"    {literal(value, 'f64')},")
            print("};")

        def fit(name, function, low, high, centre, weight):
            coefficients = interpolate(function, low, high, degrees[name], centre)
            if report:
                error = relative_error(function, coefficients, low, high, centre, weight)
                print(f"{name}_{precision}: degree {degrees[name]}, error 2^{float(log(error, 2)):.2f}")
            emit(name, coefficients)

        emit("log2e", 1 / log(2))
        # n * ln2_hi is exact for every exponent n.
        emit_split("ln2", log(mpf(2)), 15 if precision == "f32" else 41)
        half = log(mpf(2)) / 2 * mpf("1.001")
        series = lambda r: (expm1(r) - r) / (r * r) if abs(r) > mpf(10)**-30 else mpf(0.5)
        fit("exp", series, -half, half, mpf(0), lambda r: r * r / exp(r))

        a = SHIFT[precision]
        limit = ERF_LIMIT[precision]
        top = limit / (limit + a)
        # Nearer the right end, where the terms of Horner's rule then do not cancel.
        centre = rounded(top * mpf("0.75"), 4)
        to_t = lambda v: a * v / (1 - v)
        emit("erf_limit", limit)
        emit("erf_right_limit", ERF_RIGHT_LIMIT[precision])
        emit("gelu_shift", a)
        emit("gelu_shift_inverse", 1 / a)
        emit("gelu_centre", centre)
        tail_function = lambda v: tail(to_t(v)) * (to_t(v) + a)
        fit("gelu_tail", tail_function, mpf(0), top, centre, lambda v: 1 / tail_function(v))
        quotient = divided(slope, ERF_ROOT)
        emit_root("gelu_root", ERF_ROOT, quotient)
        fit("gelu_slope", lambda v: quotient(to_t(v)), mpf(0), top, centre, lambda v: 1 / quotient(to_t(v)))

        emit("tanh_limit", TANH_LIMIT[precision])
        emit("tanh_right_limit", TANH_RIGHT_LIMIT[precision])
        # The short high part makes (q - tanh_linear_hi) exact.
        emit_split("tanh_linear", TANH_LINEAR, 12 if precision == "f32" else 27)
        emit_split("tanh_cubic", TANH_CUBIC)
        factor = divided(tanh_slope, TANH_ROOT)
        emit_root("tanh_root", TANH_ROOT, factor)
        emit("tanh_root_radius", ROOT_RADIUS)
        fit("tanh_slope", factor, TANH_ROOT - ROOT_RADIUS, TANH_ROOT + ROOT_RADIUS, TANH_ROOT,
            lambda t: 1 / factor(t))

        def fit_pieces(name, function):
            """Polynomials for the pieces of t >= 0 that NAME(piecewise) in vector.h looks up: by row, the centres, the
            values there, then the coefficients of what the powers of (t - centre) add."""
            for lanes, degree in PIECES[name].items():
                rows = [[mpf(0)] * lanes for _ in range(degree + 2)]
                worst = mpf(0)
                for piece in range(lanes):
                    low, high, lane = piece_bounds(piece, lanes)
                    centre, value = accurate_centre(function, low, high, bits)
                    column = interpolate(lambda t: rise(function, t, centre), low, high, degree - 1, centre)
                    whole = [value] + [rounded(c, bits) for c in column]
                    for row, number in enumerate([centre] + whole):
                        rows[row][lane] = number
                    worst = max(worst, relative_error(function, whole, low, high, centre, lambda t: 1 / function(t)))
                if report:
                    print(f"{name}_{lanes}: degree {degree}, error 2^{float(log(worst, 2)):.2f}")
                    continue
                print(f"RIDGELINE_CONSTANT float {name}_{lanes}[{degree + 2}][{lanes}] = {{")
                for row in rows:
                    print("    {" + ", ".join(literal(v, precision) for v in row) + "},")
                print("};")

        if precision == "f32":
            fit_pieces("gelu_pieces", tail)
            fit_pieces("gelu_slope_pieces", divided(slope, ERF_ROOT))
            one_e = lambda t: 1 + exp(-(TANH_LINEAR * t + TANH_CUBIC * t**3))
            factor = divided(tanh_slope, TANH_ROOT)
            fit_pieces("tanh_slope_pieces", lambda t: factor(t) / one_e(t)**2)
            emit_root("tanh_slope_root", TANH_ROOT, lambda t: factor(t) / one_e(t)**2)

        tiny = mpf(10)**-20
        guarded = lambda f, limit: lambda v: f(v) if abs(v) > tiny else limit
        fit_wide("wide_exp", series, -half, half, mpf(0), lambda r: r * r / exp(r))
        # (tanh x - x) / x^3 in x^2, for |x| <= 5/8.
        inner = guarded(lambda z: (tanh(sqrt(z)) - sqrt(z)) / sqrt(z)**3, -mpf(1) / 3)
        fit("tanh_inner", inner, mpf(0), mpf("0.391"), mpf(0), lambda z: z)
        # log1p(E) / E for E in [0, 1].
        quotient1p = guarded(lambda e: log1p(e) / e, mpf(1))
        fit_wide("wide_log1p", quotient1p, mpf(0), mpf(1), mpf(0.5), lambda e: 1 / quotient1p(e))
        # (x - tanh x) / x^3 in x^2, for |x| <= 1.
        shrink = guarded(lambda z: (sqrt(z) - tanh(sqrt(z))) / sqrt(z)**3, mpf(1) / 3)
        if precision == "f32":
            # For |x| <= 5/4.
            most = mpf("1.5625")
            centre, _ = accurate_centre(shrink, mpf(0), most, bits)
            emit("tanh_shrink_centre", centre)
            fit("tanh_shrink", shrink, mpf(0), most, centre, lambda z: 1 / shrink(z))
        else:
            fit_wide("wide_tanh_shrink", shrink, mpf(0), mpf(1), mpf(0.5), lambda z: 1 / shrink(z))
        # (sin r - r) / r^3 and (cos r - 1 + r^2/2) / r^4 in r^2, for |r| <= pi/4.
        quarter = (pi / 4 * mpf("1.001"))**2
        sine = guarded(lambda z: (sin(sqrt(z)) - sqrt(z)) / sqrt(z)**3, -mpf(1) / 6)
        fit_wide("wide_sin", sine, mpf(0), quarter, mpf(0), lambda z: z)
        cosine = guarded(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(1) / 24)
        fit_wide("wide_cos", cosine, mpf(0), quarter, mpf(0), lambda z: z * z)
        if precision == "f32":
            # The same up to pi/2, and pi in parts.
            fit("sine", sine, mpf(0), (pi / 2 * mpf("1.006"))**2, mpf(0), lambda z: z * sqrt(z) / sin(sqrt(z)))
            first = rounded(pi, bits)
            second = rounded(pi - first, bits)
            emit("pi_1", first)
            emit("pi_2", second)
            emit("pi_3", pi - first - second)
            emit("inverse_pi", 1 / pi)
            # (log1p(E) / E - 1) / E for E in [0, 1].
            rest1p = guarded(lambda e: (log1p(e) - e) / e**2, -mpf(1) / 2)
            centre, _ = accurate_centre(rest1p, mpf(0), mpf(1), bits)
            emit("log1p_centre", centre)
            fit("log1p_rest", rest1p, mpf(0), mpf(1), centre, lambda e: e / quotient1p(e))
        # (log((1 + s) / (1 - s)) - 2 s) / s^3 in s^2, for the mantissas from sqrt(1/2) to sqrt(2).
        edge = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1) * mpf("1.001"))**2
        atanh = guarded(lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) - 2 * sqrt(z)) / sqrt(z)**3, mpf(2) / 3)
        fit_wide("wide_log", atanh, mpf(0), edge, mpf(0), lambda z: z)
        fit("log_series", atanh, mpf(0), edge, mpf(0), lambda z: z / 2)
        if precision == "f64":
            # The same without its first coefficient, which is there as a sum of two.
            emit_split("two_thirds", mpf(2) / 3)
            after = guarded(lambda z: (atanh(z) - mpf(2) / 3) / z, mpf(2) / 5)
            fit("log_power", after, mpf(0), edge, mpf(0), lambda z: z * z / 2)
        switch, one = ERF_SWITCH[precision], ERF_ONE[precision]
        emit("erf_switch", switch)
        emit("erf_one", one)
        # erf(x) / x - 1 in x^2.
        inner = guarded(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(pi) - 1)
        fit("erf_inner", inner, mpf(0), switch**2, mpf(0), lambda z: 1 / (1 + inner(z)))
        # g(t) = -log(erfc(t)) / t - 1, whose error counts t erfc(t) times.
        middle = rounded((switch + one) / 2, 4)
        emit("erf_middle", middle)
        decay = lambda t: -log(erfc(t)) / t - 1
        fit("erf_decay", decay, switch, one, middle, lambda t: t * erfc(t))
        if not report:
            print()
    if not report:
        # pi/2 in parts of 33 bits: their products with whole numbers below 2^20 are exact.
        first = rounded(pi / 2, 33)
        second = rounded(pi / 2 - first, 33)
        for name, value in (("half_pi_1", first), ("half_pi_2", second), ("half_pi_3", pi / 2 - first - second),
                            ("two_over_pi", 2 / pi), ("ln2", log(mpf(2))), ("selu_scale", SELU_SCALE),
                            ("selu_alpha_scale", SELU_ALPHA * SELU_SCALE)):
            print(f"RIDGELINE_CONSTANT double wide_{name} = {literal(value, 'f64')};")
        print("\n#endif")


main()
