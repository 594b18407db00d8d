// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Dropout in one pass, for one instruction set and precision: random words (Philox4x32-10; Salmon et al., "Parallel
// random numbers: as easy as 1, 2, 3", 2011), the comparison and the product.

#undef BLOCKS
#undef COUNTERS
#define BLOCKS (VECTOR_BYTES / 8)
#define COUNTERS NAME(counters)

// Words of the generator in the lower halves of its lanes; what the upper halves hold does not matter.
typedef uint64_t COUNTERS __attribute__((ext_vector_type(BLOCKS)));
typedef uint64_t NAME(counter_pairs) __attribute__((ext_vector_type(2 * BLOCKS), aligned(4), may_alias));
typedef uint32_t NAME(words) __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));

// Four words for each of BLOCKS counters from `position` on.
INLINE void NAME(philox)(uint64_t key, uint64_t position, uint32_t *words) {
    const COUNTERS lower = (COUNTERS)0xFFFFFFFFu;
    COUNTERS counter;
    for (int lane = 0; lane < BLOCKS; ++lane) counter[lane] = position + (uint64_t)lane;
    COUNTERS x0 = counter, x1 = counter >> (COUNTERS)32, x2 = (COUNTERS)0, x3 = (COUNTERS)0;
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
        COUNTERS p0 = (x0 & lower) * (COUNTERS)0xD2511F53u, p1 = (x2 & lower) * (COUNTERS)0xCD9E8D57u;
        x0 = (p1 >> (COUNTERS)32) ^ x1 ^ (COUNTERS)(uint64_t)k0;
        x2 = (p0 >> (COUNTERS)32) ^ x3 ^ (COUNTERS)(uint64_t)k1;
        x1 = p1;
        x3 = p0;
    }
    COUNTERS low = (x0 & lower) | (x1 << (COUNTERS)32), high = (x2 & lower) | (x3 << (COUNTERS)32);
    // In turn, which is one shuffle.
    NAME(counter_pairs) pairs;
    for (int lane = 0; lane < BLOCKS; ++lane) pairs[2 * lane] = low[lane], pairs[2 * lane + 1] = high[lane];
    *(NAME(counter_pairs) *)words = pairs;
}

// y = x scale + kept where word >= threshold (at most 2^32), else x 0 + dropped. Element i takes word (skip + i) mod 4
// of counter position + (skip + i) / 4, skip < 4. With shifts of minus zero, y is the product to the bit, and of dy it
// is the gradient: no mask need be saved. y may be x.
static void NAME(dropout)(
    uint64_t key, uint64_t position, ptrdiff_t skip, uint64_t threshold, REAL scale, REAL kept, REAL dropped,
    const REAL *x, REAL *y, ptrdiff_t count
) {
    const MASK some = (MASK)(INTEGER)(threshold >> 32 ? 0 : -1);
    const BITS least = (BITS)(UNSIGNED)(threshold >> 32 ? 0 : threshold);
    uint32_t words[4 * BLOCKS + WIDTH] = {0};
    for (ptrdiff_t start = 0; start < count; position += BLOCKS) {
        NAME(philox)(key, position, words);
        ptrdiff_t end = start + 4 * BLOCKS - skip;
        if (end > count) end = count;
        for (ptrdiff_t i = start; i < end; i += WIDTH) {
            BITS word = __builtin_convertvector(*(const NAME(words) *)(words + skip + (i - start)), BITS);
            MASK keep = (word >= least) & some;
            VECTOR v = NAME(load)(x + i, end - i) * SELECT(keep, SPLAT(scale), SPLAT(0));
            NAME(store)(y + i, v + SELECT(keep, SPLAT(kept), SPLAT(dropped)), end - i);
        }
        start = end;
        skip = 0;
    }
}
