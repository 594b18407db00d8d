// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

#if os(Linux)
    /// A terminal without a screen, to see what a command writes to one.
    struct PseudoTerminal {
        /// What a command gets.
        let command: FileHandle
        private let screen: Int32

        init(columns: Int) throws {
            screen = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(screen >= 0)
            // As unlockpt and ptsname do, which Swift does not see: TIOCSPTLCK and TIOCGPTN.
            var (lock, number) = (Int32(0), UInt32(0))
            try #require(ioctl(screen, 0x4004_5431, &lock) == 0 && ioctl(screen, 0x8004_5430, &number) == 0)
            let name = "/dev/pts/\(number)"
            let descriptor = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(descriptor >= 0)
            command = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
            var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
            try #require(ioctl(screen, UInt(TIOCSWINSZ), &size) == 0)
        }

        /// What came up to now and does at least until `text` is there; the rest at the command's end.
        func read(until text: String? = nil) -> String {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 4096)
            while true {
                if let text, String(decoding: bytes, as: UTF8.self).contains(text) { break }
                let count = Foundation.read(screen, &piece, piece.count)
                if count <= 0 { break }
                bytes += piece[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Nobody but running commands writes from now on.
        func closeCommand() { close(command.fileDescriptor) }

        func end() { close(screen) }
    }
#endif
