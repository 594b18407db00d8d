// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// What an IDX file can hold: `UInt8`, `Int8`, `Int16`, `Int32`, `Float` and `Double`.
public protocol IDXScalar: TensorScalar {}

extension UInt8: IDXScalar {}
extension Int8: IDXScalar {}
extension Int16: IDXScalar {}
extension Int32: IDXScalar {}
extension Float: IDXScalar {}
extension Double: IDXScalar {}

/// The third byte of a file.
enum IDXCode {
    private static let table: [(code: UInt8, dataType: DataType)] = [
        (0x08, .uint8), (0x09, .int8), (0x0B, .int16), (0x0C, .int32), (0x0D, .float32), (0x0E, .float64),
    ]

    /// Nil for a byte that the format does not define.
    static func dataType(of code: UInt8) -> DataType? { table.first { $0.code == code }?.dataType }

    static func code(of dataType: DataType) -> UInt8 {
        guard let match = table.first(where: { $0.dataType == dataType }) else {
            fatalError("IDX has no elements of type \(dataType)")
        }
        return match.code
    }
}
