// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls something that may make a file longer than the process is allowed to (`ulimit -f`), so that nothing but the
/// call's error comes of it. The system would send the signal SIGXFSZ as well, which ends a process that does not
/// expect it. It goes to the calling thread: here it waits, and is taken away before anything else sees it.
func withoutFileSizeSignal<Result>(_ body: () -> Result) -> Result {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGXFSZ)
    // One that came from elsewhere and waits already is somebody else's.
    let wasWaiting = isWaiting(SIGXFSZ)
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    let result = body()
    let number = errno
    if !wasWaiting && isWaiting(SIGXFSZ) {
        var signal: Int32 = 0
        sigwait(&signals, &signal)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = number
    return result
}

private func isWaiting(_ signal: Int32) -> Bool {
    var waiting = sigset_t()
    return sigpending(&waiting) == 0 && sigismember(&waiting, signal) == 1
}
