// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline
import Testing

/// A network, its activation and the images it sees, by a key of the golden values as `resnet-50/gelu/2x224x224`.
struct VisionCase: CustomTestStringConvertible {
    let key: String
    let name: String
    let activation: Activation
    let images: Shape

    init(_ key: String) throws {
        let parts = key.split(separator: "/").map(String.init)
        let size = parts[2].split(separator: "x").compactMap { Int($0) }
        self.key = key
        name = parts[0]
        activation = try Activation(named: parts[1])
        images = [size[0], size[1], size[2], 3]
    }

    var testDescription: String { key }

    /// The network with the weights of the formula.
    func model<Scalar: FloatingScalar>(as scalar: Scalar.Type) throws -> any Layer<Scalar> {
        let model: any Layer<Scalar> = try withoutRandomDraws {
            switch name {
            case "resnet-18-small":
                return ResNet<Scalar>(.resNet18.with(stem: .small), classes: 10, activation: activation)
            case "cifar-resnet-20-b":
                return ResNet<Scalar>(
                    .cifar(depth: 20, shortcut: .projection), classes: 10, activation: activation)
            default: return try #require(ImageModel(rawValue: name)).model(activation: activation)
            }
        }
        model.weigh(as: Scalar.self)
        return model
    }
}
