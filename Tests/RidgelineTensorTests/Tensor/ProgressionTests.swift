// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Ranges and even spacings against integers, which are exact.
@Suite struct ProgressionTests {
    @Test func integersUpToTheirLimits() {
        let far: Int64 = 1 << 53
        expect(Tensor<Int64>.range(from: far, to: far + 6), [6], (0..<6).map { far + $0 })
        expect(Tensor<Int64>.range(from: .max - 2, to: .max), [2], [.max - 2, .max - 1])
        expect(Tensor<Int64>.range(from: .min, to: .min + 5, by: 2), [3], [.min, .min + 2, .min + 4])
        expect(Tensor<Int64>.range(from: .min + 3, to: .min, by: -1), [3], [.min + 3, .min + 2, .min + 1])
        expect(Tensor<Int64>.range(from: .min, to: .max, by: .max), [3], [.min, -1, .max - 1])
        expect(Tensor<Int64>.range(from: .max, to: .min, by: .min), [2], [.max, -1])
        expect(Tensor<UInt64>.range(from: .max - 3, to: .max, by: 2), [2], [.max - 3, .max - 1])
        expect(Tensor<UInt64>.range(from: 0, to: .max, by: 1 << 63), [2], [0, 1 << 63])
        expect(Tensor<Int8>.range(from: -128, to: 127, by: 100), [3], [-128, -28, 72])
        expect(Tensor<Int8>.range(from: 127, to: -128, by: -128), [2], [127, -1])
        #expect(Tensor<UInt8>.range(from: 0, to: 255).scalars == Array(0..<255))
        expect(Tensor<UInt64>.range(from: 5, to: 3), [0], [])
        expect(Tensor<Int32>.range(from: 3, to: 5, by: -1), [0], [])
    }

    @Test func floatsEndBeforeTheEnd() {
        expect(Tensor<Float>.range(from: 0, to: 0.3, by: 0.1), [3], [0, 0.1, 0.2])
        expect(Tensor<Double>.range(from: 0, to: 0.3, by: 0.1), [3], [0, 0.1, 0.2])
        expect(Tensor<Double>.range(from: 1, to: 0, by: -0.25), [4], [1, 0.75, 0.5, 0.25])
        expect(Tensor<Double>.range(from: 0, to: 3 * 0.1, by: 0.1), [3], [0, 0.1, 0.2])
        for n in 1...2_000 {
            for step in [0.1, 0.3, 1e-3, 0.7] {
                let found = Tensor<Float>.range(from: 0, to: Float(n) * Float(step), by: Float(step))
                #expect(found.elementCount == n)
            }
        }
        // Steps that the elements' spacing cannot show.
        let start: Float = 0x1p24
        let crowded = Tensor<Float>.range(from: start, to: start + 4, by: 0.5).scalars
        #expect(crowded == [0, 0, 0, 2, 2, 2].map { start + $0 })
        let huge = Double.greatestFiniteMagnitude
        expect(Tensor<Double>.range(from: -huge, to: huge, by: huge), [2], [-huge, 0])
        expect(
            Tensor<Double>.range(from: huge, to: -huge, by: -huge / 2), [4], [huge, huge / 2, 0, -huge / 2])
        let least = Double.leastNonzeroMagnitude
        expect(Tensor<Double>.range(from: 0, to: 3 * least, by: least), [3], [0, least, 2 * least])
        expect(Tensor<Float>.range(from: 0, to: 1, by: 1e30), [1], [0])
    }

    /// Counts and elements in integers of 128 bits: numbers of a few binades are whole multiples of 2⁻⁶⁰.
    @Test func floatsAgreeWithIntegers() {
        check(Float.self)
        check(Double.self)
    }

    private func check<Scalar: FloatingScalar>(_: Scalar.Type) {
        func whole(_ value: Scalar) -> Int128 { Int128(value.asDouble * 0x1p60) }
        var random = TestRandom(seed: 7)
        for trial in 0..<3_000 {
            let start = Scalar(Double.random(in: -4...4, using: &random))
            let step = Scalar(Double.random(in: 0.01...1, using: &random)) * (trial % 2 == 0 ? 1 : -1)
            // Most ends lie on a step, or as near one as rounding puts them.
            let steps = Scalar(Int.random(in: 0..<40, using: &random))
            let end = trial % 5 == 0 ? start + 3 * step + Scalar(0.3) : start + steps * step
            guard start.magnitude > 0.01 || start == 0, end.magnitude > 0.01 || end == 0 else { continue }
            let (s, e, t) = (whole(start), whole(end), whole(step))
            let distance = t > 0 ? e - s : s - e
            let count = distance > 0 ? Int((distance - 1) / (t > 0 ? t : -t)) + 1 : 0
            let exact = (0..<count).map { Scalar(s + Int128($0) * t) * 0x1p-60 }
            let found = Tensor<Scalar>.range(from: start, to: end, by: step).scalars
            #expect(found == exact.filter { $0 != end }, "\(start) \(end) \(step)")
        }
    }

    @Test func spacings() {
        let huge = Double.greatestFiniteMagnitude
        expect(
            Tensor<Double>.linearlySpaced(from: -huge, to: huge, count: 5), [5],
            [-huge, -huge / 2, 0, huge / 2, huge])
        let large = Float.greatestFiniteMagnitude
        expect(Tensor<Float>.linearlySpaced(from: large, to: -large, count: 3), [3], [large, 0, -large])
        expect(Tensor<Double>.linearlySpaced(from: 1.7e308, to: 1.7e308, count: 2), [2], [1.7e308, 1.7e308])
        let tenths = Tensor<Double>.linearlySpaced(from: 0, to: 1, count: 11).scalars
        #expect(tenths == (0...10).map { Double($0) / 10 })
        let least = Double.leastNonzeroMagnitude
        expect(Tensor<Double>.linearlySpaced(from: 0, to: 2 * least, count: 3), [3], [0, least, 2 * least])
        for count in [2, 3, 7, 100, 1_000] {
            let one = Tensor<Float>.linearlySpaced(from: -0.3, to: 0.7, count: count).scalars
            let other = Tensor<Float>.linearlySpaced(from: 0.7, to: -0.3, count: count).scalars
            #expect(one.first == -0.3 && one.last == 0.7 && one == other.reversed())
            for (index, value) in one.enumerated() {
                let exact =
                    (Double(Float(-0.3)) * Double(count - 1 - index) + Double(Float(0.7)) * Double(index))
                    / Double(count - 1)
                #expect(ulps(value, exact) <= 0.5000001)
            }
        }
    }
}
