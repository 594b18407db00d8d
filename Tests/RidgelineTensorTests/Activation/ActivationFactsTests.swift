// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

@testable import RidgelineTensor

/// What the table of facts says holds in numbers.
@Suite struct ActivationFactsTests {
    typealias Facts = Activation.Facts

    /// Points apart by a number that hits no break but zero, near and far.
    static let points: [Double] =
        (-9000...9000).map { Double($0) / 1_024 * 1.000_1 } + [-1e4, -700, -100, -20, 20, 100, 700, 1e4]

    @Test func everyFunctionHasOneRow() {
        #expect(Activation.facts.map(\.name) == Activation.family.map(\.baseName))
        #expect(Activation.factsByName.count == Activation.family.count)
        for facts in Activation.facts {
            #expect(!facts.equation.isEmpty && !facts.derivative.isEmpty && !facts.source.isEmpty)
            #expect(facts.breaks.isEmpty == (facts.continuity == .smooth), "\(facts.name)")
        }
        #expect(Activation.leakyReLU(slope: 0.2).facts.name == "leaky-relu")
    }

    @Test(arguments: Activation.family)
    func valuesFillTheStatedRange(of activation: Activation) {
        let range = activation.facts.range
        let values = Self.points.map { activation.value(at: $0) }
        let lowest = values.min() ?? .nan
        let highest = values.max() ?? .nan
        #expect(lowest >= range.lower - 1e-14 && highest <= range.upper + 1e-14, "\(lowest) … \(highest)")
        // The bounds are bounds of the function, not just of the numbers.
        #expect(range.lower.isInfinite ? lowest < -50 : lowest - range.lower < 2e-4, "\(lowest)")
        #expect(range.upper.isInfinite ? highest > 50 : range.upper - highest < 2e-4, "\(highest)")
    }

    /// Across each break the stated derivative jumps; everywhere else nothing does.
    @Test(arguments: Activation.family)
    func continuityIsAsStated(of activation: Activation) {
        let facts = activation.facts
        let order =
            switch facts.continuity {
            case .discontinuous: 0
            case .c0: 1
            case .c1: 2
            case .smooth: Int.max
            }
        for point in facts.breaks {
            for lower in 0..<min(order, 2) {
                let jump = Self.jump(of: activation, order: lower, at: point, step: 1e-9)
                #expect(abs(jump) < 1e-7, "derivative \(lower) of \(activation) jumps by \(jump) at \(point)")
            }
            // Of second derivatives only their difference quotient is at hand.
            let step = order == 2 ? 1e-4 : 1e-9
            let jump = Self.jump(of: activation, order: order, at: point, step: step)
            #expect(abs(jump) > 0.1, "derivative \(order) of \(activation) jumps by \(jump) at \(point)")
        }
        for point in Self.points where abs(point) < 9 {
            guard facts.breaks.allSatisfy({ abs(point - $0) > 1e-3 }) else { continue }
            for lower in 0...1 {
                let jump = Self.jump(of: activation, order: lower, at: point, step: 1e-7)
                #expect(abs(jump) < 1e-5, "derivative \(lower) of \(activation) jumps by \(jump) at \(point)")
            }
        }
    }

    /// The difference of a derivative just right and just left of a point.
    private static func jump(of activation: Activation, order: Int, at x: Double, step: Double) -> Double {
        func derivative(_ x: Double) -> Double {
            switch order {
            case 0: activation.value(at: x)
            // What backward takes for the step's is no derivative of its.
            case 1: activation == .step ? 0 : activation.derivative(at: x)
            default:
                (activation.derivative(at: x + step / 2) - activation.derivative(at: x - step / 2)) / step
            }
        }
        return derivative(x + step) - derivative(x - step)
    }

    /// The doc comment of each function ends with its error bounds.
    @Test func errorsAreDocumented() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/RidgelineTensor/Activation")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let lines = try files.flatMap {
            try String(contentsOf: $0, encoding: .utf8).split(separator: "\n").map(String.init)
        }
        var documented: [String: String] = [:]
        for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("    /// Error: ") {
            let words = next.split { !$0.isLetter && !$0.isNumber }
            documented[words.count > 3 ? words[3].lowercased() : ""] = String(line.dropFirst(15))
        }
        #expect(documented.count == Activation.family.count)
        for facts in Activation.facts {
            let key = facts.name.replacing("-", with: "")
            #expect(documented[key] == "\(facts.largestError).", "\(facts.name)")
            #expect(facts.largestError.value <= 2 && facts.largestError.derivative <= 4)
        }
    }

    @Test func boundsAreWrittenToFourDigits() {
        #expect(Activation.gelu.facts.range.description == "[−0.17, ∞)")
        #expect(Activation.mish.facts.range.description == "[−0.3088, ∞)")
        #expect(Activation.tanh.facts.range.description == "(−1, 1)")
        #expect(Activation.relu6.facts.range.description == "[0, 6]")
    }

    @Test func savedValueIsTheKernels() {
        #expect(Activation.relu.facts.savesOutput && Activation.tanh.facts.savesOutput)
        #expect(!Activation.gelu.facts.savesOutput && !Activation.parametricReLU().facts.savesOutput)
    }
}
