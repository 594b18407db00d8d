// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// What this processor and operating system can run.

#include "CRidgelineKernels.h"

#include <string.h>

#if defined(__x86_64__)

#include <cpuid.h>

// The register state that the operating system saves (XCR0). Only where cpuid reports OSXSAVE.
static uint64_t saved_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static int has(uint32_t word, uint32_t bits) { return (word & bits) == bits; }

int ridgeline_isa_available(int isa) {
    uint32_t a, b1, c1, d1, b7 = 0, c7, d7, c81 = 0;
    if (isa == RIDGELINE_ISA_BASELINE) return 1;
    if (isa != RIDGELINE_ISA_AVX2 && isa != RIDGELINE_ISA_AVX512) return 0;
    if (!__get_cpuid(1, &a, &b1, &c1, &d1)) return 0;
    // FMA, SSSE3, SSE3, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE, POPCNT, OSXSAVE, AVX, F16C
    const uint32_t v3 = 1u << 12 | 1u << 9 | 1u << 0 | 1u << 13 | 1u << 19 | 1u << 20 | 1u << 22 | 1u << 23 |
                        1u << 27 | 1u << 28 | 1u << 29;
    if (!has(c1, v3)) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b7, &c7, &d7)) return 0;
    // BMI1, AVX2, BMI2
    if (!has(b7, 1u << 3 | 1u << 5 | 1u << 8)) return 0;
    // LAHF, LZCNT
    uint32_t b81, d81;
    if (!__get_cpuid(0x80000001, &a, &b81, &c81, &d81) || !has(c81, 1u << 0 | 1u << 5)) return 0;
    uint64_t state = saved_state();
    // XMM and YMM registers
    if ((state & 0x6) != 0x6) return 0;
    if (isa == RIDGELINE_ISA_AVX2) return 1;
    // AVX512 F, DQ, CD, BW, VL; mask and ZMM registers
    return has(b7, 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31) && (state & 0xe0) == 0xe0;
}

void ridgeline_cpu_name(char *buffer, size_t size) {
    uint32_t words[12];
    char name[sizeof(words) + 1] = {0};
    if (size == 0) return;
    buffer[0] = 0;
    if (__get_cpuid_max(0x80000000, NULL) < 0x80000004) return;
    for (uint32_t i = 0; i < 3; ++i)
        __get_cpuid(0x80000002 + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2], &words[4 * i + 3]);
    memcpy(name, words, sizeof(words));
    const char *start = name;
    while (*start == ' ') ++start;
    size_t length = strlen(start);
    while (length > 0 && start[length - 1] == ' ') --length;
    if (length > size - 1) length = size - 1;
    memcpy(buffer, start, length);
    buffer[length] = 0;
}

#else

int ridgeline_isa_available(int isa) { return isa == RIDGELINE_ISA_BASELINE; }

void ridgeline_cpu_name(char *buffer, size_t size) {
    if (size > 0) buffer[0] = 0;
}

#endif

#define RIDGELINE_NAME(x) #x,

const char *ridgeline_activation_name(int kind) {
    static const char *const names[] = {RIDGELINE_ACTIVATIONS(RIDGELINE_NAME)};
    return kind >= 0 && (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

const char *ridgeline_gate_name(int gate) {
    static const char *const names[] = {RIDGELINE_GATES(RIDGELINE_NAME)};
    return gate >= 0 && (size_t)gate < sizeof(names) / sizeof(names[0]) ? names[gate] : NULL;
}

const char *ridgeline_fold_name(int fold) {
    static const char *const names[] = {RIDGELINE_FOLDS(RIDGELINE_NAME)};
    return fold >= 0 && (size_t)fold < sizeof(names) / sizeof(names[0]) ? names[fold] : NULL;
}

const char *ridgeline_binary_name(int kind) {
    static const char *const names[] = {RIDGELINE_BINARY_OPERATIONS(RIDGELINE_NAME)};
    return kind >= 0 && (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

const char *ridgeline_unary_name(int kind) {
    static const char *const names[] = {RIDGELINE_UNARY_FUNCTIONS(RIDGELINE_NAME)};
    return kind >= 0 && (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

const char *ridgeline_comparison_name(int kind) {
    static const char *const names[] = {RIDGELINE_COMPARISONS(RIDGELINE_NAME)};
    return kind >= 0 && (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}
