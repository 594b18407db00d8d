// Part of Ridgeline. Licensed under the Apache License 2.0.

import ArgumentParser
import Foundation
import Ridgeline

/// The library's writers, and one that is not safe, to show that the checks find what they look for.
enum WriterKind: String, CaseIterable, ExpressibleByArgument {
    case safetensors, npy, npz, model
    case inPlace = "in-place"

    static let safe: [WriterKind] = [.safetensors, .npy, .npz, .model]

    /// Something to write, of about so many MiB; another one for each version, the same in every process.
    func content(version: Int, mebibytes: Int) -> WriterContent {
        withRandomSeed(UInt64(version)) {
            let values: () -> Tensor<Float> = { .uniform([mebibytes << 8, 1024], in: -1..<1) }
            switch self {
            case .safetensors:
                let tensor = values()
                return WriterContent { path in
                    var writer = SafetensorsWriter(metadata: ["version": "\(version)"])
                    try writer.add(tensor, named: "values")
                    try writer.write(to: path)
                }
            case .npy:
                let tensor = values()
                return WriterContent { try NumPyFile.write(tensor, to: $0) }
            case .npz:
                var writer = NumPyArchiveWriter()
                // A name of its own: nothing else can go wrong.
                try? writer.add(values(), named: "values")
                return WriterContent { [writer] in try writer.write(to: $0) }
            case .model:
                let model = Linear<Float>(1024, mebibytes << 8)
                return WriterContent { try model.save(to: $0) }
            case .inPlace:
                let bytes = values().withUnsafeBufferPointer { Data(buffer: $0) }
                return WriterContent { try Self.overwrite($0, with: bytes) }
            }
        }
    }

    /// What a program does that does not think of crashes. The file is emptied by the system: Foundation would make
    /// another one, and put that in its place.
    private static func overwrite(_ path: String, with bytes: Data) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        guard descriptor >= 0 else {
            throw Violation(description: "\(path): \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        for start in stride(from: 0, to: bytes.count, by: 1 << 16) {
            try file.write(contentsOf: bytes[start..<min(bytes.count, start + 1 << 16)])
        }
        try file.close()
    }
}

/// Something that is written over and over.
struct WriterContent {
    let write: (String) throws -> Void
}

/// A rule about files that was broken.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

/// A folder for files that come and go, which is removed at the end.
struct ScratchFolder {
    let path: String

    /// Makes the folder in this one.
    init(in parent: String) throws {
        path = parent + "/ridgeline-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// What is there, hidden files too.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
