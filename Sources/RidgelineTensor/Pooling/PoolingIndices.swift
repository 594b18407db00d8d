// Part of Ridgeline. Licensed under the Apache License 2.0.

/// As `maximumPooling2D`, with where each largest value stands (PyTorch: `max_pool2d` with `return_indices`).
///
/// - Returns: The values, which carry the gradient, and the indices, both (N, H′, W′, C): row·W + column of the winner in
///   its image's plane of one channel; of equal ones the first, of NaNs the last. Traps as there, and on images of more
///   than 2³¹ − 1 pixels.
public func maximumPooling2DWithIndices<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, window: Size2D, stride: Size2D? = nil, padding: Padding2D = .none,
    dilation: Size2D = 1, ceilMode: Bool = false
) -> (output: Tensor<Scalar>, indices: Tensor<Int32>) {
    let operation = "maximumPooling2DWithIndices"
    return maximumWithIndices(
        x,
        PoolingWindows(
            maximumOf: x.shape, window: window, stride: stride, padding: padding, dilation: dilation,
            ceilMode: ceilMode, for: operation), for: operation)
}

/// As `adaptiveMaximumPooling2D`, with where each largest value stands (PyTorch: `adaptive_max_pool2d` with
/// `return_indices`); the indices as of `maximumPooling2DWithIndices`.
public func adaptiveMaximumPooling2DWithIndices<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, outputSize: Size2D
) -> (output: Tensor<Scalar>, indices: Tensor<Int32>) {
    let operation = "adaptiveMaximumPooling2DWithIndices"
    return maximumWithIndices(
        x, PoolingWindows(x.shape, adaptingTo: outputSize, for: operation), for: operation)
}

private func maximumWithIndices<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ windows: PoolingWindows, for operation: String
) -> (output: Tensor<Scalar>, indices: Tensor<Int32>) {
    require(
        windows.vertical.inputs * windows.horizontal.inputs <= Int(Int32.max),
        "\(operation): input \(x.shape); expected fewer than 2³¹ pixels, which are numbered in 32 bits")
    let winners = Tensor<Int32>(uninitialized: windows.outputShape)
    let out = maximumPooling(x, windows, winners: winners)
    return (out, windows.indices(of: winners))
}

extension PoolingWindows {
    /// The winners' places in their images, from their places in their windows.
    fileprivate func indices(of winners: Tensor<Int32>) -> Tensor<Int32> {
        let (vertical, horizontal, channels) = (vertical, horizontal, channels)
        var out = Tensor<Int32>(uninitialized: winners.shape)
        out.fill { out in
            winners.read { winners in
                Parallelism.forEach(images * vertical.outputs) { line in
                    let top = vertical.first(of: line % vertical.outputs)
                    for column in 0..<horizontal.outputs {
                        let left = horizontal.first(of: column)
                        let start = (line * horizontal.outputs + column) * channels
                        for place in start..<start + channels {
                            let (down, across) = Int(winners[place]).quotientAndRemainder(
                                dividingBy: horizontal.longest)
                            // A window that dilation leads past every pixel has no winner: the nearest place.
                            let y = Swift.min(top + down * vertical.step, vertical.inputs - 1)
                            let x = Swift.min(left + across * horizontal.step, horizontal.inputs - 1)
                            out[place] = Int32(y * horizontal.inputs + x)
                        }
                    }
                }
            }
        }
        return out
    }
}

/// Values put back where `maximumPooling2DWithIndices` found them, zeros elsewhere (PyTorch: `max_unpool2d`):
/// y[n, i, j, c] = x[n, p, q, c] where indices[n, p, q, c] = i·W + j. Of values with the same place the last one stays.
///
/// The gradient of a value is that of its place. Saves the indices.
///
/// - Parameters:
///   - x: (N, H′, W′, C).
///   - indices: Of the same shape, each from 0 to H·W − 1.
///   - outputSize: H and W.
/// - Returns: (N, H, W, C). Traps on other shapes and on indices outside the image.
public func maximumUnpooling2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, indices: Tensor<Int32>, outputSize: Size2D
) -> Tensor<Scalar> {
    let operation = "maximumUnpooling2D"
    require(
        x.rank == 4 && indices.shape == x.shape,
        "\(operation): input \(x.shape), indices \(indices.shape); expected twice (N, H, W, C)")
    require(
        outputSize.height >= 0 && outputSize.width >= 0,
        "\(operation): output size \(outputSize); expected 0 or more")
    let shape: Shape = [x.shape[0], outputSize.height, outputSize.width, x.shape[3]]
    let pixels = outputSize.height * outputSize.width
    let places = indices.contiguous()
    let wrong = places.scalars.first { $0 < 0 || Int($0) >= pixels }
    require(
        wrong == nil,
        "\(operation): index \(wrong ?? 0) in images of \(outputSize); expected 0 up to \(pixels - 1)")
    let pairs = UnpooledPlaces(
        images: x.shape[0], values: x.shape[1] * x.shape[2], pixels: pixels, channels: x.shape[3])
    var out = Tensor<Scalar>.zeros(shape)
    let input = x.detached.contiguous()
    places.read { places in
        input.read { input in
            out.fill { out in pairs.forEach(places) { place, value in out[place] = input[value] } }
        }
    }
    guard let recording = Recording.tracking(x.trace) else { return out }
    let entry = recording.entry(x.trace)
    let before = x.shape
    return recording.record(.maximumUnpooling, out) { pass in
        let dy = pass.takeUpstream(as: Scalar.self).contiguous()
        var dx = Tensor<Scalar>(uninitialized: before)
        places.read { places in
            dy.read { dy in
                dx.fill { dx in pairs.forEach(places) { place, value in dx[value] = dy[place] } }
            }
        }
        pass.add(dx, to: entry)
    }
}

/// Where the values of some images stand in larger ones.
private struct UnpooledPlaces {
    let images: Int
    /// Of one image and channel.
    let values: Int
    let pixels: Int
    let channels: Int

    /// Calls `body` with the place of each value; those of an image in their order, as they may share a place.
    func forEach(_ indices: UnsafePointer<Int32>, _ body: (_ place: Int, _ value: Int) -> Void) {
        Parallelism.forEach(images) { image in
            for value in image * values * channels..<(image + 1) * values * channels {
                body((image * pixels + Int(indices[value])) * channels + value % channels, value)
            }
        }
    }
}
