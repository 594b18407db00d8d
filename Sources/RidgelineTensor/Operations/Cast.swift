// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// The elements converted from another floating-point type, rounded to nearest; differentiable.
    public init<Other: FloatingScalar>(_ other: Tensor<Other>) {
        let out = Self.converted(other)
        guard let recording = Recording.tracking(other.trace) else {
            self = out
            return
        }
        let entry = recording.entry(other.trace)
        self = recording.record(.cast, out) { pass in
            pass.add(Tensor<Other>(pass.takeUpstream(as: Scalar.self)), to: entry)
        }
    }
}

extension Tensor where Scalar: NumericScalar {
    /// The integers in another type: as floating-point numbers rounded to nearest. Traps where one does not
    /// fit.
    public init<Integer: IntegerScalar>(_ other: Tensor<Integer>) { self = Self.converted(other) }

    /// 1 for true and 0 for false.
    public init(_ other: Tensor<Bool>) {
        self = other.mapping(to: Scalar.self) { from, to, count in
            for index in 0..<count { to[index] = from[index] ? 1 : 0 }
        }
    }

    fileprivate static func converted<Other: NumericScalar>(_ other: Tensor<Other>) -> Tensor {
        other.detached.mapping(to: Scalar.self) { from, to, count in
            Scalar._convert(from: Other.dataType, from, to, count)
        }
    }
}

extension Tensor where Scalar: IntegerScalar {
    /// The elements rounded towards zero. Traps on NaN and on values out of range.
    public init<Real: FloatingScalar>(_ other: Tensor<Real>) { self = Self.converted(other) }
}
