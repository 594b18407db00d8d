// Part of Ridgeline. Licensed under the Apache License 2.0.

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An error that says in words what is wrong: every one that this package's libraries throw.
///
/// `description` and Foundation's `localizedDescription` are the same text.
public protocol DescribedError: LocalizedError, CustomStringConvertible, Sendable {}

extension DescribedError {
    /// The description.
    public var errorDescription: String? { description }
}
