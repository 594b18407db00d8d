// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Depthwise convolution of one pixel, for one instruction set and precision. Taps come as pointers to their channels,
// as for Winograd's transforms.

// out[p][c] = sum over taps of taps[p][t][c] weights[t][c] for each pixel p, added to where `add`.
static void NAME(depthwise)(
    const REAL *const *taps, ptrdiff_t pixels, const REAL *weights, ptrdiff_t tap_count, REAL *out, int add,
    ptrdiff_t channels
) {
    for (; pixels > 0; --pixels, taps += tap_count, out += channels) {
        for (ptrdiff_t c = 0; c < channels; c += WIDTH) {
            ptrdiff_t count = channels - c;
            VECTOR sum = add ? NAME(load)(out + c, count) : SPLAT(0);
            for (ptrdiff_t t = 0; t < tap_count; ++t)
                sum = NAME(madd)(NAME(load)(taps[t] + c, count), NAME(load)(weights + t * channels + c, count), sum);
            NAME(store)(out + c, sum, count);
        }
    }
}

// sums[t][c] += taps[p][t][c] dy[p][c] over the pixels p.
static void NAME(depthwise_weights)(
    const REAL *const *taps, ptrdiff_t pixels, const REAL *dy, ptrdiff_t tap_count, REAL *sums, ptrdiff_t channels
) {
    for (ptrdiff_t c = 0; c < channels; c += WIDTH) {
        ptrdiff_t count = channels - c;
        for (ptrdiff_t t = 0; t < tap_count; ++t) {
            VECTOR sum = NAME(load)(sums + t * channels + c, count);
            for (ptrdiff_t p = 0; p < pixels; ++p)
                sum = NAME(madd)(
                    NAME(load)(taps[p * tap_count + t] + c, count), NAME(load)(dy + p * channels + c, count), sum);
            NAME(store)(sums + t * channels + c, sum, count);
        }
    }
}
