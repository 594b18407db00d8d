// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Values and gradients of every operation in `operations.safetensors`, against PyTorch's.
struct OperationTests {
    private static let names: [String] = {
        guard let fixture = try? Fixture("operations") else { return [] }
        return fixture.groups(endingIn: "output")
    }()

    @Test func everyStoredOperationIsCompared() throws {
        #expect(
            try Set(Fixture("operations").groups(endingIn: "output")) == Set(operationTable(Double.self).keys)
        )
        #expect(Self.names.count >= 50)
    }

    /// Softmax's gradient is a difference of nearly equal terms: a few places are lost where it is small.
    private static func tolerance(_ name: String, _ base: Double) -> Double {
        name == "softmax" ? 4 * base : base
    }

    @Test(arguments: names) func double(_ name: String) throws {
        try compare(name, in: Double.self, tolerance: Self.tolerance(name, 2e-15))
    }

    /// The inputs are exact in single precision, so PyTorch's double results are what to come near.
    @Test(arguments: names) func float(_ name: String) throws {
        try compare(name, in: Float.self, tolerance: Self.tolerance(name, 6e-7))
    }

    private func compare<Scalar: FloatingScalar>(
        _ name: String, in type: Scalar.Type, tolerance: Double
    ) throws {
        let fixture = try Fixture("operations")
        let operation = try #require(operationTable(type)[name])
        let count = fixture.keys.filter { $0.hasPrefix(name + "/input.") }.count
        let inputs = try (0..<count).map { try fixture.converted("\(name)/input.\($0)", to: type) }
        let output = try fixture.converted("\(name)/output", to: type)

        expectClose(operation(inputs), output, within: tolerance, "\(name), unrecorded")
        let (value, pullback) = valueWithPullback(at: inputs, operation)
        expectClose(value, output, within: tolerance, name)
        let gradients = pullback(try fixture.converted("\(name)/upstream", to: type))
        var compared = 0
        for index in 0..<count where fixture.keys.contains("\(name)/gradient.\(index)") {
            let expected = try fixture.converted("\(name)/gradient.\(index)", to: type)
            expectClose(gradients[index], expected, within: tolerance, "\(name), gradient \(index)")
            compared += 1
        }
        #expect(compared > 0)
    }
}
