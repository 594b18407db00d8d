// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The members of a JSON object, found by their names. What is kept is the header as it stands and the place of each
/// member in it, four bytes, so that a header of a million members needs little more memory than its own.
struct HeaderMembers: Sendable {
    private let bytes: [UInt8]
    private let path: String
    private let origin: Int
    /// Where each name starts, in the order of the names' bytes.
    private let places: [UInt32]

    /// Sorts the members of the scanner's text whose names start at these places, and throws where two names are the
    /// same. All has been read before and found right.
    init(_ scanner: HeaderScanner, sorting places: inout [UInt32]) throws {
        (bytes, path, origin) = (scanner.bytes, scanner.path, scanner.origin)
        let same = bytes.withUnsafeBufferPointer { bytes in
            func name(_ place: UInt32) -> EscapedText { EscapedText(bytes, from: Int(place)) }
            places.sort { name($0).lexicographicallyPrecedes(name($1)) }
            return (1..<max(1, places.count)).first { name(places[$0 - 1]).elementsEqual(name(places[$0])) }
        }
        if let same {
            throw FormatError.duplicateName(path: path, name: scanner.text(from: Int(places[same])))
        }
        self.places = places
    }

    var count: Int { places.count }

    /// A name; the others before it are less by their bytes.
    func name(_ index: Int) -> String { scanner.text(from: Int(places[index])) }

    /// The place in the order of names; nil where there is none of that name.
    func index(of name: String) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            var range = 0..<places.count
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                let candidate = EscapedText(bytes, from: Int(places[middle]))
                if candidate.lexicographicallyPrecedes(name.utf8) {
                    range = middle + 1..<range.upperBound
                } else if name.utf8.lexicographicallyPrecedes(candidate) {
                    range = range.lowerBound..<middle
                } else {
                    return middle
                }
            }
            return nil
        }
    }

    /// Reads the value of a member, which has been read before and found right.
    func value<Value>(_ index: Int, _ read: (inout HeaderScanner) throws -> Value) -> Value {
        var scanner = scanner
        scanner.position = Int(places[index])
        do {
            try scanner.skipName()
            return try read(&scanner)
        } catch { fatalError("a header that was right is wrong: \(error)") }
    }

    private var scanner: HeaderScanner { HeaderScanner(bytes, path: path, origin: origin) }
}
