// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import RidgelineFormats
import RidgelineTensor
import Testing

/// Where the published files are: the folder that RIDGELINE_MNIST names, or one beside the checkout.
private let mnist: String? = {
    let beside = fixture("../../../shared/data/mnist")
    let folder = ProcessInfo.processInfo.environment["RIDGELINE_MNIST"] ?? beside
    return FileManager.default.fileExists(atPath: folder + "/t10k-labels.idx1-ubyte.gz") ? folder : nil
}()

@Suite(.enabled(if: mnist != nil)) struct MNISTTests {
    /// The same numbers as NumPy's.
    @Test(arguments: ["train", "t10k"])
    func counts(_ part: String) throws {
        let folder = try #require(mnist)
        let images: Tensor<UInt8> = try IDXFile(contentsOf: "\(folder)/\(part)-images.idx3-ubyte.gz").tensor()
        let labels: Tensor<Int32> = try IDXFile(contentsOf: "\(folder)/\(part)-labels.idx1-ubyte.gz").tensor()
        #expect(images.shape == [labels.elementCount, 28, 28])
        let pixels: [Int] = images.scalars.map { Int($0) }
        var centre = 0
        for start in stride(from: 14 * 28 + 14, to: pixels.count, by: 784) { centre += pixels[start] }
        let classes: [Int] = labels.scalars.map { Int($0) }
        var numbers = [images.shape[0], pixels.reduce(0, +)]
        numbers += [pixels.prefix(784).reduce(0, +), pixels.suffix(784).reduce(0, +), centre]
        numbers += [classes.count, classes.reduce(0, +), classes[0], classes[classes.count - 1]]
        let line = part + " " + numbers.map { String($0) }.joined(separator: " ")
        let expected = try String(contentsOfFile: fixture("numpy/mnist.txt"), encoding: .utf8)
        #expect(expected.split(separator: "\n").contains { $0 == line }, "\(line)")
    }
}
