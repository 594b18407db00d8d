// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// What can be said about a tensor's elements in one pass: of the finite ones the least, the greatest and the mean.
struct TensorStatistics: Sendable, Equatable {
    private(set) var finite = 0
    private(set) var nans = 0
    private(set) var infinities = 0
    private(set) var minimum: ElementValue?
    private(set) var maximum: ElementValue?
    private var average = 0.0

    /// Nil where no element is finite.
    var mean: Double? { finite > 0 ? average : nil }

    /// Of a tensor, read in pieces; `progress` is told the number of elements done.
    init(of name: String, in source: any ElementSource, progress: (Int) -> Void = { _ in }) throws {
        guard let info = source.info(name) else { throw source.missing(name) }
        let (elements, bytes) = try source.stored(name)
        let dataType = elements.dataType
        try elements.survey(of: info.elementCount, from: bytes) { piece in
            TensorStatistics(of: piece, dataType)
        } merge: { findings, done in
            for finding in findings { add(finding) }
            progress(done)
        }
    }

    /// Of elements in memory.
    init(of bytes: UnsafeRawBufferPointer, _ dataType: DataType) {
        switch dataType {
        case .float32: count(bytes) { (x: Float) in Double(x) }
        case .float64: count(bytes) { (x: Double) in x }
        case .float16: count(bytes) { Double(HalfPrecision.widen(float16: $0)) }
        case .bfloat16: count(bytes) { Double(HalfPrecision.widen(bfloat16: $0)) }
        case .int8: count(bytes, Int8.self)
        case .int16: count(bytes, Int16.self)
        case .int32: count(bytes, Int32.self)
        case .int64: count(bytes, Int64.self)
        case .uint8, .bool: count(bytes, UInt8.self)
        case .uint16: count(bytes, UInt16.self)
        case .uint32: count(bytes, UInt32.self)
        case .uint64: count(bytes, UInt64.self)
        }
    }

    private mutating func add(_ other: TensorStatistics) {
        nans += other.nans
        infinities += other.infinities
        guard let (low, high) = other.range else { return }
        minimum = minimum.map { min($0, low) } ?? low
        maximum = maximum.map { max($0, high) } ?? high
        finite += other.finite
        // Weights and not a sum, which could become infinite.
        let weight = Double(other.finite) / Double(finite)
        average = average * (1 - weight) + other.average * weight
    }

    private var range: (ElementValue, ElementValue)? {
        minimum.flatMap { low in maximum.map { (low, $0) } }
    }

    @inline(__always)
    private mutating func count<Stored>(_ bytes: UnsafeRawBufferPointer, _ value: (Stored) -> Double) {
        let elements = bytes.assumingMemoryBound(to: Stored.self)
        var (low, high) = (Double.infinity, -Double.infinity)
        var sum = 0.0
        for element in elements {
            let x = value(element)
            let isFinite = x.magnitude < .infinity
            sum += isFinite ? x : 0
            low = isFinite && x < low ? x : low
            high = isFinite && x > high ? x : high
            nans += x.isNaN ? 1 : 0
            finite += isFinite ? 1 : 0
        }
        infinities = elements.count - finite - nans
        guard finite > 0 else { return }
        (minimum, maximum) = (.real(low), .real(high))
        average = sum / Double(finite)
        if !sum.isFinite {
            // Only the largest doubles add up to infinity, and to those the scale does no harm.
            let scale = 0x1p-64
            sum = elements.reduce(0) { $0 + (value($1).isFinite ? value($1) * scale : 0) }
            average = sum / Double(finite) / scale
        }
    }

    @inline(__always)
    private mutating func count<Stored: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _: Stored.Type) {
        let elements = bytes.assumingMemoryBound(to: Stored.self)
        guard !elements.isEmpty else { return }
        var (low, high, sum) = (Stored.max, Stored.min, Int128(0))
        for element in elements {
            low = Swift.min(low, element)
            high = Swift.max(high, element)
            sum += Int128(element)
        }
        finite = elements.count
        (minimum, maximum) = (.integer(Int128(low)), .integer(Int128(high)))
        average = Double(sum) / Double(finite)
    }
}

/// An element's value, exactly.
enum ElementValue: Sendable, Comparable {
    case real(Double)
    case integer(Int128)

    var text: String {
        switch self {
        case .real(let value): value.briefText
        case .integer(let value): "\(value)"
        }
    }
}

extension Double {
    /// The number in six significant digits.
    var briefText: String { String(format: "%.6g", self) }
}

extension TensorStatistics: Encodable {
    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Keys.self)
        try values.encode(minimum, forKey: .min)
        try values.encode(maximum, forKey: .max)
        try values.encode(mean, forKey: .mean)
        try values.encode(nans, forKey: .nanCount)
        try values.encode(infinities, forKey: .infinityCount)
    }

    private enum Keys: CodingKey { case min, max, mean, nanCount, infinityCount }
}

extension ElementValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .real(let value): try container.encode(value)
        case .integer(let value):
            if let signed = Int64(exactly: value) {
                try container.encode(signed)
            } else {
                try container.encode(UInt64(truncatingIfNeeded: value))
            }
        }
    }
}
