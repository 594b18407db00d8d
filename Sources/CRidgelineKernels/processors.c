// Part of Ridgeline. Licensed under the Apache License 2.0.

#define _GNU_SOURCE
#include "include/CRidgelineKernels.h"

#include <sched.h>
#include <unistd.h>

int ridgeline_processor_count(void) {
#ifdef __linux__
    // What the process may run on, which in containers is less than what there is.
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}
