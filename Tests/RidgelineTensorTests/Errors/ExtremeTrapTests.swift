// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Numbers at the ends of their types: what cannot be done stops with a message, not with an overflow's bare trap.
enum ExtremeMistake: String, CaseIterable, Codable, Sendable {
    case divisionByZero, scalarDivisionByZero, broadcastCount, broadcastArithmetic, broadcastSelection
    case broadcastComparison, reshapedProduct, reshapedNegative, reshapedShape, splitSizes, splitWrapped,
        splitInto
    case splitNothing, padded, paddedCount, concatenated, argmaxExtent, argmaxOfNothing, argminOfScalar
    case rangeTooLong, rangeOfIntegers, rangeOfNaN, rangeByZero, spacingOfNothing, spacingOfInfinity
    case takingFromScalar, gatheredFromScalar, takingFromNothing, takingFar, oneHotFar, labelFar
    case transposedScalar, position

    func make() {
        let x = Tensor<Float>.zeros([2, 3])
        let (tall, wide) = (
            Tensor<Float>([1]).broadcast(to: [1 << 40, 1]), Tensor<Float>([1]).broadcast(to: [1, 1 << 40])
        )
        let long = Tensor<Int8>([1]).broadcast(to: [1 << 31 + 1])
        switch self {
        case .divisionByZero: _ = ([1, 2] as Tensor<Int32>) / ([1, 0] as Tensor<Int32>)
        case .scalarDivisionByZero: _ = ([1, 2] as Tensor<UInt8>) / 0
        case .broadcastCount: _ = tall.broadcast(to: [1 << 40, 1 << 40])
        case .broadcastArithmetic: _ = tall + wide
        case .broadcastSelection: _ = which([true], tall, wide)
        case .broadcastComparison: _ = tall .== wide
        case .reshapedProduct: _ = x.reshaped([-1, .max, 2])
        case .reshapedNegative: _ = x.reshaped([-1, -3, -2])
        case .reshapedShape: _ = x.reshaped([.max, 2])
        case .splitSizes: _ = x.split(sizes: [.max, 3], axis: 1)
        case .splitWrapped: _ = x.split(sizes: [.max, .max, 4, 1], axis: 1)
        case .splitInto: _ = x.split(into: .max)
        case .splitNothing: _ = Tensor<Float>.zeros([0]).split(into: .max)
        case .padded: _ = x.padded([(.max, .max), (0, 0)])
        case .paddedCount: _ = x.padded([(1 << 40, 0), (1 << 40, 0)])
        case .concatenated:
            let most = Tensor<Float>([1]).broadcast(to: [.max])
            _ = Tensor.concatenated([most, most])
        case .argmaxExtent: _ = long.argmax(axis: 0)
        case .argmaxOfNothing: _ = Tensor<Float>.zeros([2, 0]).argmax(axis: 1)
        case .argminOfScalar: _ = Tensor<Float>(1).argmin(axis: 0)
        case .rangeTooLong: _ = Tensor<Float>.range(from: 0, to: 1e30)
        case .rangeOfIntegers: _ = Tensor<Int64>.range(from: .min, to: .max)
        case .rangeOfNaN: _ = Tensor<Double>.range(from: .nan, to: 1)
        case .rangeByZero: _ = Tensor<Int32>.range(from: 0, to: 1, by: 0)
        case .spacingOfNothing: _ = Tensor<Float>.linearlySpaced(from: 0, to: 1, count: 0)
        case .spacingOfInfinity: _ = Tensor<Float>.linearlySpaced(from: 0, to: .infinity, count: 2)
        case .takingFromScalar: _ = Tensor<Float>(1).taking([0])
        case .gatheredFromScalar: _ = Tensor<Float>(1).gathered(Tensor<Int64>(0), axis: 0)
        case .takingFromNothing: _ = Tensor<Float>.zeros([0, 2]).taking([0])
        case .takingFar: _ = x.taking(Tensor<UInt64>([.max]))
        case .oneHotFar: _ = Tensor<Float>.oneHot(Tensor<Int64>([.min]), depth: 4)
        case .labelFar: _ = softmaxCrossEntropy(logits: x, labels: Tensor<Int64>([0, 1 << 32]))
        case .transposedScalar: _ = Tensor<Float>(1).transposed()
        case .position: _ = x[Int.min]
        }
    }

    var message: [String] {
        let huge = 1 << 40
        return switch self {
        case .divisionByZero, .scalarDivisionByZero: ["/: an integer divided by 0"]
        case .broadcastCount: ["the number of elements of [\(huge), \(huge)] overflows"]
        case .broadcastArithmetic:
            ["+ of [\(huge), 1] and [1, \(huge)]: the number of elements of [\(huge), \(huge)] overflows"]
        case .broadcastSelection: ["which of", "the number of elements of [\(huge), \(huge)] overflows"]
        case .broadcastComparison: [".== of", "the number of elements of [\(huge), \(huge)] overflows"]
        case .reshapedProduct: ["reshaped: [2, 3] does not divide into [-1, \(Int.max), 2]"]
        case .reshapedNegative: ["reshaped: [2, 3] does not divide into [-1, -3, -2]"]
        case .reshapedShape: ["the number of elements of [\(Int.max), 2] overflows"]
        case .splitSizes: ["split: sizes [\(Int.max), 3] for axis 1 of [2, 3]; expected their sum to be 3"]
        case .splitWrapped: ["split: sizes [\(Int.max), \(Int.max), 4, 1]", "expected their sum to be 3"]
        case .splitInto: ["split: axis 0 of [2, 3] does not divide into \(Int.max) equal parts"]
        case .splitNothing: ["split: axis 0 of [0] does not divide into \(Int.max) equal parts"]
        case .padded: ["padded: 2 and \(Int.max) more beside [2, 3] overflow"]
        case .paddedCount: ["padded: the number of elements of [\(huge + 2), \(huge + 3)] overflows"]
        case .concatenated: ["concatenated: \(Int.max) and \(Int.max) more beside [\(Int.max)] overflow"]
        case .argmaxExtent: ["argmax: axis 0 of [2147483649] has positions that no Int32 holds"]
        case .argmaxOfNothing: ["argmax: axis 1 of [2, 0] is empty; expected at least one element"]
        case .argminOfScalar: ["argmin: axis 0 does not exist", "[]; it has a single element and no axes"]
        case .rangeTooLong:
            ["range: from 0.0 to 1e+30 by 1.0 has 1.0000000150474662e+30 elements; expected at most"]
        case .rangeOfIntegers:
            ["range: from \(Int.min) to \(Int.max) by 1 has 1.8446744073709552e+19 elements"]
        case .rangeOfNaN: ["range: from nan to 1.0 by 1.0; expected finite bounds"]
        case .rangeByZero: ["range: from 0 to 1 by 0; expected a step that is not 0"]
        case .spacingOfNothing: ["linearlySpaced: 0 values; expected at least 1"]
        case .spacingOfInfinity: ["linearlySpaced: from 0.0 to inf; expected finite ends"]
        case .takingFromScalar: ["taking: axis 0 does not exist", "[]; it has a single element and no axes"]
        case .gatheredFromScalar: ["gathered: axis 0 does not exist", "it has a single element and no axes"]
        case .takingFromNothing: ["taking: index 0 is out of range; there are no positions to choose from"]
        case .takingFar: ["taking: index \(UInt64.max) is out of range; expected -2 up to 1"]
        case .oneHotFar: ["oneHot: index \(Int64.min) is out of range; expected 0 up to 3"]
        case .labelFar: ["softmaxCrossEntropy: label 4294967296 is out of range; expected 0 up to 2"]
        case .transposedScalar: ["transposed: axis -2 does not exist", "it has a single element and no axes"]
        case .position: ["subscript: position \(Int.min) is out of range for axis 0 of [2, 3]"]
        }
    }
}

@Suite struct ExtremeTrapTests {
    @Test(arguments: ExtremeMistake.allCases)
    func stopsWithAMessage(mistake: ExtremeMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        for part in mistake.message { #expect(text.contains(part), "\(text.prefix(400))") }
    }

    /// What can be done at these ends is done.
    @Test func extremesThatAreFine() {
        let x: Tensor<Int32> = [1, 2, 3, 4]
        expect(x[.strided(by: .max)], [1], [1])
        expect(x[.strided(by: .min)], [1], [4])
        expect(x[.strided(from: 2, to: nil, by: .min)], [1], [3])
        expect(x[.strided(from: .min, to: .max, by: 1)], [4], [1, 2, 3, 4])
        expect(x[.strided(from: .max, to: .min, by: -1)], [4], [4, 3, 2, 1])
        expect(x[1...Int.max], [3], [2, 3, 4])
        expect(x[Int.max...], [0], [])
        let gradient = valueAndGradient(at: [1, 2, 3] as Tensor<Float>) { $0[.strided(by: .min)].sum() }
            .gradient
        expect(gradient, [3], [0, 0, 1])
        let least = Tensor<Int32>([.min, .max, -7])
        expect(least / -1, [3], [.min, -.max, 7])
        expect(Tensor<Int8>([.min]) / Tensor<Int8>([-1]), [1], [.min])
        expect(Tensor<Int64>([.min]) / Tensor<Int64>([-1]), [1], [.min])
        expect(-least, [3], [.min, -.max, 7])
    }
}
