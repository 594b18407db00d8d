// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// An activation as the sweeps call its kernels: on one row, without a bias, in any precision.
package struct SweptFunction<Scalar: FloatingScalar>: Sendable {
    enum Form {
        case ridge(ActivationKind, ActivationParameters<Scalar>)
        /// A slope for each place in the row; one for all places is `isOne`.
        case sloped([Scalar], isOne: Bool)
    }

    let form: Form

    private init(_ form: Form) { self.form = form }

    /// The kernel of that kind.
    init(_ kind: ActivationKind, _ parameters: ActivationParameters<Scalar>) {
        form = .ridge(kind, parameters)
    }

    /// The function in training, on rows of up to `width` values: slopes that layers draw at random are spread evenly
    /// between their bounds here, and learnt ones are the first.
    package init(_ activation: Activation, width: Int) {
        switch activation.form {
        case .ridge(let kind, let parameters): form = .ridge(kind, parameters.converted())
        case .parametric(let initial, let isPerChannel):
            form = .sloped(
                Array(repeating: Scalar(fromDouble: initial), count: isPerChannel ? width : 1),
                isOne: !isPerChannel)
        case .randomized(let lower, let upper):
            // Multiples of the golden ratio leave no gaps.
            let slopes = (0..<width).map { index in
                let share = (Double(index) * 0.618_033_988_749_894_8).truncatingRemainder(dividingBy: 1)
                return Scalar(fromDouble: lower + (upper - lower) * share)
            }
            form = .sloped(slopes, isOne: false)
        }
    }

    /// The same function, with the same parameters, in another precision.
    func converted<Other: FloatingScalar>() -> SweptFunction<Other> {
        switch form {
        case .ridge(let kind, let parameters): SweptFunction<Other>(.ridge(kind, parameters.converted()))
        case .sloped(let slopes, let isOne):
            SweptFunction<Other>(.sloped(slopes.map { Other($0) }, isOne: isOne))
        }
    }

    /// The kind of kernel; nil for those with slopes.
    var kind: ActivationKind? { if case .ridge(let kind, _) = form { kind } else { nil } }

    /// Whether backward reads the output.
    var savesOutput: Bool {
        if case .ridge(let kind, let parameters) = form { kind.savesOutput(parameters) } else { false }
    }

    /// y = f(x).
    func forward(_ table: KernelTable<Scalar>, _ x: [Scalar], _ y: inout [Scalar], _ count: Int) {
        switch form {
        case .ridge(let kind, let parameters):
            table.biasActivation(
                kind: kind, parameters: parameters, z: x, zStride: count, bias: nil, y: &y, yStride: count,
                rows: 1, columns: count)
        case .sloped(let slopes, let isOne):
            slopes.withUnsafeBufferPointer { slopes in
                guard let start = slopes.baseAddress else { return }
                table.parametricReLU(
                    z: x, zStride: count, bias: nil,
                    slope: isOne ? .one(start) : .elements(start, rowStride: slopes.count), y: &y,
                    yStride: count, rows: 1, columns: count)
            }
        }
    }

    /// dx = f′ of what was saved, as backward computes it for an upstream gradient dy.
    func backward(
        _ table: KernelTable<Scalar>, saved: [Scalar], dy: [Scalar], _ dx: inout [Scalar], _ count: Int
    ) {
        switch form {
        case .ridge(let kind, let parameters):
            table.biasActivationBackward(
                kind: kind, parameters: parameters, saved: saved, savedStride: count, bias: nil, dy: dy,
                dyStride: count, dz: &dx, dzStride: count, rows: 1, columns: count)
        case .sloped(let slopes, let isOne):
            slopes.withUnsafeBufferPointer { slopes in
                guard let start = slopes.baseAddress else { return }
                table.parametricReLUBackward(
                    z: saved, zStride: count, bias: nil,
                    slope: isOne ? .one(start) : .elements(start, rowStride: slopes.count), dy: dy,
                    dyStride: count, dz: &dx, dzStride: count, dSlope: nil, rows: 1, columns: count)
            }
        }
    }
}
