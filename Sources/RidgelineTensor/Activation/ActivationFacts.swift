// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Activation {
    /// What there is to know about a function, in words and numbers: one row of the table `Activation.facts`.
    ///
    /// Letters stand for the parameters; range, continuity and breaks are those with the usual ones.
    public struct Facts: Sendable {
        /// How a function relates its output to its inputs.
        public enum Group: String, Sendable, CaseIterable {
            /// Each output is a function of one value, the weighted sum of the inputs.
            case ridge
            /// Each output is a function of a distance to a centre.
            case radial
            /// Each output is a function of several values.
            case folding
        }

        /// Functions of one idea.
        public enum Family: String, Sendable, CaseIterable {
            /// Nothing, or little, passes below zero.
            case rectifier
            /// x times a gate that x itself opens.
            case selfGated = "self-gated"
            /// From one level to another.
            case sigmoid
            /// Linear for large x, decaying exponentially for small.
            case exponential
            /// Small values vanish, large ones stay.
            case shrinkage
            /// The straight line and the wave.
            case elementary
        }

        /// How often the function can be differentiated, the last derivative being continuous.
        public enum Continuity: String, Sendable, CaseIterable {
            /// The function jumps.
            case discontinuous
            /// The function is continuous, its derivative jumps.
            case c0 = "C0"
            /// The derivative is continuous too, the second one jumps.
            case c1 = "C1"
            /// There is a derivative of every order.
            case smooth = "C∞"
        }

        /// The values between two bounds, each of which may belong to them.
        public struct Interval: Sendable, Hashable, CustomStringConvertible {
            /// The largest number that no value is below.
            public let lower: Double
            /// The smallest number that no value is above.
            public let upper: Double
            /// Whether the lower bound is a value.
            public let includesLower: Bool
            /// Whether the upper bound is a value.
            public let includesUpper: Bool

            init(_ lower: Double, _ upper: Double, includes: (lower: Bool, upper: Bool)) {
                self.lower = lower
                self.upper = upper
                includesLower = includes.lower
                includesUpper = includes.upper
            }

            /// As `[−0.17, ∞)`, to four digits after the point.
            public var description: String {
                (includesLower ? "[" : "(") + Self.text(lower) + ", " + Self.text(upper)
                    + (includesUpper ? "]" : ")")
            }

            private static func text(_ bound: Double) -> String {
                let magnitude = bound.magnitude
                let digits =
                    magnitude.isInfinite
                    ? "∞"
                    : magnitude.rounded() == magnitude
                        ? "\(Int(magnitude))" : "\((magnitude * 1e4).rounded() / 1e4)"
                return (bound < 0 ? "−" : "") + digits
            }
        }

        /// Errors in units of the last place of the exact result. Half of one is that of correct rounding.
        public struct ErrorBounds: Sendable, Hashable, CustomStringConvertible {
            /// Of the function.
            public let value: Double
            /// Of the derivative, from the saved value as backward computes it. Where the derivative of Swish
            /// and Mish crosses zero, in units of its larger addend.
            public let derivative: Double

            /// As `at most 2 ulp, of the derivative 4`.
            public var description: String {
                "at most \(Self.text(value)) ulp, of the derivative \(Self.text(derivative))"
            }

            private static func text(_ bound: Double) -> String {
                bound == bound.rounded() ? "\(Int(bound))" : "\(bound)"
            }
        }

        /// The name, as `Activation.baseName` gives it.
        public let name: String
        /// How the output relates to the inputs.
        public let group: Group
        /// The idea it shares with others.
        public let family: Family
        /// f(x).
        public let equation: String
        /// f′(x), or what backward takes for it.
        public let derivative: String
        /// The values that f takes.
        public let range: Interval
        /// How smooth f is.
        public let continuity: Continuity
        /// Where f or one of its derivatives jumps.
        public let breaks: [Double]
        /// Who described it, and when.
        public let source: String
        /// What backward reads: the output, else the input.
        public let savesOutput: Bool
        /// How far Float results are from the exact ones at most, with the usual parameters: over all numbers, on
        /// every instruction set. `ridgeline activations --exhaustive` measures it, the tests at a stride.
        public let largestError: ErrorBounds
    }

    /// The facts about every function of `family`, in its order.
    public static let facts: [Facts] = family.map(\.facts)

    /// What there is to know about this function. Range, continuity and breaks are those with the usual
    /// parameters.
    public var facts: Facts {
        guard let facts = Self.factsByName[baseName] else {
            requirementFailed("Activation.facts: no row for \(baseName)")
        }
        return facts
    }

    /// The value at x, in double precision; slopes that are learnt are the first ones, random ones their mean.
    package func value(at x: Double) -> Double { inferenceKernel.kind.value(x, inferenceKernel.parameters) }

    /// What backward takes for the derivative at x, in double precision.
    package func derivative(at x: Double) -> Double {
        inferenceKernel.kind.derivative(x, inferenceKernel.parameters)
    }

    /// The kernel with the parameters of this function in inference, before anything is learnt.
    package var inferenceKernel: (kind: ActivationKind, parameters: ActivationParameters<Double>) {
        switch form {
        case .ridge(let kind, let parameters): (kind, parameters)
        case .parametric(let initial, _): (.leakyReLU, ActivationParameters(initial))
        case .randomized(let lower, let upper): (.leakyReLU, ActivationParameters((lower + upper) / 2))
        }
    }

    /// Whether backward reads the output; else it reads the input.
    package var savesOutput: Bool {
        if case .ridge(let kind, let parameters) = form { kind.savesOutput(parameters) } else { false }
    }
}
