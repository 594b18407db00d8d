// Part of Ridgeline. Licensed under the Apache License 2.0.

#define _GNU_SOURCE
#include "include/CRidgelineKernels.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

// What a container's quota allows, rounded up; `most` where there is none.
static int quota(int most) {
#ifdef __linux__
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
    if (!file) return most;
    long allowed = 0, period = 0;
    int fields = fscanf(file, "%ld %ld", &allowed, &period);
    fclose(file);
    if (fields == 2 && allowed > 0 && period > 0) {
        long processors = (allowed + period - 1) / period;
        if (processors < most) return (int)processors;
    }
#endif
    return most;
}

int ridgeline_processor_count(void) {
    int count = (int)sysconf(_SC_NPROCESSORS_ONLN);
#ifdef __linux__
    // The process may be kept to some of the processors.
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) count = CPU_COUNT(&set);
#endif
    return quota(count);
}
