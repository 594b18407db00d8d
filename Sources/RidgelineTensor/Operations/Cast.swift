// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: FloatingScalar {
    /// The elements converted from another floating-point type, rounded to nearest; differentiable.
    public init<Other: FloatingScalar>(_ other: Tensor<Other>) {
        let out = other.mapping(to: Scalar.self) { from, to, count in
            Self.convert(from, to, count)
        }
        guard let recording = Recording.tracking(other.trace) else {
            self = out
            return
        }
        let entry = recording.entry(other.trace)
        self = recording.record(.cast, out) { pass in
            pass.add(Tensor<Other>(pass.takeUpstream(as: Scalar.self)), to: entry)
        }
    }

    private static func convert<Other: FloatingScalar>(
        _ from: UnsafePointer<Other>, _ to: UnsafeMutablePointer<Scalar>, _ count: Int
    ) {
        let (from, to) = (UnsafeRawPointer(from), UnsafeMutableRawPointer(to))
        switch (Other.dataType, Scalar.dataType) {
        case (.float32, .float64):
            let (x, y) = (from.assumingMemoryBound(to: Float.self), to.assumingMemoryBound(to: Double.self))
            for index in 0..<count { y[index] = Double(x[index]) }
        case (.float64, .float32):
            let (x, y) = (from.assumingMemoryBound(to: Double.self), to.assumingMemoryBound(to: Float.self))
            for index in 0..<count { y[index] = Float(x[index]) }
        default:
            to.copyMemory(from: from, byteCount: count * MemoryLayout<Scalar>.stride)
        }
    }

    /// The integers as floating-point numbers, rounded to nearest.
    public init(_ other: Tensor<Int32>) {
        self = other.mapping(to: Scalar.self) { from, to, count in
            for index in 0..<count { to[index] = Scalar(from[index]) }
        }
    }

    /// 1 for true and 0 for false.
    public init(_ other: Tensor<Bool>) {
        self = other.mapping(to: Scalar.self) { from, to, count in
            for index in 0..<count { to[index] = from[index] ? 1 : 0 }
        }
    }
}

extension Tensor where Scalar == Int32 {
    /// The elements rounded towards zero. Traps on NaN and on values out of range.
    public init<Other: FloatingScalar>(_ other: Tensor<Other>) {
        self = other.detached.mapping(to: Int32.self) { from, to, count in
            for index in 0..<count { to[index] = Int32(from[index]) }
        }
    }

    /// 1 for true and 0 for false.
    public init(_ other: Tensor<Bool>) {
        self = other.mapping(to: Int32.self) { from, to, count in
            for index in 0..<count { to[index] = from[index] ? 1 : 0 }
        }
    }
}
