// Part of Ridgeline. Licensed under the Apache License 2.0.

/// How the losses of a batch become one number.
public enum LossReduction: Sendable, Hashable {
    /// Their mean.
    case mean
    /// Their sum.
    case sum
    /// One loss for each row.
    case none
}

/// The softmax cross-entropy −ln softmax(logits)[label] of each row, fused and without overflow (PyTorch:
/// `cross_entropy`). Saves the logits and ln Σ eˣ of each row; the gradient is (softmax − one-hot)·upstream.
///
/// - Parameters:
///   - logits: (rows, classes).
///   - labels: (rows), each from 0 up to classes − 1. Traps out of range.
/// - Returns: One element, or (rows) without reduction. Traps on other shapes.
public func softmaxCrossEntropy<Scalar: FloatingScalar>(
    logits: Tensor<Scalar>, labels: Tensor<Int32>, reduction: LossReduction = .mean
) -> Tensor<Scalar> {
    require(
        logits.rank == 2 && labels.shape == [logits.shape[0]],
        "softmaxCrossEntropy: logits \(logits.shape), labels \(labels.shape); expected (rows, classes) and "
            + "(rows)")
    let (rows, classes) = (logits.shape[0], logits.shape[1])
    let input = logits.detached.contiguous()
    let targets = labels.scalars.map { Int($0) }
    if let wrong = targets.first(where: { $0 < 0 || $0 >= classes }) {
        fatalError("softmaxCrossEntropy: label \(wrong); expected 0 up to \(classes - 1)")
    }
    let normalizers = input.logSumExp(axes: [1])
    var losses = Tensor<Scalar>(uninitialized: [rows])
    losses.fill { losses in
        for row in 0..<rows {
            losses[row] = normalizers.pointer[row] - input.pointer[row * classes + targets[row]]
        }
    }
    withExtendedLifetime((input.storage, normalizers.storage)) {}
    if let recording = Recording.tracking(logits.trace) {
        let entry = recording.entry(logits.trace)
        losses = recording.record(.crossEntropy, losses) { pass in
            let upstream = pass.takeUpstream(as: Scalar.self).contiguous()
            var gradient = Tensor<Scalar>(uninitialized: [rows, classes])
            gradient.fill { dx in
                let (x, shift, dy) = (input.pointer, normalizers.pointer, upstream.pointer)
                let pieces = RowPieces(rows: rows, columns: classes)
                Parallelism.forEach(pieces.count) { piece in
                    let (first, count) = pieces[piece]
                    for row in first..<first + count {
                        let start = row * classes
                        Scalar._kernels.exponentialShifted(
                            x: x + start, shift: shift[row], scale: dy[row], out: dx + start, count: classes)
                        dx[start + targets[row]] -= dy[row]
                    }
                }
            }
            withExtendedLifetime((input.storage, normalizers.storage, upstream.storage)) {}
            pass.add(gradient, to: entry)
        }
    }
    switch reduction {
    case .mean: return losses.mean()
    case .sum: return losses.sum()
    case .none: return losses
    }
}
