// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// Collects tensors and writes them to an archive (`.npz`) that `numpy.load` reads.
///
/// The arrays stand in the order in which they were added. Uncompressed, the archive is byte for byte what
/// `numpy.savez` writes for the same arrays in the same order; compressed, it is what `numpy.savez_compressed`
/// writes with the same zlib.
///
/// ```swift
/// var writer = NumPyArchiveWriter()
/// try writer.add(weight, named: "weight")
/// try writer.write(to: "weights.npz", compressed: true)
/// ```
public struct NumPyArchiveWriter: Sendable {
    private var members: [(name: String, content: NumPyContent)] = []
    private var taken: Set<[UInt8]> = []

    /// A writer without tensors.
    public init() {}

    /// Adds a tensor. It is not copied, and later changes to the caller's do not matter. Throws a
    /// `FormatError` on a name that is empty, too long, has a zero byte, or is given twice.
    public mutating func add<Scalar: TensorScalar>(
        _ tensor: Tensor<Scalar>, named name: String, fortranOrder: Bool = false
    ) throws {
        let key = Array(name.utf8)
        if key.isEmpty { throw FormatError.invalidName(name: name, reason: "it is empty") }
        if key.contains(0) { throw FormatError.invalidName(name: name, reason: "it has a zero byte") }
        // What zip can say, less the member's own ending and what stands beside the name.
        if key.count > 0xFF00 {
            throw FormatError.invalidName(name: name, reason: "it has more than \(0xFF00) bytes")
        }
        guard taken.insert(key).inserted else { throw FormatError.duplicateName(path: nil, name: name) }
        members.append((name, NumPyContent(tensor, fortranOrder: fortranOrder)))
    }

    /// Writes the archive, whole or not at all. Equal tensors make equal files: there are no times in them.
    public func write(to path: String, compressed: Bool = false) throws {
        try AtomicFile.write(to: path) { file in
            let zip = ZipWriter(append: file.append)
            for member in members {
                try zip.add(
                    member.name + ".npy", isCompressed: compressed, contents: member.content.forEachPart)
            }
            try zip.finish()
        }
    }
}
