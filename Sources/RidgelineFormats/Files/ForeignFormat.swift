// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What a file is that a reader was not made for, as far as its first bytes tell, and what can be done with it.
package enum ForeignFormat: Sendable {
    case pyTorch, pickle, hdf5, gguf, zip, npy

    /// Throws a `FormatError` where the file is of one of these formats, other than the one that is expected.
    package static func refuse(_ file: any ByteFile, expecting expected: ForeignFormat? = nil) throws {
        guard let found = try ForeignFormat(file), found != expected else { return }
        if found == .zip, let directory = try? ZipDirectory(file) { try refuse(directory, file) }
        throw found.error(file)
    }

    /// The same for an archive whose first member does not tell.
    static func refuse(_ directory: ZipDirectory, _ file: any ByteFile) throws {
        if (0..<directory.count).contains(where: { isPickle(directory.name($0)) }) {
            throw pyTorch.error(file)
        }
    }

    private func error(_ file: any ByteFile) -> FormatError {
        .otherFormat(path: file.path, format: name, advice: advice)
    }

    private init?(_ file: any ByteFile) throws {
        let bytes = try file.bytes(0..<min(file.byteCount, 256))
        if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || bytes.starts(with: Array("PK\u{5}\u{6}".utf8)) {
            self = Self.beginsWithPickle(bytes) ? .pyTorch : .zip
        } else if bytes.starts(with: Self.legacyPyTorch) {
            self = .pyTorch
        } else if bytes.count >= 2, bytes[0] == 0x80, 2...5 ~= bytes[1] {
            self = .pickle
        } else if bytes.starts(with: [0x89] + Array("HDF\r\n\u{1A}\n".utf8)) {
            self = .hdf5
        } else if bytes.starts(with: Array("GGUF".utf8)) {
            self = .gguf
        } else if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
            self = .npy
        } else {
            return nil
        }
    }

    /// What `torch.save` wrote before version 1.6: the protocol of the pickle and a number of ten bytes,
    /// 0x1950A86A20F9469CFC6C.
    private static let legacyPyTorch: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    /// Whether the archive is one of `torch.save`, which has a member `data.pkl`, as a rule the first one: so it is
    /// known even where it is cut off.
    private static func beginsWithPickle(_ bytes: [UInt8]) -> Bool {
        let header = ZipMember.headerCount
        guard bytes.count > header else { return false }
        let end = min(bytes.count, header + Int(bytes[26]) + Int(bytes[27]) << 8)
        return isPickle(String(decoding: bytes[header..<end], as: UTF8.self))
    }

    private static func isPickle(_ member: String) -> Bool {
        member == "data.pkl" || member.hasSuffix("/data.pkl")
    }

    private var name: String {
        switch self {
        case .pyTorch: "a PyTorch checkpoint (torch.save), whose pickled objects only Python reads"
        case .pickle: "a Python pickle, which only Python reads"
        case .hdf5: "an HDF5 file, as Keras saves weights"
        case .gguf: "a GGUF file, as llama.cpp reads"
        case .zip: "a zip archive"
        case .npy: "a NumPy array (.npy)"
        }
    }

    private var advice: String {
        switch self {
        case .pyTorch, .pickle:
            "convert it in Python: import torch; from safetensors.torch import save_file; "
                + "d = torch.load('model.pt', map_location='cpu', weights_only=True); "
                + "d = d.get('state_dict', d); "
                + "save_file({k: v.contiguous().clone() for k, v in d.items() if torch.is_tensor(v)}, "
                + "'model.safetensors')"
        case .hdf5:
            "convert it in Python: import h5py; from safetensors.numpy import save_file; d = {}; "
                + "h5py.File('model.h5').visititems(lambda k, v: d.update({k: v[()]}) "
                + "if isinstance(v, h5py.Dataset) else None); save_file(d, 'model.safetensors')"
        case .gguf: "use the model's safetensors, of which such files are made"
        case .zip: "NumPyArchive reads those of NumPy (.npz)"
        case .npy: "NumPyFile reads it"
        }
    }
}
