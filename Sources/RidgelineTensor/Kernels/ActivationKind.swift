// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The activations that the kernels fuse, in the order of `RIDGELINE_ACTIVATIONS` in CRidgelineKernels.h.
///
/// To add one: a line there, its functions in activation_functions.h, a type in ReferenceActivations.swift and a case
/// here, twice.
package enum ActivationKind: Int32, CaseIterable, Sendable {
    case identity, relu, gelu, geluTanh

    /// Hands the plain Swift definition to code that is generic, and so specialised, over it.
    @inline(__always)
    func accept<Visitor: ActivationVisitor>(_ visitor: Visitor) -> Visitor.Result {
        switch self {
        case .identity: visitor.visit(Identity.self)
        case .relu: visitor.visit(ReLU.self)
        case .gelu: visitor.visit(GELU.self)
        case .geluTanh: visitor.visit(TanhGELU.self)
        }
    }

    /// Whether the backward kernel reads the output of the forward one; else it reads the input before the bias.
    package var savesOutput: Bool { accept(SavesOutput()) }

    /// The activation of x, in double precision.
    package func value(_ x: Double) -> Double { accept(Value(x: x)) }

    /// The derivative at x, in double precision.
    package func derivative(_ x: Double) -> Double { accept(Derivative(x: x)) }
}

/// The elementwise operations on two operands, in the order of `RIDGELINE_BINARY_OPERATIONS` in CRidgelineKernels.h.
/// Not API: use the tensor's operators.
public enum BinaryKind: Int32, CaseIterable, Sendable {
    case add, subtract, multiply, divide, maximum, minimum
}

/// Something to do with an activation that only its kind names.
protocol ActivationVisitor {
    associatedtype Result
    func visit<Activation: ReferenceActivation>(_: Activation.Type) -> Result
}

private struct SavesOutput: ActivationVisitor {
    func visit<Activation: ReferenceActivation>(_: Activation.Type) -> Bool { Activation.savesOutput }
}

private struct Value: ActivationVisitor {
    let x: Double
    func visit<Activation: ReferenceActivation>(_: Activation.Type) -> Double { Activation.value(x) }
}

private struct Derivative: ActivationVisitor {
    let x: Double
    func visit<Activation: ReferenceActivation>(_: Activation.Type) -> Double {
        Activation.derivative(Activation.savesOutput ? Activation.value(x) : x)
    }
}
