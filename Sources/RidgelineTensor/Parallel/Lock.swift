// Part of Ridgeline. Licensed under the Apache License 2.0.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

#if !RIDGELINE_THREAD_SANITIZER

    /// A value behind a lock.
    package typealias Lock<Value> = Mutex<Value>

#else

    /// A value behind a lock that the thread sanitizer understands. It does not see `Mutex`, whose slow path
    /// lies in the standard library, and would report whatever that protects:
    /// `swift test --sanitize=thread -Xswiftc -DRIDGELINE_THREAD_SANITIZER`.
    ///
    /// `@unchecked Sendable`: the value is touched only between locking and unlocking.
    package final class Lock<Value>: @unchecked Sendable {
        private let lock: UnsafeMutablePointer<pthread_mutex_t>
        private var value: Value

        package init(_ value: sending Value) {
            self.value = value
            lock = .allocate(capacity: 1)
            pthread_mutex_init(lock, nil)
        }

        deinit {
            pthread_mutex_destroy(lock)
            lock.deallocate()
        }

        package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            return try body(&value)
        }
    }

#endif
