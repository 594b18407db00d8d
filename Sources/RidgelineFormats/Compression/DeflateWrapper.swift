// Part of Ridgeline. Licensed under the Apache License 2.0.

import CZlib
import RidgelineTensor

/// What stands around deflated data: nothing in a zip archive, a header and a checksum in a gzip file. The
/// values are zlib's for the largest window.
enum DeflateWrapper: Int32 {
    case none = -15
    case gzip = 31
}

/// zlib fails where memory is exhausted or its version is another than the header's, and neither comes from
/// what a file contains.
func requireZlib(_ status: Int32, _ function: String) {
    require(status == Z_OK, "zlib's \(function) failed with \(status)")
}

/// The CRC-32 of zip and gzip, continued by more bytes; 0 for none.
func checksum(_ bytes: UnsafeRawBufferPointer, after value: UInt32 = 0) -> UInt32 {
    var value = UInt(value)
    var start = 0
    while start < bytes.count {
        let count = min(bytes.count - start, largestTransfer)
        let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
        value = crc32(value, part.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(count))
        start += count
    }
    return UInt32(truncatingIfNeeded: value)
}
