// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Every recorded operation against finite differences in double precision, and its float twin against it.
@Suite struct GradientRegistryTests {
    @Test func everyOperationHasChecks() {
        let registry = gradientRegistry(Double.self)
        for operation in DifferentiableOperation.allCases {
            let cases = registry[operation] ?? []
            #expect(!cases.isEmpty, "\(operation) has no gradient check")
            // Among them one on elements that do not lie in a row, and one on nothing.
            #expect(cases.contains { $0.arrangements.contains(.transposed) }, "\(operation)")
            let zeroSized = cases.contains { one in one.inputs(.contiguous).contains { $0.elementCount == 0 }
            }
            let producesNothing = cases.contains { one in
                one.function(one.inputs(.contiguous)).elementCount == 0
            }
            #expect(zeroSized || producesNothing, "\(operation) has no zero-sized check")
        }
    }

    @Test(arguments: DifferentiableOperation.allCases)
    func agreesWithFiniteDifferences(operation: DifferentiableOperation) throws {
        for one in gradientRegistry(Double.self)[operation] ?? [] {
            for arrangement in one.arrangements {
                do {
                    try checkGradients(at: one.inputs(arrangement), tolerance: 1e-7, of: one.function)
                } catch {
                    Issue.record("\(one.name), \(arrangement): \(error)")
                }
            }
        }
    }

    /// Each check records the very operation that it is filed under, so that none passes for another's.
    @Test(arguments: DifferentiableOperation.allCases)
    func checksRecordTheirOperation(operation: DifferentiableOperation) {
        for one in gradientRegistry(Double.self)[operation] ?? [] {
            #expect(one.recorded().contains(operation), "\(one.name) is filed under \(operation)")
        }
    }

    /// The functions of one value are told apart, and what is recorded is what ran.
    @Test func recordedOperationsAreTheirOwn() {
        let registry = gradientRegistry(Double.self)
        let functions = UnaryKind.allCases.map(\.operation)
        #expect(Set(functions).count == UnaryKind.allCases.count)
        for kind in UnaryKind.allCases {
            #expect("\(kind)" == kind.operation.rawValue)
            for one in registry[kind.operation] ?? [] {
                #expect(one.recorded() == [kind.operation], "\(one.name)")
            }
        }
        let sum = GradientCase<Double>(name: "sum", shapes: [[3]]) { ($0[0] + 1).squared().sum() }
        #expect(sum.recorded() == [.add, .square, .sum])
    }

    /// Values and gradients have their inputs' shapes, and float gradients come close to the double ones.
    @Test(arguments: DifferentiableOperation.allCases)
    func floatAgreesWithDouble(operation: DifferentiableOperation) throws {
        let (singles, doubles) = (
            gradientRegistry(Float.self)[operation], gradientRegistry(Double.self)[operation]
        )
        for (single, double) in zip(try #require(singles), try #require(doubles)) {
            for arrangement in double.arrangements {
                let inputs = double.inputs(arrangement)
                // In training, slopes that are drawn would differ.
                let (x, pullX) = withMode(.inference) {
                    valueWithPullback(at: single.inputs(arrangement), single.function)
                }
                let (y, pullY) = withMode(.inference) { valueWithPullback(at: inputs, double.function) }
                let name = "\(double.name), \(arrangement)"
                expectClose(x, y.shape, y.scalars, tolerance: 1e-4, name)
                let upstream: Tensor<Double> = sample(y.shape, seed: 9)
                let (dx, dy) = (pullX(Tensor<Float>(upstream)), pullY(upstream))
                #expect(dx.count == dy.count)
                for (index, input) in inputs.enumerated() {
                    #expect(dy[index].shape == input.shape, "\(name)")
                    expectClose(dx[index], input.shape, dy[index].scalars, tolerance: 1e-3, name)
                }
                // A pullback is reusable: nothing it saved was given up or written over.
                for (again, first) in zip(pullX(Tensor<Float>(upstream)), dx) {
                    expect(again, first.shape, first.scalars, name)
                }
            }
        }
    }
}
