// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How numbers are written in a tensor's description.
enum NumberFormat {
    private static let precision = 8

    /// The texts of all values, equally long, in one common format chosen as NumPy does: the shortest digits
    /// that tell neighbours apart, at most eight after the point; with exponents where a magnitude reaches
    /// 10⁸, is below 10⁻⁴, or where magnitudes differ more than a thousandfold.
    static func texts<Scalar: TensorScalar>(_ values: [Scalar]) -> [String] {
        if let values = values as? [Float] {
            return aligned(values.map { Decimal($0.isFinite ? "\($0)" : "") }, values.map { Double($0) })
        }
        if let values = values as? [Double] {
            return aligned(values.map { Decimal($0.isFinite ? "\($0)" : "") }, values)
        }
        let texts = values.map { "\($0)" }
        let width = texts.map(\.count).max() ?? 0
        return texts.map { padding(width - $0.count) + $0 }
    }

    private static func aligned(_ decimals: [Decimal], _ values: [Double]) -> [String] {
        let magnitudes = values.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
        let (largest, smallest) = (magnitudes.max() ?? 0, magnitudes.min() ?? 0)
        let scientific = largest >= 1e8 || largest > 0 && (smallest < 1e-4 || largest / smallest > 1_000)
        var parts: [(whole: String, fraction: String, exponent: String)] = []
        for (decimal, value) in zip(decimals, values) where value.isFinite {
            parts.append(
                scientific ? decimal.scientific(digits: precision) : decimal.fixed(digits: precision))
        }
        let fractionWidth = parts.map(\.fraction.count).max() ?? 0
        let exponentWidth = parts.map(\.exponent.count).max() ?? 0
        var texts: [String] = []
        var next = 0
        for value in values {
            guard value.isFinite else {
                texts.append(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
                continue
            }
            let part = parts[next]
            next += 1
            let missing = fractionWidth - part.fraction.count
            if scientific {
                let zeros = String(repeating: "0", count: missing)
                let filler = String(repeating: "0", count: exponentWidth - part.exponent.count)
                let sign = part.exponent.prefix(1)
                texts.append(
                    "\(part.whole).\(part.fraction)\(zeros)e\(sign)\(filler)\(part.exponent.dropFirst())")
            } else {
                texts.append("\(part.whole).\(part.fraction)" + padding(missing))
            }
        }
        let width = texts.map(\.count).max() ?? 0
        return texts.map { padding(width - $0.count) + $0 }
    }

    private static func padding(_ count: Int) -> String { String(repeating: " ", count: count) }
}

/// A decimal number 0.d₁d₂d₃… · 10^point with a sign, read from the shortest text of a floating-point value.
private struct Decimal {
    private var isNegative: Bool
    private var digits: [UInt8]
    private var point: Int

    init(_ text: String) {
        let parts = text.split(separator: "e")
        isNegative = text.hasPrefix("-")
        digits = []
        point = 0
        guard let mantissa = parts.first else { return }
        let halves = mantissa.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        digits = halves.joined().utf8.map { $0 - UInt8(ascii: "0") }
        point = halves[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        point = digits.isEmpty ? 0 : point - zeros
        trim()
    }

    private mutating func trim() { while digits.last == 0 { digits.removeLast() } }

    /// This number with `count` digits at most, rounded to nearest, ties to even.
    private func rounded(toDigits count: Int) -> Decimal {
        guard digits.count > count else { return self }
        var result = self
        result.digits = Array(digits.prefix(Swift.max(count, 0)))
        if count >= 0 {
            let isTie = digits[count] == 5 && digits.count == count + 1
            let isOdd = (result.digits.last ?? 0) % 2 == 1
            if isTie ? isOdd : digits[count] >= 5 { result.increment() }
        }
        result.trim()
        return result
    }

    private mutating func increment() {
        var index = digits.count - 1
        while index >= 0 {
            if digits[index] < 9 {
                digits[index] += 1
                return
            }
            digits[index] = 0
            index -= 1
        }
        digits.insert(1, at: 0)
        point += 1
    }

    private var sign: String { isNegative ? "-" : "" }

    private static func text(_ digits: some Sequence<UInt8>) -> String { digits.map { String($0) }.joined() }

    /// The parts of the number written without exponent.
    func fixed(digits limit: Int) -> (whole: String, fraction: String, exponent: String) {
        let value = rounded(toDigits: point + limit)
        var all = value.digits
        if value.point > all.count { all += Array(repeating: 0, count: value.point - all.count) }
        if value.point < 0 && !all.isEmpty { all = Array(repeating: 0, count: -value.point) + all }
        let split = Swift.min(Swift.max(value.point, 0), all.count)
        let whole = Self.text(all[..<split])
        return (sign + (whole.isEmpty ? "0" : whole), Self.text(all[split...]), "")
    }

    /// The parts of the number written with one digit before the point and an exponent.
    func scientific(digits limit: Int) -> (whole: String, fraction: String, exponent: String) {
        let value = rounded(toDigits: limit + 1)
        let power = value.digits.isEmpty ? 0 : value.point - 1
        let size = String(power.magnitude)
        let exponent = (power < 0 ? "-" : "+") + (size.count < 2 ? "0" : "") + size
        return (
            sign + (value.digits.first.map { String($0) } ?? "0"), Self.text(value.digits.dropFirst()),
            exponent
        )
    }
}
