// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// What torchvision does to an image before a classifier sees it: the shorter side resized (bilinear,
/// antialiased, rounded to 8 bits after each direction, as on a Pillow image), the centre cut out, and each
/// colour less its mean by its standard deviation over ImageNet.
struct EvaluationTransform: Sendable, Equatable {
    /// The shorter side after resizing.
    var resize = 256
    /// The side of the square that is cut out; at most `resize`.
    var crop = 224
    var mean: [Float] = [0.485, 0.456, 0.406]
    var deviation: [Float] = [0.229, 0.224, 0.225]

    /// A batch of one image, (1, crop, crop, 3).
    func callAsFunction(_ image: DecodedImage) -> Tensor<Float> {
        let square = cropped(image)
        var result = Tensor<Float>.zeros([1, crop, crop, 3])
        result.withUnsafeMutableBufferPointer { values in
            for index in values.indices {
                let value = Float(square.pixels[index]) / 255
                values[index] = (value - mean[index % 3]) / deviation[index % 3]
            }
        }
        return result
    }

    /// The square that is cut out of the resized image. Only its pixels are computed, however long the image is.
    func cropped(_ image: DecodedImage) -> DecodedImage {
        let short = min(image.width, image.height)
        func filter(_ side: Int) -> BilinearFilter {
            let new = side == short ? resize : Int(Double(resize * side) / Double(short))
            let start = Int((Double(new - crop) / 2).rounded(.toNearestOrEven))
            return BilinearFilter(from: side, to: new, wanted: start..<start + crop)
        }
        let (columns, rows) = (filter(image.width), filter(image.height))
        let reach = rows.reach
        // Columns first, as Pillow does, of the rows that the square needs.
        let narrow = Self.rows(reach.count, of: 3 * crop) { row, place in
            let start = (reach.lowerBound + row) * image.width * 3 + place % 3
            return image.pixels.withUnsafeBufferPointer { pixels in
                columns.value(place / 3, of: pixels.baseAddress! + start, step: 3)
            }
        }
        let square = Self.rows(crop, of: 3 * crop) { row, place in
            narrow.withUnsafeBufferPointer { pixels in
                rows.value(
                    row, of: pixels.baseAddress! + place, from: reach.lowerBound, step: 3 * crop)
            }
        }
        return DecodedImage(width: crop, height: crop, pixels: square)
    }

    /// So many rows of bytes, made in parallel.
    private static func rows(
        _ count: Int, of width: Int, _ byte: (_ row: Int, _ place: Int) -> UInt8
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count * width) { buffer, initialized in
            let bytes = buffer
            Parallelism.forEach(count) { row in
                for place in 0..<width { bytes[row * width + place] = byte(row, place) }
            }
            initialized = count * width
        }
    }
}
