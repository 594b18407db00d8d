// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import Testing

/// What the fuzzer started from and what it found interesting, read once more.
@Suite struct CorpusTests {
    @Test(arguments: CorpusFormat.allCases)
    func replay(_ format: CorpusFormat) throws {
        let folder = fixture("../../Fuzzing/Corpus/\(format.rawValue)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names.count >= 4)
        var (tensors, refusals) = (0, 0)
        for name in names {
            do {
                let path = folder + "/" + name
                tensors += try format.readEverything(try bytes(of: path), path: path)
            } catch is FormatError {
                refusals += 1
            }
        }
        // Both ways out are in the corpus.
        #expect(tensors > 0 && refusals > 0)
    }
}
