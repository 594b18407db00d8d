// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

@Suite struct AtomicFileTests {
    private struct Interruption: Error, Equatable {}
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ number: Int32) -> String { String(cString: strerror(number)) }

    @Test func failureHalfwayLeavesTheOldFileWhole() throws {
        let path = try folder.write([1, 2, 3], to: "file")
        #expect(throws: Interruption()) {
            try AtomicFile.write(to: path) { file in
                try [UInt8](repeating: 9, count: 100_000).withUnsafeBytes { try file.append($0) }
                // The bytes are under another name by now, beside the file.
                #expect(try folder.names().count == 2)
                #expect(try folder.names()[0].hasPrefix(".file.tmp-\(getpid())-"))
                throw Interruption()
            }
        }
        #expect(try bytes(of: path) == [1, 2, 3])
        #expect(try folder.names() == ["file"])
    }

    @Test func replacesOnlyAtTheEnd() throws {
        let path = try folder.write([1, 2, 3], to: "file")
        try AtomicFile.write(to: path) { file in
            try [UInt8](4...9).withUnsafeBytes { try file.append($0) }
            #expect(try bytes(of: path) == [1, 2, 3])
            try [UInt8]().withUnsafeBytes { try file.append($0) }
        }
        #expect(try bytes(of: path) == Array(4...9))
        #expect(try folder.names() == ["file"])
    }

    /// Room that was set aside for more than came does not become part of the file.
    @Test func expectingMoreThanComes() throws {
        try AtomicFile.write(to: folder.file("x"), expecting: 20 << 20) { file in
            try [UInt8](1...3).withUnsafeBytes { try file.append($0) }
        }
        #expect(try bytes(of: folder.file("x")) == [1, 2, 3])
    }

    @Test func keepsPermissions() throws {
        let path = try folder.write([1], to: "file")
        #expect(chmod(path, 0o640) == 0)
        try AtomicFile.write(to: path) { _ in }
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
        #expect(status.st_size == 0)
    }

    @Test func longestNameAndRelativePath() throws {
        let name = String(repeating: "é", count: 127)
        try AtomicFile.write(to: folder.file(name)) { _ in }
        #expect(try folder.names() == [name])
        let relative = "ridgeline-\(UUID().uuidString).tmp"
        try AtomicFile.write(to: relative) { _ in }
        #expect(unlink(relative) == 0)
    }

    @Test func placesThatCannotBe() throws {
        let file = try folder.write([1], to: "file")
        for (path, number) in [
            (folder.file("absent/file"), ENOENT), (file + "/file", ENOTDIR), ("", ENOENT),
            (folder.file("absent/"), EISDIR), (folder.file(String(repeating: "x", count: 256)), ENAMETOOLONG),
        ] {
            #expect(throws: FormatError.cannotWrite(path: path, reason: text(number)), "\(path)") {
                try SafetensorsWriter().write(to: path)
            }
        }
        #expect(try folder.names() == ["file"])
        #expect(try bytes(of: file) == [1])
    }

    /// In a process of its own, which gives up the rights of the superuser where it has them.
    @Test func folderAndFileThatMayNotBeWritten() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let file = try folder.write([1, 2, 3], to: "file")
            #expect(chmod(file, 0o444) == 0)
            #expect(geteuid() != 0 || chmod(folder.path, 0o777) == 0 && seteuid(65_534) == 0)
            let denied = String(cString: strerror(EACCES))
            // The file is read-only, though a rename in its folder would succeed.
            #expect(throws: FormatError.cannotWrite(path: file, reason: denied)) {
                try SafetensorsWriter().write(to: file)
            }
            #expect(getuid() != 0 || seteuid(0) == 0)
            #expect(chmod(file, 0o666) == 0 && chmod(folder.path, 0o555) == 0)
            #expect(geteuid() != 0 || seteuid(65_534) == 0)
            for path in [file, folder.file("new")] {
                #expect(throws: FormatError.cannotWrite(path: path, reason: denied)) {
                    try SafetensorsWriter().write(to: path)
                }
            }
            #expect(getuid() != 0 || seteuid(0) == 0)
            #expect(try bytes(of: file) == [1, 2, 3])
            #expect(try folder.names() == ["file"])
            #expect(chmod(folder.path, 0o755) == 0)
        }
    }

    /// A limit on the size of files stands in for a full disk: the system takes a part of the bytes, and
    /// then none. The signal that comes with it, which would end the process, is nobody's any more.
    @Test func diskThatFillsUp() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let path = folder.file("x")
            var small = SafetensorsWriter()
            try small.add(Tensor<Float>([1, 2]), named: "x")
            try small.write(to: path)
            let before = try bytes(of: path)
            // Threads of tasks block it, those of programs do not.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGXFSZ)
            #expect(pthread_sigmask(SIG_UNBLOCK, &signals, nil) == 0)
            var limit = rlimit()
            #expect(getrlimit(fileSizeLimit, &limit) == 0)
            limit.rlim_cur = 100_000
            #expect(setrlimit(fileSizeLimit, &limit) == 0)
            let full = FormatError.cannotWrite(path: path, reason: String(cString: strerror(EFBIG)))
            // Noticed by a write, and where room is set aside.
            for count in [100_000, 4 << 20] {
                var large = SafetensorsWriter()
                try large.add(Tensor<Float>.ones([count]), named: "x")
                #expect(throws: full) { try large.write(to: path) }
                #expect(try bytes(of: path) == before)
                #expect(try folder.names() == ["x"])
            }
            var (waiting, mask) = (sigset_t(), sigset_t())
            #expect(sigpending(&waiting) == 0 && sigismember(&waiting, SIGXFSZ) == 0)
            #expect(pthread_sigmask(SIG_BLOCK, nil, &mask) == 0 && sigismember(&mask, SIGXFSZ) == 0)
            // One that the process had blocked and waits for already stays.
            #expect(pthread_sigmask(SIG_BLOCK, &signals, nil) == 0 && raise(SIGXFSZ) == 0)
            var large = SafetensorsWriter()
            try large.add(Tensor<Float>.ones([100_000]), named: "x")
            #expect(throws: full) { try large.write(to: path) }
            #expect(sigpending(&waiting) == 0 && sigismember(&waiting, SIGXFSZ) == 1)
            #expect(pthread_sigmask(SIG_BLOCK, nil, &mask) == 0 && sigismember(&mask, SIGXFSZ) == 1)
        }
    }
}

#if os(Linux)
    private let fileSizeLimit = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
#else
    private let fileSizeLimit = RLIMIT_FSIZE
#endif
