// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A setting that the engine reads from an environment variable at its first use.
package struct EnvironmentSetting<Value>: Sendable {
    /// The variable's name.
    package let name: String
    /// What a value must be, in words.
    let expected: @Sendable () -> String
    /// The value of a text; nil where it is none.
    let parse: @Sendable (String) -> Value?

    init(
        _ name: String, expected: @autoclosure @escaping @Sendable () -> String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        (self.name, self.expected, self.parse) = (name, expected, parse)
    }

    /// The variable's value, nil where it is unset or empty. Traps where it is no value of the setting: a program
    /// that would rather report that asks for ``EngineEnvironment/problem`` before its first use of the engine.
    var value: Value? {
        guard let text = environmentText(name) else { return nil }
        if let value = parse(text) { return value }
        requirementFailed(message(text))
    }

    /// What is wrong with the variable's value, in one line; nil where nothing is.
    var problem: String? {
        environmentText(name).flatMap { parse($0) == nil ? message($0) : nil }
    }

    private func message(_ text: String) -> String {
        "\(name)=\(withEscapedControls(text)); expected \(expected())"
    }
}

/// What the environment sets of the engine.
package enum EngineEnvironment {
    /// What is wrong with the first setting that is none, in one line; nil where all are right.
    package static var problem: String? {
        Parallelism.threadSetting.problem ?? Parallelism.gridSetting.problem ?? InstructionSet.setting.problem
            ?? OpenBLAS.threadingSetting.problem ?? BufferPool.setting.problem
    }

    /// The names of all variables that the engine reads.
    package static let names = [
        InstructionSet.setting.name, Parallelism.threadSetting.name, Parallelism.gridSetting.name,
        OpenBLAS.threadingSetting.name, BufferPool.setting.name,
    ]
}

/// A variable's text; nil where it is unset or empty.
func environmentText(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}

/// The text for a message, which may reach a terminal: control characters are escaped.
func withEscapedControls(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
}
