// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Writes a safetensors header as the official library does: JSON without spaces, non-ASCII as it is.
struct HeaderText {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// The members of an object, with its braces.
    mutating func object<Element>(
        _ elements: some Collection<Element>, _ member: (inout HeaderText, Element) -> Void
    ) {
        append("{")
        var isFirst = true
        for element in elements {
            if !isFirst { append(",") }
            isFirst = false
            member(&self, element)
        }
        append("}")
    }

    /// A string in quotation marks, with the escapes JSON demands and no others.
    mutating func string(_ text: String) {
        append("\"")
        for byte in text.utf8 { escape(byte) }
        append("\"")
    }

    /// The same with whatever is not printable ASCII escaped, as Python writes JSON.
    mutating func asciiString(_ text: String) {
        append("\"")
        for unit in text.utf16 {
            if unit < 0x7F {
                escape(UInt8(unit))
            } else {
                let digits = String(unit, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            }
        }
        append("\"")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        case 0..<0x20: append((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16))
        default: bytes.append(byte)
        }
    }
}
