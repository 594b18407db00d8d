// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An activation function of one value, with its parameters, for every layer that takes one.
///
/// The functions are applied, with the bias, to the tile of a matrix product that was just computed; in
/// backward, their derivative and the bias gradient come from one pass. Each is written as text by its
/// `name` and read back by `init(named:)`. What is saved for backward is the output where it decides the
/// derivative, else the value before the bias.
public struct Activation: Sendable, Hashable {
    /// How the function is computed.
    package enum Form: Sendable, Hashable {
        /// By a kernel, with up to two fixed parameters.
        case ridge(ActivationKind, ActivationParameters<Double>)
        /// As leaky ReLU, with slopes that are learnt.
        case parametric(initial: Double, isPerChannel: Bool)
        /// As leaky ReLU, with slopes drawn anew for each element in training.
        case randomized(lower: Double, upper: Double)
    }

    package let form: Form

    package init(_ form: Form) { self.form = form }

    init(_ kind: ActivationKind) { form = .ridge(kind, kind.standardParameters) }

    /// A function with one or two parameters, each of which must be a number; `domain` says what else.
    init(
        _ kind: ActivationKind, _ name: String, _ first: Double, _ second: Double? = nil,
        domain: (Double, Double) -> Bool = { _, _ in true }, expected: String = "numbers"
    ) {
        let other = second ?? 0
        require(
            !first.isNaN && !other.isNaN && domain(first, other),
            "Activation.\(name): \(first)\(second.map { ", \($0)" } ?? ""); expected \(expected)")
        form = .ridge(kind, ActivationParameters(first, other))
    }

    /// f(x) = x, f′(x) = 1. The output layer of a network that predicts quantities.
    /// Error: at most 0 ulp, of the derivative 0.
    public static let identity = Activation(.identity)
    /// The binary step f(x) = 1 for x > 0, else 0 (Heaviside's, with f(0) = 0). Its derivative is 0 wherever
    /// it exists; backward passes the gradient straight through (Bengio, Léonard, Courville, 2013).
    /// Error: at most 0 ulp, of the derivative 0.
    public static let step = Activation(.step)
    /// f(x) = sin x, f′(x) = cos x (SIREN; Sitzmann et al., 2020).
    /// Error: at most 2 ulp, of the derivative 2.5.
    public static let sine = Activation(.sine)
}

extension Activation: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}

extension Activation: Codable {
    /// Reads the name that `encode` wrote, or an alias of it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        try self.init(named: container.decode(String.self))
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
