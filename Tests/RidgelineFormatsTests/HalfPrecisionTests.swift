// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineFormats
import Testing

@Suite struct HalfPrecisionTests {
    /// Values close to every rounding boundary: of each 16-bit pattern the middle between it and the next, and the
    /// numbers just beside that.
    private static func boundaries(_ widen: (UInt16) -> Float) -> [Double] {
        (0..<0x7F80 as Range<UInt16>).flatMap { pattern -> [Double] in
            let (low, high) = (Double(widen(pattern)), Double(widen(pattern + 1)))
            guard high.isFinite else { return [] }
            let middle = (low + high) / 2
            return [
                low, middle, middle.nextUp, middle.nextDown, -middle, (-middle).nextUp, (-middle).nextDown,
            ]
        }
    }

    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        @Test func halvesAsTheCompilerConverts() {
            var wrong: [UInt16] = []
            for pattern in 0...UInt16.max {
                let exact = Float(Float16(bitPattern: pattern))
                let value = HalfPrecision.widen(float16: pattern)
                let same = exact.isNaN ? value.isNaN : value.bitPattern == exact.bitPattern
                // A NaN comes back quiet with the rest of its payload, everything else as it was.
                let back = exact.isNaN ? pattern | 0x200 : pattern
                if !same || HalfPrecision.float16(value) != back { wrong.append(pattern) }
            }
            #expect(wrong == [])
        }

        @Test func roundsToHalvesAsTheCompiler() {
            let boundaries = Self.boundaries { $0 < 0x7C00 ? HalfPrecision.widen(float16: $0) : .infinity }
            let patterns = stride(from: UInt32(0), through: .max - 9_973, by: 9_973).map {
                Float(bitPattern: $0)
            }
            let wrongDoubles = boundaries.filter {
                HalfPrecision.float16(HalfPrecision.roundedToOdd($0)) != Float16($0).bitPattern
            }
            let wrongFloats = (boundaries.map { Float($0) } + patterns).filter {
                !$0.isNaN && HalfPrecision.float16($0) != Float16($0).bitPattern
            }
            #expect(boundaries.count > 200_000 && wrongDoubles == [] && wrongFloats == [])
        }
    #endif

    @Test func roundsToTheNearestBrainFloat() {
        let boundaries = Self.boundaries { HalfPrecision.widen(bfloat16: $0) }
        let wrong = boundaries.filter { value in
            let pattern = HalfPrecision.bfloat16(HalfPrecision.roundedToOdd(value))
            func distance(_ pattern: UInt16) -> Double {
                (Double(HalfPrecision.widen(bfloat16: pattern)) - value).magnitude
            }
            let own = distance(pattern)
            return [pattern &- 1, pattern &+ 1].contains { neighbour in
                neighbour & 0x7FFF <= 0x7F80
                    && (distance(neighbour) < own || distance(neighbour) == own && pattern & 1 == 1)
            }
        }
        #expect(boundaries.count > 200_000 && wrong == [])
        let infinite: [Double] = [.infinity, 0x1.FFp127, 1e300, -.infinity, -1e300]
        #expect(
            infinite.map { HalfPrecision.bfloat16(HalfPrecision.roundedToOdd($0)) }
                == [0x7F80, 0x7F80, 0x7F80, 0xFF80, 0xFF80])
    }

    @Test func keepsPayloads() {
        #expect(HalfPrecision.widen(bfloat16: 0x7F81).bitPattern == 0x7FC1_0000)
        #expect(HalfPrecision.widen(float16: 0xFC01).bitPattern == 0xFFC0_2000)
        #expect(HalfPrecision.bfloat16(Float(bitPattern: 0xFF80_0001)) == 0xFFC0)
        #expect(HalfPrecision.float16(Float(bitPattern: 0x7F80_0001)) == 0x7E00)
    }
}
