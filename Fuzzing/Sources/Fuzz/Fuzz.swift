// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor

/// The reader that RIDGELINE_FUZZ names, and where its input lies if it needs a file.
private let format: CorpusFormat = {
    let name = ProcessInfo.processInfo.environment["RIDGELINE_FUZZ"] ?? ""
    guard let format = CorpusFormat(rawValue: name) else {
        fatalError("RIDGELINE_FUZZ is '\(name)'; expected one of \(CorpusFormat.allCases.map(\.rawValue))")
    }
    return format
}()

/// In memory, and a folder of its own: an index looks for other files beside it.
private let path: String = {
    guard format.needsFile else { return "x" }
    let folder = "/dev/shm/ridgeline-fuzz-\(getpid())"
    mkdir(folder, 0o700)
    atexit { try? FileManager.default.removeItem(atPath: "/dev/shm/ridgeline-fuzz-\(getpid())") }
    var writer = SafetensorsWriter()
    try? writer.add([1, 2, 3] as Tensor<Float>, named: "a")
    try? writer.write(to: folder + "/s")
    return folder + "/x"
}()

/// libFuzzer's entry: whatever the bytes are, they are read or refused with a `FormatError`.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if format.needsFile {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0, write(descriptor, bytes, count) == count else {
            fatalError("cannot write \(path)")
        }
        close(descriptor)
    }
    do {
        _ = try format.readEverything(bytes, path: path)
    } catch let error as FormatError {
        // The text is made of what the file contains.
        if error.description.isEmpty { fatalError("an error without words") }
    } catch {
        fatalError("another error than a FormatError: \(error)")
    }
    return 0
}
