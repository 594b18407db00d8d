// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A type whose values hold no parameters, no buffers and no layers, which its author vouches for: a model's
/// traversal does not look into them.
///
/// It is for types that reflection cannot see into (a class with a `Mutex`, an actor) or that are large and hold
/// settings only. A layer in such a type is neither trained nor saved.
public protocol ParameterFree {}

/// A property of a model that holds no parameters, no buffers and no layers, though reflection could not tell: a
/// closure, a pointer, a reference back to what holds the model.
///
/// ```swift
/// struct Scorer: Module {
///     let encoder = Linear<Float>(8, 4)
///     @NoParameters var score: @Sendable (Tensor<Float>) -> Tensor<Float> = { $0.sum() }
/// }
/// ```
///
/// Without it the model's first use stops the program, naming the property. A class, whose stored properties must be
/// constants to be `Sendable`, names the property in `Module.parameterFreeProperties` instead.
@propertyWrapper
public struct NoParameters<Value>: ParameterFree {
    /// The property's value.
    public var wrappedValue: Value

    /// A property with this value.
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

extension NoParameters: Sendable where Value: Sendable {}
extension NoParameters: Equatable where Value: Equatable {}
extension NoParameters: Hashable where Value: Hashable {}

extension LayerIdentity: ParameterFree {}
extension VersionedCache: ParameterFree {}
extension ActivationStatistics: ParameterFree {}
extension ParameterRenaming: ParameterFree {}
extension ResNetConfiguration: ParameterFree {}
extension ImageShortcutKind: ParameterFree {}
extension FlattenOrder: ParameterFree {}
extension FeedForward.Residual: ParameterFree {}
