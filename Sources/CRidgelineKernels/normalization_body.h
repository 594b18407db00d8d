// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Layer normalization of contiguous rows, for one instruction set and precision. All arithmetic is in double and rounded
// once. The mean is center + delta, a value near it and the rest: x - center is exact where x is near the
// mean, so that a mean far larger than the deviation costs nothing.

#include "double_sums.h"

// As many rows as share what is loaded for their columns.
#define FORWARD_ROWS 4
#define BACKWARD_ROWS 2

// The sums of (x - center) and of its squares.
INLINE void NAME(row_sums)(const REAL *x, double center, ptrdiff_t columns, double *sum, double *squares) {
    // Double's are summed in blocks, and those with what each addition loses.
    const ptrdiff_t block = IS_FLOAT ? columns : 64 * WIDTH;
    const WIDE near = WIDE_SPLAT(center);
    WIDE s = (WIDE)0, q = (WIDE)0, s_low = (WIDE)0, q_low = (WIDE)0;
    ptrdiff_t i = 0;
    while (i + WIDTH <= columns) {
        ptrdiff_t end = columns - i < block ? columns : i + block;
        WIDE a = (WIDE)0, b = (WIDE)0, c = (WIDE)0, d = (WIDE)0;
        for (; i + 2 * WIDTH <= end; i += 2 * WIDTH) {
            WIDE u = WIDEN(LOAD(x + i)) - near, v = WIDEN(LOAD(x + i + WIDTH)) - near;
            a += u;
            b += v;
            c = NAME(wide_madd)(u, u, c);
            d = NAME(wide_madd)(v, v, d);
        }
        for (; i + WIDTH <= end; i += WIDTH) {
            WIDE u = WIDEN(LOAD(x + i)) - near;
            a += u;
            c = NAME(wide_madd)(u, u, c);
        }
        a += b;
        c += d;
        WIDE s_sum = s + a, q_sum = q + c;
        if (!IS_FLOAT) {
            WIDE added = s_sum - s, squared = q_sum - q;
            s_low += (s - (s_sum - added)) + (a - added);
            q_low += (q - (q_sum - squared)) + (c - squared);
        }
        s = s_sum;
        q = q_sum;
    }
    double total = NAME(lanes_sum)(s), square = NAME(lanes_sum)(q);
    if (!IS_FLOAT) total += NAME(lanes_sum)(s_low), square += NAME(lanes_sum)(q_low);
    for (; i < columns; ++i) {
        double u = (double)x[i] - center;
        total += u;
        square += u * u;
    }
    *sum = total;
    *squares = square;
}

// Float is done in one pass about the first value: were that all of the variance, double would have digits to spare.
// Double takes a second pass, about the mean that the first has found.
INLINE void NAME(row_statistics)(
    const REAL *x, ptrdiff_t columns, double epsilon, double *center, double *delta, double *deviation
) {
    double near = (double)x[0];
    double sum, squares;
    NAME(row_sums)(x, near, columns, &sum, &squares);
    if (!IS_FLOAT) {
        near += sum / (double)columns;
        NAME(row_sums)(x, near, columns, &sum, &squares);
    }
    double difference = sum / (double)columns, rest = squares - sum * difference;
    *center = near;
    *delta = difference;
    *deviation = 1 / sqrt((rest < 0 ? 0 : rest) / (double)columns + epsilon);
}

// (x - center) r + constant: with -delta r as the constant, xhat.
INLINE WIDE NAME(row_line)(VECTOR x, double center, double r, double constant) {
    return NAME(wide_madd)(WIDEN(x) - WIDE_SPLAT(center), WIDE_SPLAT(r), WIDE_SPLAT(constant));
}

INLINE void NAME(layer_normalization_outputs)(
    const REAL *x, const double *scale, const double *offset, REAL *y, const double *center, const double *deviation,
    const double *constant, int rows, ptrdiff_t columns, ptrdiff_t i, ptrdiff_t count
) {
    WIDE s = scale ? NAME(wide_load)(scale + i, count) : WIDE_SPLAT(1);
    WIDE o = offset ? NAME(wide_load)(offset + i, count) : WIDE_SPLAT(0);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        WIDE normalized = NAME(row_line)(
            NAME(load)(x + k * columns + i, count), center[k], deviation[k], constant[k]);
        NAME(store)(y + k * columns + i, NARROW(NAME(wide_madd)(normalized, s, o)), count);
    }
}

INLINE void NAME(layer_normalization_rows)(
    const REAL *x, const double *scale, const double *offset, const double *epsilon, REAL *y, double *center,
    double *delta, double *deviation, int rows, ptrdiff_t columns
) {
    double constant[FORWARD_ROWS];
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        NAME(row_statistics)(x + k * columns, columns, epsilon[k], center + k, delta + k, deviation + k);
        constant[k] = -delta[k] * deviation[k];
    }
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(layer_normalization_outputs)(
            x, scale, offset, y, center, deviation, constant, rows, columns, i, WIDTH);
    if (i < columns)
        NAME(layer_normalization_outputs)(
            x, scale, offset, y, center, deviation, constant, rows, columns, i, columns - i);
}

// y = scale xhat + offset, xhat = (x - mean) r, r = 1 / sqrt(variance + epsilon).
static void NAME(layer_normalization)(
    const REAL *x, const double *scale, const double *offset, const double *epsilon, REAL *y, double *center,
    double *delta, double *deviation, ptrdiff_t rows, ptrdiff_t columns
) {
    if (columns == 0) return;
    ptrdiff_t row = 0;
    for (; row + FORWARD_ROWS <= rows; row += FORWARD_ROWS)
        NAME(layer_normalization_rows)(
            x + row * columns, scale, offset, epsilon + row, y + row * columns, center + row, delta + row,
            deviation + row, FORWARD_ROWS, columns);
    for (; row < rows; ++row)
        NAME(layer_normalization_rows)(
            x + row * columns, scale, offset, epsilon + row, y + row * columns, center + row, delta + row,
            deviation + row, 1, columns);
}

// The sums over the columns i to i + count of g and g xhat of each row, and over the rows of dy xhat and dy.
INLINE void NAME(layer_normalization_sums)(
    const REAL *x, const double *scale, const double *center, const double *deviation, const double *constant,
    const REAL *dy, double *dscale, double *doffset, WIDE *sum, WIDE *dot, int rows, ptrdiff_t columns, ptrdiff_t i,
    ptrdiff_t count
) {
    WIDE s = scale ? NAME(wide_load)(scale + i, count) : WIDE_SPLAT(1);
    WIDE to_scale = (WIDE)0, to_offset = (WIDE)0;
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        VECTOR part = NAME(load)(x + k * columns + i, count);
        // Unused lanes of dy are zero and so add nothing, unless times infinity.
        if (count < WIDTH) part = SELECT(NAME(first_lanes)(count), part, SPLAT(center[k]));
        WIDE normalized = NAME(row_line)(part, center[k], deviation[k], constant[k]);
        WIDE upstream = WIDEN(NAME(load)(dy + k * columns + i, count)), product = upstream * normalized;
        sum[k] = NAME(wide_madd)(upstream, s, sum[k]);
        dot[k] = NAME(wide_madd)(product, s, dot[k]);
        to_scale += product;
        to_offset += upstream;
    }
    if (dscale) NAME(wide_store)(dscale + i, NAME(wide_load)(dscale + i, count) + to_scale, count);
    if (doffset) NAME(wide_store)(doffset + i, NAME(wide_load)(doffset + i, count) + to_offset, count);
}

// dx = r g + slope (x - center) + constant.
INLINE void NAME(layer_normalization_gradient)(
    const REAL *x, const double *scale, const double *center, const double *deviation, const double *slope,
    const double *constant, const REAL *dy, REAL *dx, int rows, ptrdiff_t columns, ptrdiff_t i, ptrdiff_t count
) {
    WIDE s = scale ? NAME(wide_load)(scale + i, count) : WIDE_SPLAT(1);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        WIDE line = NAME(row_line)(
            NAME(load)(x + k * columns + i, count), center[k], slope[k], constant[k]);
        WIDE g = WIDEN(NAME(load)(dy + k * columns + i, count)) * s;
        NAME(store)(dx + k * columns + i, NARROW(NAME(wide_madd)(g, WIDE_SPLAT(deviation[k]), line)), count);
    }
}

INLINE void NAME(layer_normalization_backward_rows)(
    const REAL *x, const double *scale, const double *center, const double *delta, const double *deviation,
    const REAL *dy, REAL *dx, double *dscale, double *doffset, int rows, ptrdiff_t columns
) {
    WIDE sum[BACKWARD_ROWS], dot[BACKWARD_ROWS];
    double constant[BACKWARD_ROWS], slope[BACKWARD_ROWS];
    for (int k = 0; k < rows; ++k) {
        sum[k] = dot[k] = (WIDE)0;
        constant[k] = -delta[k] * deviation[k];
    }
    ptrdiff_t i = 0;
    for (; i + WIDTH <= columns; i += WIDTH)
        NAME(layer_normalization_sums)(
            x, scale, center, deviation, constant, dy, dscale, doffset, sum, dot, rows, columns, i, WIDTH);
    if (i < columns)
        NAME(layer_normalization_sums)(
            x, scale, center, deviation, constant, dy, dscale, doffset, sum, dot, rows, columns, i, columns - i);
#pragma clang loop unroll(full)
    for (int k = 0; k < rows; ++k) {
        double r = deviation[k], mean_dot = NAME(lanes_sum)(dot[k]) / (double)columns;
        slope[k] = -r * r * mean_dot;
        constant[k] = -r * (NAME(lanes_sum)(sum[k]) / (double)columns + mean_dot * constant[k]);
    }
    for (i = 0; i + WIDTH <= columns; i += WIDTH)
        NAME(layer_normalization_gradient)(
            x, scale, center, deviation, slope, constant, dy, dx, rows, columns, i, WIDTH);
    if (i < columns)
        NAME(layer_normalization_gradient)(
            x, scale, center, deviation, slope, constant, dy, dx, rows, columns, i, columns - i);
}

// With g = scale dy:  dx = r (g - mean(g) - xhat mean(g xhat)),  dscale += dy xhat,  doffset += dy.
static void NAME(layer_normalization_backward)(
    const REAL *x, const double *scale, const double *center, const double *delta, const double *deviation,
    const REAL *dy, REAL *dx, double *dscale, double *doffset, ptrdiff_t rows, ptrdiff_t columns
) {
    ptrdiff_t row = 0;
    for (; row + BACKWARD_ROWS <= rows; row += BACKWARD_ROWS)
        NAME(layer_normalization_backward_rows)(
            x + row * columns, scale, center + row, delta + row, deviation + row, dy + row * columns,
            dx + row * columns, dscale, doffset, BACKWARD_ROWS, columns);
    for (; row < rows; ++row)
        NAME(layer_normalization_backward_rows)(
            x + row * columns, scale, center + row, delta + row, deviation + row, dy + row * columns,
            dx + row * columns, dscale, doffset, 1, columns);
}

#undef FORWARD_ROWS
#undef BACKWARD_ROWS
