// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An n-dimensional array of `Float`, `Double`, integers or `Bool`.
///
/// A tensor is a value: changing one never changes another, though views (transposes, slices, broadcasts)
/// share their elements' storage until one of them is written. It may be passed between threads freely.
/// Operations on floating-point tensors are recorded for differentiation inside `valueAndGradients(of:)`,
/// `valueAndGradient(at:)` and `valueWithPullback(at:)`, and nowhere else.
///
/// ```swift
/// let x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
/// let y = x.sum(axis: 0, keepingDimensions: true) + 1    // [[6, 8, 10]]
/// ```
///
/// Which functions are methods:
/// - What works element by element is both, under one name: `exp(x)` in formulas, `x.exp()` in chains. So are the
///   activations (`gelu(x)`, `x.gelu()`), the softmax family, and powers (`pow(x, 2)`, `x.pow(2)`).
/// - What depends on places, axes or shape is a method: `x.sum(axis: 1)`, `x.sorted()`, `x.taking(…)`, `x.reshaped(…)`. One
///   axis is `axis:`, several are `axes:`, all of them neither.
/// - What makes a tensor of nothing or of a list is static: `.zeros`, `.range`, `.randomIntegers`, `.stacked`.
/// - What joins arguments of different roles is a function: `matmul`, `linear`, `convolution2D`, `which`,
///   `softmaxCrossEntropy`; `maximum` and `minimum` too, since `max` and `min` are reductions.
///
/// In an extension of `Tensor` the methods hide the functions of the same name: write `x.exp()` there.
public struct Tensor<Scalar: TensorScalar>: Sendable {
    package var storage: Storage
    package var layout: Layout
    /// The entry that made this tensor, where one was recorded.
    package var trace: Trace

    @inline(__always)
    package init(storage: Storage, layout: Layout, trace: Trace = .none) {
        self.storage = storage
        self.layout = layout
        self.trace = trace
    }

    /// A contiguous tensor whose elements the caller is about to write, all of them.
    @inline(__always)
    package init(uninitialized shape: Shape) {
        let stride = MemoryLayout<Scalar>.stride
        let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: stride)
        require(!overflow, "the size of a tensor of shape \(shape) overflows")
        self.init(storage: Storage(byteCount: bytes), layout: Layout(contiguous: shape))
    }

    /// The extents, outermost axis first.
    public var shape: Shape { layout.shape }

    /// The number of axes.
    public var rank: Int { layout.rank }

    /// The number of elements.
    public var elementCount: Int { layout.elementCount }

    /// The element type's name at run time.
    public var dataType: DataType { Scalar.dataType }

    /// The same elements without a place in any recording.
    @inline(__always)
    package var detached: Tensor {
        Tensor(storage: storage, layout: layout)
    }

    /// What an operation returns that leaves this tensor as it is, by the rules of every operation: recorded where that
    /// is, a constant in `withoutGradients`, refused where it belongs to another open recording.
    package var unchanged: Tensor {
        trace.isNone || Recording.tracking(trace) != nil ? self : detached
    }

    /// The same storage under another layout, unrecorded.
    package func view(_ layout: Layout) -> Tensor { Tensor(storage: storage, layout: layout) }

    // MARK: Pointers

    /// The first element, to read. Valid while `storage` lives: hold the tensor with `withExtendedLifetime`
    /// or read through `read`.
    @inline(__always)
    package var pointer: UnsafePointer<Scalar> {
        UnsafePointer(storage.pointer(as: Scalar.self) + layout.offset)
    }

    /// Calls `body` with a pointer to the first element.
    @inline(__always)
    package func read<Result>(_ body: (UnsafePointer<Scalar>) throws -> Result) rethrows -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(pointer)
    }

    /// Calls `body` with a pointer to the first element of a tensor just made, to fill it.
    @inline(__always)
    package mutating func fill(_ body: (UnsafeMutablePointer<Scalar>) throws -> Void) rethrows {
        defer { withExtendedLifetime(storage) {} }
        try body(storage.pointer(as: Scalar.self) + layout.offset)
    }

    /// Whether this value alone holds the storage, in row-major order, so that it may be overwritten.
    package mutating func isOverwritable() -> Bool {
        layout.isContiguous && isKnownUniquelyReferenced(&storage)
    }

    /// Makes this value the only holder of contiguous storage, by a copy where it is not.
    package mutating func makeUnique() {
        if isOverwritable() { return }
        self = Tensor(storage: copied().storage, layout: Layout(contiguous: shape), trace: trace)
    }
}
