// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Why a text names no activation.
public enum ActivationNameError: DescribedError, Hashable {
    /// There is no function of that name.
    case unknown(String)
    /// The function takes other parameters than those in brackets.
    case parameters(String, expected: String)

    /// What is wrong, and what there is.
    public var description: String {
        switch self {
        case .unknown(let name):
            "there is no activation '\(name)'; known are "
                + Activation.family.map(\.baseName).joined(separator: ", ")
        case .parameters(let text, let expected): "'\(text)': expected \(expected)"
        }
    }
}

extension Activation {
    /// Every function, with its usual parameters.
    public static let family: [Activation] = [
        .identity, .step, .relu, .relu6, .leakyReLU, .parametricReLU(), .randomizedLeakyReLU, .squaredReLU,
        .thresholded(0), .elu, .celu, .selu, .softplus, .logSigmoid, .gelu, .geluTanh, .geluSigmoid, .silu,
        .mish, .sigmoid, .tanh, .softsign, .hardSigmoid, .hardTanh, .hardSwish, .hardShrink, .softShrink,
        .tanhShrink, .sine,
    ]

    /// The name without parameters, as `leaky-relu`.
    public var baseName: String {
        switch form {
        case .ridge(let kind, _): kind.name
        case .parametric: "parametric-relu"
        case .randomized: "randomized-leaky-relu"
        }
    }

    /// The parameters in brackets, where they are not the usual ones.
    private var parameters: [Double] {
        switch form {
        case .ridge(let kind, let parameters):
            switch kind.parameterCount {
            case 1: [parameters.first]
            case 2: [parameters.first, parameters.second]
            default: []
            }
        case .parametric(let initial, let isPerChannel): isPerChannel ? [initial, 1] : [initial]
        case .randomized(let lower, let upper): [lower, upper]
        }
    }

    /// The name with its parameters where they are not the usual ones: `gelu`, `leaky-relu(0.2)`,
    /// `hard-tanh(-2.0, 2.0)`, `parametric-relu(0.25, 1.0)` for one slope a channel.
    public var name: String {
        if Self.family.contains(self) { return baseName }
        return baseName + "(" + parameters.map { "\($0)" }.joined(separator: ", ") + ")"
    }

    /// The function of that name: as `name` writes it, in any case of letters and with or without hyphens and
    /// underscores, or PyTorch's and Hugging Face's name for it (`LeakyReLU`, `prelu`, `gelu_pytorch_tanh`,
    /// `quick_gelu`, `swish`).
    ///
    /// - Throws: `ActivationNameError` for a name that is not known, and for parameters out of place.
    public init(named text: String) throws(ActivationNameError) {
        let parts = text.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
        let key = Self.key(parts[0])
        guard let usual = Self.byKey[key] else { throw .unknown(text) }
        guard parts.count == 2 else {
            self = usual
            return
        }
        guard parts[1].hasSuffix(")") else { throw .parameters(text, expected: "a closing bracket") }
        let numbers = parts[1].dropLast().split(separator: ",").map { Double($0.filter { $0 != " " }) }
        let values = numbers.compactMap { $0 }
        guard values.count == numbers.count else { throw .parameters(text, expected: "numbers in brackets") }
        self = try usual.replacingParameters(values, text)
    }

    private func replacingParameters(
        _ values: [Double], _ text: String
    ) throws(ActivationNameError) -> Activation {
        func check(_ counts: ClosedRange<Int>, _ isInDomain: Bool, _ expected: String)
            throws(ActivationNameError)
        {
            let isNumber = !values.contains { $0.isNaN }
            guard counts.contains(values.count), isNumber, isInDomain else {
                throw .parameters(text, expected: expected)
            }
        }
        let first = values.first ?? .nan
        let second = values.count > 1 ? values[1] : 0
        switch form {
        case .parametric:
            let isPerChannel = second == 1
            try check(
                1...2, first.isFinite && (second == 0 || isPerChannel),
                "a finite slope, then 1 for one a channel")
            return .parametricReLU(initial: first, isPerChannel: isPerChannel)
        case .randomized:
            try check(
                2...2, first.isFinite && second.isFinite && first <= second, "two finite slopes in order")
            return .randomizedLeakyReLU(lower: first, upper: second)
        case .ridge(let kind, _):
            switch kind {
            case .leakyReLU, .elu, .silu: try check(1...1, first.isFinite, "one finite parameter")
            case .celu: try check(1...1, first.isFinite && first > 0, "one positive parameter")
            case .hardShrink, .softShrink: try check(1...1, first >= 0, "one parameter, 0 or more")
            case .thresholded: try check(1...2, true, "a threshold and a value")
            case .hardTanh: try check(2...2, first <= second, "two bounds in order")
            case .softplus:
                try check(1...2, first.isFinite && first != 0, "a β that is not 0, and a threshold")
                return .softplus(beta: first, threshold: values.count > 1 ? second : .infinity)
            default: throw .parameters(text, expected: "no parameters")
            }
            return Activation(.ridge(kind, ActivationParameters(first, second)))
        }
    }

    private static func key(_ name: some StringProtocol) -> String {
        name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    }

    private static let byKey: [String: Activation] = {
        var table: [String: Activation] = [:]
        for activation in family { table[key(activation.baseName)] = activation }
        let aliases: [String: Activation] = [
            "linear": .identity, "none": .identity, "heaviside": .step, "binarystep": .step,
            "prelu": .parametricReLU(), "rrelu": .randomizedLeakyReLU,
            "randomisedleakyrelu": .randomizedLeakyReLU, "relu2": .squaredReLU, "relusquared": .squaredReLU,
            "threshold": .thresholded(0), "swish": .silu, "quickgelu": .geluSigmoid,
            "gelunew": .geluTanh, "gelupytorchtanh": .geluTanh, "gelufast": .geluTanh, "sin": .sine,
        ]
        return table.merging(aliases) { first, _ in first }
    }()
}

extension ActivationKind {
    /// The name in text, as `leaky-relu`.
    package var name: String {
        switch self {
        case .leakyReLU: "leaky-relu"
        case .squaredReLU: "squared-relu"
        case .hardSigmoid: "hard-sigmoid"
        case .hardTanh: "hard-tanh"
        case .hardSwish: "hard-swish"
        case .hardShrink: "hard-shrink"
        case .softShrink: "soft-shrink"
        case .logSigmoid: "log-sigmoid"
        case .tanhShrink: "tanh-shrink"
        case .geluSigmoid: "gelu-sigmoid"
        case .geluTanh: "gelu-tanh"
        default: "\(self)"
        }
    }

    /// How many parameters the function takes.
    package var parameterCount: Int {
        switch self {
        case .leakyReLU, .elu, .celu, .silu, .hardShrink, .softShrink: 1
        case .thresholded, .hardTanh, .softplus: 2
        default: 0
        }
    }
}
