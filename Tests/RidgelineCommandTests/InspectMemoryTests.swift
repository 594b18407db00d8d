// Part of Ridgeline. Licensed under the Apache License 2.0.

#if os(Linux)
    import Foundation
    import Ridgeline
    import Testing

    /// What `ridgeline inspect` takes of memory for files that promise much: no more than the file and 64 MB.
    @Suite(.serialized) struct InspectMemoryTests {
        private let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        /// The most memory that the command had, looked up again and again while it runs; the system keeps the peak.
        private func peak(_ arguments: [String]) throws -> Int {
            let process = Process()
            process.executableURL = try CommandRun.executable()
            process.arguments = ["inspect"] + arguments
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            var peak = 0
            while process.isRunning {
                if let status = try? String(
                    contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
                    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                    let kilobytes = line.split(separator: " ").compactMap({ Int($0) }).first
                {
                    peak = max(peak, kilobytes * 1024)
                }
                usleep(1000)
            }
            #expect(process.terminationStatus == 0)
            return peak
        }

        private func expectModesty(
            _ bytes: [UInt8], _ name: String, _ sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let path = folder.appending(path: name).path
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            for arguments in [[path], [path, "--json"]] {
                let peak = try peak(arguments)
                #expect(peak > 1 << 20, sourceLocation: sourceLocation)
                #expect(
                    peak <= bytes.count + 64_000_000,
                    "\(name): \(peak / 1_000_000) MB for \(bytes.count / 1_000_000) MB",
                    sourceLocation: sourceLocation)
            }
        }

        private func safetensors(_ header: String) -> [UInt8] {
            withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
        }

        /// Also in an order of bytes and names in which everything must be sorted.
        @Test func manyTensors() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            let count = 120_000
            for step in [1, 7919] {
                var header = "{"
                for index in 0..<count {
                    let number = index * step % count
                    header += index == 0 ? "\"" : ",\""
                    header += "\(100_000_000 + number)\":{\"dtype\":\"U8\",\"shape\":[1],"
                    header += "\"data_offsets\":[\(number),\(number + 1)]}"
                }
                let file = safetensors(header + "}") + Array(repeating: 1, count: count)
                try expectModesty(file, "tensors\(step).safetensors")
            }
        }

        @Test func muchMetadata() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            let entries = (0..<500_000).map { "\"\(String($0, radix: 36))\":\"\"" }
            let many = "{\"__metadata__\":{" + entries.joined(separator: ",") + "}}"
            try expectModesty(safetensors(many), "many.safetensors")
            let long =
                "{\"__metadata__\":{\"a\":\"" + String(repeating: "x\\u00e9", count: 3_000_000) + "\"}}"
            try expectModesty(safetensors(long), "long.safetensors")
        }

        @Test func wideTables() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            let commas = [UInt8](repeating: UInt8(ascii: ","), count: 3_000_000)
            try expectModesty(commas, "commas.csv")
            let numbers = (0..<3_000_000).map {
                UInt8(ascii: $0 % 2 == 0 ? "1" : $0 % 100 == 99 ? "\n" : ",")
            }
            try expectModesty(numbers, "numbers.csv")
        }

        @Test func manyArrays() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            var writer = NumPyArchiveWriter()
            for index in 0..<30_000 { try writer.add(Tensor<Int32>([Int32(index)]), named: "array\(index)") }
            let path = folder.appending(path: "made.npz").path
            try writer.write(to: path)
            try expectModesty(Array(Data(contentsOf: URL(fileURLWithPath: path))), "arrays.npz")
        }
    }
#endif
