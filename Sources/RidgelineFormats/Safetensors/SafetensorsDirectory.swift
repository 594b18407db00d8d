// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What a safetensors file's header says, checked against itself and the file's size. Entries are read out of the header
/// where they are asked for.
struct SafetensorsDirectory: Sendable {
    /// The tensors in the order of their names.
    private let tensors: HeaderMembers
    private let metadata: HeaderMembers
    private let path: String

    /// Reads and checks a whole header. `dataByteCount` is what the file has after it.
    init(parsing bytes: [UInt8], path: String, dataByteCount: Int) throws {
        self.path = path
        var scanner = HeaderScanner(bytes, path: path, origin: SafetensorsHeader.prefixLength)
        var places: [UInt32] = []
        var texts: [UInt32] = []
        var hasMetadata = false
        // As a rule the tensors' bytes are in the order of the entries, and nothing needs to be sorted.
        var (isInOrder, last) = (true, UInt64(0))
        scanner.skipSpace()
        try scanner.members { start, scanner in
            guard scanner.text(from: start) == SafetensorsHeader.metadataName else {
                let entry = try RawEntry(&scanner, named: start)
                isInOrder = isInOrder && entry.fileOrder >= last
                last = entry.fileOrder
                places.append(UInt32(start))
                return
            }
            if hasMetadata {
                throw FormatError.duplicateName(path: path, name: SafetensorsHeader.metadataName)
            }
            hasMetadata = true
            if scanner.takeWord("null") { return }
            try scanner.members { start, scanner in
                try scanner.skipString()
                texts.append(UInt32(start))
            }
        }
        try scanner.end()
        let end = try Self.checkPlaces(places, inOrder: isInOrder, scanner)
        tensors = try HeaderMembers(scanner, sorting: &places)
        metadata = try HeaderMembers(scanner, sorting: &texts)
        let head = UInt64(SafetensorsHeader.prefixLength + bytes.count)
        let (expected, size) = (head + UInt64(end), head + UInt64(dataByteCount))
        if expected > size { throw FormatError.truncated(path: path, expected: expected, found: size) }
        if expected < size { throw FormatError.trailingData(path: path, expected: expected, found: size) }
    }

    var count: Int { tensors.count }

    /// The name of a tensor; those before it are less by their bytes.
    func name(_ index: Int) -> String { tensors.name(index) }

    func index(of name: String) -> Int? { tensors.index(of: name) }

    /// What is said about a tensor, and where its bytes start, counted from the end of the header.
    func entry(_ index: Int) -> (info: TensorInfo, start: Int) {
        tensors.value(index) { scanner in
            let entry = try RawEntry(&scanner, named: scanner.position)
            return (try entry.info(path, name(index)), entry.start)
        }
    }

    var metadataCount: Int { metadata.count }

    /// An entry of the metadata, in the order of the keys' bytes.
    func metadataEntry(_ index: Int) -> (key: String, text: TextPieces) {
        (metadata.name(index), metadata.value(index) { try TextPieces(&$0) })
    }

    /// Throws where the tensors' bytes do not follow one another without overlap or gap, or one has not as many as it
    /// needs. Where the last of them end.
    private static func checkPlaces(
        _ places: [UInt32], inOrder: Bool, _ scanner: HeaderScanner
    ) throws -> Int {
        func entry(_ place: UInt32) throws -> RawEntry {
            var scanner = scanner
            scanner.position = Int(place)
            try scanner.skipName()
            return try RawEntry(&scanner, named: Int(place))
        }
        var places = places
        if !inOrder {
            let keys = try places.map { try entry($0).fileOrder }
            var order = (0..<places.count).map { UInt32($0) }
            order.sort { (keys[Int($0)], $0) < (keys[Int($1)], $1) }
            places = order.map { places[Int($0)] }
        }
        var end = 0
        for place in places {
            let entry = try entry(place)
            func name() -> String { scanner.text(from: Int(place)) }
            if entry.start > entry.end {
                throw FormatError.reversedOffsets(
                    path: scanner.path, tensor: name(), start: entry.start, end: entry.end)
            }
            guard entry.start == end else {
                throw FormatError.misplacedData(
                    path: scanner.path, tensor: name(), expectedStart: end, start: entry.start)
            }
            _ = try entry.info(scanner.path, name())
            end = entry.end
        }
        return end
    }
}
