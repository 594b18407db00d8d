// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Values and derivatives at the kinks, the infinities and NaN: those of PyTorch 2.13.0, but that limits stand where
/// PyTorch has NaN at an infinity (hardSwish, softsign, silu, mish).
@Suite struct ActivationKinkTests {
    static let x: [Float] = [-.infinity, -3, -1, -0.5, -0.0, 0, 0.5, 1, 3, 6, .infinity, .nan]
    static let nan = Float.nan
    static let infinity = Float.infinity

    static let expected: [(ActivationKind, ActivationParameters<Float>, values: [Float], slopes: [Float])] =
        [
            (
                .step, .init(0.5), [0, 0, 0, 0, 0.5, 0.5, 1, 1, 1, 1, 1, nan],
                [Float](repeating: 1, count: 12)
            ),
            (.relu6, .none, [0, 0, 0, 0, 0, 0, 0.5, 1, 3, 6, 6, nan], [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1]),
            (
                .leakyReLU, .init(-0.5), [infinity, 1.5, 0.5, 0.25, 0, 0, 0.5, 1, 3, 6, infinity, nan],
                [-0.5, -0.5, -0.5, -0.5, -0.5, -0.5, 1, 1, 1, 1, 1, -0.5]
            ),
            (
                .elu, .init(1),
                [
                    -1, -0.950212932, -0.632120559, -0.39346934, 0, 0, 0.5, 1, 3, 6, infinity, nan,
                ], [0, 0.049787068, 0.36787944, 0.60653066, 1, 1, 1, 1, 1, 1, 1, 1]
            ),
            (
                .selu, .none,
                [
                    -1.75809934, -1.67056873, -1.11133074, -0.691758188, 0, 0, 0.525350494, 1.05070099,
                    3.15210296, 6.30420592, infinity, nan,
                ],
                [
                    0, 0.08752874, 0.64676894, 1.0663411, 1.7580993, 1.7580993, 1.050701, 1.050701, 1.050701,
                    1.050701, 1.050701, 1.050701,
                ]
            ),
            (
                .hardSigmoid, .none, [0, 0, 1 / 3, 2.5 / 6, 0.5, 0.5, 3.5 / 6, 2 / 3, 1, 1, 1, nan],
                [0, 0, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 0, 0, 0, 0]
            ),
            (
                .hardTanh, .init(-1, 1), [-1, -1, -1, -0.5, 0, 0, 0.5, 1, 1, 1, 1, nan],
                [0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1]
            ),
            (
                .hardSwish, .none, [0, 0, -1 / 3, -1.25 / 6, 0, 0, 1.75 / 6, 2 / 3, 3, 6, infinity, nan],
                [0, 0, 1 / 6, 1 / 3, 0.5, 0.5, 2 / 3, 5 / 6, 1, 1, 1, nan]
            ),
            (
                .hardShrink, .init(0.5), [-infinity, -3, -1, 0, 0, 0, 0, 1, 3, 6, infinity, nan],
                [1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1]
            ),
            (
                .softShrink, .init(0.5), [-infinity, -2.5, -0.5, 0, 0, 0, 0, 0.5, 2.5, 5.5, infinity, nan],
                [1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1]
            ),
            (
                .thresholded, .init(0.5, 2), [2, 2, 2, 2, 2, 2, 2, 1, 3, 6, infinity, nan],
                [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
            ),
            (
                .softsign, .none, [-1, -0.75, -0.5, -1 / 3, 0, 0, 1 / 3, 0.5, 0.75, 6 / 7, 1, nan],
                [0, 0.0625, 0.25, 4 / 9, 1, 1, 4 / 9, 0.25, 0.0625, 1 / 49, 0, nan]
            ),
            (
                .softplus, .init(1, infinity),
                [
                    0, 0.048587352, 0.31326169, 0.47407699, 0.69314718, 0.69314718, 0.97407699, 1.31326169,
                    3.04858735, 6.00247569, infinity, nan,
                ],
                [
                    0, 0.0474258732, 0.268941421, 0.377540669, 0.5, 0.5, 0.622459331, 0.731058579,
                    0.952574127, 0.997527377, 1, nan,
                ]
            ),
            (
                .logSigmoid, .none,
                [
                    -infinity, -3.04858735, -1.31326169, -0.97407699, -0.69314718, -0.69314718, -0.47407699,
                    -0.31326169, -0.048587352, -0.00247568514, 0, nan,
                ],
                [
                    1, 0.952574127, 0.731058579, 0.622459331, 0.5, 0.5, 0.377540669, 0.268941421,
                    0.0474258732, 0.00247262316, 0, nan,
                ]
            ),
            (
                .silu, .init(1),
                [
                    0, -0.14227762, -0.26894142, -0.18877033, 0, 0, 0.31122967, 0.73105858, 2.85772238,
                    5.98516426, infinity, nan,
                ],
                [
                    0, -0.08810411, 0.07232949, 0.26003881, 0.5, 0.5, 0.73996119, 0.92767051, 1.08810411,
                    1.01232627, 1, nan,
                ]
            ),
            (
                .mish, .none,
                [
                    0, -0.14564746, -0.30340146, -0.22074376, 0, 0, 0.37524523, 0.86509839, 2.98653500,
                    5.99992680, infinity, nan,
                ],
                [
                    0, -0.09339312, 0.05921675, 0.28951063, 0.6, 0.6, 0.88642420, 1.04903635, 1.02110704,
                    1.00013399, 1, nan,
                ]
            ),
            (
                .tanhShrink, .none,
                [
                    -infinity, -2.00494525, -0.23840584, -0.037882843, 0, 0, 0.037882843, 0.23840584,
                    2.00494525,
                    5.00001229, infinity, nan,
                ],
                [
                    1, 0.990133963, 0.580025658, 0.213552267, 0, 0, 0.213552267, 0.580025658, 0.990133963,
                    0.999975423, 1, nan,
                ]
            ),
            (
                .identity, .none, [-infinity, -3, -1, -0.5, 0, 0, 0.5, 1, 3, 6, infinity, nan],
                [Float](repeating: 1, count: 12)
            ),
            (
                .relu, .none, [0, 0, 0, 0, 0, 0, 0.5, 1, 3, 6, infinity, nan],
                [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
            ),
            (
                .squaredReLU, .none, [0, 0, 0, 0, 0, 0, 0.25, 1, 9, 36, infinity, nan],
                [0, 0, 0, 0, 0, 0, 1, 2, 6, 12, infinity, nan]
            ),
            (
                .celu, .init(1),
                [-1, -0.950212932, -0.632120559, -0.39346934, 0, 0, 0.5, 1, 3, 6, infinity, nan],
                [0, 0.0497870684, 0.367879441, 0.60653066, 1, 1, 1, 1, 1, 1, 1, 1]
            ),
            (
                .sigmoid, .none,
                [
                    0, 0.0474258732, 0.268941421, 0.377540669, 0.5, 0.5, 0.622459331, 0.731058579,
                    0.952574127, 0.997527377, 1, nan,
                ],
                [
                    0, 0.0451766597, 0.196611933, 0.235003712, 0.25, 0.25, 0.235003712, 0.196611933,
                    0.0451766597, 0.00246650929, 0, nan,
                ]
            ),
            (
                .tanh, .none,
                [
                    -1, -0.995054754, -0.761594156, -0.462117157, 0, 0, 0.462117157, 0.761594156,
                    0.995054754, 0.999987712, 1, nan,
                ],
                [
                    0, 0.00986603717, 0.419974342, 0.786447733, 1, 1, 0.786447733, 0.419974342,
                    0.00986603717, 2.45765474e-05, 0, nan,
                ]
            ),
            (
                .geluSigmoid, .none,
                [
                    0, -0.0180713097, -0.154204234, -0.149611563, 0, 0, 0.350388437, 0.845795766,
                    2.98192869, 5.99977965, infinity, nan,
                ],
                [
                    0, -0.0245483239, -0.0677796066, 0.120778088, 0.5, 0.5, 0.879221912, 1.06777961,
                    1.02454832, 1.0003383, 1, nan,
                ]
            ),
            (
                .gelu, .none,
                [
                    0, -0.00404969409, -0.158655254, -0.154268769, 0, 0, 0.345731231, 0.841344746,
                    2.99595031, 5.99999999, infinity, nan,
                ],
                [
                    0, -0.0119456472, -0.0833154706, 0.132504875, 0.5, 0.5, 0.867495125, 1.08331547,
                    1.01194565, 1.00000004, 1, nan,
                ]
            ),
            (
                .geluTanh, .none,
                [
                    0, -0.00363739208, -0.158808009, -0.15428599, 0, 0, 0.34571401, 0.841191991,
                    2.99636261, 6, infinity, nan,
                ],
                [
                    0, -0.0115841666, -0.0829640838, 0.132630096, 0.5, 0.5, 0.867369904, 1.08296408,
                    1.01158417, 1, 1, nan,
                ]
            ),
            (
                .sine, .none,
                [
                    nan, -0.141120008, -0.841470985, -0.479425539, 0, 0, 0.479425539, 0.841470985,
                    0.141120008, -0.279415498, nan, nan,
                ],
                [
                    nan, -0.989992497, 0.540302306, 0.877582562, 1, 1, 0.877582562, 0.540302306,
                    -0.989992497, 0.960170287, nan, nan,
                ]
            ),
        ]

    @Test(arguments: InstructionSet.available)
    func values(set: InstructionSet) {
        let table = KernelTable<Float>.table(for: set)
        let count = Self.x.count
        for (kind, parameters, values, slopes) in Self.expected {
            let z = GuardedBuffer(Self.x)
            let y = GuardedBuffer(Self.x)
            let slope = GuardedBuffer([Float](repeating: 1, count: count))
            table.biasActivation(
                kind: kind, parameters: parameters, z: z.readOnly, zStride: count, bias: nil, y: y.start,
                yStride: count, rows: 1, columns: count)
            table.biasActivationBackward(
                kind: kind, parameters: parameters,
                saved: kind.savesOutput(parameters) ? y.readOnly : z.readOnly, savedStride: count, bias: nil,
                dy: slope.readOnly, dyStride: count, dz: slope.start, dzStride: count, rows: 1,
                columns: count)
            #expect(distance(y.values, values) < 1e-7, "\(kind) \(y.values)")
            #expect(distance(slope.values, slopes) < 2e-6, "\(kind)' \(slope.values)")
        }
    }

    /// What each function makes of −0 and 0, with the sign: odd ones keep it, as do those that are x times something
    /// positive at 0.
    static let zeros: [ActivationKind: (Float, Float)] = [
        .identity: (-0.0, 0), .step: (0, 0), .relu: (0, 0), .relu6: (0, 0), .leakyReLU: (-0.0, 0),
        .squaredReLU: (0, 0), .thresholded: (0, 0), .hardSigmoid: (0.5, 0.5), .hardTanh: (-0.0, 0),
        .hardSwish: (-0.0, 0), .hardShrink: (0, 0), .softShrink: (-0.0, 0), .elu: (-0.0, 0),
        .celu: (-0.0, 0), .selu: (-0.0, 0), .softplus: (0.6931472, 0.6931472),
        .logSigmoid: (-0.6931472, -0.6931472), .sigmoid: (0.5, 0.5), .tanh: (-0.0, 0),
        .softsign: (-0.0, 0), .tanhShrink: (-0.0, 0), .silu: (-0.0, 0), .geluSigmoid: (-0.0, 0),
        .mish: (-0.0, 0), .gelu: (-0.0, 0), .geluTanh: (-0.0, 0), .sine: (-0.0, 0),
    ]

    @Test(arguments: InstructionSet.available)
    func signsOfZero(set: InstructionSet) {
        for (kind, expected) in Self.zeros {
            let y = GuardedBuffer<Float>([-0.0, 0.0])
            KernelTable<Float>.table(for: set).biasActivation(
                kind: kind, parameters: kind.standardParameters.converted(), z: y.readOnly, zStride: 2,
                bias: nil, y: y.start, yStride: 2, rows: 1, columns: 2)
            let values = [expected.0, expected.1]
            #expect(distance(y.values, values) < 1e-7, "\(kind): \(y.values)")
            #expect(y.values.map(\.sign) == values.map(\.sign), "\(kind): \(y.values)")
        }
    }
}
