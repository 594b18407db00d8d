// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: NumericScalar {
    /// Element-wise arithmetic with broadcasting, unrecorded.
    static func binary(_ kind: BinaryKind, _ lhs: Tensor, _ rhs: Tensor) -> Tensor {
        combining(lhs, rhs, kind.symbol, result: Scalar.self) { a, b, out, rows, columns in
            Scalar._binary(
                kind, a.start, a.stride, a.rowStride, b.start, b.stride, b.rowStride, out, rows, columns)
        }
    }

    /// Adds a tensor of the same shape where this one's storage may be overwritten, else makes the sum anew.
    package mutating func addInPlace(_ other: Tensor) {
        if isOverwritable() && other.layout.isContiguous && other.shape == shape {
            let (to, from) = (storage.pointer(as: Scalar.self) + layout.offset, other.pointer)
            LoopNest(Layout(contiguous: shape)).forEachRun { offsets, _, count in
                Scalar._binary(.add, to + offsets[0], 1, from + offsets[0], 1, to + offsets[0], count)
            }
            withExtendedLifetime((storage, other.storage)) {}
        } else {
            self = Tensor.binary(.add, self, other)
        }
    }
}

extension BinaryKind {
    /// The name in messages.
    var symbol: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .maximum: "maximum"
        case .minimum: "minimum"
        }
    }
}

// MARK: Floating point, recorded

extension Tensor where Scalar: FloatingScalar {
    /// x + y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func + (lhs: Tensor, rhs: Tensor) -> Tensor {
        let out = binary(.add, lhs, rhs)
        guard let recording = Recording.tracking(lhs.trace, rhs.trace) else { return out }
        let (left, right) = (recording.entry(lhs.trace), recording.entry(rhs.trace))
        if lhs.shape == rhs.shape {
            return recording.record(.add, out) { pass in
                let upstream: Tensor = pass.takeUpstream()
                pass.add(upstream, to: left)
                pass.add(upstream, to: right)
            }
        }
        let (leftShape, rightShape) = (lhs.shape, rhs.shape)
        return recording.record(.add, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            if left != nil { pass.add(upstream.summed(to: leftShape), to: left) }
            if right != nil { pass.add(upstream.summed(to: rightShape), to: right) }
        }
    }

    /// x − y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func - (lhs: Tensor, rhs: Tensor) -> Tensor {
        let out = binary(.subtract, lhs, rhs)
        guard let recording = Recording.tracking(lhs.trace, rhs.trace) else { return out }
        let (left, right) = (recording.entry(lhs.trace), recording.entry(rhs.trace))
        let (leftShape, rightShape) = (lhs.shape, rhs.shape)
        return recording.record(.subtract, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            if left != nil { pass.add(upstream.summed(to: leftShape), to: left) }
            if right != nil { pass.add(-upstream.summed(to: rightShape), to: right) }
        }
    }

    /// x · y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func * (lhs: Tensor, rhs: Tensor) -> Tensor {
        let out = binary(.multiply, lhs, rhs)
        guard let recording = Recording.tracking(lhs.trace, rhs.trace) else { return out }
        let (left, right) = (recording.entry(lhs.trace), recording.entry(rhs.trace))
        // Saves each factor that the other's gradient needs.
        let (x, y) = (right == nil ? nil : lhs.detached, left == nil ? nil : rhs.detached)
        let (leftShape, rightShape) = (lhs.shape, rhs.shape)
        return recording.record(.multiply, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            if let y { pass.add((upstream * y).summed(to: leftShape), to: left) }
            if let x { pass.add((upstream * x).summed(to: rightShape), to: right) }
        }
    }

    /// x / y, element by element with NumPy broadcasting. Traps where the shapes do not broadcast.
    public static func / (lhs: Tensor, rhs: Tensor) -> Tensor {
        let out = binary(.divide, lhs, rhs)
        guard let recording = Recording.tracking(lhs.trace, rhs.trace) else { return out }
        let (left, right) = (recording.entry(lhs.trace), recording.entry(rhs.trace))
        // Saves the divisor, and the quotient for the divisor's gradient: ∂(x/y)/∂y = −(x/y)/y, in this order, so that
        // a quotient of 0 stays 0 where the upstream gradient over y overflows.
        let y = rhs.detached
        let quotient = right == nil ? nil : out
        let (leftShape, rightShape) = (lhs.shape, rhs.shape)
        return recording.record(.divide, out) { pass in
            let upstream: Tensor = pass.takeUpstream()
            if left != nil { pass.add((upstream / y).summed(to: leftShape), to: left) }
            if let quotient { pass.add(-(upstream * (quotient / y)).summed(to: rightShape), to: right) }
        }
    }

    /// −x.
    public static prefix func - (x: Tensor) -> Tensor { x.unary(.negate) }

    /// The sum over the axes by which a broadcast stretched `shape`: the gradient of a broadcast.
    package func summed(to shape: Shape) -> Tensor {
        if shape == self.shape { return self }
        let lead = rank - shape.rank
        var axes = Array(0..<lead)
        for axis in 0..<shape.rank where shape[axis] != self.shape[lead + axis] { axes.append(lead + axis) }
        return sum(axes: axes, keepingDimensions: true).reshaped(to: shape)
    }
}

/// The larger of x and y, element by element with broadcasting; NaN where either is. Where both are equal
/// each gets half of the gradient, where one is NaN both get all of it, as in PyTorch. Traps where the shapes do not
/// broadcast.
public func maximum<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    extremum(.maximum, x, y)
}

/// The smaller of x and y, element by element with broadcasting; NaN where either is. Where both are equal
/// each gets half of the gradient, where one is NaN both get all of it, as in PyTorch. Traps where the shapes do not
/// broadcast.
public func minimum<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    extremum(.minimum, x, y)
}

/// The larger of each element and a number.
public func maximum<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
    extremum(.maximum, x, Tensor(y))
}

/// The smaller of each element and a number.
public func minimum<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
    extremum(.minimum, x, Tensor(y))
}

/// The larger of x and y, element by element with broadcasting.
public func maximum<Integer: IntegerScalar>(_ x: Tensor<Integer>, _ y: Tensor<Integer>) -> Tensor<Integer> {
    .binary(.maximum, x, y)
}

/// The smaller of x and y, element by element with broadcasting.
public func minimum<Integer: IntegerScalar>(_ x: Tensor<Integer>, _ y: Tensor<Integer>) -> Tensor<Integer> {
    .binary(.minimum, x, y)
}

private func extremum<Scalar: FloatingScalar>(
    _ kind: BinaryKind, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
    let out = Tensor.binary(kind, x, y)
    guard let recording = Recording.tracking(x.trace, y.trace) else { return out }
    let (left, right) = (recording.entry(x.trace), recording.entry(y.trace))
    let (a, b) = (x.detached, y.detached)
    let operation: DifferentiableOperation = kind == .maximum ? .maximum : .minimum
    return recording.record(operation, out) { pass in
        let upstream: Tensor<Scalar> = pass.takeUpstream()
        // All but the one that lost: of NaN and a number, neither did.
        let shared = which(a .== b, upstream * 0.5, upstream)
        func share(unless lost: Tensor<Bool>) -> Tensor<Scalar> { which(lost, .zeros([]), shared) }
        let (less, more) = kind == .maximum ? (a, b) : (b, a)
        if left != nil { pass.add(share(unless: less .< more).summed(to: a.shape), to: left) }
        if right != nil { pass.add(share(unless: less .> more).summed(to: b.shape), to: right) }
    }
}

// MARK: Integers

extension Tensor where Scalar: IntegerScalar {
    /// x + y with broadcasting, wrapping on overflow as NumPy does.
    public static func + (lhs: Tensor, rhs: Tensor) -> Tensor { binary(.add, lhs, rhs) }
    /// x − y with broadcasting, wrapping on overflow.
    public static func - (lhs: Tensor, rhs: Tensor) -> Tensor { binary(.subtract, lhs, rhs) }
    /// x · y with broadcasting, wrapping on overflow.
    public static func * (lhs: Tensor, rhs: Tensor) -> Tensor { binary(.multiply, lhs, rhs) }
    /// x / y with broadcasting, rounded towards zero as Swift's. Traps on a divisor of 0; the one quotient that
    /// overflows, the least number by −1, wraps to the least number, as in NumPy.
    public static func / (lhs: Tensor, rhs: Tensor) -> Tensor { binary(.divide, lhs, rhs) }
    /// −x, wrapping on overflow.
    public static prefix func - (x: Tensor) -> Tensor { Tensor(0) - x }
}
