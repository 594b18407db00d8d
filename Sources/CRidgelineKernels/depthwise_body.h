// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Depthwise convolution of one line of outputs, for one instruction set and precision. What lies outside the image is left
// out, not multiplied: lines by the caller, columns here.

// The taps from *t0 up to *t1 of an output's window that see the line.
INLINE void NAME(depthwise_inside)(
    const ridgeline_depthwise_line *line, ptrdiff_t output, ptrdiff_t *t0, ptrdiff_t *t1
) {
    const ptrdiff_t start = line->first + output * line->stride;
    ptrdiff_t end = start >= line->width ? 0 : (line->width - 1 - start) / line->dilation + 1;
    *t1 = end < line->taps ? end : line->taps;
    *t0 = start < 0 ? (line->dilation - 1 - start) / line->dilation : 0;
}

// `pixels` outputs side by side, all through the taps from t0 up to t1; `vectors` of channels at a time from channel c up
// to `end`: eight sums hide the latency of each, and a tap's weights serve all the pixels. Returns where it stopped.
INLINE ptrdiff_t NAME(depthwise_block)(
    const ridgeline_depthwise_line *line, const REAL *const *rows, const REAL *const *weights, ptrdiff_t row_count,
    ptrdiff_t weight_step, REAL *out, int add, ptrdiff_t channels, ptrdiff_t output, ptrdiff_t t0, ptrdiff_t t1,
    const int pixels, const int vectors, ptrdiff_t c, ptrdiff_t end
) {
    const ptrdiff_t stride = line->stride * channels, tap_step = line->dilation * channels;
    const ptrdiff_t out_step = line->output_step * channels;
    const ptrdiff_t start = (line->first + output * line->stride + t0 * line->dilation) * channels;
    out += output * out_step;
    for (; vectors > 1 ? c + vectors * WIDTH <= end : c < end; c += vectors * WIDTH) {
        const ptrdiff_t count = vectors > 1 ? WIDTH : end - c;
        VECTOR sum[4][4];
        for (int p = 0; p < pixels; ++p)
            for (int k = 0; k < vectors; ++k)
                sum[p][k] = add ? NAME(load)(out + p * out_step + c + k * WIDTH, count) : SPLAT(0);
        for (ptrdiff_t r = 0; r < row_count; ++r) {
            const REAL *x = rows[r] + start + c, *w = weights[r] + t0 * weight_step + c;
            for (ptrdiff_t t = t0; t < t1; ++t, x += tap_step, w += weight_step)
                for (int k = 0; k < vectors; ++k) {
                    VECTOR weight = NAME(load)(w + k * WIDTH, count);
                    for (int p = 0; p < pixels; ++p)
                        sum[p][k] = NAME(madd)(NAME(load)(x + p * stride + k * WIDTH, count), weight, sum[p][k]);
                }
        }
        for (int p = 0; p < pixels; ++p)
            for (int k = 0; k < vectors; ++k) NAME(store)(out + p * out_step + c + k * WIDTH, sum[p][k], count);
    }
    return c;
}

static void NAME(depthwise)(
    const ridgeline_depthwise_line *line, const REAL *const *rows, const REAL *const *weights, ptrdiff_t row_count,
    ptrdiff_t weight_step, REAL *out, int add, ptrdiff_t channels
) {
#define BLOCK(PIXELS, VECTORS, FROM) \
    NAME(depthwise_block)( \
        line, rows, weights, row_count, weight_step, out, add, channels, output, t0, t1, PIXELS, VECTORS, FROM, end)
    // As many channels at a time as have their weights in the first-level cache for all outputs of the line.
    const ptrdiff_t weights_bytes = (ptrdiff_t)sizeof(REAL) * (row_count * line->taps > 0 ? row_count * line->taps : 1);
    ptrdiff_t strip = 16384 / weights_bytes / (4 * WIDTH) * (4 * WIDTH);
    if (strip < 4 * WIDTH) strip = 4 * WIDTH;
    for (ptrdiff_t first = 0; first < channels; first += strip) {
        const ptrdiff_t end = first + strip < channels ? first + strip : channels;
        for (ptrdiff_t output = 0; output < line->outputs;) {
            ptrdiff_t t0, t1, last0 = 1, last1 = 0;
            NAME(depthwise_inside)(line, output, &t0, &t1);
            if (output + 4 <= line->outputs) NAME(depthwise_inside)(line, output + 3, &last0, &last1);
            if (t0 == 0 && t1 == line->taps && last0 == 0 && last1 == line->taps) {
                BLOCK(4, 1, BLOCK(4, 2, first));
                output += 4;
            } else {
                BLOCK(1, 1, BLOCK(1, 4, first));
                output += 1;
            }
        }
    }
#undef BLOCK
}

// One tap's sums over the outputs from p0 up to p1 that see the line through it.
INLINE ptrdiff_t NAME(depthwise_tap)(
    const REAL *x, ptrdiff_t stride, const REAL *dy, ptrdiff_t dy_step, ptrdiff_t outputs, double *sums,
    ptrdiff_t channels, const int vectors, ptrdiff_t c
) {
    for (; vectors > 1 ? c + vectors * WIDTH <= channels : c < channels; c += vectors * WIDTH) {
        const ptrdiff_t count = vectors > 1 ? WIDTH : channels - c;
        VECTOR sum[4];
        for (int k = 0; k < vectors; ++k) sum[k] = SPLAT(0);
        for (ptrdiff_t p = 0; p < outputs; ++p)
            for (int k = 0; k < vectors; ++k)
                sum[k] = NAME(madd)(
                    NAME(load)(x + p * stride + c + k * WIDTH, count),
                    NAME(load)(dy + p * dy_step + c + k * WIDTH, count), sum[k]);
        for (int k = 0; k < vectors; ++k) NAME(add_widened)(sums + c + k * WIDTH, sum[k], count);
    }
    return c;
}

// sums[r][t][c] += the sum over the line's outputs p of what tap t of row r sees, times dy[p][c].
static void NAME(depthwise_weights)(
    const ridgeline_depthwise_line *line, const REAL *const *rows, double *const *sums, ptrdiff_t row_count,
    const REAL *dy, ptrdiff_t channels
) {
    const ptrdiff_t stride = line->stride * channels, dy_step = line->output_step * channels;
    for (ptrdiff_t r = 0; r < row_count; ++r)
        for (ptrdiff_t t = 0; t < line->taps; ++t) {
            const ptrdiff_t start = line->first + t * line->dilation;
            const ptrdiff_t p0 = start < 0 ? (line->stride - 1 - start) / line->stride : 0;
            const ptrdiff_t end = start >= line->width ? 0 : (line->width - 1 - start) / line->stride + 1;
            const ptrdiff_t p1 = end < line->outputs ? end : line->outputs;
            if (p0 >= p1) continue;
            const REAL *x = rows[r] + (start + p0 * line->stride) * channels, *d = dy + p0 * dy_step;
            double *total = sums[r] + t * channels;
            ptrdiff_t c = NAME(depthwise_tap)(x, stride, d, dy_step, p1 - p0, total, channels, 4, 0);
            NAME(depthwise_tap)(x, stride, d, dy_step, p1 - p0, total, channels, 1, c);
        }
}
