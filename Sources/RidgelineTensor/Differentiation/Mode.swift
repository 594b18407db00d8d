// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Whether layers behave as in training (dropout drops, running statistics move) or as in inference.
///
/// The mode belongs to the current task, and one rule sets it: what records gradients (`valueAndGradients(of:)`,
/// `valueAndGradient(at:)`, `valueWithPullback(at:)` and their kin) runs in training, all else in inference, unless the
/// caller chose a mode around it with `withMode` or in the call with `mode:`.
public enum Mode: Sendable, Hashable {
    /// Layers use what they have learnt.
    case inference
    /// Layers drop units and update their running statistics.
    case training

    /// The mode that was chosen, by the caller or by what records around this; nil where none was.
    @TaskLocal static var chosen: Mode?

    /// The current task's mode.
    public static var current: Mode { chosen ?? .inference }
}

/// Runs `body` in a mode, for instance to keep dropout drawing in a prediction, or to take gradients of a model as it
/// predicts.
public func withMode<Result>(_ mode: Mode, _ body: () throws -> Result) rethrows -> Result {
    try Mode.$chosen.withValue(mode, operation: body)
}

/// Runs what is recorded: in `mode` where it is given, else in the mode that the caller chose, else in training.
package func withRecordingMode<Result>(_ mode: Mode?, _ body: () throws -> Result) rethrows -> Result {
    try withMode(mode ?? Mode.chosen ?? .training, body)
}
