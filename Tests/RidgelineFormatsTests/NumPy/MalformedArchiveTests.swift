// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import RidgelineTensor
import Testing

/// Archives that are broken or hostile.
@Suite struct MalformedArchiveTests {
    private typealias Member = ZipBuilder.Member
    private let text = Member(name: Array("a.txt".utf8), data: [1, 2, 3])
    /// The bytes of a member's header with the name of `text`.
    private let headerCount = 35

    private func expect(
        _ error: FormatError, _ zip: ZipBuilder, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: sourceLocation) {
            try NumPyArchive(bytes: zip.bytes(), path: "x")
        }
    }

    private func malformed(_ position: Int, _ reason: String) -> FormatError {
        .malformedHeader(path: "x", position: position, reason: reason)
    }

    /// What the builder makes is right as long as nothing is changed.
    @Test func soundArchive() throws {
        var zip = ZipBuilder(text)
        zip.comment = Array(repeating: 7, count: 65_535)
        #expect(try NumPyArchive(bytes: zip.bytes()).names == [])
    }

    @Test func noEnd() throws {
        #expect(throws: FormatError.truncated(path: "x", expected: 22, found: 21)) {
            try NumPyArchive(bytes: Array(repeating: 0, count: 21), path: "x")
        }
        #expect(throws: malformed(100, "no zip directory ends here")) {
            try NumPyArchive(bytes: Array(repeating: 0, count: 100), path: "x")
        }
        let whole = try bytes(of: fixture("numpy/streamed.npz"))
        for count in 0..<whole.count {
            let cut = Array(whole[..<count])
            #expect(throws: FormatError.self, "\(count)") { try NumPyArchive(bytes: cut, path: "x") }
        }
        #expect(throws: malformed(whole.count + 1, "no zip directory ends here")) {
            try NumPyArchive(bytes: whole + [0], path: "x")
        }
    }

    @Test func directoryInTheWrongPlace() {
        let end = headerCount + 3 + 51
        for (start, count): (UInt32?, UInt32?) in [(39, nil), (37, nil), (nil, 50), (nil, 52), (200, 0)] {
            var zip = ZipBuilder(text)
            (zip.directoryStart, zip.directoryCount) = (start, count)
            let reason = "a directory of \(count ?? 51) bytes at \(start ?? 38), which does not end here"
            expect(malformed(end, reason), zip)
        }
        var many = ZipBuilder(text)
        many.memberCount = 2
        expect(malformed(end, "a directory of 51 bytes for 2 members, which need more"), many)
        many.memberCount = 0
        expect(malformed(38, "expected the end of the directory"), many)
        var disks = ZipBuilder(text)
        disks.disk = 1
        expect(malformed(end + 20, "an archive on several disks"), disks)
        var bytes = ZipBuilder(text).bytes()
        bytes[38] = 0
        #expect(throws: malformed(38, "expected an entry of the directory")) {
            try NumPyArchive(bytes: bytes, path: "x")
        }
    }

    @Test func entriesThatAreWrong() {
        var zip = ZipBuilder(text)
        zip.members[0].disk = 3
        expect(malformed(38, "a member on another disk"), zip)
        zip = ZipBuilder(text)
        zip.members[0].name = [0xFF]
        expect(malformed(34 + 46, "a name that is not UTF-8"), zip)
        zip = ZipBuilder(text)
        zip.members[0].extra = [1, 0, 9, 0]
        expect(malformed(38 + 55, "an extra field that is cut off"), zip)
        for start: UInt32 in [36, 1000] {
            zip = ZipBuilder(text)
            zip.members[0].start = start
            expect(malformed(38, "a member that reaches into the directory"), zip)
        }
        zip.members[0].start = 1
        expect(malformed(1, "no header of a member, which the directory has here"), zip)
        zip = ZipBuilder(text)
        zip.members[0].localName = Array("b.txt".utf8)
        expect(malformed(0, "a header that says otherwise than the directory"), zip)
        zip = ZipBuilder(text)
        zip.members[0].start = .max
        expect(malformed(38, "a member without its 64-bit numbers"), zip)
        zip.members[0].extra = [1, 0, 8, 0] + little(UInt64.max)
        expect(malformed(38, "a member that reaches into the directory"), zip)
        zip.members[0].extra = [2, 0, 1, 0, 9, 1, 0, 8, 0] + little(UInt64(0)) + [0]
        #expect(throws: Never.self) { try NumPyArchive(bytes: zip.bytes()) }
    }

    @Test func encryptedOrUnknown() {
        var zip = ZipBuilder(text)
        zip.members[0].flags = 1
        expect(.encryptedMember(path: "x", member: "a.txt"), zip)
        zip.members[0].flags = 0
        for method: UInt16 in [1, 12, 14, 93] {
            zip.members[0].method = method
            expect(.unsupportedCompression(path: "x", member: "a.txt", method: Int(method)), zip)
        }
    }

    @Test func duplicateNames() {
        expect(.duplicateName(path: "x", name: "a.txt"), ZipBuilder(text, text))
    }

    /// One stretch of bytes for many members, or one member within another.
    @Test func overlappingMembers() {
        var zip = ZipBuilder(text, text)
        zip.members[0].name = Array("b.txt".utf8)
        zip.members[0].localName = text.name
        zip.members[1].start = 0
        // The first member's own header names the second: that is found first, and is enough.
        expect(malformed(0, "a header that says otherwise than the directory"), zip)
        let inner = ZipBuilder(text).bytes().prefix(38)
        var outer = ZipBuilder(Member(name: Array("b.txt".utf8), data: Array(inner)), text)
        outer.members[1].start = UInt32(headerCount)
        expect(.overlappingMembers(path: "x", first: "b.txt", second: "a.txt"), outer)
    }

    @Test func sizesThatCannotBe() {
        func impossible(_ expanded: UInt64) -> FormatError {
            .impossibleExpansion(path: "x", member: "a.txt", stored: 3, expanded: expanded)
        }
        for (method, count): (UInt16, UInt32) in [(0, 4), (0, 2), (8, 3 * 1032 + 1), (8, 0xFFFF_FFFE)] {
            var zip = ZipBuilder(text)
            zip.members[0].method = method
            zip.members[0].byteCount = count
            expect(impossible(UInt64(count)), zip)
        }
        var wide = ZipBuilder(text)
        wide.members[0].method = 8
        wide.members[0].byteCount = .max
        wide.members[0].extra = [1, 0, 8, 0] + little(UInt64.max)
        expect(impossible(.max), wide)
    }

    @Test func wideEnd() {
        func locator(_ offset: UInt64, disk: UInt32 = 0) -> [UInt8] {
            little(UInt32(0x0706_4B50)) + little(disk) + little(offset) + little(UInt32(1))
        }
        func zip(_ beforeEnd: [UInt8]) -> ZipBuilder {
            var zip = ZipBuilder(text)
            zip.memberCount = .max
            zip.beforeEnd = beforeEnd
            return zip
        }
        let end = UInt64(headerCount + 3 + 51)
        let record =
            little(UInt32(0x0606_4B50)) + little(UInt64(44)) + [45, 0, 45, 0] + little(UInt64(0))
            + little(UInt64(1)) + little(UInt64(1)) + little(UInt64(51)) + little(end - 51)
        #expect(throws: Never.self) { try NumPyArchive(bytes: zip(record + locator(end)).bytes()) }
        for offset in [end + 1, 5000, UInt64.max] {
            expect(
                malformed(Int(end) + 76, "a directory's end at \(offset), which is not before here"),
                zip(record + locator(offset)))
        }
        expect(
            malformed(Int(end) - 1, "no end of a zip directory, which is expected here"),
            zip(record + locator(end - 1)))
        expect(
            malformed(Int(end) + 76, "an archive on several disks"), zip(record + locator(end, disk: 1)))
        var huge = record
        huge.replaceSubrange(24..<40, with: little(UInt64.max) + little(UInt64.max))
        expect(
            malformed(Int(end), "a directory of 51 bytes for \(UInt64.max) members, which need more"),
            zip(huge + locator(end)))
        // Without the record the sixteen bits count.
        expect(
            malformed(Int(end), "a directory of 51 bytes for 65535 members, which need more"), zip([]))
    }
}
