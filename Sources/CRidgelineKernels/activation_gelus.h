// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The Gaussian error linear unit (Hendrycks and Gimpel, 2016) and its approximation by tanh, in REAL: where these run
// inside a matrix product they are not bound by memory, and this is faster than wide.h. Both save x.

// |x|, cut off where the left tail is zero and, for x >= 0, already where it no longer matters. `down` is the final
// factor of the tail, which is computed scaled up: 2^-SUBNORMAL_OFFSET, or zero past the cut, as a product that
// underflows takes a hundred cycles.
INLINE VECTOR NAME(clamped)(VECTOR x, REAL left, REAL right, VECTOR *down) {
    VECTOR t = NAME(absolute)(x);
    VECTOR limit = SELECT(x < SPLAT(0), SPLAT(left), SPLAT(right));
    MASK past = t > limit;
    *down = SELECT(past, SPLAT(0), NAME(scale_down)());
    return SELECT(past, limit, t);
}

#if HAS_PIECES
// Both derivatives are f'(-t) = exp(-w(t)) (t - root) W(t), f'(t) = 1 - f'(-t), with W smooth and known in pieces;
// high + low = -w(t).
INLINE VECTOR NAME(slope_by_pieces)(
    VECTOR x, VECTOR t, VECTOR high, VECTOR low, REAL root_at, REAL root_term, const REAL (*rows)[TABLE_LANES], int count
) {
    BITS n;
    VECTOR p = NAME(exp_fraction)(high, low, &n);
    VECTOR rest, w = NAME(piecewise)(t, rows, count, &rest);
    VECTOR q = NAME(madd)(t - SPLAT(root_at), w + rest, SPLAT(root_term));
    VECTOR left = NAME(scaled)(NAME(madd)(q, p, q), n);
    return SELECT(x < SPLAT(0), left, SPLAT(1) - left);
}
#endif

#include "activation_gelu.h"
#include "activation_gelu_tanh.h"
