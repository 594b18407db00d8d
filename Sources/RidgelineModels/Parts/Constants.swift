// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Module {
    /// The same model, whose parameters may be read as constants while another model is differentiated.
    ///
    /// ```swift
    /// let features = RandomFeatures().asConstants()
    /// let (loss, gradients) = valueAndGradients(of: head) { $0(features(x)).sum() }
    /// ```
    ///
    /// It is needed for a model that was never used as one: every model that was loaded, saved, listed, printed,
    /// differentiated or given to an optimizer may be read so (a teacher, a generator's discriminator).
    @discardableResult
    public func asConstants() -> Self {
        _ = namedTensors
        return self
    }
}
