// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// What the classes of a model are called: the lines of a text file, the first for class 0.
struct ClassLabels: Sendable, Equatable {
    let names: [String]

    /// Another number of lines than the model has classes.
    struct WrongCount: Error, Equatable, CustomStringConvertible {
        let path: String
        let lines: Int
        let classes: Int
        let model: String

        var description: String {
            "\(path): \(lines) \(lines == 1 ? "line" : "lines"); expected \(classes), one for each class of \(model)"
        }
    }

    /// The most bytes that are read: far more than labels are long.
    private static let byteLimit = 1 << 26

    /// A file whose names are too long.
    struct TooLarge: Error, Equatable, CustomStringConvertible {
        let path: String
        let byteCount: Int
        let limit: Int

        var description: String { "\(path): \(byteCount) bytes; expected labels of at most \(limit)" }
    }

    /// Reads one label a line; a line end after the last one, and carriage returns before, are no part of it.
    init(contentsOf path: String, for model: ClassifierModel) throws {
        let file = try OpenFile(path: path)
        guard file.byteCount <= Self.byteLimit else {
            throw TooLarge(path: path, byteCount: file.byteCount, limit: Self.byteLimit)
        }
        var lines = try file.bytes(0..<file.byteCount).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count == model.classes else {
            throw WrongCount(
                path: path, lines: lines.count, classes: model.classes, model: model.name)
        }
        names = lines.map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
    }
}
