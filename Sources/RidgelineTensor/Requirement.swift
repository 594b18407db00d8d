// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Stops the program with a message where the calling code made a mistake.
///
/// `precondition` drops its message from optimised code, where it would be needed most; this prints it in
/// every build. The message is put together out of line, so that a check costs its caller a branch.
@inlinable
@inline(__always)
package func require(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
    file: StaticString = #fileID, line: UInt = #line
) {
    if !condition() { requirementFailed(message(), file: file, line: line) }
}

/// Stops the program with a message, in every build.
@usableFromInline
@inline(never)
package func requirementFailed(
    _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
    fatalError(message(), file: file, line: line)
}
