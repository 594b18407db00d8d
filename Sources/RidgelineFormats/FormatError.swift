// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What was wrong with a file that was read, or why one could not be written.
///
/// Nothing a file contains traps: it throws one of these, and what was there before stays untouched.
public enum FormatError: DescribedError, Equatable {
    /// The file cannot be opened; `reason` is the system's.
    case cannotOpen(path: String, reason: String)
    /// The path names a folder, a pipe, a device or a socket.
    case notARegularFile(path: String)
    /// The system failed to read the file after it was opened.
    case cannotRead(path: String, reason: String)
    /// The file ends before what it promises: bytes expected and found.
    case truncated(path: String, expected: UInt64, found: UInt64)
    /// Bytes follow the end of the last tensor: bytes expected and found.
    case trailingData(path: String, expected: UInt64, found: UInt64)
    /// The header is longer than the format allows.
    case headerTooLarge(path: String, byteCount: UInt64, limit: UInt64)
    /// The header is not what the format prescribes, from this byte of the file on.
    case malformedHeader(path: String, position: Int, reason: String)
    /// The file is of a format that is not read here, or by another reader: which, and what can be done with it.
    case otherFormat(path: String, format: String, advice: String)
    /// The tensor's elements are of a type that is unknown here.
    case unsupportedDataType(path: String, tensor: String, dataType: String)
    /// A name stands for two tensors, or for two entries of the metadata. Without a path where the second one
    /// was offered to a writer.
    case duplicateName(path: String?, name: String)
    /// A name that no tensor can be written under.
    case invalidName(name: String, reason: String)
    /// The tensor's bytes overlap those before them, or leave a gap: where they should begin and where they
    /// do, counted from the end of the header.
    case misplacedData(path: String, tensor: String, expectedStart: Int, start: Int)
    /// The tensor's bytes end before they start.
    case reversedOffsets(path: String, tensor: String, start: Int, end: Int)
    /// The tensor has more axes than a `Tensor` can have.
    case tooManyAxes(path: String, tensor: String, limit: Int)
    /// The tensor's bytes are not as many as its shape and element type need, or the shape's size overflows.
    case shapeMismatch(path: String, tensor: String, shape: [Int], dataTypeName: String, byteCount: Int)
    /// A truth value is stored as something else than 0 or 1.
    case invalidTruthValue(path: String, tensor: String, element: Int, byte: UInt8)
    /// There is no tensor of that name; `available` has the first few there are.
    case missingTensor(path: String, name: String, available: [String])
    /// The tensor has elements of another type than the one asked for.
    case wrongDataType(path: String, name: String, found: DataType, expected: DataType)
    /// The compressed data is broken after so many of the bytes that it expands to.
    case corruptCompression(path: String, position: Int, reason: String)
    /// The checksum of a member of an archive is not that of its bytes.
    case wrongChecksum(path: String, expected: UInt32, found: UInt32)
    /// A member of an archive is compressed by another method than those that are read here.
    case unsupportedCompression(path: String, member: String, method: Int)
    /// A member of an archive is encrypted.
    case encryptedMember(path: String, member: String)
    /// Two members of an archive share bytes.
    case overlappingMembers(path: String, first: String, second: String)
    /// A member of an archive says that its bytes stand for more than they can, or fewer than they do.
    case impossibleExpansion(path: String, member: String, stored: UInt64, expanded: UInt64)
    /// A text is not what is expected, from this byte of this line on; both count from 1.
    case malformedText(path: String, line: Int, column: Int, reason: String)
    /// An element has no exact equal in the type asked for; elements are counted in row-major order.
    case unrepresentable(path: String, tensor: String, element: Int, value: String, dataType: DataType)
    /// The system has no memory for a tensor of so many bytes.
    case outOfMemory(path: String, tensor: String, byteCount: Int)
    /// An index names a file that does not lie beside it.
    case shardElsewhere(path: String, tensor: String, shard: String)
    /// A file that an index names cannot be opened; `reason` is the system's.
    case missingShard(path: String, shard: String, reason: String)
    /// An index says that a tensor lies in a file that does not have it.
    case missingFromShard(path: String, tensor: String, shard: String)
    /// A file of several has a tensor that their index does not place there.
    case unlistedTensor(path: String, tensor: String, index: String)
    /// The file cannot be written; `reason` is the system's. What was there before is whole.
    case cannotWrite(path: String, reason: String)
}

extension FormatError {
    /// The file and what is wrong with it, with the numbers.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "\(path): cannot be opened: \(reason)"
        case .notARegularFile(let path): "\(path): not a regular file"
        case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason)"
        case .truncated(let path, let expected, let found):
            "\(path): truncated: has \(found) bytes; expected \(expected)"
        case .trailingData(let path, let expected, let found):
            "\(path): data after the last tensor: has \(found) bytes; expected \(expected)"
        case .headerTooLarge(let path, let byteCount, let limit):
            "\(path): a header of \(byteCount) bytes; expected at most \(limit)"
        case .malformedHeader(let path, let position, let reason):
            "\(path): malformed header at byte \(position): \(reason)"
        case .otherFormat(let path, let format, let advice): "\(path): \(format); \(advice)"
        case .unsupportedDataType(let path, let tensor, let dataType):
            "\(path): tensor \(quoted(tensor)) has elements of type \(quoted(dataType)); supported are "
                + DataType.allCases.map(\.rawValue).joined(separator: ", ")
        case .duplicateName(let path, let name):
            "\(path.map { $0 + ": " } ?? "")two entries named \(quoted(name))"
        case .invalidName(let name, let reason): "no tensor can be named \(quoted(name)): \(reason)"
        case .misplacedData(let path, let tensor, let expectedStart, let start):
            "\(path): the data of tensor \(quoted(tensor)) starts at \(start), which "
                + (start < expectedStart ? "overlaps other data" : "leaves a gap")
                + "; expected \(expectedStart)"
        case .reversedOffsets(let path, let tensor, let start, let end):
            "\(path): the data of tensor \(quoted(tensor)) starts at \(start) and ends before, at \(end)"
        case .tooManyAxes(let path, let tensor, let limit):
            "\(path): tensor \(quoted(tensor)) has more than \(limit) axes"
        case .shapeMismatch(let path, let tensor, let shape, let dataTypeName, let byteCount):
            "\(path): tensor \(quoted(tensor)) has \(byteCount) bytes, which do not make "
                + "the shape \(shape) of \(quoted(dataTypeName))"
        case .invalidTruthValue(let path, let tensor, let element, let byte):
            "\(path): element \(element) of tensor \(quoted(tensor)) is \(byte); "
                + "expected a truth value, 0 or 1"
        case .missingTensor(let path, let name, let available):
            "\(path): no tensor \(quoted(name)); "
                + (available.isEmpty
                    ? "the file has none" : "there are " + available.map(quoted).joined(separator: ", "))
        case .wrongDataType(let path, let name, let found, let expected):
            "\(path): tensor \(quoted(name)) is \(found.rawValue); expected \(expected.rawValue)"
        case .corruptCompression(let path, let position, let reason):
            "\(path): broken compressed data, which expands to \(position) bytes: \(reason)"
        case .wrongChecksum(let path, let expected, let found):
            "\(path): the checksum is \(String(found, radix: 16)); expected \(String(expected, radix: 16))"
        case .unsupportedCompression(let path, let member, let method):
            "\(path): \(quoted(member)) is compressed by method \(method); supported are 0 (stored) and "
                + "8 (deflated)"
        case .encryptedMember(let path, let member): "\(path): \(quoted(member)) is encrypted"
        case .overlappingMembers(let path, let first, let second):
            "\(path): \(quoted(first)) and \(quoted(second)) share bytes"
        case .impossibleExpansion(let path, let member, let stored, let expanded):
            "\(path): \(quoted(member)) has \(stored) bytes, which cannot stand for \(expanded)"
        case .malformedText(let path, let line, let column, let reason):
            "\(path):\(line):\(column): \(reason)"
        case .unrepresentable(let path, let tensor, let element, let value, let dataType):
            "\(path): element \(element) of tensor \(quoted(tensor)) is \(value), which no "
                + "\(dataType.rawValue) equals"
        case .outOfMemory(let path, let tensor, let byteCount):
            "\(path): no memory for tensor \(quoted(tensor)) of \(byteCount) bytes"
        case .shardElsewhere(let path, let tensor, let shard):
            "\(path): tensor \(quoted(tensor)) is placed in \(quoted(shard)); expected the name of a file in "
                + "the same folder"
        case .missingShard(let path, let shard, let reason):
            "\(path): its file \(quoted(shard)) cannot be opened: \(reason)"
        case .missingFromShard(let path, let tensor, let shard):
            "\(path): tensor \(quoted(tensor)) is not in \(quoted(shard)), where the index places it"
        case .unlistedTensor(let path, let tensor, let index):
            "\(path): tensor \(quoted(tensor)) is not placed there by \(index)"
        case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
        }
    }
}

/// The text in quotation marks with its control characters escaped: what a file contains may reach a
/// terminal.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\0"..<" ", "\u{7F}"..."\u{9F}": result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
