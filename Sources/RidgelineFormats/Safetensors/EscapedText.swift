// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The bytes of a string in JSON, its escapes resolved, one after another. The string has been checked.
struct EscapedText: Sequence, IteratorProtocol {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// How far it has been read.
    private(set) var place: Place

    /// A place in the text.
    struct Place: Sendable {
        fileprivate var position: Int
        /// What is left of a scalar that was escaped: its bytes, the next one lowest.
        fileprivate var pending: UInt32 = 0

        /// After a string's first quotation mark.
        init(after mark: Int) { position = mark + 1 }
    }

    /// The string whose first quotation mark stands at `start`.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        self.init(bytes, from: Place(after: start))
    }

    /// The rest of a string.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from place: Place) {
        self.bytes = bytes
        self.place = place
    }

    private var position: Int {
        get { place.position }
        set { place.position = newValue }
    }

    mutating func next() -> UInt8? {
        if place.pending != 0 {
            defer { place.pending >>= 8 }
            return UInt8(truncatingIfNeeded: place.pending)
        }
        let byte = bytes[position]
        if byte == UInt8(ascii: "\"") { return nil }
        position += 1
        return byte == UInt8(ascii: "\\") ? resolved() : byte
    }

    private mutating func resolved() -> UInt8 {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return scalar()
        default: return byte
        }
    }

    /// The first byte of an escaped scalar; the others follow.
    private mutating func scalar() -> UInt8 {
        var value = unit()
        if UTF16.isLeadSurrogate(UInt16(value)) {
            position += 2
            value = 0x10000 + (value - 0xD800) << 10 + (unit() - 0xDC00)
        }
        // The replacement stands for what the check has excluded.
        var encoded = UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}")?.makeIterator()
        let first = encoded?.next() ?? 0
        var shift: UInt32 = 0
        while let byte = encoded?.next() {
            place.pending |= UInt32(byte) << shift
            shift += 8
        }
        return first
    }

    private mutating func unit() -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            value = value << 4 | UInt32(hexadecimalDigit(bytes[position]) ?? 0)
            position += 1
        }
        return value
    }
}

/// The value of the digit; nil for another character.
func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
