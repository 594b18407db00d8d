// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What stands between the numbers of a line.
public enum CSVSeparator: Sendable, Hashable, CaseIterable {
    /// `,`
    case comma
    /// `;`, where the comma is kept for decimals. (The numbers themselves have a point here all the same.)
    case semicolon
    /// The tabulator.
    case tab

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: UInt8(ascii: "\t")
        }
    }
}
