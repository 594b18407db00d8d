// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Includes RIDGELINE_BODY for float and for double, for the instruction set that instantiate.h has set up.

#define REAL float
#define INTEGER int32_t
#define UNSIGNED uint32_t
#define PRECISION f32
#define WIDTH (VECTOR_BYTES / 4)
#define MANTISSA_BITS 23
#define EXPONENT_BIAS 127
#define SPLIT_BITS 12
#define SUBNORMAL_OFFSET 64
#include "vector.h"
#include RIDGELINE_BODY
#undef REAL
#undef INTEGER
#undef UNSIGNED
#undef PRECISION
#undef WIDTH
#undef MANTISSA_BITS
#undef EXPONENT_BIAS
#undef SPLIT_BITS
#undef SUBNORMAL_OFFSET

#define REAL double
#define INTEGER int64_t
#define UNSIGNED uint64_t
#define PRECISION f64
#define WIDTH (VECTOR_BYTES / 8)
#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023
#define SPLIT_BITS 27
#define SUBNORMAL_OFFSET 512
#include "vector.h"
#include RIDGELINE_BODY
#undef REAL
#undef INTEGER
#undef UNSIGNED
#undef PRECISION
#undef WIDTH
#undef MANTISSA_BITS
#undef EXPONENT_BIAS
#undef SPLIT_BITS
#undef SUBNORMAL_OFFSET
