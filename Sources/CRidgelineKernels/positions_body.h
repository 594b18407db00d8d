// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Where the largest or smallest value along the middle axis of (outer, size, step) is: the first of equals, the first
// NaN where there is one. For one instruction set and precision.

typedef int32_t NAME(indices) __attribute__((ext_vector_type(WIDTH), aligned(4), may_alias));
#undef INDICES
#define INDICES NAME(indices)

// A value takes the place of the best so far where it is better or the first NaN: lanes are columns.
#undef BETTER
#define BETTER(v, best, COMPARE) (((v)COMPARE(best)) | (((v) != (v)) & ((best) == (best))))

#undef DEFINE
#define DEFINE(name, COMPARE) \
    INLINE void NAME(name##_column)(const REAL *x, int32_t *out, ptrdiff_t size, ptrdiff_t step, ptrdiff_t count) { \
        VECTOR best = NAME(load)(x, count); \
        MASK where = (MASK)(INTEGER)0; \
        for (ptrdiff_t j = 1; j < size; ++j) { \
            VECTOR v = NAME(load)(x + j * step, count); \
            MASK better = BETTER(v, best, COMPARE); \
            best = SELECT(better, v, best); \
            where = SELECT(better, (MASK)(INTEGER)j, where); \
        } \
        if (count >= WIDTH) *(INDICES *)out = __builtin_convertvector(where, INDICES); \
        else for (ptrdiff_t lane = 0; lane < count; ++lane) out[lane] = (int32_t)where[lane]; \
    } \
    /* One long group, whose members are the lanes: the first of the best lanes is the best of the first. */ \
    INLINE int32_t NAME(name##_row)(const REAL *x, ptrdiff_t size) { \
        MASK index; \
        for (int i = 0; i < WIDTH; ++i) index[i] = i; \
        VECTOR best = LOAD(x), best2 = LOAD(x + WIDTH); \
        MASK where = index, where2 = index + (MASK)(INTEGER)WIDTH; \
        ptrdiff_t j = 2 * WIDTH; \
        for (; j + 2 * WIDTH <= size; j += 2 * WIDTH) { \
            VECTOR v = LOAD(x + j), v2 = LOAD(x + j + WIDTH); \
            MASK at = index + (MASK)(INTEGER)j, better = BETTER(v, best, COMPARE), \
                 better2 = BETTER(v2, best2, COMPARE); \
            best = SELECT(better, v, best); \
            where = SELECT(better, at, where); \
            best2 = SELECT(better2, v2, best2); \
            where2 = SELECT(better2, at + (MASK)(INTEGER)WIDTH, where2); \
        } \
        REAL value = best[0]; \
        INTEGER position = where[0]; \
        for (int lane = 1; lane < 2 * WIDTH; ++lane) { \
            REAL v = lane < WIDTH ? best[lane] : best2[lane - WIDTH]; \
            INTEGER at = lane < WIDTH ? where[lane] : where2[lane - WIDTH]; \
            int same = v == value || (v != v && value != value); \
            if (same ? at < position : v COMPARE value || (v != v && value == value)) value = v, position = at; \
        } \
        for (; j < size; ++j) { \
            REAL v = x[j]; \
            if (v COMPARE value || (v != v && value == value)) value = v, position = (INTEGER)j; \
        } \
        return (int32_t)position; \
    } \
    static void NAME(name)( \
        const REAL *x, int32_t *out, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t step, ptrdiff_t columns \
    ) { \
        for (; outer > 0; --outer, x += size * step, out += step) { \
            if (step == 1 && size >= 2 * WIDTH) *out = NAME(name##_row)(x, size); \
            else for (ptrdiff_t i = 0; i < columns; i += WIDTH) NAME(name##_column)(x + i, out + i, size, step, columns - i); \
        } \
    }
DEFINE(position_of_largest, >)
DEFINE(position_of_smallest, <)
