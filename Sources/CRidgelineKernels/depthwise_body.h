// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Depthwise convolution of one pixel, for one instruction set and precision. Taps come as pointers to their channels,
// as for Winograd's transforms.

// out[c] = sum over taps of taps[t][c] weights[t][c], added to where `add`.
static void NAME(depthwise)(
    const REAL *const *taps, const REAL *weights, ptrdiff_t tap_count, REAL *out, int add, ptrdiff_t channels
) {
    for (ptrdiff_t c = 0; c < channels; c += WIDTH) {
        ptrdiff_t count = channels - c;
        VECTOR sum = add ? NAME(load)(out + c, count) : SPLAT(0);
        for (ptrdiff_t t = 0; t < tap_count; ++t)
            sum = NAME(madd)(NAME(load)(taps[t] + c, count), NAME(load)(weights + t * channels + c, count), sum);
        NAME(store)(out + c, sum, count);
    }
}

// sums[t][c] += taps[t][c] dy[c].
static void NAME(depthwise_weights)(
    const REAL *const *taps, const REAL *dy, ptrdiff_t tap_count, REAL *sums, ptrdiff_t channels
) {
    for (ptrdiff_t c = 0; c < channels; c += WIDTH) {
        ptrdiff_t count = channels - c;
        VECTOR upstream = NAME(load)(dy + c, count);
        for (ptrdiff_t t = 0; t < tap_count; ++t) {
            REAL *sum = sums + t * channels + c;
            NAME(store)(sum, NAME(madd)(NAME(load)(taps[t] + c, count), upstream, NAME(load)(sum, count)), count);
        }
    }
}
