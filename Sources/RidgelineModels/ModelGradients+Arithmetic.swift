// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

extension ModelGradients {
    /// The sum, parameter by parameter: what the sum of two losses has, of two parts of a batch, say. A parameter that has a
    /// gradient in one of them alone keeps that one.
    public static func + (lhs: Self, rhs: Self) -> Self {
        var sum = lhs
        sum += rhs
        return sum
    }

    /// Adds, parameter by parameter, in place where nobody else holds a gradient.
    public static func += (lhs: inout Self, rhs: Self) {
        lhs.addPlaces(of: rhs)
        lhs.visit { Addition(gradients: $0, other: rhs) }
    }

    /// All gradients times a factor. Infinities and NaN spread as in every product.
    public static func * (gradients: Self, factor: Double) -> Self {
        var product = gradients
        product *= factor
        return product
    }

    /// All gradients times a factor.
    public static func * (factor: Double, gradients: Self) -> Self { gradients * factor }

    /// All gradients divided by a number, such as that of the parts of a batch that were added up.
    public static func / (gradients: Self, divisor: Double) -> Self {
        var quotient = gradients
        quotient /= divisor
        return quotient
    }

    /// Multiplies all gradients by a factor.
    public static func *= (gradients: inout Self, factor: Double) {
        gradients.visit { Scaling(gradients: $0, number: factor, divides: false) }
    }

    /// Divides all gradients by a number.
    public static func /= (gradients: inout Self, divisor: Double) {
        gradients.visit { Scaling(gradients: $0, number: divisor, divides: true) }
    }

    /// Hands these gradients over to a visitor and back, so that it is their only holder.
    private mutating func visit<Visitor: GradientVisitor>(_ make: (Self) -> Visitor) {
        var visitor = make(ModelGradients())
        swap(&visitor.gradients, &self)
        // These visitors throw nothing.
        for place in visitor.gradients.places { try? place.parameter.visit(&visitor) }
        swap(&visitor.gradients, &self)
    }
}

private protocol GradientVisitor: ParameterVisitor {
    var gradients: ModelGradients { get set }
}

private struct Addition: GradientVisitor {
    var gradients: ModelGradients
    let other: ModelGradients

    mutating func visit<Scalar: FloatingScalar>(_ parameter: Parameter<Scalar>) {
        guard let gradient = other[parameter] else { return }
        guard var sum = gradients.take(parameter) else { return gradients.set(gradient, of: parameter) }
        sum += gradient
        gradients.set(sum, of: parameter)
    }
}

private struct Scaling: GradientVisitor {
    var gradients: ModelGradients
    let number: Double
    let divides: Bool

    mutating func visit<Scalar: FloatingScalar>(_ parameter: Parameter<Scalar>) {
        guard var gradient = gradients.take(parameter) else { return }
        let number = Scalar(fromDouble: number)
        if divides { gradient /= number } else { gradient *= number }
        gradients.set(gradient, of: parameter)
    }
}
