// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

/// Values and derivatives at the kinks, the infinities and NaN: those of PyTorch 2.13.0, but that limits stand where
/// PyTorch has NaN at an infinity (hardSwish, softsign, silu, mish).
@Suite struct ActivationKinkTests {
    static let x: [Float] = [-.infinity, -3, -1, -0.5, -0.0, 0, 0.5, 1, 3, 6, .infinity, .nan]
    static let nan = Float.nan
    static let infinity = Float.infinity

    static let expected: [(ActivationKind, ActivationParameters<Float>, values: [Float]?, slopes: [Float]?)] =
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
            (.elu, .init(1), nil, [0, 0.049787068, 0.36787944, 0.60653066, 1, 1, 1, 1, 1, 1, 1, 1]),
            (
                .selu, .none, nil,
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
            (.softsign, .none, [-1, -0.75, -0.5, -1 / 3, 0, 0, 1 / 3, 0.5, 0.75, 6 / 7, 1, nan], nil),
            (
                .softplus, .init(1, infinity),
                [
                    0, 0.048587352, 0.31326169, 0.47407699, 0.69314718, 0.69314718, 0.97407699, 1.31326169,
                    3.04858735, 6.00247569, infinity, nan,
                ], nil
            ),
            (
                .logSigmoid, .none,
                [
                    -infinity, -3.04858735, -1.31326169, -0.97407699, -0.69314718, -0.69314718, -0.47407699,
                    -0.31326169, -0.048587352, -0.00247568514, 0, nan,
                ], nil
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
                ], nil
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
            if let values { #expect(distance(y.values, values) < 1e-7, "\(kind) \(y.values)") }
            if let slopes { #expect(distance(slope.values, slopes) < 2e-6, "\(kind)' \(slope.values)") }
        }
    }

    /// Odd functions keep the sign of zero, as do those that are x times something positive at 0.
    @Test(arguments: InstructionSet.available)
    func signsOfZero(set: InstructionSet) {
        let signed: [ActivationKind] = [
            .identity, .leakyReLU, .hardTanh, .softShrink, .elu, .celu, .selu, .tanh, .softsign, .tanhShrink,
            .silu, .geluSigmoid, .mish, .sine,
        ]
        for kind in signed {
            let y = GuardedBuffer<Float>([-0.0, 0.0])
            KernelTable<Float>.table(for: set).biasActivation(
                kind: kind, parameters: kind.standardParameters.converted(), z: y.readOnly, zStride: 2,
                bias: nil, y: y.start, yStride: 2, rows: 1, columns: 2)
            #expect(y.values == [0, 0] && y.values.map(\.sign) == [.minus, .plus], "\(kind)")
        }
    }
}
