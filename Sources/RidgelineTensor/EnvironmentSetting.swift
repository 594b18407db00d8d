// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A setting that the engine reads from an environment variable at its first use.
enum EnvironmentSetting {
    /// The variable's value; nil where it is unset or empty.
    static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The variable's value as `parse` understands it, nil where it is unset. A value that `parse` refuses
    /// ends the program with one line on standard error: it is the user's mistake, not the program's.
    static func value<Value>(_ name: String, expected: String, parse: (String) -> Value?) -> Value? {
        guard let text = value(name) else { return nil }
        if let value = parse(text) { return value }
        let line = "ridgeline: \(name)=\(text); expected \(expected)\n"
        _ = line.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
        exit(1)
    }
}
