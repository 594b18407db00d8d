// Part of Ridgeline. Licensed under the Apache License 2.0.

/// One position of a subscript: an `Int` (removes the axis; negative counts from the end), a range of any
/// kind, `.strided(from:to:by:)`, `.all`, `.ellipsis` or `.newAxis`.
public protocol TensorIndex: Sendable {
    /// What the index does to an axis. Not API.
    var _selection: AxisSelection { get }
}

/// What a subscript does to an axis. Not API: made by the types that conform to `TensorIndex`.
public enum AxisSelection: Sendable {
    case position(Int)
    case range(lower: Int?, upper: Int?, step: Int)
    case ellipsis
    case newAxis
}

/// The bound past a position that a range includes; past the last one (−1, or the last that there can be) it is the
/// axis's end.
private func following(_ position: Int) -> Int? { position == -1 || position == .max ? nil : position + 1 }

extension Int: TensorIndex {
    /// Not API.
    public var _selection: AxisSelection { .position(self) }
}
extension Range: TensorIndex where Bound == Int {
    /// Not API.
    public var _selection: AxisSelection { .range(lower: lowerBound, upper: upperBound, step: 1) }
}
extension ClosedRange: TensorIndex where Bound == Int {
    /// Not API.
    public var _selection: AxisSelection { .range(lower: lowerBound, upper: following(upperBound), step: 1) }
}
extension PartialRangeFrom: TensorIndex where Bound == Int {
    /// Not API.
    public var _selection: AxisSelection { .range(lower: lowerBound, upper: nil, step: 1) }
}
extension PartialRangeUpTo: TensorIndex where Bound == Int {
    /// Not API.
    public var _selection: AxisSelection { .range(lower: nil, upper: upperBound, step: 1) }
}
extension PartialRangeThrough: TensorIndex where Bound == Int {
    /// Not API.
    public var _selection: AxisSelection { .range(lower: nil, upper: following(upperBound), step: 1) }
}

/// `-3...`, which Swift reads as −(3...): the range from a position that counts from the end.
public prefix func - (range: PartialRangeFrom<Int>) -> PartialRangeFrom<Int> { (-range.lowerBound)... }

/// The indices that are words: `.all`, `.ellipsis`, `.newAxis`, `.strided(…)`.
public struct TensorIndexWord: TensorIndex {
    /// Not API.
    public let _selection: AxisSelection
}

extension TensorIndex where Self == TensorIndexWord {
    /// The whole axis.
    public static var all: TensorIndexWord {
        TensorIndexWord(_selection: .range(lower: nil, upper: nil, step: 1))
    }
    /// As many whole axes as the other indices leave.
    public static var ellipsis: TensorIndexWord { TensorIndexWord(_selection: .ellipsis) }
    /// A new axis of extent 1.
    public static var newAxis: TensorIndexWord { TensorIndexWord(_selection: .newAxis) }
    /// Every `step`-th position from `from` up to, not including, `to`, as Python's `from:to:step`; nil is
    /// the end from which the step leads away, or towards which it leads. Traps on a step of 0.
    public static func strided(from: Int? = nil, to: Int? = nil, by step: Int) -> TensorIndexWord {
        require(step != 0, "a slice's step is not 0")
        return TensorIndexWord(_selection: .range(lower: from, upper: to, step: step))
    }
}

extension Tensor {
    /// The part of the tensor that the indices select, one for each axis from the first; axes not named are
    /// taken whole. A view. `x[0]`, `x[1..<3, 0]`, `x[.ellipsis, .newAxis]`, `x[.strided(by: -1)]`.
    ///
    /// Ranges reach no further than the axis, as in NumPy, and negative bounds count from the end
    /// (`x[-3...]`, `x[-3 ... -2]`, `x[..<(-1)]`, `x[.strided(from: 1, to: -1, by: 1)]`; Swift's own `1 ..< -1` cannot be
    /// written). Traps on a position out of range and on more indices than axes.
    ///
    /// Assigning writes the elements of a tensor that broadcasts to the selected part; views of this tensor
    /// made earlier keep their values.
    public subscript(_ indices: any TensorIndex...) -> Tensor {
        get { selecting(indices.map(\._selection)) }
        set { assign(newValue, at: indices.map(\._selection)) }
    }

    func selecting(_ selections: [AxisSelection]) -> Tensor {
        var result = self
        var axis = 0
        for (place, selection) in selections.enumerated() {
            switch selection {
            case .position(let position):
                result.requireAxis(axis, of: selections.count, for: shape)
                let resolved = result.resolve(position, axis)
                result = result.sliced(axis: axis, from: resolved, count: 1, step: 1).squeezed([axis])
            case .range(let lower, let upper, let step):
                result.requireAxis(axis, of: selections.count, for: shape)
                let (start, count) = Self.slice(lower, upper, step, extent: result.shape[axis])
                result = result.sliced(axis: axis, from: start, count: count, step: step)
                axis += 1
            case .ellipsis:
                let later = selections[(place + 1)...].reduce(0) { count, next in
                    switch next {
                    case .position, .range: count + 1
                    case .newAxis: count
                    case .ellipsis: fatalError("a subscript has one .ellipsis at most")
                    }
                }
                axis = Swift.max(axis, result.rank - later)
            case .newAxis:
                result = result.expandingDimension(at: axis)
                axis += 1
            }
        }
        return result
    }

    private func requireAxis(_ axis: Int, of count: Int, for shape: Shape) {
        require(axis < rank, "subscript: \(count) indices for a tensor of shape \(shape)")
    }

    private func resolve(_ position: Int, _ axis: Int) -> Int {
        let extent = shape[axis]
        require(
            position >= -extent && position < extent,
            "subscript: position \(position) is out of range for axis \(axis) of \(shape)")
        return position < 0 ? position + extent : position
    }

    /// Python's slice: first position and number of elements.
    private static func slice(_ lower: Int?, _ upper: Int?, _ step: Int, extent: Int) -> (Int, Int) {
        func clamp(_ bound: Int, _ low: Int, _ high: Int) -> Int {
            Swift.min(Swift.max(bound < 0 ? bound + extent : bound, low), high)
        }
        if step > 0 {
            let start = clamp(lower ?? 0, 0, extent)
            let end = clamp(upper ?? extent, 0, extent)
            return (start, end > start ? (end - start - 1) / step + 1 : 0)
        }
        let start = lower.map { clamp($0, -1, extent - 1) } ?? extent - 1
        let end = upper.map { clamp($0, -1, extent - 1) } ?? -1
        return (start, start > end ? (start - end - 1) / Int(clamping: step.magnitude) + 1 : 0)
    }

    mutating func assign(_ value: Tensor, at selections: [AxisSelection]) {
        let region = detached.selecting(selections).layout
        require(
            Shape.broadcast(value.shape, region.shape, for: "subscript assignment") == region.shape,
            "subscript assignment: \(value.shape) does not broadcast to \(region.shape)")
        let before = trace
        trace = .none
        // A value from the same storage makes it shared, so that nothing is read after it was overwritten.
        makeUnique()
        var target = view(selecting(selections).layout)
        target.copyElements(from: value.detached.broadcast(to: region.shape))
        self = Self.recordAssignment(self, before, value, selections)
    }

    private static func recordAssignment(
        _ out: Tensor, _ before: Trace, _ value: Tensor, _ selections: [AxisSelection]
    ) -> Tensor {
        guard let recording = Recording.tracking(before, value.trace) else { return out }
        let (old, new) = (recording.entry(before), recording.entry(value.trace))
        let valueShape = value.shape
        func backward<Real: FloatingScalar>(_ pass: inout BackwardPass, _ type: Real.Type) {
            let upstream: Tensor<Real> = pass.takeUpstream()
            if new != nil { pass.add(upstream.selecting(selections).summed(to: valueShape), to: new) }
            if old != nil {
                var rest = upstream
                rest.assign(.zeros([]), at: selections)
                pass.add(rest, to: old)
            }
        }
        return recording.record(.assign, out) { pass in
            switch Scalar.dataType {
            case .float32: backward(&pass, Float.self)
            case .float64: backward(&pass, Double.self)
            default: fatalError("gradients are floating-point")
            }
        }
    }
}
