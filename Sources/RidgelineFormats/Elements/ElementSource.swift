// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Tensors whose elements can be looked at in pieces, without memory for a whole tensor.
package protocol ElementSource: TensorSource {
    /// The number of tensors.
    var tensorCount: Int { get }
    /// A tensor in the order of `names`, for going through them all without a list of their names.
    func listed(_ index: Int) -> (name: String, info: TensorInfo)
    /// The number of the metadata's entries.
    var metadataCount: Int { get }
    /// An entry of the metadata, in the order of the keys' bytes.
    func metadataEntry(_ index: Int) -> (key: String, text: TextPieces)
    /// A tensor's elements as they are stored, in the order of the file, and where their bytes come from.
    ///
    /// - Throws: `FormatError`: `missingTensor`, `unsupportedDataType`, or that the file cannot be read.
    func stored(_ name: String) throws -> (elements: StoredElements, bytes: any ByteSource)
}

extension ElementSource {
    /// None: most formats have no room for it.
    package var metadataCount: Int { 0 }

    package func metadataEntry(_ index: Int) -> (key: String, text: TextPieces) {
        fatalError("there is no metadata")
    }
}

extension ElementSource where Self: SingleTensorSource {
    package var tensorCount: Int { 1 }

    package func listed(_ index: Int) -> (name: String, info: TensorInfo) { (name, info) }
}

extension StoredElements {
    /// Small enough for a core's own cache.
    private static let pieceByteCount = 256 << 10
    /// Pieces between two calls of `merge`: so many that threads rarely wait for each other.
    private static let piecesAtOnce = 256

    /// Calls `body` for pieces of so many elements, on all threads where the source permits, and `merge` on
    /// the calling thread with what it found, in the elements' order, and the number of elements done.
    ///
    /// - Throws: `FormatError`: `invalidTruthValue`, and whatever the source throws.
    package func survey<Finding: Sendable>(
        of count: Int, from source: any ByteSource, _ body: (UnsafeRawBufferPointer) -> Finding,
        merge: ([Finding], Int) -> Void
    ) throws {
        let size = dataType.byteCount
        let length = Self.pieceByteCount / size
        for start in stride(from: 0, to: count, by: length * Self.piecesAtOnce) {
            let part = start..<min(count, start + length * Self.piecesAtOnce)
            let findings = Lock<[Int: Finding]>([:])
            try forEachPiece(
                of: part.count, length: length, inOrder: !source.isRandomAccess
            ) { piece in
                let buffer = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: piece.count * size, alignment: 64)
                defer { buffer.deallocate() }
                let first = part.lowerBound + piece.lowerBound
                try load(first..<first + piece.count, from: source, into: buffer)
                let finding = body(UnsafeRawBufferPointer(buffer))
                findings.withLock { $0[piece.lowerBound] = finding }
            }
            merge(findings.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }, part.upperBound)
        }
        try source.finish()
    }
}
