// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Dropout in one pass, for one instruction set and precision: random words (Philox4x32-10; Salmon et al., "Parallel
// random numbers: as easy as 1, 2, 3", 2011), the mask and the product.

#undef BLOCKS
#undef COUNTERS
#define BLOCKS (VECTOR_BYTES / 8)
#define COUNTERS NAME(counters)

// Words of the generator in the lower halves of its lanes; what the upper halves hold does not matter.
typedef uint64_t COUNTERS __attribute__((ext_vector_type(BLOCKS)));
typedef uint32_t NAME(words) __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));
typedef uint8_t NAME(flags) __attribute__((ext_vector_type(WIDTH), aligned(1), may_alias));

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
    for (int lane = 0; lane < BLOCKS; ++lane) {
        const uint64_t low_pair = low[lane], high_pair = high[lane];
        words[4 * lane] = (uint32_t)low_pair;
        words[4 * lane + 1] = (uint32_t)(low_pair >> 32);
        words[4 * lane + 2] = (uint32_t)high_pair;
        words[4 * lane + 3] = (uint32_t)(high_pair >> 32);
    }
}

// mask = word >= threshold (at most 2^32); y = x scale + kept where it holds, else x 0 + dropped. Element i takes word
// i mod 4 of counter position + i / 4. With shifts of minus zero, y is the product to the bit. y may be x.
static void NAME(dropout)(
    uint64_t key, uint64_t position, uint64_t threshold, REAL scale, REAL kept, REAL dropped, const REAL *x, REAL *y,
    bool *mask, ptrdiff_t count
) {
    const MASK some = (MASK)(INTEGER)(threshold >> 32 ? 0 : -1);
    const BITS least = (BITS)(UNSIGNED)(threshold >> 32 ? 0 : threshold);
    for (ptrdiff_t start = 0; start < count; start += 4 * BLOCKS, position += BLOCKS) {
        uint32_t words[4 * BLOCKS];
        NAME(philox)(key, position, words);
        for (ptrdiff_t part = 0; part < 4 * BLOCKS && start + part < count; part += WIDTH) {
            const ptrdiff_t i = start + part;
            BITS word = __builtin_convertvector(*(const NAME(words) *)(words + part), BITS);
            MASK keep = (word >= least) & some;
            VECTOR v = NAME(load)(x + i, count - i) * SELECT(keep, SPLAT(scale), SPLAT(0));
            NAME(store)(y + i, v + SELECT(keep, SPLAT(kept), SPLAT(dropped)), count - i);
            NAME(flags) flags = __builtin_convertvector((BITS)(keep & (MASK)1), NAME(flags));
            if (count - i >= WIDTH) *(NAME(flags) *)(mask + i) = flags;
            else
                for (ptrdiff_t lane = 0; lane < count - i; ++lane) mask[i + lane] = flags[lane];
        }
    }
}

// dx = dy scale where the mask holds, else dy 0. dx may be dy.
static void NAME(dropout_backward)(const bool *mask, REAL scale, const REAL *dy, REAL *dx, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += WIDTH) {
        NAME(flags) flags = (NAME(flags))0;
        if (count - i >= WIDTH) flags = *(const NAME(flags) *)(mask + i);
        else
            for (ptrdiff_t lane = 0; lane < count - i; ++lane) flags[lane] = mask[i + lane];
        MASK keep = __builtin_convertvector(flags, MASK) != (MASK)0;
        NAME(store)(dx + i, NAME(load)(dy + i, count - i) * SELECT(keep, SPLAT(scale), SPLAT(0)), count - i);
    }
}
