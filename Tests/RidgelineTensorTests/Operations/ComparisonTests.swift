// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct ComparisonTests {
    private func check<Scalar: NumericScalar>(_ values: [Scalar], _ others: [Scalar]) {
        let relations:
            [(String, (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Bool>, (Scalar, Scalar) -> Bool)] = [
                (".<", { $0 .< $1 }, { $0 < $1 }), (".<=", { $0 .<= $1 }, { $0 <= $1 }),
                (".>", { $0 .> $1 }, { $0 > $1 }), (".>=", { $0 .>= $1 }, { $0 >= $1 }),
                (".==", { $0 .== $1 }, { $0 == $1 }), (".!=", { $0 .!= $1 }, { $0 != $1 }),
            ]
        for (name, operation, reference) in relations {
            for arrangement in Arrangement.allCases {
                let a = arrangement.tensor([2, 3, 2], values)
                let b = arrangement.tensor([3, 1], others)
                let (x, y) = (Naive(a), Naive(b))
                let wanted = Naive<Bool>([2, 3, 2]) { reference(x[$0], y[$0]) }
                #expect(Set(wanted.elements).count == 2 || arrangement == .broadcast, "\(name)")
                expect(operation(a, b), [2, 3, 2], wanted.elements, "\(name) \(arrangement)")
            }
        }
    }

    @Test func everyRelation() {
        check([1, 2, 3, 2, 5, 3, 3, 2, 1, 0, 2, 2] as [Float], [2, 3, 1])
        check([1, 2, 3, 2, 5, 3, 3, 2, 1, 0, 2, 2] as [Double], [2, 3, 1])
        check([1, 2, 3, 2, 5, 3, 3, 2, 1, 0, 2, 2] as [Int32], [2, 3, 1])
    }

    @Test func nanComparesFalse() {
        let x = Tensor<Double>([.nan, 1])
        for relation in [x .< x, x .<= 1, x .> x, x .>= 1, x .== x] {
            #expect(relation.shape == [2])
            #expect(relation.scalars[0] == false)
        }
        expect(x .!= x, [2], [true, false])
    }

    @Test func withOneNumberAndNone() {
        let x: Tensor<Int32> = [1, 2, 3]
        expect(x .< 2, [3], [true, false, false])
        expect(x .>= 2, [3], [false, true, true])
        expect(x .== 2, [3], [false, true, false])
        expect(Tensor<Float>.zeros([0, 2]) .< 1, [0, 2], [])
    }

    @Test func truthValues() {
        let a: Tensor<Bool> = [[true, true], [false, false]]
        let b: Tensor<Bool> = [true, false]
        expect(a .& b, [2, 2], [true, false, false, false])
        expect(a .| b, [2, 2], [true, true, true, false])
        expect(.!a, [2, 2], [false, false, true, true])
        expect(a.transposed() .== [[true], [false]], [2, 2], [true, false, false, true])
        #expect(a.any() && !a.all() && a.trueCount() == 2)
        #expect(Tensor<Bool>.zeros([0]).all() && !Tensor<Bool>.zeros([0]).any())
        #expect(a[0].all() && !a[1].any())
    }
}
