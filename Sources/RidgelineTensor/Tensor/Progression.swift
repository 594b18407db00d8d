// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: NumericScalar {
    /// `start`, `start + step`, … as far as they lie before `end` (NumPy and PyTorch: `arange`).
    ///
    /// Of integers every element is exact, up to the type's limits. Of floating-point numbers, element i is
    /// start + i·step rounded once; there are ⌈(end − start) / step⌉, worked out exactly from the given values, but for
    /// those that rounding puts at `end`: from 0 to n·step, as rounded, there are n. Traps on a step of 0, on bounds
    /// that are not finite, and on more elements than a tensor can have.
    public static func range(from start: Scalar, to end: Scalar, by step: Scalar = 1) -> Tensor {
        Scalar._progression(from: start, to: end, by: step)
    }
}

extension IntegerScalar {
    /// The integers from `start` on, `step` apart, before `end`. Not API.
    public static func _progression(from start: Self, to end: Self, by step: Self) -> Tensor<Self> {
        require(step != 0, "range: from \(start) to \(end) by 0; expected a step that is not 0")
        // Differences of all integer types fit the unsigned word that their wrapped ones are.
        let (low, high) = step > 0 ? (start, end) : (end, start)
        let distance = UInt64(truncatingIfNeeded: high) &- UInt64(truncatingIfNeeded: low)
        let count = low < high ? (distance - 1) / UInt64(step.magnitude) + 1 : 0
        let length = progressionLength(Double(count), "from \(start) to \(end) by \(step)", of: Self.self)
        var out = Tensor<Self>(uninitialized: [length])
        out.fill {
            var value = start
            for index in 0..<length {
                $0[index] = value
                value &+= step
            }
        }
        return out
    }
}

extension FloatingScalar {
    /// The numbers start + i·step before `end`. Not API.
    public static func _progression(from start: Self, to end: Self, by step: Self) -> Tensor<Self> {
        require(
            step != 0 && step.isFinite && start.isFinite && end.isFinite,
            "range: from \(start) to \(end) by \(step); expected finite bounds and a step that is not 0")
        let progression = Progression(start.asDouble, end.asDouble, step.asDouble)
        var length = progressionLength(
            progression.count, "from \(start) to \(end) by \(step)", of: Self.self)
        let odd = Self.dataType == .float32
        func reachesEnd(_ index: Int) -> Bool {
            let value = Self(fromDouble: progression.element(index, roundedToOdd: odd))
            return step > 0 ? value >= end : value <= end
        }
        while length > 0 && reachesEnd(length - 1) { length -= 1 }
        return Tensor<Self>(progression.elements(length, roundedToOdd: odd))
    }
}

/// The number of elements as an `Int`. Traps where it is none or too large for a tensor of them.
private func progressionLength<Scalar>(_ count: Double, _ description: String, of: Scalar.Type) -> Int {
    // Below 2⁵³ counts are exact, and no memory holds more.
    let most = Double(1 << 53 / MemoryLayout<Scalar>.stride)
    require(
        count <= most,
        "range: \(description) has \(count) elements; expected at most \(Int(most))")
    return Int(count)
}

/// start + i·step before end, in doubles with what they are rounded by.
private struct Progression {
    /// A quarter where large numbers' differences would overflow; a power of 2 changes neither quotients nor signs.
    private let scale: Double
    private let start: Double
    private let step: Double
    let count: Double

    init(_ first: Double, _ last: Double, _ width: Double) {
        scale = Swift.max(abs(first), abs(last), abs(width)) > 0x1p1000 ? 0.25 : 1
        let (start, end, step) = (first * scale, last * scale, width * scale)
        (self.start, self.step) = (start, step)
        guard step > 0 ? start < end : start > end else {
            count = 0
            return
        }
        let quotient = (end - start) / step
        guard quotient < 0x1p53 else {
            count = quotient
            return
        }
        // The quotient is right to a few units of its last place; exact sums decide.
        var count = Swift.max(quotient.rounded(.up), 1)
        func reachesEnd(_ index: Double) -> Bool {
            let rest = ExactSum(index, times: step, plus: start, minus: end).sign
            return step > 0 ? rest >= 0 : rest <= 0
        }
        while count > 1 && reachesEnd(count - 1) { count -= 1 }
        while !reachesEnd(count) { count += 1 }
        self.count = count
    }

    /// start + index·step, rounded once: to nearest, or to odd as what is to be rounded to a float yet.
    func element(_ index: Int, roundedToOdd odd: Bool) -> Double {
        let exact = TwoDoubles(product: Double(index), step).adding(start)
        let value = TwoDoubles(high: exact.high / scale, low: exact.low / scale)
        return odd ? value.roundedToOdd : value.high
    }

    func elements(_ count: Int, roundedToOdd odd: Bool) -> Tensor<Double> {
        var out = Tensor<Double>(uninitialized: [count])
        // Few bits make few: the products of most steps are exact, and sums of them need no second part.
        let isExact = step.significandWidth + Int.bitWidth - count.leadingZeroBitCount <= 52
        out.fill { target in
            if isExact && scale == 1 {
                for index in 0..<count {
                    let sum = TwoDoubles(sum: Double(index) * step, start)
                    target[index] = odd ? sum.roundedToOdd : sum.high
                }
            } else {
                for index in 0..<count { target[index] = element(index, roundedToOdd: odd) }
            }
        }
        return out
    }
}

/// The sign of index·step + start − end, without rounding.
private struct ExactSum {
    let sign: Int

    init(_ index: Double, times step: Double, plus start: Double, minus end: Double) {
        let product = TwoDoubles(product: index, step)
        // Shewchuk's growing expansion: each number added to the parts so far, from the least; each part is the
        // rounding error of the next, so that the last one that is not 0 has the sum's sign.
        var parts: [Double] = []
        for number in [product.low, product.high, start, -end] {
            var sum = number
            for index in parts.indices {
                let next = TwoDoubles(sum: sum, parts[index])
                (sum, parts[index]) = (next.high, next.low)
            }
            parts.append(sum)
        }
        let leading = parts.last { $0 != 0 } ?? 0
        sign = leading > 0 ? 1 : leading < 0 ? -1 : 0
    }
}
