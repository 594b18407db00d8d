// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A layer whose output `ActivationStatistics` can see: all of Ridgeline's but dropout, pooling and flattening,
/// whose outputs are the inputs, zero or means of them, and those of others that keep a `LayerIdentity` and pass their output through
/// `observed(_:)`.
public protocol ObservedLayer: Layer {
    /// Who this layer is; a stored property.
    var identity: LayerIdentity { get }
    /// What its outputs are values of.
    var observedFunction: ObservedFunction { get }
}

extension ObservedLayer {
    /// Any values.
    public var observedFunction: ObservedFunction { .other("output") }

    /// The output itself, seen by the current statistics if there are any.
    @inline(__always)
    public func observed(_ output: Tensor<Scalar>) -> Tensor<Scalar> {
        if let statistics = ActivationStatistics.current, !Recomputation.isActive {
            statistics.record(output, of: identity, observedFunction)
        }
        return output
    }
}

/// What a layer's outputs are values of, which tells dead units and saturation.
public enum ObservedFunction: Sendable, Hashable, CustomStringConvertible {
    /// A function of one value.
    case activation(Activation)
    /// A gated unit: it is dead where it gives nothing but zeros.
    case gate(Gate)
    /// A radial function: where it decays, a centre is dead that no example is near to.
    case radial(RadialFunction)
    /// Something else, by its name, whose units cannot die.
    case other(String)

    /// The function's name.
    public var description: String {
        switch self {
        case .activation(let activation): activation.name
        case .gate(let gate): gate.name
        case .radial(let function): function.name
        case .other(let name): name
        }
    }
}

extension ActivationLayer: ObservedLayer {
    /// The function.
    public var observedFunction: ObservedFunction { .activation(activation) }
}

extension Linear: ObservedLayer {
    /// The activation.
    public var observedFunction: ObservedFunction { .activation(activation) }
}

extension GatedFeedForward: ObservedLayer {
    /// The gated unit, whose hidden values are observed.
    public var observedFunction: ObservedFunction { .gate(gate) }
}

extension RadialBasis: ObservedLayer {
    /// φ.
    public var observedFunction: ObservedFunction { .radial(function) }
}

extension FoldLayer: ObservedLayer {
    /// The fold.
    public var observedFunction: ObservedFunction { .other(fold.name) }
}

extension Maxout: ObservedLayer {
    /// Maxout.
    public var observedFunction: ObservedFunction { .other("maxout") }
}

extension LayerNormalization: ObservedLayer {}
extension BatchNormalization: ObservedLayer {}
extension GroupNormalization: ObservedLayer {}
extension InstanceNormalization: ObservedLayer {}
extension FeedForward: ObservedLayer {}
