// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Includes RIDGELINE_BODY once for every instruction set and precision. No include guard: that is its purpose.
//
// A body sees REAL, WIDTH (lanes of a vector), HAS_FMA and NAME(x), which makes x unique to the variant, and the
// vector types and helpers of vector.h. Explicit vectors, because loops that LLVM vectorises itself for x86-64-v4 use
// only half of its registers.

#include <math.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "CRidgelineKernels.h"
#include "coefficients.h"

// Vectors wider than the registers are only ever passed to functions that are inlined, in the same file.
#pragma clang diagnostic ignored "-Wpsabi"

// How many registers a vector spans. Long chains of operations run several registers side by side, which hides their
// latency better than the processor's own reordering (GELU: 39 against 30 cycles for 16 floats).
#ifndef INTERLEAVE
#define INTERLEAVE 1
#endif

// Compensated arithmetic below depends on every rounding being where it is written.
#pragma STDC FP_CONTRACT OFF

// Keeps LLVM from folding an earlier load into a selection by what is loaded later, under a mask that waits for that
// before it asks for the memory (relu's backward on AVX-512, from main memory: 1.8 times slower).
#define LOADED_BEFORE __asm__ volatile("" ::: "memory")

#define RIDGELINE_PASTE3(a, b, c) a##_##b##_##c
#define RIDGELINE_EXPAND3(a, b, c) RIDGELINE_PASTE3(a, b, c)
#define RIDGELINE_PASTE2(a, b) a##_##b
#define RIDGELINE_EXPAND2(a, b) RIDGELINE_PASTE2(a, b)
#define NAME(x) RIDGELINE_EXPAND3(x, PRECISION, ISA)
#define CONSTANT(x) RIDGELINE_EXPAND2(x, PRECISION)

#define VECTOR_BYTES (16 * INTERLEAVE)
#define ISA baseline
#define TABLE_LANES 0
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif
#include "precisions.h"
#undef VECTOR_BYTES
#undef ISA
#undef TABLE_LANES
#undef HAS_FMA

#if defined(__x86_64__)

#define HAS_FMA 1

#define VECTOR_BYTES (32 * INTERLEAVE)
#define ISA avx2
#define TABLE_LANES 8
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "precisions.h"
#pragma clang attribute pop
#undef VECTOR_BYTES
#undef ISA
#undef TABLE_LANES

#define VECTOR_BYTES (64 * INTERLEAVE)
#define ISA avx512
#define TABLE_LANES 16
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#include "precisions.h"
#pragma clang attribute pop
#undef VECTOR_BYTES
#undef ISA
#undef TABLE_LANES

#undef HAS_FMA

#define RIDGELINE_VARIANTS(x, PRECISION) {x##_##PRECISION##_baseline, x##_##PRECISION##_avx2, x##_##PRECISION##_avx512}

#else

#define RIDGELINE_VARIANTS(x, PRECISION) {x##_##PRECISION##_baseline}

#endif
