// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Files of other formats than their reader's, which say what they are and what to do.
@Suite struct ForeignFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func expect(
        _ words: String..., in path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let readers: [(String, () throws -> Void)] = [
            ("safetensors", { _ = try SafetensorsFile(contentsOf: path) }),
            ("npy", { _ = try NumPyFile(contentsOf: path) }),
            ("npz", { _ = try NumPyArchive(contentsOf: path) }),
            ("idx", { _ = try IDXFile(contentsOf: path) }),
        ]
        for (name, reader) in readers {
            let error = #expect(throws: FormatError.self, "\(name)", sourceLocation: sourceLocation) {
                try reader()
            }
            guard case .otherFormat(path, _, _) = error, let text = error?.description else {
                Issue.record("\(name): \(String(describing: error))", sourceLocation: sourceLocation)
                continue
            }
            for word in words {
                #expect(text.contains(word), "\(name): \(text)", sourceLocation: sourceLocation)
            }
        }
    }

    @Test(arguments: ["checkpoint.pt", "legacy.pt"]) func pyTorch(_ name: String) throws {
        expect("PyTorch checkpoint", "torch.load", "save_file", in: fixture("safetensors/\(name)"))
        // Also where the download was cut off.
        let whole = try bytes(of: fixture("safetensors/\(name)"))
        let cut = try folder.write(Array(whole[..<(whole.count / 2)]), to: "cut")
        expect("PyTorch checkpoint", in: cut)
    }

    /// An archive whose first member is another.
    @Test func pyTorchInAnotherOrder() throws {
        let members = ["m/version", "m/data.pkl"].map { ZipBuilder.Member(name: Array($0.utf8), data: [1]) }
        let path = try folder.write(ZipBuilder(members[0], members[1]).bytes())
        expect("PyTorch checkpoint", in: path)
    }

    @Test func others() throws {
        let pad = Array(repeating: 7 as UInt8, count: 100)
        for (start, words) in [
            ([0x80, 4, 0x95], "Python pickle"), (Array("GGUF".utf8), "llama.cpp"),
            ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "h5py"),
        ] as [([UInt8], String)] {
            expect(words, in: try folder.write(start + pad))
        }
    }

    /// One reader's file in another's hands.
    @Test func mixedUp() throws {
        let archive = fixture("numpy/written.npz")
        let array = fixture("numpy/version1.npy")
        func error(_ body: () throws -> Void) -> String {
            (#expect(throws: FormatError.self) { try body() })?.description ?? ""
        }
        #expect(error { _ = try SafetensorsFile(contentsOf: archive) }.contains("NumPyArchive"))
        #expect(error { _ = try NumPyFile(contentsOf: archive) }.contains("NumPyArchive"))
        #expect(error { _ = try SafetensorsFile(contentsOf: array) }.contains("NumPyFile"))
        #expect(error { _ = try NumPyArchive(contentsOf: array) }.contains("NumPyFile"))
    }
}
