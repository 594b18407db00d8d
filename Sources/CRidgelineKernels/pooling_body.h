// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Pooling of images with channels last, for one instruction set and precision: vectors of channels, four side by side
// where there are so many, over the inputs that a window sees (forward) or the windows that see an input (backward).

#undef SIDE_BY_SIDE
#define SIDE_BY_SIDE 4

typedef uint8_t NAME(bytes) __attribute__((ext_vector_type(WIDTH), aligned(1), may_alias));
typedef int32_t NAME(numbers) __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));

INLINE int NAME(any)(MASK m) { return __builtin_reduce_or(m) != 0; }

// Which tap won, at element `place`, in bytes or in 32 bits.
INLINE MASK NAME(winners)(const void *index, ptrdiff_t place, int size, ptrdiff_t count) {
    if (count >= WIDTH && size == 1)
        return __builtin_convertvector(*(const NAME(bytes) *)((const uint8_t *)index + place), MASK);
    if (count >= WIDTH) return __builtin_convertvector(*(const NAME(numbers) *)((const int32_t *)index + place), MASK);
    MASK taps = (MASK)(INTEGER)-1;
    for (ptrdiff_t lane = 0; lane < count; ++lane)
        taps[lane] = size == 1 ? ((const uint8_t *)index)[place + lane] : ((const int32_t *)index)[place + lane];
    return taps;
}

INLINE void NAME(set_winners)(void *index, ptrdiff_t place, int size, MASK taps, ptrdiff_t count) {
    if (count >= WIDTH && size == 1) {
        *(NAME(bytes) *)((uint8_t *)index + place) = __builtin_convertvector(taps, NAME(bytes));
    } else if (count >= WIDTH) {
        *(NAME(numbers) *)((int32_t *)index + place) = __builtin_convertvector(taps, NAME(numbers));
    } else {
        for (ptrdiff_t lane = 0; lane < count; ++lane)
            if (size == 1) ((uint8_t *)index)[place + lane] = (uint8_t)taps[lane];
            else ((int32_t *)index)[place + lane] = (int32_t)taps[lane];
    }
}

// One output's channels, `vectors` of them. A window is rows x columns inputs; the steps lead from one to the next. Of
// equal inputs the first wins. With `checks_nan` a NaN beats all before it, as in PyTorch; without, true is answered where
// one may be, or an infinity, and nothing is written: x 0 is 0 of all others, and costs less than a comparison.
INLINE int NAME(window_maximum)(
    const REAL *x, REAL *y, void *index, ptrdiff_t place, int size, int vectors, int checks_nan, ptrdiff_t count,
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t row_step, ptrdiff_t column_step, ptrdiff_t taps_in_row
) {
    VECTOR best[SIDE_BY_SIDE], zero[SIDE_BY_SIDE];
    MASK tap[SIDE_BY_SIDE], suspects = (MASK)0;
    for (int k = 0; k < vectors; ++k) best[k] = SPLAT(-INFINITY), zero[k] = SPLAT(0), tap[k] = (MASK)0;
    for (ptrdiff_t row = 0; row < rows; ++row)
        for (ptrdiff_t column = 0; column < columns; ++column) {
            const REAL *p = x + row * row_step + column * column_step;
            const MASK number = (MASK)(INTEGER)(row * taps_in_row + column);
            for (int k = 0; k < vectors; ++k) {
                VECTOR v = vectors > 1 ? LOAD(p + k * WIDTH) : NAME(load)(p, count);
                MASK wins = v > best[k];
                if (checks_nan) wins |= v != v;
                else zero[k] = NAME(madd)(v, SPLAT(0), zero[k]);
                best[k] = SELECT(wins, v, best[k]);
                if (size) tap[k] = SELECT(wins, number, tap[k]);
            }
        }
    for (int k = 0; k < vectors; ++k) suspects |= zero[k] != SPLAT(0);
    if (!checks_nan && NAME(any)(suspects)) return 1;
    for (int k = 0; k < vectors; ++k) {
        NAME(store)(y + k * WIDTH, best[k], vectors > 1 ? WIDTH : count);
        if (size) NAME(set_winners)(index, place + k * WIDTH, size, tap[k], vectors > 1 ? WIDTH : count);
    }
    return 0;
}

// Asks for the part of the next output row's inputs that belongs to a column and was not seen yet: several rows at once
// are more than the processor foresees (3x3 windows in steps of 2, from main memory: 1.7 times faster). Not where rows
// are so long that they would drive each other out of the second-level cache.
INLINE void NAME(fetch_next)(
    const REAL *x, const ridgeline_pooling_axis *v, const ridgeline_pooling_axis *h, ptrdiff_t channels, ptrdiff_t row,
    ptrdiff_t column
) {
    const ptrdiff_t line = 64 / sizeof(REAL), longest_row = (1 << 17) / sizeof(REAL);
    if (row + 1 >= v->outputs || h->inputs * channels > longest_row) return;
    const ptrdiff_t seen = v->first[row] + (v->count[row] - 1) * v->step;
    const ptrdiff_t start = h->first[column], end = column + 1 < h->outputs ? h->first[column + 1] : h->inputs;
    for (ptrdiff_t i = 0; i < v->count[row + 1]; ++i) {
        const ptrdiff_t input = v->first[row + 1] + i * v->step;
        if (input <= seen) continue;
        for (ptrdiff_t k = start * channels; k < end * channels; k += line)
            __builtin_prefetch(x + input * h->inputs * channels + k, 0, 2);
    }
}

INLINE void NAME(maximum_rows)(
    const REAL *x, REAL *y, void *index, int size, const ridgeline_pooling_axis *v, const ridgeline_pooling_axis *h,
    ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows
) {
    const ptrdiff_t row_step = v->step * h->inputs * channels, column_step = h->step * channels;
    for (ptrdiff_t row = first; row < first + rows; ++row)
        for (ptrdiff_t column = 0; column < h->outputs; ++column) {
            const REAL *p = x + (v->first[row] * h->inputs + h->first[column]) * channels;
            const ptrdiff_t place = (row * h->outputs + column) * channels;
            ptrdiff_t c = 0;
            NAME(fetch_next)(x, v, h, channels, row, column);
            // Again by one vector after the other where there may be a NaN.
            while (c + SIDE_BY_SIDE * WIDTH <= channels) {
                const ptrdiff_t end = c + SIDE_BY_SIDE * WIDTH;
                if (NAME(window_maximum)(p + c, y + place + c, index, place + c, size, SIDE_BY_SIDE, 0, WIDTH,
                                         v->count[row], h->count[column], row_step, column_step, h->longest))
                    for (; c < end; c += WIDTH)
                        NAME(window_maximum)(p + c, y + place + c, index, place + c, size, 1, 1, WIDTH, v->count[row],
                                             h->count[column], row_step, column_step, h->longest);
                c = end;
            }
            for (; c < channels; c += WIDTH)
                NAME(window_maximum)(p + c, y + place + c, index, place + c, size, 1, 1, channels - c, v->count[row],
                                     h->count[column], row_step, column_step, h->longest);
        }
}

// y, and unless it is null which tap won, of an image's output rows from `first` on.
static void NAME(maximum_pooling)(
    const REAL *x, REAL *y, void *index, int size, const ridgeline_pooling_axis *v, const ridgeline_pooling_axis *h,
    ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows
) {
    if (!index) NAME(maximum_rows)(x, y, index, 0, v, h, channels, first, rows);
    else if (size == 1) NAME(maximum_rows)(x, y, index, 1, v, h, channels, first, rows);
    else NAME(maximum_rows)(x, y, index, 4, v, h, channels, first, rows);
}

// One output's mean, summed in double and rounded once. The window's rows are summed apart, so that the errors of many
// doubles do not pile up, and from their first input on, so that a lone one stays what it is.
INLINE void NAME(window_mean)(
    const REAL *x, REAL *y, int vectors, ptrdiff_t count, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t row_step,
    ptrdiff_t column_step, double divisor
) {
    WIDE total[SIDE_BY_SIDE], sum[SIDE_BY_SIDE];
    for (int k = 0; k < vectors; ++k) total[k] = WIDE_SPLAT(0);
    for (ptrdiff_t row = 0; row < rows; ++row) {
        const REAL *p = x + row * row_step;
        for (int k = 0; k < vectors; ++k) sum[k] = WIDEN(vectors > 1 ? LOAD(p + k * WIDTH) : NAME(load)(p, count));
        for (ptrdiff_t column = 1; column < columns; ++column) {
            p += column_step;
            for (int k = 0; k < vectors; ++k)
                sum[k] += WIDEN(vectors > 1 ? LOAD(p + k * WIDTH) : NAME(load)(p, count));
        }
        for (int k = 0; k < vectors; ++k) total[k] = row ? total[k] + sum[k] : sum[k];
    }
    // A product with the reciprocal is as good once it is rounded to Float.
    const double reciprocal = 1 / divisor;
    for (int k = 0; k < vectors; ++k) {
        WIDE mean = sizeof(REAL) == 4 ? total[k] * WIDE_SPLAT(reciprocal) : total[k] / WIDE_SPLAT(divisor);
        NAME(store)(y + k * WIDTH, NARROW(mean), vectors > 1 ? WIDTH : count);
    }
}

static void NAME(average_pooling)(
    const REAL *x, REAL *y, const ridgeline_pooling_axis *v, const ridgeline_pooling_axis *h, ptrdiff_t channels,
    ptrdiff_t first, ptrdiff_t rows
) {
    const ptrdiff_t row_step = v->step * h->inputs * channels, column_step = h->step * channels;
    for (ptrdiff_t row = first; row < first + rows; ++row)
        for (ptrdiff_t column = 0; column < h->outputs; ++column) {
            const REAL *p = x + (v->first[row] * h->inputs + h->first[column]) * channels;
            REAL *q = y + (row * h->outputs + column) * channels;
            const double divisor = (double)v->divisor[row] * (double)h->divisor[column];
            ptrdiff_t c = 0;
            NAME(fetch_next)(x, v, h, channels, row, column);
            for (; c + SIDE_BY_SIDE * WIDTH <= channels; c += SIDE_BY_SIDE * WIDTH)
                NAME(window_mean)(p + c, q + c, SIDE_BY_SIDE, WIDTH, v->count[row], h->count[column], row_step,
                                  column_step, divisor);
            for (; c < channels; c += WIDTH)
                NAME(window_mean)(p + c, q + c, 1, channels - c, v->count[row], h->count[column], row_step, column_step,
                                  divisor);
        }
}

// One input's gradient: of the windows that see it, in the order of the outputs, the gradients of those where it won
// (index sizes 1 and 4), or all of them by their divisors (size 0); summed in double.
INLINE void NAME(gathered_gradient)(
    const REAL *dy, const void *index, int size, REAL *dx, const ridgeline_pooling_axis *v,
    const ridgeline_pooling_axis *h, ptrdiff_t row, ptrdiff_t column, ptrdiff_t channels, ptrdiff_t channel, int vectors,
    ptrdiff_t count
) {
    WIDE sum[SIDE_BY_SIDE];
    for (int k = 0; k < vectors; ++k) sum[k] = WIDE_SPLAT(0);
    for (int32_t i = v->offset[row]; i < v->offset[row + 1]; ++i)
        for (int32_t j = h->offset[column]; j < h->offset[column + 1]; ++j) {
            const ptrdiff_t place = (v->output[i] * h->outputs + h->output[j]) * channels + channel;
            const MASK tap = (MASK)(INTEGER)(v->tap[i] * h->longest + h->tap[j]);
            const double weight = 1 / ((double)v->divisor[v->output[i]] * (double)h->divisor[h->output[j]]);
            for (int k = 0; k < vectors; ++k) {
                const ptrdiff_t at = place + k * WIDTH, lanes = vectors > 1 ? WIDTH : count;
                VECTOR d = NAME(load)(dy + at, lanes);
                if (size) sum[k] += WIDEN(SELECT(NAME(winners)(index, at, size, lanes) == tap, d, SPLAT(0)));
                else sum[k] += WIDEN(d) * WIDE_SPLAT(weight);
            }
        }
    for (int k = 0; k < vectors; ++k)
        NAME(store)(dx + channel + k * WIDTH, NARROW(sum[k]), vectors > 1 ? WIDTH : count);
}

INLINE void NAME(gradient_rows)(
    const REAL *dy, const void *index, int size, REAL *dx, const ridgeline_pooling_axis *v,
    const ridgeline_pooling_axis *h, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows
) {
    for (ptrdiff_t row = first; row < first + rows; ++row)
        for (ptrdiff_t column = 0; column < h->inputs; ++column) {
            REAL *p = dx + (row * h->inputs + column) * channels;
            ptrdiff_t c = 0;
            for (; c + SIDE_BY_SIDE * WIDTH <= channels; c += SIDE_BY_SIDE * WIDTH)
                NAME(gathered_gradient)(dy, index, size, p, v, h, row, column, channels, c, SIDE_BY_SIDE, WIDTH);
            for (; c < channels; c += WIDTH)
                NAME(gathered_gradient)(dy, index, size, p, v, h, row, column, channels, c, 1, channels - c);
        }
}

// dx of an image's input rows from `first` on.
static void NAME(pooling_backward)(
    const REAL *dy, const void *index, int size, REAL *dx, const ridgeline_pooling_axis *v,
    const ridgeline_pooling_axis *h, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows
) {
    if (!index) NAME(gradient_rows)(dy, index, 0, dx, v, h, channels, first, rows);
    else if (size == 1) NAME(gradient_rows)(dy, index, 1, dx, v, h, channels, first, rows);
    else NAME(gradient_rows)(dy, index, 4, dx, v, h, channels, first, rows);
}
