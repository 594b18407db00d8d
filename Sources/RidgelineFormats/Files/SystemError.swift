// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's words for an error number; without one, for that of the call that has just failed.
func systemErrorText(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }

/// The most bytes handed to the system in one call: below its limits everywhere.
let largestTransfer = 1 << 30
