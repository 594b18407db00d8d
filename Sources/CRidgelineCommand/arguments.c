// Part of Ridgeline. Licensed under the Apache License 2.0.

#include "CRidgelineCommand.h"

// Says which C library this is.
#include <stdlib.h>

static int argument_count;
static char **arguments;

#if defined(__GLIBC__) || defined(__APPLE__)
// These C libraries hand main's arguments to constructors too.
__attribute__((constructor)) static void keep(int count, char **values) {
    argument_count = count;
    arguments = values;
}
#endif

char *const *ridgeline_arguments(int *count) {
    *count = argument_count;
    return arguments;
}
