// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

@testable import RidgelineTensor

/// Double's kernels against mpmath, on the sample in Tests/Fixtures/activations.txt.
@Suite struct ActivationFixtureTests {
    struct Sample {
        let kind: ActivationKind
        let parameters: ActivationParameters<Double>
        let x, value, saved, derivative, addend: Double
    }

    static let samples: [Sample] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/activations.txt")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        let kinds = Dictionary(
            uniqueKeysWithValues: ActivationKind.allCases.map { (String(describing: $0), $0) })
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            let numbers = words.dropFirst(3).compactMap { UInt64($0, radix: 16) }
                .map(Double.init(bitPattern:))
            guard let kind = kinds[words[0]], let first = Double(words[1]), let second = Double(words[2]),
                numbers.count == 5
            else { return nil }
            return Sample(
                kind: kind, parameters: ActivationParameters(first, second), x: numbers[0],
                value: numbers[1], saved: numbers[2], derivative: numbers[3], addend: numbers[4])
        }
    }()

    @Test func coversEveryFunction() {
        // The step is tested by its few values.
        #expect(Set(Self.samples.map(\.kind)) == Set(ActivationKind.allCases).subtracting([.step]))
        #expect(Self.samples.count > 1000)
    }

    /// At most 4 ulp, half of one being that of the fixture's own rounding; a derivative that crosses zero in units
    /// of its larger addend.
    @Test(arguments: InstructionSet.available)
    func doubleError(set: InstructionSet) {
        let table = KernelTable<Double>.table(for: set)
        for sample in Self.samples {
            let (x, y, slope, saved) = (
                GuardedBuffer([sample.x]), GuardedBuffer([0.0]), GuardedBuffer([1.0]),
                GuardedBuffer([sample.saved])
            )
            table.biasActivation(
                kind: sample.kind, parameters: sample.parameters, z: x.readOnly, zStride: 1, bias: nil,
                y: y.start, yStride: 1, rows: 1, columns: 1)
            table.biasActivationBackward(
                kind: sample.kind, parameters: sample.parameters, saved: saved.readOnly, savedStride: 1,
                bias: nil, dy: slope.readOnly, dyStride: 1, dz: slope.start, dzStride: 1, rows: 1,
                columns: 1)
            let errors = (
                ulps(y.values[0], sample.value),
                (slope.values[0] - sample.derivative).magnitude / sample.addend.ulp
            )
            #expect(errors.0 <= 3.5, "\(sample.kind) \(sample.parameters) at \(sample.x): \(y.values[0])")
            #expect(
                errors.1 <= 3.5, "\(sample.kind)' \(sample.parameters) at \(sample.x): \(slope.values[0])")
        }
    }
}
