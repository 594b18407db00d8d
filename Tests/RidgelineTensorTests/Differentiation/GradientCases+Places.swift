// Part of Ridgeline. Licensed under the Apache License 2.0.

@testable import RidgelineTensor

/// The registry's part for products, running totals, sorting and adding at indices.
func placeCases<Scalar: FloatingScalar>(
    _ still: [Arrangement]
) -> [DifferentiableOperation: [GradientCase<Scalar>]] {
    typealias Case = GradientCase<Scalar>
    typealias Function = (Tensor<Scalar>) -> Tensor<Scalar>
    func cases(
        _ name: String, _ shapes: [Shape] = [[2, 3, 4], [0, 3], [2, 0]],
        arrangements: [Arrangement] = Arrangement.allCases, _ function: @escaping Function
    ) -> [Case] {
        shapes.map { shape in
            Case(name: "\(name) \(shape)", shapes: [shape], arrangements: arrangements) { function($0[0]) }
        }
    }
    var all: [DifferentiableOperation: [Case]] = [:]
    // Factors of 0: one, two, and none in a row.
    let zeros: Tensor<Scalar> = [[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 1, 1]]
    all[.product] =
        cases("product") { $0.product(axis: -1) } + cases("all") { $0.product() }
        + cases("some") { $0.product(axes: [0, -1], keepingDimensions: true) }
        + cases("zeros", [[3, 4]]) { ($0 * zeros).product(axis: 1) }
    var sums: [Case] = []
    var products: [Case] = []
    for exclusive in [false, true] {
        for reversed in [false, true] {
            sums += cases("sum") { $0.cumulativeSum(axis: 1, exclusive: exclusive, reversed: reversed) }
            products += cases("product") {
                $0.cumulativeProduct(axis: 0, exclusive: exclusive, reversed: reversed)
            }
            products += cases("zeros", [[3, 4]]) {
                ($0 * zeros).cumulativeProduct(axis: 1, exclusive: exclusive, reversed: reversed)
            }
        }
    }
    all[.cumulativeSum] = sums
    all[.cumulativeProduct] = products
    // Equal elements change places as they are moved.
    all[.gather] =
        cases("sorted", arrangements: still) { $0.sorted(axis: 1, descending: true).squared() }
        + cases("topK", [[3, 5], [0, 4]], arrangements: still) { $0.topK(2).values }
        + cases("median", [[3, 4], [2, 5]], arrangements: still) { $0.median(axis: 1) }
        + cases("midpoint", [[3, 4], [2, 5]], arrangements: still) {
            $0.median(axis: 1, definition: .midpoint)
        }
    let indices: Tensor<Int32> = [[1, 1, -1], [1, 0, 1]]
    all[.scatterAdd] = [([3, 4], [2, 3]), ([3, 3], [2, 3])].map { (x: Shape, values: Shape) in
        Case(name: "scatterAdd \(x)", shapes: [x, values]) { $0[0].scatterAdd($0[1], at: indices, axis: 0) }
    }
    all[.scatterAdd]?.append(
        Case(name: "nothing", shapes: [[3, 4], [0, 4]]) {
            $0[0].scatterAdd($0[1], at: Tensor<Int32>(shape: [0, 4], scalars: []), axis: 0)
        })
    all[.indexAdd] = [([4, 2], [3, 2], 0), ([2, 4, 3], [2, 3, 3], 1), ([4, 0], [3, 0], 0)].map {
        (x: Shape, values: Shape, axis: Int) in
        Case(name: "indexAdd \(x)", shapes: [x, values]) { $0[0].indexAdd($0[1], at: [2, 0, 2], axis: axis) }
    }
    return all
}
