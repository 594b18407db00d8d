// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// The most probable classes of an image file, or why there are none.
struct ClassifiedImage: Encodable, Equatable {
    struct Guess: Encodable, Equatable {
        let index: Int
        let label: String?
        let probability: Float
    }

    let file: String
    var classes: [Guess]?
    var error: String?

    /// Classifies a file. What is wrong with it becomes the error: other files have nothing to do with it.
    init(
        _ path: String, by model: any Layer<Float>, transform: EvaluationTransform, labels: ClassLabels?,
        top: Int, pixelLimit: Int
    ) {
        file = path
        do {
            let image = try DecodedImage(contentsOf: path, pixelLimit: pixelLimit)
            let probabilities = softmax(model(transform(image))).scalars
            guard probabilities.allSatisfy(\.isFinite) else { throw NotFinite(path: path) }
            // Of equal ones the lower number is first.
            let order = probabilities.indices.sorted {
                (probabilities[$1], $0) < (probabilities[$0], $1)
            }
            classes = order.prefix(top).map {
                Guess(index: $0, label: labels?.names[$0], probability: probabilities[$0])
            }
        } catch {
            self.error = "\(error)"
        }
    }

    /// Broken weights, most likely.
    struct NotFinite: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path): the model's outputs are not finite" }
    }

    /// The file and a line for each class.
    var text: String {
        let rows = (classes ?? []).map { guess in
            let name = guess.label.map { "\(guess.index)  \($0.escaped)" } ?? "\(guess.index)"
            return "  \((100 * Double(guess.probability)).text(2)) %  \(name)"
        }
        return ([file.withoutControls] + rows).joined(separator: "\n")
    }
}
