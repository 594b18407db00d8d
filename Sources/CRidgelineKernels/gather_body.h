// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Short runs of a window's pixels, copied side by side, for one instruction set and precision: for an image of few
// channels, whose runs are shorter than a call of memcpy is worth.

// For each of `positions` windows, `step` elements apart in the image, the runs of `length` elements at from + offsets[r].
// Whole vectors are copied, what is too much being overwritten by the next run, except where that would read after
// image_end or write after the last run.
static void NAME(gather_runs)(
    const REAL *from, ptrdiff_t step, const ptrdiff_t *offsets, ptrdiff_t runs, ptrdiff_t length, REAL *to,
    ptrdiff_t positions, const REAL *image_end
) {
    const REAL *const target_end = to + positions * runs * length;
    for (ptrdiff_t position = 0; position < positions; ++position, from += step) {
        for (ptrdiff_t run = 0; run < runs; ++run, to += length) {
            const REAL *source = from + offsets[run];
            ptrdiff_t whole = (length + WIDTH - 1) / WIDTH * WIDTH;
            if (target_end - to >= whole && image_end - source >= whole) {
                for (ptrdiff_t i = 0; i < whole; i += WIDTH) STORE(to + i, LOAD(source + i));
            } else {
                for (ptrdiff_t i = 0; i < length; i += WIDTH) NAME(store)(to + i, NAME(load)(source + i, length - i), length - i);
            }
        }
    }
}

// The transpose: adds the runs to those at to + offsets[r], position after position. In whole vectors, too, with zeros for
// what is too much, except where that would reach image_end: parts of vectors go through memory and are slow.
static void NAME(scatter_runs)(
    const REAL *from, REAL *to, ptrdiff_t step, const ptrdiff_t *offsets, ptrdiff_t runs, ptrdiff_t length,
    ptrdiff_t positions, const REAL *image_end
) {
    const REAL *const from_end = from + positions * runs * length;
    const ptrdiff_t whole = (length + WIDTH - 1) / WIDTH * WIDTH, last = whole - WIDTH;
    const MASK kept = NAME(first_lanes)(length - last);
    for (ptrdiff_t position = 0; position < positions; ++position, to += step) {
        for (ptrdiff_t run = 0; run < runs; ++run, from += length) {
            REAL *target = to + offsets[run];
            for (ptrdiff_t i = 0; i < last; i += WIDTH) STORE(target + i, LOAD(target + i) + LOAD(from + i));
            REAL *tail = target + last;
            if (from_end - from >= whole && image_end - target >= whole) {
                STORE(tail, LOAD(tail) + SELECT(kept, LOAD(from + last), SPLAT(0)));
            } else {
                ptrdiff_t count = length - last;
                NAME(store)(tail, NAME(load)(tail, count) + NAME(load)(from + last, count), count);
            }
        }
    }
}
