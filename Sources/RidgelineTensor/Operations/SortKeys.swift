// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Numbers in the order of sorting: as unsigned integers, in which NaN is above everything, −0 equals 0, and equal numbers
/// keep their order. PyTorch's and NumPy's order.
struct SortKeys {
    private(set) var keys: [UInt64]

    /// The keys of `count` numbers in a row; `descending` turns the order over, NaN first.
    init<Scalar: NumericScalar>(_ row: UnsafePointer<Scalar>, _ count: Int, descending: Bool) {
        func keys<Number>(_: Number.Type, _ key: (Number) -> UInt64) -> [UInt64] {
            let row = UnsafeRawPointer(row).assumingMemoryBound(to: Number.self)
            return (0..<count).map { descending ? ~key(row[$0]) : key(row[$0]) }
        }
        func signed(_ value: some FixedWidthInteger) -> UInt64 {
            UInt64(bitPattern: Int64(truncatingIfNeeded: value)) ^ 1 << 63
        }
        // By concrete types, so that each loop is compiled for its numbers.
        switch Scalar.dataType {
        case .float32: self.keys = keys(Float.self) { Self.key(Double($0)) }
        case .float64: self.keys = keys(Double.self, Self.key)
        case .int8: self.keys = keys(Int8.self, signed)
        case .int16: self.keys = keys(Int16.self, signed)
        case .int32: self.keys = keys(Int32.self, signed)
        case .int64: self.keys = keys(Int64.self, signed)
        case .uint8: self.keys = keys(UInt8.self) { UInt64($0) }
        case .uint16: self.keys = keys(UInt16.self) { UInt64($0) }
        case .uint32: self.keys = keys(UInt32.self) { UInt64($0) }
        case .uint64: self.keys = keys(UInt64.self) { $0 }
        case .float16, .bfloat16, .bool: fatalError("a tensor of \(Scalar.dataType) is not numeric")
        }
    }

    private static func key(_ value: Double) -> UInt64 {
        if value.isNaN { return .max }
        // Adding 0 makes −0 the other zero.
        let bits = (value + 0).bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    /// The places of the numbers in their order, equal ones in their own.
    func order() -> [Int] {
        let count = keys.count
        var order = Array(0..<count)
        if count < 256 {
            order.sort { (keys[$0], $0) < (keys[$1], $1) }
            return order
        }
        // Byte by byte from the least, which keeps the order of equals; bytes that are all alike are passed over.
        let differing = keys.reduce(0) { $0 | ($1 ^ keys[0]) }
        var sorted = order
        for shift in stride(from: UInt64(0), to: 64, by: 8) where differing >> shift & 255 != 0 {
            var places = [Int](repeating: 0, count: 257)
            for key in keys { places[Int(key >> shift & 255) + 1] += 1 }
            for byte in 1..<257 { places[byte] += places[byte - 1] }
            for index in order {
                let byte = Int(keys[index] >> shift & 255)
                sorted[places[byte]] = index
                places[byte] += 1
            }
            swap(&order, &sorted)
        }
        return order
    }
}
