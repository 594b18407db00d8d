// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Whether layers behave as in training (dropout drops, running statistics move) or as in inference.
///
/// The mode belongs to the current task. It is inference unless set; `valueAndGradients(of:)` sets training.
public enum Mode: Sendable, Hashable {
    /// Layers use what they have learnt.
    case inference
    /// Layers drop units and update their running statistics.
    case training

    /// The current task's mode.
    @TaskLocal public static var current: Mode = .inference
}

/// Runs `body` in a mode, for instance to keep dropout drawing in a prediction.
public func withMode<Result>(_ mode: Mode, _ body: () throws -> Result) rethrows -> Result {
    try Mode.$current.withValue(mode, operation: body)
}
