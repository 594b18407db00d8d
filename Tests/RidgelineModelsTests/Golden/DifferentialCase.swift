// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

/// One line of `differential.txt`: an operation on given inputs, and what PyTorch makes of it.
struct DifferentialCase: Sendable {
    /// A tensor's shape and where its elements begin in the store of its precision.
    struct Place: Sendable {
        let shape: Shape
        let offset: Int

        init(_ shape: Shape, _ offset: Int) { (self.shape, self.offset) = (shape, offset) }

        func tensor<Scalar: FloatingScalar>(in store: [Scalar]) -> Tensor<Scalar> {
            Tensor(shape: shape, scalars: store[offset..<offset + shape.elementCount])
        }
    }

    let line: Int
    let operation: String
    let isDouble: Bool
    let parameters: [Int]
    let inputs: [(place: Place, layout: String)]
    let output: Place
    let upstream: Place
    /// Nil where an input is a constant.
    let gradients: [Place?]

    init(line: Int, _ text: Substring) throws {
        let columns = text.split(separator: "\t")
        try #require(columns.count == 6, "line \(line)")
        self.line = line
        operation = String(columns[0])
        isDouble = columns[1] == "double"
        parameters = columns[2] == "-" ? [] : columns[2].split(separator: " ").compactMap { Int($0) }
        func shape(_ text: Substring) -> Shape {
            text == "." ? [] : Shape(text.split(separator: ",").compactMap { Int($0) })
        }
        inputs = try columns[3].split(separator: " ").map { input in
            let parts = input.split(separator: "@")
            return (Place(shape(parts[0]), try #require(Int(parts[2]))), String(parts[1]))
        }
        let result = columns[4].split(separator: "@")
        output = Place(shape(result[0]), try #require(Int(result[1])))
        upstream = Place(output.shape, try #require(Int(result[2])))
        gradients = zip(inputs, columns[5].split(separator: " ")).map { input, offset in
            Int(offset).map { Place(input.place.shape, $0) }
        }
    }

    static func all() throws -> [DifferentialCase] {
        let path = repository.appending(path: "Tests/Fixtures/differential.txt")
        return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").enumerated()
            .map { try DifferentialCase(line: $0.offset + 1, $0.element) }
    }
}

/// The same elements lying otherwise in memory.
func arranged<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ layout: String) -> Tensor<Scalar> {
    switch layout {
    case "transposed":
        let order = Array((0..<x.rank).reversed())
        return x.permuted(order).contiguous().permuted(order)
    case "sliced": return Tensor.stacked([.zeros(x.shape), x], axis: -1)[.ellipsis, 1]
    case "flipped": return x.flipped().contiguous().flipped()
    case "broadcast": return x[0..<1].broadcast(to: x.shape)
    default: return x
    }
}
