// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Mistakes with sorting, running totals, indices, draws and literals.
enum PlaceMistake: String, CaseIterable, Codable, Sendable {
    case sortAxis, topKCount, medianOfNothing, cumulativeAxis, integerMaxOfNothing
    case scatterShapes, scatterIndex, scatterReach, indexAddShape, indexAddIndex
    case emptyRange, probability, probabilities, permutation, logits, noCategories
    case element, elementCount, literal, truthLiteral, rows

    func make() {
        var x = Tensor<Float>.zeros([2, 3])
        let places: Tensor<Int32> = [[0, 1]]
        switch self {
        case .sortAxis: _ = x.sorted(axis: 2)
        case .topKCount: _ = x.topK(4)
        case .medianOfNothing: _ = Tensor<Float>.zeros([2, 0]).median(axis: 1)
        case .cumulativeAxis: _ = x.cumulativeSum(axis: -3)
        case .integerMaxOfNothing: _ = Tensor<Int32>.zeros([0]).max()
        case .scatterShapes: _ = x.scatterAdd(.zeros([2, 2]), at: places, axis: 0)
        case .scatterIndex: _ = x.scatterAdd(.zeros([1, 2]), at: [[0, 2]], axis: 0)
        case .scatterReach: _ = x.scatterAdd(.zeros([1, 4]), at: [[0, 0, 0, 0]], axis: 0)
        case .indexAddShape: _ = x.indexAdd(.zeros([2, 2]), at: [0, 1])
        case .indexAddIndex: _ = x.indexAdd(.zeros([1, 3]), at: [-3])
        case .emptyRange: _ = Tensor<Int32>.randomIntegers([2], in: 3..<3)
        case .probability: _ = Tensor<Bool>.bernoulli([2], probability: 1.5)
        case .probabilities: _ = Tensor<Bool>.bernoulli(probabilities: Tensor<Float>([0.5, -1]))
        case .permutation: _ = Tensor<Int8>.permutation(129)
        case .logits:
            _ = Tensor<Int32>.categorical(logits: Tensor<Float>(shape: [2, 2], scalars: [0, 1, .nan, 0]))
        case .noCategories: _ = Tensor<Int32>.categorical(logits: Tensor<Float>.zeros([2, 0]))
        case .element: _ = x[element: 0, 3]
        case .elementCount: _ = x[element: 0]
        case .literal: x[0] = true
        case .truthLiteral:
            var mask: Tensor<Bool> = [true]
            mask[0] = 1
        case .rows: _ = Tensor<Float>(1).rows
        }
    }

    /// What the message says.
    var message: String {
        switch self {
        case .sortAxis: "argsort: axis 2 does not exist in a tensor of shape [2, 3]"
        case .topKCount: "topK: 4 of axis 1 of [2, 3]; expected 0 up to 3"
        case .medianOfNothing: "median: shape [2, 0] has 0 elements along axes [1]"
        case .cumulativeAxis: "cumulativeSum: axis -3 does not exist in a tensor of shape [2, 3]"
        case .integerMaxOfNothing: "max: shape [0] has no elements along axes [0]"
        case .scatterShapes:
            "scatterAdd: values of shape [2, 2] at indices of shape [1, 2]; expected one shape"
        case .scatterIndex: "scatterAdd: index 2 is out of range; expected -2 up to 1"
        case .scatterReach: "scatterAdd: indices of shape [1, 4] for [2, 3] along axis 0"
        case .indexAddShape: "indexAdd: values of shape [2, 2] at indices of shape [2] along axis 0 of [2, 3]"
        case .indexAddIndex: "indexAdd: index -3 is out of range; expected -2 up to 1"
        case .emptyRange: "randomIntegers: the range 3..<3 is empty"
        case .probability: "bernoulli: probability 1.5; expected 0 up to 1"
        case .probabilities: "bernoulli: probability -1.0 at element 1; expected 0 up to 1"
        case .permutation: "permutation: 129 numbers; expected 0 up to as many as Int8 holds"
        case .logits: "categorical: the logits of distribution 1 are NaN or all -inf"
        case .noCategories: "categorical: logits [2, 0] have 0 categories along axis 1"
        case .element: "subscript: position 3 is out of range for axis"
        case .elementCount:
            "subscript(element:): position [0] in a tensor of shape [2, 3]; expected 2 indices"
        case .literal: "subscript assignment: a literal that is no Float"
        case .truthLiteral: "subscript assignment: a literal that is no Bool"
        case .rows: "rows: a tensor of shape [] has no axis to iterate over"
        }
    }
}

@Suite struct PlaceTrapTests {
    @Test(arguments: PlaceMistake.allCases)
    func stopsWithAMessage(mistake: PlaceMistake) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [mistake] in
            mistake.make()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains(mistake.message), "\(text.prefix(400))")
    }
}
