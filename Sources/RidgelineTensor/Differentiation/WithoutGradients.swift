// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Runs `body` recording nothing: its results are constants to any recording around it, whatever it does, also where it
/// hands back a tensor as it came in (PyTorch: `torch.no_grad` with `detach`).
///
/// Tensors are made constant as they are, in tuples, optionals, arrays and dictionaries; a structure of the caller's
/// cannot be rebuilt, so one that still holds a recorded tensor traps and names it. What leaves by another way, such as
/// a variable assigned inside, is a constant where an operation made it.
///
/// It is also how a plain thread reads parameters while another differentiates the same model.
public func withoutGradients<each Result>(
    _ body: () throws -> (repeat each Result)
) rethrows -> (repeat each Result) {
    let results = try Recording.suspended(body)
    return (repeat constant(each results))
}

/// The same values as a constant: no gradient flows back through the result (PyTorch: `detach`).
public func stopGradient<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.detached }

extension Recording {
    /// Runs `body` recording nothing, and returns its result as it is.
    static func suspended<Result>(_ body: () throws -> Result) rethrows -> Result {
        try $scope.withValue(.suspended, operation: body)
    }
}

/// A container whose tensors can be had as constants.
private protocol ConstantContainer {
    var constant: Self { get }
}

extension Tensor: ConstantContainer {
    fileprivate var constant: Tensor { detached }
}

extension Optional: ConstantContainer {
    fileprivate var constant: Wrapped? { map(RidgelineTensor.constant) }
}

extension Array: ConstantContainer {
    // Without references there are no tensors.
    fileprivate var constant: [Element] { _isPOD(Element.self) ? self : map(RidgelineTensor.constant) }
}

extension Dictionary: ConstantContainer {
    fileprivate var constant: [Key: Value] {
        _isPOD(Value.self) ? self : mapValues(RidgelineTensor.constant)
    }
}

private func constant<Value>(_ value: Value) -> Value {
    if let container = value as? any ConstantContainer, let constant = container.constant as? Value {
        return constant
    }
    if !_isPOD(Value.self) { requireNoRecordedTensor(in: value, at: "\(Value.self)") }
    return value
}

/// Traps where a value, or what it holds by value, is a tensor that belongs to an open recording.
private func requireNoRecordedTensor(in value: Any, at path: String) {
    if let tensor = value as? any RecordedTensor {
        require(
            !tensor.isRecordedNow,
            "withoutGradients: the result holds a recorded tensor, \(path), and cannot be made anew without it. "
                + "Return the tensors themselves, or make it of stopGradient(…)")
        return
    }
    if value is String || value is Substring { return }
    let mirror = Mirror(reflecting: value)
    // What is behind a reference is shared, and as the caller left it.
    if mirror.displayStyle == .class { return }
    for (index, child) in mirror.children.enumerated() {
        requireNoRecordedTensor(in: child.value, at: "\(path).\(child.label ?? "\(index)")")
    }
}

private protocol RecordedTensor {
    var isRecordedNow: Bool { get }
}

extension Tensor: RecordedTensor {
    fileprivate var isRecordedNow: Bool { Recording.isOpen(trace) }
}
