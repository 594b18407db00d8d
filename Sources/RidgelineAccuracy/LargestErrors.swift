// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The largest errors of a function and of its derivative on one instruction set.
package struct LargestErrors<Scalar: FloatingScalar>: Sendable, Equatable {
    /// An error in units of the last place of the exact result, infinite where NaN, an infinity or the sign of a
    /// zero is out of place, and the argument where it is.
    package struct Extreme: Sendable, Equatable {
        package var ulps = 0.0
        package var x: Scalar = 0

        package init(ulps: Double = 0, x: Scalar = 0) {
            self.ulps = ulps
            self.x = x
        }

        mutating func merge(_ other: Extreme) { if other.ulps > ulps { self = other } }
    }

    /// Whose kernels these are.
    package let set: InstructionSet
    /// Of the function.
    package var value = Extreme()
    /// Of the derivative.
    package var derivative = Extreme()
    /// How many arguments were compared.
    package var count = 0

    package init(_ set: InstructionSet) { self.set = set }

    /// The larger of these and those of other arguments.
    package mutating func merge(_ other: LargestErrors) {
        value.merge(other.value)
        derivative.merge(other.derivative)
        count += other.count
    }

    /// Those of all chunks, found on all threads, for each of several instruction sets.
    static func merged(
        _ sets: [InstructionSet], chunks: Int, _ sweep: (Int) -> [LargestErrors]
    ) -> [LargestErrors] {
        let none = sets.map { LargestErrors($0) }
        var results = [[LargestErrors]](repeating: none, count: chunks)
        results.withUnsafeMutableBufferPointer { results in
            guard let start = results.baseAddress else { return }
            Parallelism.forEach(chunks) { start[$0] = sweep($0) }
        }
        return results.reduce(none) { sum, chunk in
            zip(sum, chunk).map { sum, errors in
                var sum = sum
                sum.merge(errors)
                return sum
            }
        }
    }
}
