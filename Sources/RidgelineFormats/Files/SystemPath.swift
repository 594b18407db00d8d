// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A file's path between the system, for which it is bytes of which none is zero, and the library's strings.
///
/// A path that is UTF-8, as nearly all are, is the same text. A byte that belongs to no character is written as a zero
/// character, which no path contains, and the character of the byte's number after it, so that every file can be
/// named, opened and written, and two names stay two.
package enum SystemPath {
    /// The text that stands for these bytes.
    package static func text(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var result = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if let character = String(validating: rest.prefix(length), as: UTF8.self) {
                result += character
                rest = rest.dropFirst(length)
            } else {
                result.unicodeScalars.append("\0")
                result.unicodeScalars.append(Unicode.Scalar(first))
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// The bytes that the text stands for, and a zero at their end; nil where it has a zero character of its own.
    package static func bytes(_ text: String) -> [CChar]? {
        var result: [CChar] = []
        result.reserveCapacity(text.utf8.count + 1)
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "\0" else {
                result += UTF8.encode(scalar)?.map { CChar(bitPattern: $0) } ?? []
                continue
            }
            guard let byte = scalars.next(), (0x80...0xFF).contains(byte.value) else { return nil }
            result.append(CChar(truncatingIfNeeded: byte.value))
        }
        return result + [0]
    }
}
