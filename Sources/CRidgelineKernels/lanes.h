// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// One number of all lanes, by halves: of short rows, lanes one by one would take longer than the rows.

#undef HALVED64
#undef HALVED32
#undef HALVED16
#undef HALVED8
#undef HALVED4
#if WIDTH >= 64
#define HALVED64(v, OF) OF((v).lo, (v).hi)
#else
#define HALVED64(v, OF) (v)
#endif
#if WIDTH >= 32
#define HALVED32(v, OF) OF((v).lo, (v).hi)
#else
#define HALVED32(v, OF) (v)
#endif
#if WIDTH >= 16
#define HALVED16(v, OF) OF((v).lo, (v).hi)
#else
#define HALVED16(v, OF) (v)
#endif
#if WIDTH >= 8
#define HALVED8(v, OF) OF((v).lo, (v).hi)
#else
#define HALVED8(v, OF) (v)
#endif
#if WIDTH >= 4
#define HALVED4(v, OF) OF((v).lo, (v).hi)
#else
#define HALVED4(v, OF) (v)
#endif

#undef OF_LANES
#define OF_LANES(v, OF) \
    __auto_type v32 = HALVED64(v, OF); \
    __auto_type v16 = HALVED32(v32, OF); \
    __auto_type v8 = HALVED16(v16, OF); \
    __auto_type v4 = HALVED8(v8, OF); \
    __auto_type v2 = HALVED4(v4, OF); \
    return OF(v2[0], v2[1])

#undef SUM_OF
#undef LARGER_OF
#undef SMALLER_OF
#define SUM_OF(a, b) ((a) + (b))
#define LARGER_OF(a, b) ((a) > (b) ? (a) : (b))
#define SMALLER_OF(a, b) ((a) < (b) ? (a) : (b))

INLINE double NAME(lanes_sum)(WIDE v) { OF_LANES(v, SUM_OF); }
INLINE REAL NAME(lanes_maximum)(VECTOR v) { OF_LANES(v, LARGER_OF); }
INLINE REAL NAME(lanes_minimum)(VECTOR v) { OF_LANES(v, SMALLER_OF); }
