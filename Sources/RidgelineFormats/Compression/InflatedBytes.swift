// Part of Ridgeline. Licensed under the Apache License 2.0.

import CZlib

/// What a deflated part of a source expands to, by RFC 1951 as it is or in the wrapper of RFC 1952.
///
/// It takes 64 KiB for its input and what zlib needs for its window, whatever the part expands to.
final class InflatedBytes: ByteStream {
    let path: String
    let extent: ByteExtent
    private(set) var position = 0
    private let source: any ByteFile
    private let wrapper: DeflateWrapper
    /// What has not been handed to zlib.
    private var rest: Range<Int>
    private var isFinished = false
    private let input: UnsafeMutableRawBufferPointer
    /// zlib remembers the address, so that it may not move.
    private let state: UnsafeMutablePointer<z_stream>

    /// Two bits of deflate stand for at most 258 bytes.
    static let largestExpansion = 1032

    init(_ source: any ByteFile, _ range: Range<Int>, wrapper: DeflateWrapper, path: String? = nil) {
        self.source = source
        self.wrapper = wrapper
        self.path = path ?? source.path
        rest = range
        let (limit, overflow) = range.count.multipliedReportingOverflow(by: Self.largestExpansion)
        extent = .atMost(overflow ? Int.max : limit)
        input = .allocate(byteCount: min(max(range.count, 1), 1 << 16), alignment: 16)
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        let status = inflateInit2_(state, wrapper.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        requireZlib(status, "inflateInit2")
    }

    deinit {
        inflateEnd(state)
        state.deallocate()
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = min(buffer.count, largestTransfer)
        guard wanted > 0 else { return 0 }
        state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(wanted)
        defer { state.pointee.next_out = nil }
        while state.pointee.avail_out > 0 && !isFinished {
            try refill()
            switch inflate(state, Z_NO_FLUSH) {
            case Z_OK: continue
            case Z_STREAM_END: finishMember()
            case Z_MEM_ERROR: requireZlib(Z_MEM_ERROR, "inflate")
            case let status:
                position += wanted - Int(state.pointee.avail_out)
                if status == Z_BUF_ERROR { throw corrupt("ends in the middle") }
                throw corrupt(state.pointee.msg.map { String(cString: $0) } ?? "not deflate's")
            }
        }
        let count = wanted - Int(state.pointee.avail_out)
        position += count
        return count
    }

    func finish() throws {
        var extra: UInt8 = 0
        if try withUnsafeMutableBytes(of: &extra, { try read(into: $0) }) > 0 {
            position -= 1
            throw corrupt("goes on after the \(position) bytes that were expected")
        }
        let unused = Int(state.pointee.avail_in) + rest.count
        if unused > 0 { throw corrupt("is followed by \(unused) bytes") }
    }

    private func refill() throws {
        guard state.pointee.avail_in == 0, !rest.isEmpty else { return }
        let count = min(rest.count, input.count)
        try source.read(into: .init(rebasing: input[..<count]), at: rest.lowerBound)
        rest = rest.lowerBound + count..<rest.upperBound
        state.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_in = UInt32(count)
    }

    /// A gzip file may be several, one after another.
    private func finishMember() {
        isFinished = wrapper == .none || state.pointee.avail_in == 0 && rest.isEmpty
        if !isFinished { requireZlib(inflateReset(state), "inflateReset") }
    }

    private func corrupt(_ reason: String) -> FormatError {
        .corruptCompression(path: path, position: position, reason: reason)
    }
}
