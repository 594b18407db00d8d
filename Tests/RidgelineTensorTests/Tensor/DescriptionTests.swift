// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// The expected texts are those of NumPy 2.4, `array2string(x, separator=", ")`.
@Suite struct DescriptionTests {
    private func expectText<Scalar: TensorScalar>(
        _ tensor: Tensor<Scalar>, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect("\(tensor)" == text, sourceLocation: sourceLocation)
    }

    @Test func fixedPoint() {
        expectText([1, 2.5, -3.25] as Tensor<Float>, "[ 1.  ,  2.5 , -3.25]")
        expectText([1, 2, 3] as Tensor<Float>, "[1., 2., 3.]")
        expectText(Tensor<Float>([1.0 / 3, 2.0 / 3, 1]), "[0.33333334, 0.6666667 , 1.        ]")
        expectText(Tensor<Double>([1.0 / 3, 2.0 / 3, 1]), "[0.33333333, 0.66666667, 1.        ]")
        expectText(
            [[3.141592653589793, 2.718281828459045], [1.5, 0]] as Tensor<Double>,
            "[[3.14159265, 2.71828183],\n [1.5       , 0.        ]]")
        expectText([0.5, 499, 500] as Tensor<Float>, "[  0.5, 499. , 500. ]")
        expectText([99_999_999, 99_999_999.5] as Tensor<Double>, "[99999999. , 99999999.5]")
        expectText([-0.0, 1] as Tensor<Double>, "[-0.,  1.]")
        expectText([0.999999999, 0.5] as Tensor<Double>, "[1. , 0.5]")
    }

    @Test func exponents() {
        expectText([1e10, 1.5] as Tensor<Float>, "[1.0e+10, 1.5e+00]")
        expectText([1e-5, 1] as Tensor<Double>, "[1.e-05, 1.e+00]")
        expectText([0.001, 2] as Tensor<Float>, "[1.e-03, 2.e+00]")
        expectText([123_456_789, 1e9] as Tensor<Double>, "[1.23456789e+08, 1.00000000e+09]")
        expectText([1.23456789012e-7, -1e100] as Tensor<Double>, "[ 1.23456789e-007, -1.00000000e+100]")
        expectText([268_435_456, 0.1] as Tensor<Float>, "[2.6843546e+08, 1.0000000e-01]")
    }

    @Test func notFinite() {
        expectText(Tensor<Float>([.nan, 1.5, .infinity, -.infinity]), "[ nan,  1.5,  inf, -inf]")
        expectText(Tensor<Double>([.nan, .infinity]), "[nan, inf]")
        expectText(Tensor<Double>([.nan, 1e20, -.infinity]), "[   nan, 1.e+20,   -inf]")
    }

    @Test func otherScalars() {
        expectText([[1, -20], [300, 4]] as Tensor<Int32>, "[[  1, -20],\n [300,   4]]")
        expectText([true, false] as Tensor<Bool>, "[ true, false]")
        expectText(Tensor<Double>(3), "3.")
        expectText(Tensor<Float>(2.5), "2.5")
        expectText(Tensor<Int32>(7), "7")
        expectText(Tensor<Float>.zeros([0]), "[]")
        expectText(Tensor<Float>.zeros([0, 3]), "[] (shape [0, 3])")
    }

    @Test func manyAxes() {
        expectText(
            Tensor<Float>.range(from: 0, to: 12).reshaped(to: [2, 3, 2]),
            """
            [[[ 0.,  1.],
              [ 2.,  3.],
              [ 4.,  5.]],

             [[ 6.,  7.],
              [ 8.,  9.],
              [10., 11.]]]
            """)
        expectText(
            Tensor<Int32>.range(from: -4, to: 4).reshaped(to: [2, 2, 1, 2]),
            """
            [[[[-4, -3]],

              [[-2, -1]]],


             [[[ 0,  1]],

              [[ 2,  3]]]]
            """)
        expectText(([[1, 2], [3, 4]] as Tensor<Int32>).transposed().flipped([0]), "[[2, 4],\n [1, 3]]")
    }

    @Test func longLinesWrap() {
        expectText(
            Tensor<Float>.range(from: 0, to: 30),
            """
            [ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13., 14.,
             15., 16., 17., 18., 19., 20., 21., 22., 23., 24., 25., 26., 27., 28., 29.]
            """)
        expectText(
            Tensor<Double>.linearlySpaced(from: 0, to: 1, count: 12).reshaped(to: [1, 2, 6]),
            """
            [[[0.        , 0.09090909, 0.18181818, 0.27272727, 0.36363636,
               0.45454545],
              [0.54545455, 0.63636364, 0.72727273, 0.81818182, 0.90909091,
               1.        ]]]
            """)
    }

    @Test func largeTensorsAreElided() {
        expectText(Tensor<Float>.range(from: 0, to: 1_001), "[   0.,    1.,    2., ...,  998.,  999., 1000.]")
        expectText(
            Tensor<Int32>.range(from: 0, to: 10_000).reshaped(to: [100, 100]),
            """
            [[   0,    1,    2, ...,   97,   98,   99],
             [ 100,  101,  102, ...,  197,  198,  199],
             [ 200,  201,  202, ...,  297,  298,  299],
             ...,
             [9700, 9701, 9702, ..., 9797, 9798, 9799],
             [9800, 9801, 9802, ..., 9897, 9898, 9899],
             [9900, 9901, 9902, ..., 9997, 9998, 9999]]
            """)
        let deep = "\(Tensor<Int32>.range(from: 0, to: 1_600).reshaped(to: [8, 2, 100]))"
        #expect(deep.contains("499],\n  [ 500,"))
        #expect(!deep.contains(" 600,"))
        #expect(deep.contains("599]],\n\n ...,\n\n [[1000,"))
        #expect(deep.split(separator: "\n").count == 13)
    }
}
