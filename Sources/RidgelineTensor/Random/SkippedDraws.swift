// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Calls `body`, in which random tensors are zeros instead of drawn: for models that a file gives their weights next
/// (PyTorch: `torch.nn.utils.skip_init`).
///
/// ```swift
/// let model = withoutRandomDraws { ResNet<Float>(.resNet50) }
/// try model.load(from: "resnet50.safetensors")
/// ```
///
/// Dropout draws all the same.
public func withoutRandomDraws<Result>(_ body: () throws -> Result) rethrows -> Result {
    try SkippedDraws.$isOn.withValue(true, operation: body)
}

/// Whether random tensors are zeros.
enum SkippedDraws {
    @TaskLocal static var isOn = false
}
