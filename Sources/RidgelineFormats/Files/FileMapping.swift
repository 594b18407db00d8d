// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the elements of a file's tensors come into memory.
public enum FileAccess: Sendable, Hashable {
    /// They are read, and from then on the file does not matter: the default.
    case read
    /// They are mapped and come page by page when they are first used, shared with other processes until they
    /// are written, which changes neither the file nor another tensor.
    ///
    /// Only for files that nobody writes meanwhile: where another process makes the file shorter, the next use of a
    /// lost page kills this process (SIGBUS), and what it writes may show in tensors. Replacing the file by a
    /// rename, as this library's writers do, is harmless. Tensors that need a conversion or a check (`Bool`), or
    /// are not aligned in the file, are read all the same.
    case mapped
}

extension OpenFile {
    /// The bytes of that range as a private, writable mapping of their pages; nil where the file has become
    /// shorter, the range is empty or the system maps no such file.
    func mapping(_ range: Range<Int>) -> Storage? {
        guard !range.isEmpty, currentByteCount >= range.upperBound else { return nil }
        let lead = range.lowerBound % Int(sysconf(Int32(_SC_PAGESIZE)))
        let length = lead + range.count
        let pages = mmap(
            nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, off_t(range.lowerBound - lead))
        guard let pages, pages != MAP_FAILED else { return nil }
        return Storage(foreign: pages + lead, byteCount: range.count) { base in
            munmap(base - lead, length)
        }
    }

    /// The file's size now.
    private var currentByteCount: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }
}
