// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// A radial-basis layer: yⱼ = φ(εⱼ·‖x − cⱼ‖) with learnable centres c and widths ε (Broomhead and Lowe,
/// "Multivariable functional interpolation and adaptive networks", 1988). A `Linear` after it makes the
/// weighted sums.
///
/// What is learnt of a width is its logarithm, `logWidths`, so that no step of an optimizer makes one
/// negative. The splines have none.
public struct RadialBasis<Scalar: FloatingScalar>: Layer {
    /// c, of shape (count, inputs).
    public let centres: Parameter<Scalar>
    /// ln ε, of shape (count); nil for functions without a width.
    public let logWidths: Parameter<Scalar>?
    /// φ.
    public let function: RadialFunction
    /// Who this layer is.
    public let identity = LayerIdentity()

    /// A layer with these centres (count, inputs) and widths (count), ε = 1 where none are given. Traps, with
    /// the value, on a width that is not positive and finite, on widths for a spline, and on other shapes.
    public init(centres: Tensor<Scalar>, widths: Tensor<Scalar>? = nil, function: RadialFunction = .gaussian)
    {
        require(
            centres.rank == 2 && centres.elementCount > 0,
            "RadialBasis: centres \(centres.shape); expected (count, inputs), 1 or more of each")
        if case .polyharmonicSpline(let degree) = function {
            require(degree > 0, "RadialBasis: a spline of degree \(degree); expected 1 or more")
        }
        if let widths {
            let count = centres.shape[0]
            require(
                widths.shape == [count],
                "RadialBasis: widths \(widths.shape) for \(count) centres; expected [\(count)]")
            require(function.hasWidth, "RadialBasis: \(function) has no width; expected nil for the widths")
            for (index, width) in widths.scalars.enumerated() {
                require(
                    width > 0 && width.isFinite,
                    "RadialBasis: width \(width) of centre \(index); expected positive and finite")
            }
        }
        self.centres = Parameter(centres)
        self.function = function
        let start = widths ?? .ones([centres.shape[0]])
        logWidths = function.hasWidth ? Parameter(log(stopGradient(start))) : nil
    }

    /// A layer with `count` centres from N(0, 1) and all widths alike. Traps on a count below 1 and as the
    /// initialiser above.
    public init(_ inputs: Int, count: Int, function: RadialFunction = .gaussian, width: Scalar = 1) {
        require(
            inputs > 0 && count > 0, "RadialBasis: \(inputs) inputs, \(count) centres; expected 1 or more")
        self.init(
            centres: .normal([count, inputs]), widths: function.hasWidth ? .full([count], width) : nil,
            function: function)
    }

    /// A layer whose centres are different rows of `data`, (rows, inputs), drawn at random. The widths are
    /// `width` or, by default, √count / d, d the largest distance between two centres (Haykin, "Neural
    /// networks", 1999), so that the functions overlap without being flat; 1 where all centres agree. Traps
    /// where there are fewer rows than centres.
    public init(
        centresFrom data: Tensor<Scalar>, count: Int, function: RadialFunction = .gaussian,
        width: Scalar? = nil, using generator: RandomGenerator = .current
    ) {
        require(
            data.rank == 2 && count > 0 && data.shape[0] >= count,
            "RadialBasis: \(count) centres from data \(data.shape); expected (rows, inputs) with at least as "
                + "many rows")
        // The rows with the smallest of random keys: a draw without repetition.
        let keys = Tensor<Double>.uniform([data.shape[0]], using: generator).scalars
        let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        let chosen = stopGradient(data).taking(Tensor<Int32>(order.prefix(count).map { Int32($0) }), axis: 0)
        var widths: Tensor<Scalar>?
        if function.hasWidth {
            let distances = radialBasis(chosen, centres: chosen, function: .polyharmonicSpline(degree: 1))
            let largest = distances.max().item
            let spread = Scalar(fromDouble: Double(count).squareRoot()) / largest
            widths = .full([count], width ?? (largest > 0 ? spread : 1))
        }
        self.init(centres: chosen, widths: widths, function: function)
    }

    /// (…, inputs) to (…, count). Traps on another last extent.
    public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        observed(
            radialBasis(
                x, centres: centres.value, widths: (logWidths?.value).map { exp($0) }, function: function))
    }
}
