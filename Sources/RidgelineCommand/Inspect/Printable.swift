// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Text from a file, made fit for a terminal: what would move the cursor, change colours, end a line or turn the
/// direction of writing is escaped.
extension String {
    /// As Swift would write it in a literal, a backslash escaped too: different texts stay different.
    var escaped: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case let scalar where scalar.isInvisible:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// The same for a message, in which backslashes may already be escapes. A byte of a path that is no character, which
    /// the library writes after a zero, is shown as `\xE9`.
    var withoutControls: String {
        var result = ""
        var isByte = false
        for scalar in unicodeScalars {
            if isByte, (0x80...0xFF).contains(scalar.value) {
                result.removeLast("\\u{0}".count)
                result += "\\x\(String(scalar.value, radix: 16, uppercase: true))"
            } else {
                result += scalar.isInvisible ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
            }
            isByte = scalar == "\0"
        }
        return result
    }

    /// As a string in JSON.
    var quotedForJSON: String {
        let text = unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "\"" + text.escapedForJSON + "\""
    }

    /// The same for JSON, where such a character can stand only in a string; line ends stay.
    var escapedForJSON: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            guard scalar.isInvisible, scalar != "\n" else { return text.unicodeScalars.append(scalar) }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isInvisible: Bool {
        if value >= 0x20 && value < 0x7F { return false }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
