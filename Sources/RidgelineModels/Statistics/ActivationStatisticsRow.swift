// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

extension ActivationStatistics {
    /// What was seen of one layer in the window.
    public struct Row: Sendable, CustomStringConvertible {
        /// The layer's path in the model, as `hidden.expand`; empty for the model itself.
        public let path: String
        /// What the layer's outputs are values of.
        public let function: ObservedFunction
        /// The layer's activation, if that is what they are values of.
        public var activation: Activation? {
            if case .activation(let activation) = function { activation } else { nil }
        }
        /// How many units it has: the extent of the last axis.
        public let units: Int
        /// How many batches were seen, at most the window.
        public let batches: Int
        /// The share of units without a positive pre-activation in any example of the window.
        ///
        /// It is read off the outputs: a unit lives that gave more than f(0). That is the same wherever f(x)
        /// exceeds f(0) exactly for x > 0, which is so for the usual parameters of all functions but sine,
        /// hard and soft shrinkage; of those, and of others with parameters that break it, the units count as
        /// dead that gave nothing but zeros. So do those of gated units; of radial functions that decay, those
        /// whose outputs all lie in the tail. Nil for the identity and others whose units cannot die.
        public let deadFraction: Double?
        /// The share of outputs in a tail of the function on which |f′| stays below the statistics'
        /// flatness: zeros of ReLU, 0 and 6 of ReLU6, both ends of sigmoid and tanh.
        ///
        /// Functions that return to zero from below (GELU, SiLU, Mish) have the same values just below zero
        /// as far out; those count too, about one in a hundred of inputs of variance 1.
        public let saturation: Double
        /// The share of outputs that are exactly zero.
        public let sparsity: Double
        /// The mean of the outputs.
        public let mean: Double
        /// Their mean squared difference from it.
        public let variance: Double
        /// The Euclidean norm of the gradients of the layer's own parameters, where gradients were given.
        public let gradientNorm: Double?

        /// One line.
        public var description: String {
            let facts: [(String, Double?)] = [
                ("dead", deadFraction), ("saturated", saturation), ("zero", sparsity), ("mean", mean),
                ("variance", variance), ("gradient", gradientNorm),
            ]
            let numbers = facts.compactMap { name, value in value.map { "\(name) \(Self.text($0))" } }
            return "\(path.isEmpty ? "model" : path) (\(function), \(units) units, \(batches) batches): "
                + numbers.joined(separator: ", ")
        }

        /// Four significant digits.
        private static func text(_ value: Double) -> String {
            guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
            var scale = 1.0
            while value.magnitude * scale < 1000 && scale < 1e12 { scale *= 10 }
            return "\((value * scale).rounded() / scale)"
        }
    }
}

extension ActivationStatistics.Row {
    init(path: String, _ window: ObservedWindow, gradientNorm: Double?) {
        self.path = path
        function = window.function
        units = window.lastActive.count
        batches = window.batches.count
        deadFraction = window.deadFraction
        let total = window.batches.reduce(OutputMoments()) { $0.merged(with: $1) }
        saturation = total.saturated / total.count
        sparsity = total.zeros / total.count
        mean = total.mean
        variance = total.squares / total.count
        self.gradientNorm = gradientNorm
    }
}

/// What a layer gave in the last batches; no tensors, a few numbers a batch and one a unit.
struct ObservedWindow {
    let function: ObservedFunction
    let meaning: OutputMeaning
    let limit: Int
    /// The last batches; a ring where they are as many as the limit.
    private(set) var batches: [OutputMoments] = []
    /// For each unit, the number of the last batch in which it was not silent; 0 for none.
    private(set) var lastActive: [Int] = []
    private var seen = 0

    init(_ function: ObservedFunction, _ meaning: OutputMeaning, limit: Int) {
        self.function = function
        self.meaning = meaning
        self.limit = limit
    }

    /// Nil where units cannot die.
    var deadFraction: Double? {
        guard meaning.silence != nil, !lastActive.isEmpty else { return nil }
        let oldest = seen - batches.count
        return Double(lastActive.count { $0 <= oldest }) / Double(lastActive.count)
    }

    mutating func add(_ count: OutputCount) {
        if lastActive.count != count.isActive.count {
            // Another width, in a layer that takes any: the window begins anew.
            lastActive = Array(repeating: 0, count: count.isActive.count)
            (batches, seen) = ([], 0)
        }
        if batches.count < limit {
            batches.append(count.moments)
        } else {
            batches[seen % limit] = count.moments
        }
        seen += 1
        for unit in lastActive.indices where count.isActive[unit] { lastActive[unit] = seen }
    }
}
