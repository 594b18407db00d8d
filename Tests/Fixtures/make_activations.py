#!/usr/bin/env python3
# Part of Ridgeline. Licensed under the Apache License 2.0.
"""Exact values and derivatives of every activation in Double, on a sample, as bit patterns.

    python3 make_activations.py > activations.txt        (mpmath 1.3.0)

A line: name, both parameters, x, the value, what backward reads (x, or the value rounded to Double), the derivative
from that, and the larger of the addends in which its error is counted where it crosses zero. Every formula for a
derivative is checked here against a numerical one.
"""
import random
import struct

from mpmath import mp, mpf, cos, diff, erfc, exp, expm1, inf, log, log1p, pi, sin, sqrt, tanh

mp.dps = 400
half = mpf(1) / 2
ALPHA_SCALE = mpf("1.6732632423543772848170429916717") * mpf("1.0507009873554804934193349852946")
SCALE = mpf("1.0507009873554804934193349852946")


def sigma(u):
    return 1 / (1 + exp(-u))


def softplus(u):
    return log1p(exp(u))


def phi(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def Phi(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def tanh_argument(x):
    return 2 * sqrt(2 / pi) * (x + mpf("0.044715") * x**3)


def tanh_slope(x):
    s = sigma(tanh_argument(x))
    return [s, x * s * (1 - s) * 2 * sqrt(2 / pi) * (1 + 3 * mpf("0.044715") * x**2)]


def swish(x, b):
    return x * sigma(b * x)


def swish_slope(x, b):
    s = sigma(b * x)
    return [s, b * x * s * (1 - s)]


def mish_slope(x, *_):
    t = tanh(softplus(x))
    return [t, x * sigma(x) * (1 - t) * (1 + t)]


def always(*_):
    return True


def never(*_):
    return False


# name: parameter pairs, f(x, a, b), the addends of f' from what is saved, whether that is the output
FUNCTIONS = {
    "identity": ([(0, 0)], lambda x, a, b: x, lambda y, a, b: [1], always),
    "relu": ([(0, 0)], lambda x, a, b: max(x, mpf(0)), lambda y, a, b: [1 if y > 0 else 0], always),
    "relu6": ([(0, 0)], lambda x, a, b: min(max(x, mpf(0)), mpf(6)), lambda y, a, b: [1 if 0 < y < 6 else 0], always),
    "leakyReLU": ([(0.01, 0), (-0.5, 0)], lambda x, a, b: x if x > 0 else a * x,
                  lambda s, a, b: [1 if s > 0 else a], lambda a, b: a > 0),
    "squaredReLU": ([(0, 0)], lambda x, a, b: max(x, mpf(0))**2, lambda x, a, b: [2 * max(x, mpf(0))], never),
    "thresholded": ([(0.5, 0.25), (0.5, 2)], lambda x, a, b: x if x > a else mpf(b),
                    lambda s, a, b: [1 if s > a else 0], lambda a, b: b <= a),
    "hardSigmoid": ([(0, 0)], lambda x, a, b: min(max(x + 3, mpf(0)), mpf(6)) / 6,
                    lambda x, a, b: [mpf(1) / 6 if -3 < x < 3 else 0], never),
    "hardTanh": ([(-1, 1), (-0.25, 2.5)], lambda x, a, b: min(max(x, mpf(a)), mpf(b)),
                 lambda y, a, b: [1 if a < y < b else 0], always),
    "hardSwish": ([(0, 0)], lambda x, a, b: x * min(max(x + 3, mpf(0)), mpf(6)) / 6,
                  lambda x, a, b: [0] if x <= -3 else [1] if x >= 3 else [x / 3, half], never),
    "hardShrink": ([(0.5, 0)], lambda x, a, b: x if abs(x) > a else mpf(0), lambda y, a, b: [1 if abs(y) > a else 0],
                   always),
    "softShrink": ([(0.5, 0)], lambda x, a, b: x - a if x > a else x + a if x < -a else mpf(0),
                   lambda y, a, b: [1 if y != 0 else 0], always),
    "elu": ([(1, 0), (1.7, 0), (-0.3, 0)], lambda x, a, b: x if x >= 0 else a * expm1(x),
            lambda s, a, b: [1] if s > 0 else [s + a] if a >= 0 else [a * exp(s)], lambda a, b: a >= 0),
    "celu": ([(1, 0), (0.3, 0)], lambda x, a, b: x if x >= 0 else a * expm1(x / a),
             lambda y, a, b: [1] if y > 0 else [(y + a) / mpf(a)], always),
    "selu": ([(0, 0)], lambda x, a, b: SCALE * x if x >= 0 else ALPHA_SCALE * expm1(x),
             lambda y, a, b: [SCALE] if y > 0 else [y, ALPHA_SCALE], always),
    "softplus": ([(1, inf), (0.3, inf), (2, 20)], lambda x, a, b: x if a * x > b else softplus(a * x) / a,
                 lambda x, a, b: [1] if a * x > b else [sigma(a * x)], never),
    "logSigmoid": ([(0, 0)], lambda x, a, b: -softplus(-x), lambda x, a, b: [sigma(-x)], never),
    "sigmoid": ([(0, 0)], lambda x, a, b: sigma(x), lambda y, a, b: [y * (1 - y)], always),
    "tanh": ([(0, 0)], lambda x, a, b: tanh(x), lambda y, a, b: [1 - y * y], always),
    "softsign": ([(0, 0)], lambda x, a, b: x / (1 + abs(x)), lambda x, a, b: [1 / (1 + abs(x))**2], never),
    "tanhShrink": ([(0, 0)], lambda x, a, b: x - tanh(x), lambda x, a, b: [tanh(x)**2], never),
    "silu": ([(1, 0), (0.3, 0), (-1.7, 0)], lambda x, a, b: swish(x, a), lambda x, a, b: swish_slope(x, a), never),
    "geluSigmoid": ([(0, 0)], lambda x, a, b: swish(x, mpf(1.702)), lambda x, a, b: swish_slope(x, mpf(1.702)), never),
    "mish": ([(0, 0)], lambda x, a, b: x * tanh(softplus(x)), mish_slope, never),
    "gelu": ([(0, 0)], lambda x, a, b: x * Phi(x), lambda x, a, b: [Phi(x), x * phi(x)], never),
    "geluTanh": ([(0, 0)], lambda x, a, b: x * sigma(tanh_argument(x)), lambda x, a, b: tanh_slope(x), never),
    "sine": ([(0, 0)], lambda x, a, b: sin(x), lambda x, a, b: [cos(x)], never),
}


def sample(name):
    generator = random.Random(name)
    points = [0.125, -0.125, 1.0, -1.0, 2.0, -2.0, 2.9, -2.9, 4.0, -4.0, 5e-324, -5e-324, 1e-310, -1e-310, 2e-5, -2e-5]
    points += [generator.uniform(-3, 3) for _ in range(7)] + [generator.uniform(-40, 40) for _ in range(7)]
    points += [-0.7517, -1.1924, -1.2784, -0.7524, -100.25, -300.5, -700.75, -740.5, 37.5, 100.5, 750.5]
    if name == "sine":
        points += [generator.uniform(-1e5, 1e5) for _ in range(8)]
        points += [1e6, 3.1e6, 1e22, -1e300, 3.141592653589793, -1.5707963267948966, 355.0, 31415.926535897932]
    return points


def largest(values):
    return max(abs(mpf(v)) for v in values)


def hexadecimal(value):
    """The nearest double; mpmath rounds to nearest but for subnormal numbers, which go through one rounding here."""
    value = mpf(value)
    if value in (inf, -inf):
        return str(float(value))
    if value != 0 and abs(value) < mpf(2)**-1022:
        return (int(mp.nint(value * mpf(2)**1074)) * 5e-324).hex()
    return float(value).hex()


def bits(value):
    """The double's bit pattern."""
    return f"{struct.unpack('<Q', struct.pack('<d', float.fromhex(hexadecimal(value))))[0]:x}"


for name, (parameters, function, slope, saves_output) in FUNCTIONS.items():
    for a, b in parameters:
        for x in sample(name):
            value = function(mpf(x), a, b)
            saved = float.fromhex(hexadecimal(value)) if saves_output(a, b) else x
            addends = slope(mpf(saved), a, b)
            at = value if saves_output(a, b) else mpf(x)
            if 0.01 < abs(x) < 30 and abs(x) not in (1, 2.5, 0.5, 6, 3):
                numerical = diff(lambda t: function(t, a, b), mpf(x), h=mpf(10)**-100)
                exact = sum(mpf(v) for v in slope(at, a, b))
                assert abs(numerical - exact) < mpf(10)**-80, (name, a, b, x, numerical, exact)
            derivative = sum(mpf(v) for v in addends)
            print(name, float(a), float(b), *map(bits, (x, value, saved, derivative, largest(addends))))
