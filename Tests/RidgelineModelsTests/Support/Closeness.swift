// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// The largest |a − b| of two equally shaped tensors, each relative to |b| or to b's root mean square,
/// whichever is larger: an element that cancels is held to the precision of its neighbours. Infinity where
/// one has a NaN or an infinity that the other has not.
func largestDifference<Scalar: FloatingScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    guard a.shape == b.shape else { return .infinity }
    let typical = b.norm().item.asDouble / Double(max(b.elementCount, 1)).squareRoot()
    var worst = 0.0
    for (x, y) in zip(a.scalars, b.scalars) {
        if x == y || (x.isNaN && y.isNaN) { continue }
        let difference = abs(x.asDouble - y.asDouble) / max(abs(y.asDouble), typical)
        if !(difference <= worst) { worst = difference.isNaN ? .infinity : difference }
    }
    return worst
}

/// Expects equal shapes, then no element off by more than `tolerance` as `largestDifference` measures it.
func expectClose<Scalar: FloatingScalar>(
    _ actual: Tensor<Scalar>?, _ expected: Tensor<Scalar>, within tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let actual else {
        Issue.record("\(what): nothing; expected \(expected.shape)", sourceLocation: sourceLocation)
        return
    }
    #expect(actual.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
    let difference = largestDifference(actual, expected)
    #expect(
        difference <= tolerance, "\(what): off by \(difference), tolerance \(tolerance)",
        sourceLocation: sourceLocation)
}

/// Expects equal shapes and the same bits everywhere.
func expectIdentical<Scalar: FloatingScalar>(
    _ actual: Tensor<Scalar>?, _ expected: Tensor<Scalar>?, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let actual, let expected else {
        Issue.record("\(what): a tensor is missing", sourceLocation: sourceLocation)
        return
    }
    #expect(actual.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
    let differing = zip(actual.scalars, expected.scalars).filter { !hasSameBits($0, $1) }.count
    #expect(differing == 0, "\(what): \(differing) elements differ", sourceLocation: sourceLocation)
}

private func hasSameBits<Scalar: FloatingScalar>(_ a: Scalar, _ b: Scalar) -> Bool {
    a.asDouble.bitPattern == b.asDouble.bitPattern
}

/// ‖a − b‖ / ‖b‖ with a in single and b in double precision; infinity where the shapes differ.
func differenceByNorm(_ a: Tensor<Float>?, _ b: Tensor<Double>?) -> Double {
    guard let a, let b, a.shape == b.shape else { return .infinity }
    return (Tensor<Double>(a) - b).norm().item / b.norm().item
}

/// How many representable floats lie between the two, across zero too; huge where one is NaN.
func distanceInUlps(_ a: Float, _ b: Float) -> Int {
    guard !a.isNaN && !b.isNaN else { return a.isNaN && b.isNaN ? 0 : .max }
    func position(_ x: Float) -> Int {
        let bits = Int(x.bitPattern & 0x7FFF_FFFF)
        return x.sign == .minus ? -bits : bits
    }
    return abs(position(a) - position(b))
}
