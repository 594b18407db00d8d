// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: IntegerScalar {
    /// The elements in row-major order as positions from 0 up to `extent` − 1. With `fromEnd`, negative ones
    /// count from the end, as in Python. Traps out of range, with `name` before the number.
    func positions(below extent: Int, fromEnd: Bool = false, _ name: @autoclosure () -> String) -> [Int] {
        let lowest = fromEnd ? -extent : 0
        return withUnsafeBufferPointer { elements in
            elements.map { element in
                // Clamped, a number that no Int holds stays out of range.
                let position = Int(clamping: element)
                require(
                    position >= lowest && position < extent,
                    extent == 0
                        ? "\(name()) \(element) is out of range; there are no positions to choose from"
                        : "\(name()) \(element) is out of range; expected \(lowest) up to \(extent - 1)")
                return position < 0 ? position + extent : position
            }
        }
    }
}
