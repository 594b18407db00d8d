// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import RidgelineAccuracy

/// The largest errors of a function and of its derivative in one precision.
struct ActivationErrors: Encodable {
    /// An error and where it is.
    struct Extreme: Encodable {
        var ulps: Double
        /// The argument's bit pattern, which names NaN and zeros exactly.
        var bits: String
        var x: String
        var isa: String
    }

    /// Those of one instruction set.
    struct Set: Encodable {
        var isa: String
        var value: Extreme
        var derivative: Extreme
        /// How many arguments were compared.
        var count: Int
    }

    /// The largest of all instruction sets.
    var value: Extreme
    /// The largest of all instruction sets.
    var derivative: Extreme
    /// How many arguments were compared, on the set with the most.
    var count: Int
    var sets: [Set]

    init?(_ sets: [LargestErrors<some FloatingScalar>]) {
        self.sets = sets.map { errors in
            let isa = errors.set.rawValue
            return Set(
                isa: isa, value: Extreme(errors.value.ulps, errors.value.x, isa),
                derivative: Extreme(errors.derivative.ulps, errors.derivative.x, isa), count: errors.count)
        }
        guard let value = self.sets.map(\.value).max(by: { $0.ulps < $1.ulps }),
            let derivative = self.sets.map(\.derivative).max(by: { $0.ulps < $1.ulps })
        else { return nil }
        self.value = value
        self.derivative = derivative
        count = sets.map(\.count).max() ?? 0
    }

    /// Sweeps every `stride`-th float on every instruction set of this machine.
    ///
    /// The plain Swift kernels, which compute in Double by the system's functions, are slow: of those, one in a
    /// prime number of them, unless they are the ones in use.
    static func measured(
        _ activation: Activation, stride: Int, progress: (Double) -> Void
    ) -> ActivationErrors? {
        let fast = InstructionSet.available.filter { $0 != .swift || InstructionSet.current == .swift }
        let sweep = ActivationSweep(activation, on: fast)
        // In parts where it takes long, to say how far it is.
        let parts = stride < 256 ? 64 : 1
        let width = (1 << 32) / parts / stride * stride
        var found = fast.map { LargestErrors<Float>($0) }
        for part in 0..<parts {
            let first = part * width
            let last = part == parts - 1 ? Int(UInt32.max) : first + width - 1
            let errors = sweep.run(over: UInt32(first)...UInt32(last), stride: stride)
            for index in found.indices { found[index].merge(errors[index]) }
            if parts > 1 { progress(100 * Double(part + 1) / Double(parts)) }
        }
        if !fast.contains(.swift) {
            let slow = ActivationSweep(activation, on: [.swift])
            found += slow.run(stride: min(stride * swiftStride, Int(UInt32.max)))
        }
        return ActivationErrors(found)
    }

    /// How many floats the fast kernels are compared at for one of the plain Swift kernels'.
    static let swiftStride = 251

    /// Double at all special numbers and ten million random ones; nil where the processor has no Float80 to compare
    /// with.
    static func measuredDouble(_ activation: Activation) -> ActivationErrors? {
        #if arch(x86_64)
            let fast = InstructionSet.available.filter { $0 != .swift || InstructionSet.current == .swift }
            var found = DoubleActivationSweep(activation, on: fast).run(random: 10_000_000)
            if !fast.contains(.swift) {
                found += DoubleActivationSweep(activation, on: [.swift]).run(random: 1_000_000)
            }
            return ActivationErrors(found)
        #else
            return nil
        #endif
    }
}

extension ActivationErrors.Extreme {
    fileprivate init(_ ulps: Double, _ x: some FloatingScalar, _ isa: String) {
        let bits: (pattern: UInt64, digits: Int) =
            if let x = x as? Float { (UInt64(x.bitPattern), 8) } else { (Double(x).bitPattern, 16) }
        let digits = String(bits.pattern, radix: 16)
        self.init(
            ulps: ulps, bits: "0x" + String(repeating: "0", count: bits.digits - digits.count) + digits,
            x: "\(x)", isa: isa)
    }

    // JSON has no infinity, which stands for NaN or infinity out of place.
    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        if ulps.isFinite {
            try values.encode(ulps, forKey: .ulps)
        } else {
            try values.encodeNil(forKey: .ulps)
        }
        try values.encode(bits, forKey: .bits)
        try values.encode(x, forKey: .x)
        try values.encode(isa, forKey: .isa)
    }

    private enum CodingKeys: CodingKey { case ulps, bits, x, isa }
}
