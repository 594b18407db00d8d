// Part of Ridgeline. Licensed under the Apache License 2.0.

#if arch(x86_64)
    import RealModule
    import Testing

    @testable import RidgelineTensor

    /// Double's errors over special and random numbers, on every instruction set; ten million of these by
    /// `ridgeline activations --exhaustive`.
    @Suite struct DoubleActivationSweepTests {
        /// With usual parameters and others.
        static let functions: [Activation] =
            Activation.family + [
                .leakyReLU(slope: -0.5), .elu(alpha: -0.3), .elu(alpha: 1.7), .celu(alpha: 0.3),
                .softplus(beta: 0.3), .softplus(beta: 2, threshold: 20), .swish(beta: 0.3),
                .swish(beta: -1.7),
                .hardTanh(lower: -0.25, upper: 2.5), .thresholded(0.5, value: 2),
            ]

        @Test(arguments: functions)
        func error(activation: Activation) {
            for errors in DoubleActivationSweep(activation, on: InstructionSet.available).run(random: 50_000)
            {
                #expect(errors.count == SpecialNumbers.doubles.count + 50_000)
                withKnownIssue("farther off than 4 ulp", isIntermittent: true) {
                    #expect(
                        errors.value.ulps <= 4, "\(errors.set): \(errors.value.ulps) ulp at \(errors.value.x)"
                    )
                    #expect(
                        errors.derivative.ulps <= 4,
                        "\(errors.set)′: \(errors.derivative.ulps) ulp at \(errors.derivative.x)")
                } when: {
                    Self.isKnown(activation, errors.set)
                }
            }
        }

        /// What is known to err more: mish's derivative (6 ulp); Swish at -5e-324, whose zero has no sign; and in plain
        /// Swift, GELU and its approximation where they are subnormal, and derivatives of the self-gated (6 ulp).
        static func isKnown(_ activation: Activation, _ set: InstructionSet) -> Bool {
            let names = ["mish", "silu", "gelu-sigmoid"]
            return names.contains(activation.baseName)
                || set == .swift && ["gelu", "gelu-tanh", "tanh-shrink"].contains(activation.baseName)
        }

        /// Errors are found where they are: tanh is not the sigmoid, and a rounded result errs by up to a half.
        @Test func findsAnError() {
            let ulp = Double.ulpOfOne
            func error(_ value: Double, _ exact: Float80) -> Double {
                DoubleActivationSweep.error(value, exact, exact)
            }
            #expect(error(1 + 3 * ulp, 1) == 3)
            #expect(error(1, 1 + Float80(ulp) / 4) == 0.25)
            #expect(error(.leastNonzeroMagnitude, 0) == 1)
            #expect(error(0, 0x1p-1075) == 0.5)
            #expect(error(.infinity, 0x1p1024) == 0 && error(.nan, .nan) == 0)
            #expect(error(.nan, 1) == .infinity && error(1, .nan) == .infinity)
            #expect(error(-.infinity, 0x1p1024) == .infinity)
            for errors in DoubleActivationSweep(.gelu, on: InstructionSet.available).run(random: 10_000) {
                #expect(errors.value.ulps > 0.4 && errors.derivative.ulps > 0.4)
            }
        }
    }
#endif
