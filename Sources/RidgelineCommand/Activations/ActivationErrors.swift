// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The largest errors of a function and of its derivative over the floats.
struct ActivationErrors: Encodable {
    /// An error and where it is.
    struct Extreme: Encodable {
        var ulps: Double
        /// The argument's bit pattern, which names NaN and zeros exactly.
        var bits: String
        var x: String
    }

    var value: Extreme
    var derivative: Extreme
    /// How many arguments were compared.
    var count: Int

    /// Sweeps every `stride`-th float; nil for functions with slopes of their own, a single product.
    static func measured(
        _ activation: Activation, stride: Int, progress: (Double) -> Void
    ) -> ActivationErrors? {
        guard case .ridge(let kind, let parameters) = activation.form else { return nil }
        let sweep = ActivationSweep(kind, parameters: parameters.converted())
        // In parts where it takes long, to say how far it is.
        let parts = stride < 256 ? 64 : 1
        let width = (1 << 32) / parts / stride * stride
        var found: [ActivationSweep.Result] = []
        for part in 0..<parts {
            let first = part * width
            let last = part == parts - 1 ? Int(UInt32.max) : first + width - 1
            found.append(sweep.run(over: UInt32(first)...UInt32(last), stride: stride))
            if parts > 1 { progress(100 * Double(part + 1) / Double(parts)) }
        }
        guard let value = found.map(\.value).max(by: { $0.ulps < $1.ulps }),
            let derivative = found.map(\.derivative).max(by: { $0.ulps < $1.ulps })
        else { return nil }
        return ActivationErrors(
            value: Extreme(value), derivative: Extreme(derivative), count: found.reduce(0) { $0 + $1.count })
    }
}

extension ActivationErrors.Extreme {
    fileprivate init(_ extreme: ActivationSweep.Extreme) {
        let digits = String(extreme.bits, radix: 16)
        self.init(
            ulps: extreme.ulps, bits: "0x" + String(repeating: "0", count: 8 - digits.count) + digits,
            x: "\(extreme.x)")
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
    }

    private enum CodingKeys: CodingKey { case ulps, bits, x }
}
