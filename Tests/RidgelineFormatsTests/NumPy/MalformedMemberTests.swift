// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Sound archives whose members are broken or hostile.
@Suite struct MalformedMemberTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The compressed bytes and the checksum of one array, as the writer makes them, and the array's size.
    private func member(_ tensor: Tensor<Float>, compressed: Bool = true) throws -> ZipBuilder.Member {
        var writer = NumPyArchiveWriter()
        try writer.add(tensor, named: "x")
        try writer.write(to: folder.file("x.npz"), compressed: compressed)
        let archive = try bytes(of: folder.file("x.npz"))
        func number(_ start: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(archive[start + $1]) << (8 * $1) }
        }
        // The header's thirty bytes, the name, and twenty bytes with the sizes.
        let start = 30 + 5 + 20
        let (expanded, stored) = (number(39), number(47))
        return ZipBuilder.Member(
            name: Array("x.npy".utf8), data: Array(archive[start..<start + Int(stored)]),
            method: compressed ? 8 : 0, checksum: number(14), byteCount: expanded)
    }

    private func read(_ member: ZipBuilder.Member) throws -> Tensor<Float> {
        try NumPyArchive(bytes: ZipBuilder(member).bytes(), path: "a").tensor("x")
    }

    @Test(arguments: [true, false])
    func soundAndWrongChecksum(compressed: Bool) throws {
        let tensor = pattern([50, 3], as: Float.self)
        var member = try member(tensor, compressed: compressed)
        #expect(rawBytes(try read(member)) == rawBytes(tensor))
        let truth = member.checksum
        member.checksum ^= 0x100
        #expect(
            throws: FormatError.wrongChecksum(path: "a[\"x.npy\"]", expected: truth ^ 0x100, found: truth)
        ) { try read(member) }
    }

    /// A bomb: a kilobyte that expands to a megabyte of zeros while the header speaks of four bytes; or the
    /// other way round.
    @Test func arrayThatIsNotWhatItExpandsTo() throws {
        var bomb = try member(.zeros([250_000]))
        #expect(bomb.data.count < 2000)
        #expect(try read(bomb) == .zeros([250_000]))
        bomb.byteCount = 132
        // The header in it asks for more than the directory grants.
        let truncated = FormatError.truncated(path: "a[\"x.npy\"]", expected: 1_000_128, found: 132)
        #expect(throws: truncated) { try read(bomb) }
        bomb.byteCount = 1_000_129
        let trailing = FormatError.trailingData(path: "a[\"x.npy\"]", expected: 1_000_128, found: 1_000_129)
        #expect(throws: trailing) { try read(bomb) }
    }

    @Test func dataThatGoesOnOrStops() throws {
        let sound = try member(pattern([50], as: Float.self), compressed: true)
        var cut = sound
        cut.data.removeLast(20)
        let error = #expect(throws: FormatError.self) { try read(cut) }
        guard case .corruptCompression("a[\"x.npy\"]", _, "ends in the middle") = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        var followed = sound
        followed.data += [0, 0]
        let two = FormatError.corruptCompression(
            path: "a[\"x.npy\"]", position: 328, reason: "is followed by 2 bytes")
        #expect(throws: two) { try read(followed) }
        var broken = sound
        broken.data[0] = 0xFF
        let block = FormatError.corruptCompression(
            path: "a[\"x.npy\"]", position: 0, reason: "invalid block type")
        #expect(throws: block) { try read(broken) }
    }

    /// The stream has more bytes than the directory and the array's header agree on.
    @Test func streamLongerThanItsArray() throws {
        var one = try member(.zeros([2]), compressed: false)
        let array = one.data
        one.data = [0, 140, 0, 115, 255] + array + [9, 9, 9, 9] + [1, 0, 0, 255, 255]
        (one.method, one.byteCount) = (8, 136)
        let error = FormatError.corruptCompression(
            path: "a[\"x.npy\"]", position: 136, reason: "goes on after the 136 bytes that were expected")
        #expect(throws: error) { try read(one) }
        // And fewer.
        one.data = [1, 136, 0, 119, 255] + array
        #expect(throws: Never.self) { try NumPyArchive(bytes: ZipBuilder(one).bytes()) }
        one.data = [0, 130, 0, 125, 255] + array[..<130] + [1, 0, 0, 255, 255]
        #expect(throws: FormatError.truncated(path: "a[\"x.npy\"]", expected: 136, found: 130)) {
            try read(one)
        }
    }

    /// Any single changed byte of an archive is read or refused with a typed error, and never traps; where
    /// it is read, the checksum has seen to it that the array is the same.
    @Test func everyChangedByte() throws {
        let whole = try bytes(of: fixture("numpy/streamed.npz"))
        let expected = pattern([300], as: Float.self)
        var refusals = 0
        for position in 0..<whole.count {
            for change: UInt8 in [1, 0x10, 0x80] {
                var bytes = whole
                bytes[position] ^= change
                do {
                    let archive = try NumPyArchive(bytes: bytes)
                    guard archive.names.contains("deflated") else { continue }
                    let tensor = try archive.tensor("deflated", as: Float.self)
                    #expect(rawBytes(tensor) == rawBytes(expected), "byte \(position)")
                } catch is FormatError {
                    refusals += 1
                }
            }
        }
        #expect(refusals > 3000)
    }
}
