// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Synchronization

/// What a long command says when it is interrupted (Ctrl-C, or asked to end) before it is through.
///
/// The signal still ends the process, after what is finished was printed; a signal that was ignored when the command was
/// started stays so.
final class Interruption: Sendable {
    private let report: @Sendable () throws -> Void
    /// Whether the command came to its end, and prints everything itself.
    private let isOver = Mutex(false)

    /// Where the handler tells which signal came: nothing else is safe in one.
    private static let bell = Atomic<Int32>(-1)

    /// From now on a signal calls `report`, on a thread of its own, and then ends the process.
    init(_ report: @escaping @Sendable () throws -> Void) {
        self.report = report
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return }
        let (listening, ringing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        Self.bell.store(ringing, ordering: .releasing)
        Thread.detachNewThread { [self] in wait(at: listening) }
        for number in [SIGINT, SIGTERM] {
            let before = signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Interruption.bell.load(ordering: .acquiring), &byte, 1)
            }
            if Self.isIgnoring(before) { signal(number, SIG_IGN) }
        }
    }

    /// The command prints everything itself from now on, and signals end the process as before.
    func end() {
        isOver.withLock { $0 = true }
        for number in [SIGINT, SIGTERM] {
            let before = signal(number, SIG_DFL)
            if Self.isIgnoring(before) { signal(number, SIG_IGN) }
        }
    }

    private func wait(at listening: Int32) {
        var byte: UInt8 = 0
        while read(listening, &byte, 1) < 0 && errno == EINTR {}
        // Held for good: the command does not print while this does.
        isOver.withLock { isOver in
            if !isOver { try? report() }
            signal(Int32(byte), SIG_DFL)
            kill(getpid(), Int32(byte))
            while true { pause() }
        }
    }

    private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        // SIG_IGN, which not every platform's overlay has in the same type.
        unsafeBitCast(handler, to: Int.self) == 1
    }
}
