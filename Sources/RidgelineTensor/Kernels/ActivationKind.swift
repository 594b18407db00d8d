// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The activations that the kernels fuse, in the order of `RIDGELINE_ACTIVATIONS` in CRidgelineKernels.h.
///
/// To add one: a line there, its functions in its family's header, a type in its family's Reference….swift and a
/// case here, twice.
package enum ActivationKind: Int32, CaseIterable, Sendable {
    case identity, step, relu, relu6, leakyReLU, squaredReLU, thresholded
    case hardSigmoid, hardTanh, hardSwish, hardShrink, softShrink
    case elu, celu, selu, softplus, logSigmoid
    case sigmoid, tanh, softsign, tanhShrink, silu, geluSigmoid, mish
    case gelu, geluTanh
    case sine

    /// Hands the plain Swift definition to code that is generic, and so specialised, over it.
    @inline(__always)
    func accept<Visitor: ActivationVisitor>(_ visitor: Visitor) -> Visitor.Result {
        switch self {
        case .identity: visitor.visit(Identity.self)
        case .step: visitor.visit(HeavisideStep.self)
        case .relu: visitor.visit(ReLU.self)
        case .relu6: visitor.visit(ReLU6.self)
        case .leakyReLU: visitor.visit(LeakyReLU.self)
        case .squaredReLU: visitor.visit(SquaredReLU.self)
        case .thresholded: visitor.visit(Thresholded.self)
        case .hardSigmoid: visitor.visit(HardSigmoid.self)
        case .hardTanh: visitor.visit(HardTanh.self)
        case .hardSwish: visitor.visit(HardSwish.self)
        case .hardShrink: visitor.visit(HardShrink.self)
        case .softShrink: visitor.visit(SoftShrink.self)
        case .elu: visitor.visit(ELU.self)
        case .celu: visitor.visit(CELU.self)
        case .selu: visitor.visit(SELU.self)
        case .softplus: visitor.visit(Softplus.self)
        case .logSigmoid: visitor.visit(LogSigmoid.self)
        case .sigmoid: visitor.visit(Sigmoid.self)
        case .tanh: visitor.visit(Tanh.self)
        case .softsign: visitor.visit(Softsign.self)
        case .tanhShrink: visitor.visit(TanhShrink.self)
        case .silu: visitor.visit(Swish.self)
        case .geluSigmoid: visitor.visit(SigmoidGELU.self)
        case .mish: visitor.visit(Mish.self)
        case .gelu: visitor.visit(GELU.self)
        case .geluTanh: visitor.visit(TanhGELU.self)
        case .sine: visitor.visit(Sine.self)
        }
    }

    /// PyTorch's default parameters; zeros where there are none.
    package var standardParameters: ActivationParameters<Double> {
        switch self {
        case .leakyReLU: ActivationParameters(0.01)
        case .hardTanh: ActivationParameters(-1, 1)
        case .hardShrink, .softShrink: ActivationParameters(0.5)
        case .elu, .celu, .silu: ActivationParameters(1)
        // PyTorch's threshold is 20, where its formula would overflow; ours does not, so it stays exact.
        case .softplus: ActivationParameters(1, .infinity)
        default: .none
        }
    }

    /// Whether the backward kernel reads the output of the forward one; else it reads the input before the bias.
    package func savesOutput<Scalar>(_ parameters: ActivationParameters<Scalar>) -> Bool {
        accept(SavesOutput(parameters: parameters.converted()))
    }

    /// As `savesOutput(_:)` with the standard parameters.
    package var savesOutput: Bool { savesOutput(standardParameters) }

    /// The activation of x, in double precision.
    package func value(_ x: Double, _ parameters: ActivationParameters<Double>? = nil) -> Double {
        accept(Value(x: x, parameters: parameters ?? standardParameters))
    }

    /// The derivative at x, in double precision.
    package func derivative(_ x: Double, _ parameters: ActivationParameters<Double>? = nil) -> Double {
        accept(Derivative(x: x, parameters: parameters ?? standardParameters))
    }
}

/// What an activation takes beside x; `ActivationKind` and its kernels say what the two mean to each.
package struct ActivationParameters<Scalar: FloatingScalar>: Hashable, Sendable {
    package var first: Scalar
    package var second: Scalar

    package init(_ first: Scalar = 0, _ second: Scalar = 0) {
        self.first = first
        self.second = second
    }

    /// Those of a function that takes none.
    package static var none: ActivationParameters { ActivationParameters() }

    /// The same in another precision.
    package func converted<Other>() -> ActivationParameters<Other> {
        ActivationParameters<Other>(Other(first), Other(second))
    }
}

/// The functions that gate the other half of a gated unit, in the order of `RIDGELINE_GATES` in CRidgelineKernels.h:
/// GLU, ReGLU, GEGLU and SwiGLU.
package enum GateKind: Int32, CaseIterable, Sendable {
    case sigmoid, relu, gelu, silu
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
    let parameters: ActivationParameters<Double>
    func visit<Activation: ReferenceActivation>(_: Activation.Type) -> Bool {
        Activation.savesOutput(parameters)
    }
}

private struct Value: ActivationVisitor {
    let x: Double
    let parameters: ActivationParameters<Double>
    func visit<Activation: ReferenceActivation>(_: Activation.Type) -> Double {
        Activation.value(x, parameters)
    }
}

private struct Derivative: ActivationVisitor {
    let x: Double
    let parameters: ActivationParameters<Double>
    func visit<Activation: ReferenceActivation>(_: Activation.Type) -> Double {
        Activation.derivative(
            Activation.savesOutput(parameters) ? Activation.value(x, parameters) : x, parameters)
    }
}
