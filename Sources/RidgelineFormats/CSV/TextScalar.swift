// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A number that is written as text in the fewest digits that bring it back: `Float`, `Double`, `Int32` and
/// `Int64`.
public protocol TextScalar: NumericScalar, LosslessStringConvertible {
    /// The value nearest to the text's; nil where it is no decimal number of this type. Not API.
    static func _parse(_ text: UnsafeRawBufferPointer) -> Self?
}

extension Int32: TextScalar {
    /// The integer of these decimal digits with an optional sign. Not API.
    public static func _parse(_ text: UnsafeRawBufferPointer) -> Int32? { parseInteger(text) }
}

extension Int64: TextScalar {
    /// The integer of these decimal digits with an optional sign. Not API.
    public static func _parse(_ text: UnsafeRawBufferPointer) -> Int64? { parseInteger(text) }
}

extension Float: TextScalar {
    /// The nearest float, ties to even; also infinity and NaN by name. Not API.
    public static func _parse(_ text: UnsafeRawBufferPointer) -> Float? {
        isDecimal(text) ? Float(Substring(decoding: text, as: UTF8.self)) : parseWord(text)
    }
}

extension Double: TextScalar {
    /// The nearest double, ties to even; also infinity and NaN by name. Not API.
    public static func _parse(_ text: UnsafeRawBufferPointer) -> Double? {
        isDecimal(text) ? Double(Substring(decoding: text, as: UTF8.self)) : parseWord(text)
    }
}

/// Whether the text has decimal digits, signs, a point and an exponent only: Swift also reads hexadecimal
/// numbers and words.
private func isDecimal(_ text: UnsafeRawBufferPointer) -> Bool {
    for byte in text {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            continue
        default: return false
        }
    }
    return true
}

private func parseWord<Scalar: FloatingScalar>(_ text: UnsafeRawBufferPointer) -> Scalar? {
    let isNegative = text.first == UInt8(ascii: "-")
    let isSigned = isNegative || text.first == UInt8(ascii: "+")
    let word = text.dropFirst(isSigned ? 1 : 0).map { $0 | 0x20 }
    let magnitude: Scalar
    switch word.count {
    case 3 where word.elementsEqual("nan".utf8): magnitude = .nan
    case 3 where word.elementsEqual("inf".utf8): magnitude = .infinity
    case 8 where word.elementsEqual("infinity".utf8): magnitude = .infinity
    default: return nil
    }
    return isNegative ? -magnitude : magnitude
}

@inline(__always)
private func parseInteger<Scalar: IntegerScalar>(_ text: UnsafeRawBufferPointer) -> Scalar? {
    let isNegative = text.first == UInt8(ascii: "-")
    let start = isNegative || text.first == UInt8(ascii: "+") ? 1 : 0
    guard start < text.count else { return nil }
    var value: Scalar = 0
    for index in start..<text.count {
        let digit = text[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) =
            isNegative
            ? tens.subtractingReportingOverflow(Scalar(digit)) : tens.addingReportingOverflow(Scalar(digit))
        if overflow || carry { return nil }
        value = sum
    }
    return value
}
