// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How a convolution is computed.
///
/// Winograd's algorithms compute the outputs of a tile together, so that an output's error depends on what stands beside
/// its window too: in units of the scalar's rounding error ε (2⁻²⁴, 2⁻⁵³), it is at most 4 (`winograd2`) or 16
/// (`winograd4`) times ε times the largest input of its tile (4×4 or 6×6 pixels, all channels) times Σ|w| of its output
/// channel. They hold for tiles whose inputs are finite and lie close enough together: a tile is computed by the direct
/// formula, output and input's gradient alike, where an input is infinite or not a number, where a product or sum
/// overflows, and where a window that is not all zeros holds nothing larger than 1/1024 of the tile's largest input. So
/// infinities and NaN reach the outputs whose windows see them and no others, and a window of zeros gives zeros. The
/// weights' gradient is a sum over all tiles; where it is not finite, it is summed again by gathering.
public enum ConvolutionAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// Whichever of the others is estimated to be fastest, pass by pass; see `ConvolutionCost`.
    case automatic
    /// Rows of the windows' pixels are gathered and multiplied by the weights; a 1×1 convolution of stride 1
    /// needs no gathering. For every convolution.
    case gathered
    /// Winograd's F(2×2, 3×3): 2.25 times fewer multiplications, half as exact. For 3×3, stride 1, dilation 1
    /// and one group.
    case winograd2
    /// Winograd's F(4×4, 3×3): 4 times fewer multiplications, a fifth as exact. For the same convolutions.
    case winograd4
    /// Pixel by pixel without a matrix product. For as many groups as inputs and outputs.
    case depthwise

    /// Whether it computes convolutions of this geometry.
    package func isAvailable(for geometry: ConvolutionGeometry) -> Bool {
        switch self {
        case .automatic, .gathered: true
        case .winograd2, .winograd4:
            geometry.groups == 1 && geometry.vertical.isWinograd && geometry.horizontal.isWinograd
        case .depthwise: geometry.isDepthwise
        }
    }

    var tile: WinogradTile? {
        switch self {
        case .winograd2: .two
        case .winograd4: .four
        case .automatic, .gathered, .depthwise: nil
        }
    }
}

/// A pass of a convolution.
package enum ConvolutionPass: String, Sendable, CaseIterable {
    case forward, inputGradient, weightGradient
}

extension WindowAxis {
    fileprivate var isWinograd: Bool {
        // The input's gradient is padded by 2 − padding.
        kernel == 3 && stride == 1 && dilation == 1 && before <= 2 && after <= 2
    }
}

/// The estimated time of the algorithms, in units of one multiply-add of a large matrix product; measured on
/// ResNet's layers, and deliberately coarse: the winners' margins are wide.
package enum ConvolutionCost {
    /// The algorithm that `automatic` stands for.
    ///
    /// - Parameter keepsWeights: Whether transformed weights are there from an earlier call.
    package static func choice(
        for geometry: ConvolutionGeometry, _ pass: ConvolutionPass, keepsWeights: Bool
    ) -> ConvolutionAlgorithm {
        if geometry.isDepthwise { return .depthwise }
        guard ConvolutionAlgorithm.winograd4.isAvailable(for: geometry) else { return .gathered }
        var best = (ConvolutionAlgorithm.gathered, gathered(geometry))
        for algorithm in [ConvolutionAlgorithm.winograd4, .winograd2] {
            guard let tile = algorithm.tile else { continue }
            let cost = winograd(geometry, tile, pass, keepsWeights: keepsWeights)
            if cost < best.1 { best = (algorithm, cost) }
        }
        return best.0
    }

    /// The products, and each gathered element once.
    private static func gathered(_ g: ConvolutionGeometry) -> Double {
        g.multiplyAdds * 1.08 + Double(g.outputPixels * g.taps * g.inputs) * 4
    }

    /// The products over the tiles, the less efficient the fewer tiles there are; the transforms, an element of which
    /// costs about as much as 24 multiply-adds, going through the outer caches; and the weights, which are read, and
    /// transformed unless they are kept, for all tiles together.
    private static func winograd(
        _ g: ConvolutionGeometry, _ tile: WinogradTile, _ pass: ConvolutionPass, keepsWeights: Bool
    ) -> Double {
        let grid = WinogradGrid(
            tile: tile, batch: g.batch, image: pass == .inputGradient ? g.inputImage : g.outputImage)
        let tiles = Double(grid.rows * grid.across)
        let matrices = Double(tile.matrices)
        let weights = matrices * Double(g.inputs * g.outputs)
        let products = (0.95 * tiles + 16) * weights
        let transforms = tiles * matrices * Double(g.inputs + g.outputs) * 24
        return products + transforms + weights * (keepsWeights ? 30 : 80)
    }
}
