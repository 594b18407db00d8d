// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineCommand
import Ridgeline

/// The arguments of the process.
enum Arguments {
    /// The system tells no arguments, not even the program's name.
    struct Missing: Error, CustomStringConvertible {
        var description: String { "the system does not tell the arguments (is /proc mounted?)" }
    }

    /// Those after the program's name. What is no UTF-8 is written as the library writes such paths.
    static func given() throws -> [String] {
        var count: Int32 = 0
        if let arguments = ridgeline_arguments(&count) {
            return (0..<Int(count)).dropFirst().compactMap { index in
                arguments[index].map { SystemPath.text(bytes(of: $0)) }
            }
        }
        // By way of /proc on Linux: nothing is there where that is not.
        guard !CommandLine.arguments.isEmpty else { throw Missing() }
        return Array(CommandLine.arguments.dropFirst())
    }

    private static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
        var end = text
        while end.pointee != 0 { end += 1 }
        return Array(UnsafeRawBufferPointer(start: text, count: end - text))
    }
}
