// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule
import Testing

@testable import RidgelineTensor

/// Errors in units of the last place, over a stride of all floats.
@Suite struct ActivationAccuracyTests {
    enum Function: CaseIterable { case gelu, geluSlope, geluTanh, geluTanhSlope, exponential }

    /// Every 4099th bit pattern of Float, NaN left out.
    static let floats: [Float] = stride(from: UInt32(0), through: .max, by: 4099).map(Float.init(bitPattern:))
        .filter { !$0.isNaN }

    static let expected: [Function: [Double]] = Dictionary(
        uniqueKeysWithValues: Function.allCases.map { function in
            (
                function,
                floats.map { x in
                    switch function {
                    case .gelu: ActivationKind.gelu.value(Double(x))
                    case .geluSlope: ActivationKind.gelu.derivative(Double(x))
                    case .geluTanh: ActivationKind.geluTanh.value(Double(x))
                    case .geluTanhSlope: ActivationKind.geluTanh.derivative(Double(x))
                    case .exponential: Double.exp(Double(x))
                    }
                }
            )
        })

    @Test(arguments: InstructionSet.available, Function.allCases)
    func floatError(set: InstructionSet, function: Function) throws {
        let result = evaluate(function, Self.floats, set)
        let exact = try #require(Self.expected[function])
        var worst = (ulps: 0.0, x: Float(0))
        for ((x, value), reference) in zip(zip(Self.floats, result), exact) {
            let error = ulps(value, reference)
            if error > worst.ulps || error.isNaN { worst = (error, x) }
        }
        let bound =
            switch function {
            case .gelu, .geluTanh: 2.0
            case .geluSlope, .geluTanhSlope: 4.0
            case .exponential: 1.0
            }
        #expect(worst.ulps <= bound, "\(worst.ulps) ulp at \(worst.x)")
        // The error of correct rounding is a half: less would mean that nothing was compared.
        #expect(worst.ulps > 0.49)
    }

    #if arch(x86_64)
        /// Double against Float80.
        @Test(arguments: InstructionSet.vectorized, Function.allCases)
        func doubleError(set: InstructionSet, function: Function) {
            var x: [Double] =
                randomValues(20_000, -8...8, seed: 1) + randomValues(20_000, -38.5...(-8), seed: 2)
            x += (0..<2000).map {
                Double(sign: $0 % 2 == 0 ? .plus : .minus, exponent: -$0 / 2, significand: 1.37)
            }
            // The references below cancel at the root of the derivative.
            if function == .geluSlope || function == .geluTanhSlope { x.removeAll { abs($0 + 0.752) < 0.01 } }
            let result = evaluate(function, x, set)
            var worst = (ulps: 0.0, x: 0.0)
            for (x, value) in zip(x, result) {
                let error = ulps(value, Self.extended(function, Float80(x)))
                if error > worst.ulps || error.isNaN { worst = (error, x) }
            }
            let bound = function == .exponential ? 1.0 : 4.0
            #expect(worst.ulps <= bound, "\(worst.ulps) ulp at \(worst.x)")
            #expect(worst.ulps > 0.4)
        }

        private static func extended(_ function: Function, _ x: Float80) -> Float80 {
            let t = x.magnitude
            let left: Float80
            switch function {
            case .exponential: return Float80.exp(x)
            case .gelu, .geluSlope:
                let factor: Float80 = 0.70710678118654752440084436210484903928
                let argument = t * factor
                let low = (-argument).addingProduct(t, factor)
                let phi = Float80.exp(-argument * argument) * 0.56418958354775628694807945156077258584
                let tail = 0.5 * Float80.erfc(argument) - low * phi
                left = function == .gelu ? t * tail : tail - t * phi * factor * (1 - 2 * argument * low)
            case .geluTanh, .geluTanhSlope:
                let linear: Float80 = 1.59576912160573071175978423973752747390
                let cubic: Float80 = 0.07135481627260024877633875227986354100
                let e = Float80.exp(-t * (linear + cubic * t * t))
                left =
                    function == .geluTanh
                    ? t * e / (1 + e) : e / ((1 + e) * (1 + e)) * (1 + e - t * (linear + 3 * cubic * t * t))
            }
            switch function {
            case .gelu, .geluTanh: return x < 0 ? -left : x - left
            default: return x < 0 ? left : 1 - left
            }
        }
    #endif

    private func evaluate<Scalar: TestScalar>(_ function: Function, _ x: [Scalar], _ set: InstructionSet)
        -> [Scalar]
    {
        let table = Scalar.kernels(set)
        let count = x.count
        var out = [Scalar](repeating: 1, count: count)
        x.withUnsafeBufferPointer { x in
            out.withUnsafeMutableBufferPointer { out in
                let (x, out) = (x.baseAddress!, out.baseAddress!)
                func forward(_ kind: ActivationKind) {
                    table.biasActivation(
                        kind: kind, z: x, zStride: count, bias: nil, y: out, yStride: count, rows: 1,
                        columns: count)
                }
                func backward(_ kind: ActivationKind) {
                    table.biasActivationBackward(
                        kind: kind, saved: x, savedStride: count, bias: nil, dy: out, dyStride: count,
                        dz: out,
                        dzStride: count, rows: 1, columns: count)
                }
                switch function {
                case .gelu: forward(.gelu)
                case .geluSlope: backward(.gelu)
                case .geluTanh: forward(.geluTanh)
                case .geluTanhSlope: backward(.geluTanh)
                case .exponential:
                    table.exponentialShifted(x: x, shift: 0, scale: 1, out: out, count: count)
                }
            }
        }
        return out
    }
}
