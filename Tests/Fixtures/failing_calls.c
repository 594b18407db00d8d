// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// A disk whose quota is noticed only at the end: the call that RIDGELINE_FAILING_CALL names fails with EDQUOT for
// the temporary files of the writers. A test preloads it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *call, const char *path) {
    const char *failing = getenv("RIDGELINE_FAILING_CALL");
    return failing && strcmp(failing, call) == 0 && strstr(path, ".tmp-");
}

static int fails_for(const char *call, int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(call, path);
}

static int quota(void) {
    errno = EDQUOT;
    return -1;
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails_for("fsync", descriptor) ? quota() : real(descriptor);
}

int ftruncate(int descriptor, off_t length) {
    int (*real)(int, off_t) = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate");
    return fails_for("ftruncate", descriptor) ? quota() : real(descriptor, length);
}

// The descriptor is closed even so, as the system does.
int close(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "close");
    int failing = fails_for("close", descriptor);
    int result = real(descriptor);
    return failing ? quota() : result;
}

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    return fails("rename", from) ? quota() : real(from, to);
}
