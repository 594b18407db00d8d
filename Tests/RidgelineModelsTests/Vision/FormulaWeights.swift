// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// The numbers that `make_vision_fixtures.py` computes from a name and an element's index, so that weights of a hundred
/// megabytes need no file.
enum Formula {
    /// The upper 24 bits of splitmix64, seeded with the name's 64-bit FNV-1a hash, for this element.
    static func bits(_ seed: UInt64, _ index: Int) -> UInt64 {
        var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return (z ^ (z >> 31)) >> 40
    }

    /// The hash.
    static func seed(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// centre + reach·u, rounded to float, u = bits·2⁻²³ − 1 in −1 ..< 1.
    static func values(
        _ name: String, _ shape: Shape, centre: Double = 0, reach: Double = 1
    ) -> Tensor<Float> {
        let seed = seed(name)
        var result = Tensor<Float>.zeros(shape)
        result.withUnsafeMutableBufferPointer { buffer in
            for index in buffer.indices {
                buffer[index] = Float(centre + reach * (Double(bits(seed, index)) * 0x1p-23 - 1))
            }
        }
        return result
    }

    /// Images (N, H, W, C) of variance 1.
    static func images<Scalar: FloatingScalar>(_ shape: Shape, name: String = "images") -> Tensor<Scalar> {
        Tensor<Scalar>(values(name, shape, reach: 3.0.squareRoot()))
    }

    /// A class for each image.
    static func labels(_ count: Int, classes: Int) -> Tensor<Int32> {
        Tensor((0..<count).map { Int32(bits(seed("labels"), $0) % UInt64(classes)) })
    }

    /// The value of a parameter or buffer of a model.
    static func weight(_ name: String, _ shape: Shape) -> Tensor<Float> {
        if name.hasSuffix("running_var") { return values(name, shape, centre: 1, reach: 0.5) }
        if shape.rank > 1 {
            let inputs = shape.dropFirst().reduce(1, *)
            return values(name, shape, reach: (6 / Double(inputs)).squareRoot())
        }
        return name.hasSuffix("weight")
            ? values(name, shape, centre: 0.75, reach: 0.2) : values(name, shape, reach: 0.1)
    }
}

extension Module {
    /// Sets every parameter and buffer by the formula of its name.
    func weigh<Scalar: FloatingScalar>(as scalar: Scalar.Type) {
        for (name, tensor) in namedTensors {
            if let parameter = tensor as? Parameter<Scalar> {
                parameter.value = Tensor<Scalar>(Formula.weight(name, parameter.shape))
            } else if let buffer = tensor as? Buffer<Scalar> {
                buffer.value = Tensor<Scalar>(Formula.weight(name, buffer.shape))
            }
        }
    }

    /// The running means and variances one after another, in the order of their names.
    func runningStatistics<Scalar: FloatingScalar>(as scalar: Scalar.Type) -> Tensor<Scalar> {
        let buffers = namedTensors.sorted { $0.name < $1.name }.compactMap { $0.tensor as? Buffer<Scalar> }
        return .concatenated(buffers.map(\.value))
    }
}

@Suite struct FormulaTests {
    @Test(arguments: [
        ("images", 0, 3.0.squareRoot()), ("layer1.0.bn1.weight", 0.75, 0.2), ("bn1.running_var", 1, 0.5),
    ])
    func isTheOneThatMadeTheGoldenValues(_ name: String, _ centre: Double, _ reach: Double) throws {
        let expected: Tensor<Float> = try Fixture("vision_blocks").tensor("formula/" + name)
        expectIdentical(Formula.values(name, [40], centre: centre, reach: reach), expected, name)
    }
}
