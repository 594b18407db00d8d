// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// The repository's folder, found from this file's place in it.
let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// One file of golden values; `Tests/Fixtures/README.md` says what is in each.
struct Fixture {
    private let file: SafetensorsFile

    init(_ name: String) throws {
        file = try SafetensorsFile(
            contentsOf: repository.appending(path: "Tests/Fixtures/\(name).safetensors").path)
    }

    /// All keys of the file.
    var keys: Set<String> { Set(file.names) }

    /// The part of each key before its last slash, where the key ends with `suffix`.
    func groups(endingIn suffix: String) -> [String] {
        keys.filter { $0.hasSuffix("/" + suffix) }.map { String($0.dropLast(suffix.count + 1)) }.sorted()
    }

    /// A tensor as it is stored; throws where there is none of that name and element type.
    func tensor<Scalar: FloatingScalar>(
        _ key: String, as type: Scalar.Type = Scalar.self
    ) throws -> Tensor<Scalar> {
        try file.tensor(key)
    }

    /// A tensor stored as F64 in another precision.
    func converted<Scalar: FloatingScalar>(_ key: String, to type: Scalar.Type) throws -> Tensor<Scalar> {
        Tensor<Scalar>(try tensor(key, as: Double.self))
    }
}

extension Module {
    /// Gives every parameter the fixture's value of that name under `prefix`; `rename` maps the model's path
    /// to the file's. Throws where one is missing.
    func adopt<Scalar: FloatingScalar>(
        _ fixture: Fixture, _ prefix: String, as type: Scalar.Type, rename: (String) -> String = { $0 }
    ) throws {
        for (name, parameter) in parameters(of: Scalar.self) {
            parameter.value = try fixture.tensor(prefix + "/" + rename(name))
        }
    }

    /// Gives every parameter the value that `other`'s parameter of the same name has, in this precision.
    func adopt<Mine: FloatingScalar, Theirs: FloatingScalar>(
        _ other: some Module, as mine: Mine.Type, from theirs: Theirs.Type
    ) throws {
        #expect(parameterNames == other.parameterNames)
        for (name, parameter) in parameters(of: Mine.self) {
            let source = try #require(other.parameter(named: name, as: Theirs.self))
            parameter.value = Tensor<Mine>(source.value)
        }
    }
}
