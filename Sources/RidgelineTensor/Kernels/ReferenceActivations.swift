// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An activation in plain Swift: what the vector kernels are compared with, and the fallback where there are none.
///
/// All functions compute in Double, so that the Float kernels of the fallback are correctly rounded but for rare
/// cases.
protocol ReferenceActivation {
    typealias Parameters = ActivationParameters<Double>
    /// Whether `pullback` takes the output y, rather than the input x.
    static func savesOutput(_ p: Parameters) -> Bool
    /// The activation of x.
    static func value(_ x: Double, _ p: Parameters) -> Double
    /// The derivative, from what is saved.
    static func derivative(_ saved: Double, _ p: Parameters) -> Double
    /// The gradient with respect to x, from the one with respect to y.
    static func pullback(_ saved: Double, _ dy: Double, _ p: Parameters) -> Double
}

extension ReferenceActivation {
    @inline(__always)
    static func savesOutput(_ p: Parameters) -> Bool { false }

    @inline(__always)
    static func pullback(_ saved: Double, _ dy: Double, _ p: Parameters) -> Double {
        dy * derivative(saved, p)
    }
}

/// An activation whose derivative is 0 where `blocks` says so and 1 elsewhere; 0 wins over an infinite gradient.
protocol ReferenceSwitch: ReferenceActivation {
    static func blocks(_ saved: Double, _ p: Parameters) -> Bool
}

extension ReferenceSwitch {
    @inline(__always)
    static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always)
    static func derivative(_ saved: Double, _ p: Parameters) -> Double { blocks(saved, p) ? 0 : 1 }
    @inline(__always)
    static func pullback(_ saved: Double, _ dy: Double, _ p: Parameters) -> Double {
        blocks(saved, p) ? 0 : dy
    }
}
