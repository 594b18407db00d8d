// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

extension Tensor where Scalar: IntegerScalar {
    /// Independent integers, each of `range` equally likely to within range.count / 2⁶⁴ (PyTorch: `randint`). Traps on an
    /// empty range.
    public static func randomIntegers(
        _ shape: Shape, in range: Range<Scalar>, using generator: RandomGenerator = .current
    ) -> Tensor {
        require(!range.isEmpty, "randomIntegers: the range \(range) is empty")
        let width =
            UInt64(truncatingIfNeeded: range.upperBound) &- UInt64(truncatingIfNeeded: range.lowerBound)
        return drawn(words: shape, generator) { word, _ in
            range.lowerBound &+ Scalar(truncatingIfNeeded: word.multipliedFullWidth(by: width).high)
        }
    }

    /// The integers from 0 up to `count` − 1 in random order, each order equally likely (PyTorch: `randperm`), by Fisher and
    /// Yates. Traps on a negative count and where the scalar does not hold the largest.
    public static func permutation(_ count: Int, using generator: RandomGenerator = .current) -> Tensor {
        require(
            count >= 0 && (count == 0 || Scalar(exactly: count - 1) != nil),
            "permutation: \(count) numbers; expected 0 up to as many as \(Scalar.self) holds")
        let words = Tensor<UInt64>.drawn(words: [count], generator) { word, _ in word }
        var result = Tensor(uninitialized: [count])
        result.fill { out in
            for index in 0..<count { out[index] = Scalar(truncatingIfNeeded: index) }
            words.read { words in
                for last in stride(from: count - 1, to: 0, by: -1) {
                    let other = Int(words[last].multipliedFullWidth(by: UInt64(last + 1)).high)
                    (out[last], out[other]) = (out[other], out[last])
                }
            }
        }
        return result
    }

    /// Categories drawn with the probabilities softmax(logits) along an axis (JAX: `random.categorical`; PyTorch:
    /// `Categorical(logits=…).sample()`, `multinomial` with replacement of log p).
    ///
    /// Logits need no normalisation; −∞ is never drawn, and +∞ always (one of several equally). A draw is the first
    /// category whose running total of exp(logit − largest), in double precision, exceeds its share of the whole.
    ///
    /// - Parameters:
    ///   - logits: Any shape with at least one axis.
    ///   - axis: Along which the categories lie.
    ///   - count: How many independent draws of each distribution, along a new last axis; nil for one without it.
    /// - Returns: The logits' shape without the axis. Traps where a distribution is empty, all −∞ or has a NaN.
    public static func categorical<Real: FloatingScalar>(
        logits: Tensor<Real>, axis: Int = -1, count: Int? = nil, using generator: RandomGenerator = .current
    ) -> Tensor {
        let axis = logits.shape.axis(axis, for: "categorical")
        let extent = logits.shape[axis]
        require(
            extent > 0 && Scalar(exactly: extent - 1) != nil,
            "categorical: logits \(logits.shape) have \(extent) categories along axis \(axis); expected 1 up to as many "
                + "as \(Scalar.self) holds")
        require((count ?? 1) >= 0, "categorical: \(count ?? 1) draws; expected 0 or more")
        let draws = count ?? 1
        let rows = ReducedRows(logits.detached, reducing: [axis])
        var totals = Tensor<Double>(uninitialized: [rows.count, extent])
        totals.fill { totals in
            rows.forEach { row, logits in runningTotals(logits, totals + row * extent, extent, row) }
        }
        let result = logits.shape.reducing([axis], keepingDimensions: false)
        let shape = count.map { Shape(Array(result) + [$0]) } ?? result
        return totals.read { totals in
            drawn(words: shape, generator) { word, index in
                let total = totals + index / draws * extent
                let goal = word.unit * total[extent - 1]
                // The first category above the goal: one that was never added to has its predecessor's total.
                var (low, high) = (0, extent - 1)
                while low < high {
                    let middle = (low + high) / 2
                    if total[middle] > goal { high = middle } else { low = middle + 1 }
                }
                return Scalar(truncatingIfNeeded: low)
            }
        }
    }

    private static func runningTotals<Real: FloatingScalar>(
        _ logits: UnsafePointer<Real>, _ totals: UnsafeMutablePointer<Double>, _ count: Int, _ row: Int
    ) {
        let logits = UnsafeBufferPointer(start: logits, count: count)
        let largest = logits.reduce(-.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 }
        require(
            largest > -.infinity && !logits.contains { $0.isNaN },
            "categorical: the logits of distribution \(row) are NaN or all -inf; expected one that is not")
        var total = 0.0
        for (index, logit) in logits.enumerated() {
            let probability =
                largest == .infinity
                ? (logit == .infinity ? 1 : 0) : Double.exp(logit.asDouble - largest.asDouble)
            total += probability
            totals[index] = total
        }
    }
}

extension Tensor where Scalar == Bool {
    /// Independent truth values, each true with the probability (PyTorch: `bernoulli`), to within 2⁻⁵³. Traps on a
    /// probability outside 0…1.
    public static func bernoulli(
        _ shape: Shape, probability: Double = 0.5, using generator: RandomGenerator = .current
    ) -> Tensor {
        require(
            probability >= 0 && probability <= 1,
            "bernoulli: probability \(probability); expected 0 up to 1")
        return drawn(words: shape, generator) { word, _ in word.unit < probability }
    }

    /// Independent truth values, each true with its own probability, in their shape. Traps on one outside 0…1.
    public static func bernoulli<Real: FloatingScalar>(
        probabilities: Tensor<Real>, using generator: RandomGenerator = .current
    ) -> Tensor {
        let plain = probabilities.detached.contiguous()
        return plain.read { probabilities in
            drawn(words: plain.shape, generator) { word, index in
                let probability = probabilities[index].asDouble
                require(
                    probability >= 0 && probability <= 1,
                    "bernoulli: probability \(probability) at element \(index); expected 0 up to 1")
                return word.unit < probability
            }
        }
    }
}
