// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor
@_spi(Reflection) import Swift

/// One stored property of a struct, or element of a tuple: where it lies in the value's memory.
struct StoredField {
    let offset: Int
    let type: Any.Type

    /// Those of a struct or tuple, in the order in which `Mirror` has them.
    static func all(of type: Any.Type) -> [StoredField] {
        var found: [StoredField] = []
        _ = _forEachField(of: type) { _, offset, type, _ in
            found.append(StoredField(offset: offset, type: type))
            return true
        }
        return found
    }

    /// Sets the property in the memory of a value to another value of its type.
    ///
    /// The value must be nobody else's: a stored property that is a constant in the source is set as any other.
    func set(_ value: Any, in memory: UnsafeMutableRawPointer) {
        func set<Field>(_: Field.Type) {
            guard let value = value as? Field else {
                requirementFailed("copied(): a \(Swift.type(of: value)) where a \(Field.self) was")
            }
            (memory + offset).assumingMemoryBound(to: Field.self).pointee = value
        }
        _openExistential(type, do: set)
    }
}
