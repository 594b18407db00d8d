// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// `count` values from `start` to `end`, both included and exact, evenly spaced: element i is
    /// start + i·(end − start) / (count − 1), rounded once (NumPy and PyTorch: `linspace`). Traps below one value and
    /// on ends that are not finite.
    public static func linearlySpaced(from start: Scalar, to end: Scalar, count: Int) -> Tensor {
        require(count > 0, "linearlySpaced: \(count) values; expected at least 1")
        require(
            start.isFinite && end.isFinite, "linearlySpaced: from \(start) to \(end); expected finite ends")
        // Far from where the least numbers matter, scaled down so that no product overflows.
        let isLarge = Swift.max(start.magnitude.asDouble, end.magnitude.asDouble) > 0x1p900
        let scale = isLarge ? 0x1p-100 : 1
        let (first, last) = (start.asDouble * scale, end.asDouble * scale)
        let width = TwoDoubles(sum: last, -first)
        var out = Tensor(uninitialized: [count])
        out.fill { target in
            target[0] = start
            guard count > 1 else { return }
            for index in 1..<count {
                let product = TwoDoubles(product: width.high, Double(index))
                let part = TwoDoubles(high: product.high, low: product.low + width.low * Double(index))
                let value = part.divided(by: Double(count - 1)).adding(first)
                target[index] = TwoDoubles(high: value.high / scale, low: value.low / scale).rounded()
            }
            target[count - 1] = end
        }
        return out
    }
}
