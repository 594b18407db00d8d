// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor: CustomStringConvertible {
    /// The elements as NumPy prints them: aligned, eight significant digits at most, and beyond 1,000
    /// elements only three at either end of each axis.
    public var description: String {
        let elides = elementCount > 1_000
        func positions(_ extent: Int) -> [Int?] {
            guard elides && extent > 6 else { return Array(0..<extent) }
            return Array(0..<3) + [nil] + Array(extent - 3..<extent)
        }
        var shown: [Scalar] = []
        func collect(_ layout: Layout) {
            if layout.rank == 0 {
                shown.append(storage.pointer(as: Scalar.self)[layout.offset])
                return
            }
            for case let position? in positions(layout.shape[0]) {
                collect(layout.selecting(axis: 0, position: position))
            }
        }
        collect(layout)
        let texts = NumberFormat.texts(shown)
        let width = texts.map(\.count).max() ?? 0
        var next = 0
        func text(_ layout: Layout, indent: Int) -> String {
            if layout.rank == 0 {
                defer { next += 1 }
                return String(repeating: " ", count: width - texts[next].count) + texts[next]
            }
            let parts = positions(layout.shape[0]).map { position in
                position.map { text(layout.selecting(axis: 0, position: $0), indent: indent + 1) } ?? "..."
            }
            let blank = String(repeating: "\n", count: layout.rank - 1) + String(repeating: " ", count: indent + 1)
            return "[" + parts.joined(separator: layout.rank == 1 ? ", " : "," + blank) + "]"
        }
        let body = text(layout, indent: 0)
        withExtendedLifetime(storage) {}
        return elementCount == 0 && rank > 1 ? "[] (shape \(shape))" : body
    }
}

/// How numbers are written in a tensor's description.
enum NumberFormat {
    /// The texts of all values in one common format, as NumPy chooses it: fixed with as many digits as the
    /// one that needs most, or with exponents where magnitudes differ too much.
    static func texts<Scalar: TensorScalar>(_ values: [Scalar]) -> [String] {
        if let values = values as? [Float] { return texts(values.map { Double($0) }) { "\(Float($0))" } }
        if let values = values as? [Double] { return texts(values) { "\($0)" } }
        return values.map { "\($0)" }
    }

    private static func texts(_ values: [Double], _ shortest: (Double) -> String) -> [String] {
        let magnitudes = values.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
        let largest = magnitudes.max() ?? 0
        let smallest = magnitudes.min() ?? 0
        let scientific = largest >= 1e8 || (smallest > 0 && (smallest < 1e-4 || largest / smallest > 1e3 && largest >= 1e6))
        if scientific {
            return values.map { special($0) ?? exponential($0) }
        }
        let digits = values.map { $0.isFinite ? fractionDigits(shortest($0)) : 0 }.max() ?? 0
        return values.map { special($0) ?? fixed($0, Swift.min(digits, 8)) }
    }

    private static func special(_ value: Double) -> String? {
        value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : nil
    }

    /// How many digits the shortest exact text has after its point.
    private static func fractionDigits(_ text: String) -> Int {
        let parts = text.split(separator: "e")
        let fraction = parts[0].split(separator: ".", omittingEmptySubsequences: false).dropFirst().first ?? ""
        let digits = fraction == "0" ? 0 : fraction.count
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        return Swift.max(0, digits - exponent)
    }

    /// The value with a fixed number of digits after the point, none written as `1.`.
    private static func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        let sign = value.sign == .minus ? "-" : ""
        let whole = Int(scaled / scale)
        let rest = Int(scaled - Double(whole) * scale)
        let fraction = digits == 0 ? "" : String(repeating: "0", count: digits - "\(rest)".count) + "\(rest)"
        return "\(sign)\(whole).\(fraction)"
    }

    private static func exponential(_ value: Double) -> String {
        if value == 0 { return "0.0000e+00" }
        var exponent = 0
        var mantissa = value.magnitude
        while mantissa >= 10 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 1 {
            mantissa *= 10
            exponent -= 1
        }
        if (mantissa * 1e4).rounded() >= 1e5 {
            mantissa /= 10
            exponent += 1
        }
        let size = exponent.magnitude
        return fixed(value < 0 ? -mantissa : mantissa, 4) + "e" + (exponent < 0 ? "-" : "+")
            + (size < 10 ? "0\(size)" : "\(size)")
    }
}
