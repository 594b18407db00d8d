// Part of Ridgeline. Licensed under the Apache License 2.0.

/// What a message adds where the extents of an input tell that its channels come first, as in PyTorch: (N, C, H, W), or
/// (N, C, L) of a sequence, also as an image of height 1. Empty where they do not tell.
///
/// - Parameter channels: How many channels were expected; nil where nothing says so: then three at axis 1, and more
///   elsewhere, are taken for those of a picture.
package func channelsFirstHint(_ shape: Shape, channels: Int? = nil) -> String {
    let wanted = channels ?? 3
    func hint(_ layout: String, _ order: [Int]) -> String {
        "; this looks like channels first: Ridgeline takes \(layout), as x.permuted(\(order))"
    }
    guard let last = shape.last, channels == nil ? last > wanted : last != wanted else { return "" }
    switch shape.rank {
    case 4 where shape[1] == wanted && (channels != nil || shape[2] > wanted):
        return hint("(N, H, W, C)", [0, 2, 3, 1])
    case 4 where shape[1] == 1 && shape[2] == channels: return hint("(N, L, C)", [0, 2, 1])
    case 3 where shape[1] == channels: return hint("(N, L, C)", [0, 2, 1])
    default: return ""
    }
}
