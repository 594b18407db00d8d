// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// Gated, folding and radial functions in `activation_families.safetensors`, values and gradients, against
/// PyTorch's.
struct ActivationFamilyTests {
    private static let names: [String] = {
        guard let fixture = try? Fixture("activation_families") else { return [] }
        return fixture.groups(endingIn: "output")
    }()

    private static func operation<Scalar: FloatingScalar>(
        _ name: String, _: Scalar.Type
    ) -> (([Tensor<Scalar>]) -> Tensor<Scalar>)? {
        let parts = name.split(separator: ".").map(String.init)
        let detail = parts.last ?? ""
        switch parts[0] {
        case "glu" where parts.count == 2: return { gatedLinearUnit($0[0], axis: 1) }
        case "softmax": return { softmax($0[0], axis: Int(detail)!) }
        case "softmin": return { softmin($0[0], axis: Int(detail)!) }
        case "logsoftmax": return { logSoftmax($0[0], axis: Int(detail)!) }
        case "fold":
            guard let fold = Fold(named: detail) else { return nil }
            return { $0[0].folded(fold, groupsOf: 3) }
        case "radial":
            guard let function = RadialFunction(named: detail), function.name == detail else { return nil }
            return {
                radialBasis(
                    $0[0], centres: $0[1], widths: function.hasWidth ? $0[2] : nil, function: function)
            }
        default:
            guard let gate = Gate(named: name) else { return nil }
            return { gatedLinearUnit($0[0], gate: gate) }
        }
    }

    @Test func fixtureIsWhole() { #expect(Self.names.count == 27) }

    @Test(arguments: names) func double(_ name: String) throws {
        try compare(name, in: Double.self, tolerance: name.hasPrefix("radial") ? 4e-14 : 1e-14)
    }

    @Test(arguments: names) func float(_ name: String) throws {
        try compare(name, in: Float.self, tolerance: name.hasPrefix("radial") ? 1e-5 : 2.5e-6)
    }

    private func compare<Scalar: FloatingScalar>(
        _ name: String, in type: Scalar.Type, tolerance: Double
    ) throws {
        let fixture = try Fixture("activation_families")
        let operation = try #require(Self.operation(name, type))
        let count = fixture.keys.filter { $0.hasPrefix(name + "/input.") }.count
        #expect(count > 0)
        let inputs = try (0..<count).map { try fixture.converted("\(name)/input.\($0)", to: type) }
        let output = try fixture.converted("\(name)/output", to: type)
        expectClose(operation(inputs), output, within: tolerance, "\(name), unrecorded")
        let (value, pullback) = valueWithPullback(at: inputs, operation)
        expectClose(value, output, within: tolerance, name)
        let gradients = pullback(try fixture.converted("\(name)/upstream", to: type))
        for index in 0..<count {
            let expected = try fixture.converted("\(name)/gradient.\(index)", to: type)
            expectClose(gradients[index], expected, within: tolerance, "\(name), gradient \(index)")
        }
    }
}
