// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation

/// What a terminal can show.
struct Terminal {
    /// Standard output and standard error.
    static let (output, errors) = (Terminal(1), Terminal(2))

    /// Whether it is one, and not a file or a pipe.
    let isTerminal: Bool
    /// Its columns; nil where it is none or does not know.
    let width: Int?
    /// Whether it can go back in a line and clear it.
    let erasesLines: Bool

    /// What is open at a descriptor.
    init(_ descriptor: Int32) {
        isTerminal = isatty(descriptor) != 0
        var size = winsize()
        let isKnown = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = isKnown ? Int(size.ws_col) : nil
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        erasesLines = isTerminal && !kind.isEmpty && kind != "dumb"
    }
}

/// One line on a terminal that says what is being done; nothing where standard error is no terminal that can replace it.
struct Progress {
    private let terminal = Terminal.errors

    /// Replaces the line; of a longer one the beginning is shown.
    func show(_ text: String) { put("\r\u{1B}[2K" + text.prefix((terminal.width ?? .max) - 1)) }

    /// Clears the line.
    func clear() { put("\r\u{1B}[2K") }

    private func put(_ text: String) {
        if terminal.erasesLines { StandardError.print(text) }
    }
}
