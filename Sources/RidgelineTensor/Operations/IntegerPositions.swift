// Part of Ridgeline. Licensed under the Apache License 2.0.

extension Tensor where Scalar: IntegerScalar {
    /// The elements in row-major order as positions from 0 up to `extent` − 1. With `fromEnd`, negative ones
    /// count from the end, as in Python. Traps out of range, with `name` before the number.
    func positions(below extent: Int, fromEnd: Bool = false, _ name: @autoclosure () -> String) -> [Int] {
        let lowest = fromEnd ? -extent : 0
        return withUnsafeBufferPointer { elements in
            let positions = words(elements)
            for (index, position) in positions.enumerated() {
                require(
                    position >= lowest && position < extent,
                    extent == 0
                        ? "\(name()) \(elements[index]) is out of range; there are no positions to choose from"
                        : "\(name()) \(elements[index]) is out of range; expected \(lowest) up to \(extent - 1)"
                )
            }
            return fromEnd ? positions.map { $0 < 0 ? $0 + extent : $0 } : positions
        }
    }

    /// As `Int`s, by a loop that is compiled for the type where it is a usual one; what no `Int` holds is clamped.
    private func words(_ elements: UnsafeBufferPointer<Scalar>) -> [Int] {
        func converted<Word: IntegerScalar>(_: Word.Type) -> UnsafeBufferPointer<Word> {
            UnsafeRawBufferPointer(elements).assumingMemoryBound(to: Word.self)
        }
        return switch Scalar.dataType {
        case .int32: converted(Int32.self).map { Int($0) }
        case .int64: converted(Int64.self).map { Int($0) }
        default: elements.map { Int(clamping: $0) }
        }
    }
}
