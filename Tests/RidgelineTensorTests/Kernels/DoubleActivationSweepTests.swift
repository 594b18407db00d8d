// Part of Ridgeline. Licensed under the Apache License 2.0.

#if arch(x86_64)
    import RealModule
    import Testing

    @testable import RidgelineAccuracy
    @testable import RidgelineTensor

    /// Double's errors over special and random numbers, on every instruction set; ten million of these by
    /// `ridgeline activations --exhaustive`.
    @Suite struct DoubleActivationSweepTests {
        /// With usual parameters and others.
        static let functions: [Activation] =
            Activation.family + [
                .leakyReLU(slope: -0.5), .leakyReLU(slope: 0.3), .leakyReLU(slope: 2),
                .elu(alpha: -0.3), .elu(alpha: 0.3), .elu(alpha: 1.7), .celu(alpha: 0.3), .celu(alpha: 2),
                .softplus(beta: 0.3), .softplus(beta: 0.5), .softplus(beta: 2, threshold: 20),
                .swish(beta: 0.3), .swish(beta: 0.5), .swish(beta: 2), .swish(beta: -1.7),
                .hardTanh(lower: -0.25, upper: 2.5), .thresholded(0.5, value: 2), .hardShrink(2),
                .softShrink(0.3), .softShrink(2),
            ]

        @Test(arguments: functions)
        func error(activation: Activation) {
            for errors in DoubleActivationSweep(activation, on: InstructionSet.available).run(random: 50_000)
            {
                #expect(errors.count == SpecialNumbers.doubles.count + 50_000)
                #expect(
                    errors.value.ulps <= 4, "\(errors.set): \(errors.value.ulps) ulp at \(errors.value.x)")
                #expect(
                    errors.derivative.ulps <= 4,
                    "\(errors.set)′: \(errors.derivative.ulps) ulp at \(errors.derivative.x)")
            }
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
