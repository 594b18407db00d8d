// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A zip archive in which anything may be wrong.
struct ZipBuilder {
    struct Member {
        var name: [UInt8]
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        var checksum: UInt32 = 0
        /// The size that the directory has; that of the data where nil.
        var byteCount: UInt32?
        var storedCount: UInt32?
        /// Where the directory says that the header is.
        var start: UInt32?
        /// The directory's extra field.
        var extra: [UInt8] = []
        var localName: [UInt8]?
        var disk: UInt16 = 0
    }

    var members: [Member]
    var comment: [UInt8] = []
    /// The directory's place, length and count where they are not the true ones.
    var directoryStart: UInt32?
    var directoryCount: UInt32?
    var memberCount: UInt16?
    var disk: UInt32 = 0
    /// What stands between the directory and the end.
    var beforeEnd: [UInt8] = []

    /// One member that is no array, which is never expanded.
    init(_ members: Member...) { self.members = members }

    func bytes() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let start = UInt32(file.count)
            let (stored, expanded) = (
                member.storedCount ?? UInt32(member.data.count), member.byteCount ?? UInt32(member.data.count)
            )
            let common =
                little(member.flags) + little(member.method) + [0, 0, 0x21, 0] + little(member.checksum)
                + little(stored) + little(expanded)
            let localName = member.localName ?? member.name
            file +=
                little(UInt32(0x0403_4B50)) + [20, 0] + common + little(UInt16(localName.count)) + [0, 0]
                + localName + member.data
            directory += little(UInt32(0x0201_4B50)) + [20, 0, 20, 0] + common
            directory += little(UInt16(member.name.count)) + little(UInt16(member.extra.count)) + [0, 0]
            directory += little(member.disk) + [0, 0, 0, 0, 0, 0] + little(member.start ?? start)
            directory += member.name + member.extra
        }
        let count = memberCount ?? UInt16(members.count)
        let start = directoryStart ?? UInt32(file.count)
        return file + directory + beforeEnd + little(UInt32(0x0605_4B50)) + little(disk) + little(count)
            + little(count) + little(directoryCount ?? UInt32(directory.count)) + little(start)
            + little(UInt16(comment.count)) + comment
    }
}

/// The integer's bytes, lowest first.
func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
