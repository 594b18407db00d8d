// Part of Ridgeline. Licensed under the Apache License 2.0.

import CZlib

/// Deflates bytes as they come, at zlib's own level, and hands on the result in pieces.
final class Deflater {
    private let state: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer
    private let sink: (UnsafeRawBufferPointer) throws -> Void

    /// `sink` takes the pieces, in their order.
    init(wrapper: DeflateWrapper, sink: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.sink = sink
        output = .allocate(byteCount: 1 << 16, alignment: 16)
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        let status = deflateInit2_(
            state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, wrapper.rawValue, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        requireZlib(status, "deflateInit2")
    }

    deinit {
        deflateEnd(state)
        state.deallocate()
        output.deallocate()
    }

    /// Adds bytes.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var start = 0
        while start < bytes.count {
            let count = min(bytes.count - start, largestTransfer)
            try deflateAll(.init(rebasing: bytes[start..<start + count]), Z_NO_FLUSH)
            start += count
        }
    }

    /// Hands on what is left. Nothing may be added after this.
    func finish() throws { try deflateAll(.init(start: nil, count: 0), Z_FINISH) }

    private func deflateAll(_ bytes: UnsafeRawBufferPointer, _ flush: Int32) throws {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.next_in = UnsafeMutablePointer(mutating: start)
        state.pointee.avail_in = UInt32(bytes.count)
        repeat {
            state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            state.pointee.avail_out = UInt32(output.count)
            // The other statuses say that there was nothing to do, or that the stream is at its end.
            _ = deflate(state, flush)
            try sink(.init(rebasing: output[..<(output.count - Int(state.pointee.avail_out))]))
        } while state.pointee.avail_out == 0
    }
}
