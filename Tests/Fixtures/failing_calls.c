// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// A disk whose quota is noticed only at the end: the call that RIDGELINE_FAILING_CALL names fails with EDQUOT for
// the temporary files of the writers, and fsync-folder with EIO for the folder of a renamed file. Where
// RIDGELINE_CALL_LOG names a file, the calls that make a file last are added to it, a line each. A test preloads it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static void note(const char *call, const char *path) {
    const char *log = getenv("RIDGELINE_CALL_LOG");
    int descriptor = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;
    if (descriptor < 0) return;
    dprintf(descriptor, "%s %s\n", call, path);
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "close");
    real(descriptor);
}

static int fails(const char *call, const char *path) {
    const char *failing = getenv("RIDGELINE_FAILING_CALL");
    return failing && strcmp(failing, call) == 0 && strstr(path, ".tmp-");
}

// What is open here, or nothing.
static const char *path_of(int descriptor, char path[4096]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, 4095);
    path[length < 0 ? 0 : length] = 0;
    return path;
}

static int fails_for(const char *call, int descriptor) {
    char path[4096];
    return fails(call, path_of(descriptor, path));
}

static int quota(void) {
    errno = EDQUOT;
    return -1;
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    char path[4096];
    struct stat status;
    int is_folder = fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
    note(is_folder ? "fsync-folder" : "fsync", path_of(descriptor, path));
    const char *failing = getenv("RIDGELINE_FAILING_CALL");
    if (is_folder && failing && strcmp(failing, "fsync-folder") == 0) {
        errno = EIO;
        return -1;
    }
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
    note("rename", to);
    return fails("rename", from) ? quota() : real(from, to);
}
