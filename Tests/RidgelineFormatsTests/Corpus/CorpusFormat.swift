// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor

/// A reader that is fuzzed. The fuzzer's package uses this file too, by a link.
enum CorpusFormat: String, CaseIterable, Sendable {
    case safetensors, index, npy, npz, idx, gzip, csv

    /// Whether the reader takes a path only.
    var needsFile: Bool { self == .safetensors || self == .index }

    /// Opens bytes, or the file that has them, and reads every tensor as what it is; the number of those that
    /// could be read. Throws whatever the reader does.
    func readEverything(_ bytes: [UInt8], path: String) throws -> Int {
        switch self {
        case .safetensors:
            return try [FileAccess.read, .mapped].reduce(0) {
                try $0 + read(SafetensorsFile(contentsOf: path, access: $1))
            }
        case .index: return try read(ShardedSafetensors(contentsOf: path))
        case .npy: return try read(NumPyFile(bytes: bytes, path: path))
        case .npz: return try read(NumPyArchive(bytes: bytes, path: path))
        case .idx, .gzip: return try read(IDXFile(bytes: bytes, path: path))
        case .csv:
            let separator = CSVSeparator.allCases[bytes.count % 3]
            func rows<Scalar: TextScalar>(_: Scalar.Type, hasHeader: Bool) -> Int {
                // Text that is no number of one type may be one of another.
                let table = try? CSVTable<Scalar>(
                    bytes: bytes, path: path, separator: separator, hasHeader: hasHeader)
                return table?.values.shape[0] ?? 0
            }
            _ = try CSVTable<Double>(bytes: bytes, path: path, separator: separator, hasHeader: true)
            return rows(Float.self, hasHeader: false) + rows(Int32.self, hasHeader: true)
                + rows(Int64.self, hasHeader: false)
        }
    }

    private func read(_ source: some TensorSource) throws -> Int {
        var count = 0
        for name in source.names {
            guard let info = source.info(name) else { fatalError("no information about \(name)") }
            guard try scalars(source, name, info) == info.elementCount else {
                fatalError("not as many elements as its shape needs: \(name)")
            }
            count += 1
        }
        return count
    }

    private func scalars(_ source: some TensorSource, _ name: String, _ info: TensorInfo) throws -> Int {
        func read<Scalar: TensorScalar>(_: Scalar.Type) throws -> Int {
            try source.tensor(name, as: Scalar.self).scalars.count
        }
        return switch info.dataType {
        case .float64: try read(Double.self)
        case .int8: try read(Int8.self)
        case .int16: try read(Int16.self)
        case .int32: try read(Int32.self)
        case .int64: try read(Int64.self)
        case .uint8: try read(UInt8.self)
        case .uint16: try read(UInt16.self)
        case .uint32: try read(UInt32.self)
        case .uint64: try read(UInt64.self)
        case .bool: try read(Bool.self)
        case .float32, .float16, .bfloat16, nil: try read(Float.self)
        }
    }
}
