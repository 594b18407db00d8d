// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// How the losses of a batch become one number.
public enum LossReduction: Sendable, Hashable {
    /// Their mean.
    case mean
    /// Their sum.
    case sum
    /// One loss for each row.
    case none
}

/// The softmax cross-entropy −ln softmax(z)[label] of each row z of the logits, fused (PyTorch: `cross_entropy`).
///
/// With m the row's largest logit and s = Σ exp(zᵢ − m), it is (m − z[label]) + ln s, two terms of one sign; where
/// the label has the largest logit, ln s is log1p of the other terms, so that a loss near 0 keeps its digits. A
/// common offset of the logits, however large, changes nothing. The gradient is exp(zᵢ − m)/s·upstream for the
/// other classes and minus their sum for the label, so that a row's gradients add up to 0. A row is NaN, its
/// gradients too, where a logit is NaN or the largest is infinite; a label whose logit is −∞ costs +∞. All this as
/// in PyTorch. Saves the logits, and m and both sums of each row.
///
/// - Parameters:
///   - logits: (rows, classes).
///   - labels: (rows) integers of any type, each from 0 up to classes − 1. Traps out of range.
/// - Returns: One element, or (rows) without reduction. Traps on other shapes.
public func softmaxCrossEntropy<Scalar: FloatingScalar, Label: IntegerScalar>(
    logits: Tensor<Scalar>, labels: Tensor<Label>, reduction: LossReduction = .mean
) -> Tensor<Scalar> {
    crossEntropy(logits, labels, reduction)
}

/// The same of `Int32` labels, which literals, `[0, 2]`, are.
public func softmaxCrossEntropy<Scalar: FloatingScalar>(
    logits: Tensor<Scalar>, labels: Tensor<Int32>, reduction: LossReduction = .mean
) -> Tensor<Scalar> {
    crossEntropy(logits, labels, reduction)
}

private func crossEntropy<Scalar: FloatingScalar, Label: IntegerScalar>(
    _ logits: Tensor<Scalar>, _ labels: Tensor<Label>, _ reduction: LossReduction
) -> Tensor<Scalar> {
    require(
        logits.rank == 2 && labels.shape == [logits.shape[0]],
        "softmaxCrossEntropy: logits \(logits.shape), labels \(labels.shape); expected (rows, classes) and "
            + "(rows)")
    let rows = LabelledRows(
        logits.detached.contiguous(), labels.positions(below: logits.shape[1], "softmaxCrossEntropy: label"))
    var losses = rows.losses
    if let recording = Recording.tracking(logits.trace) {
        let entry = recording.entry(logits.trace)
        losses = recording.record(.crossEntropy, losses) { pass in
            pass.add(rows.gradient(pass.takeUpstream()), to: entry)
        }
    }
    switch reduction {
    case .mean: return losses.mean()
    case .sum: return losses.sum()
    case .none: return losses
    }
}

/// Rows of logits, each with a label, and what their gradients are made of.
private struct LabelledRows<Scalar: FloatingScalar>: Sendable {
    /// What the backward pass needs of a row: the largest logit (NaN where it is infinite), and Σ exp(zᵢ − m) over the
    /// classes but the label's, and over all.
    private struct Row {
        var largest: Scalar
        var others: Double
        var all: Double
    }

    private let logits: Tensor<Scalar>
    private let labels: [Int]
    private let rows: [Row]
    let losses: Tensor<Scalar>

    private var classes: Int { logits.shape[1] }

    init(_ logits: Tensor<Scalar>, _ labels: [Int]) {
        (self.logits, self.labels) = (logits, labels)
        let classes = logits.shape[1]
        var losses = Tensor<Scalar>(uninitialized: [labels.count])
        let pieces = RowPieces(rows: labels.count, columns: classes)
        rows = [Row](unsafeUninitializedCapacity: labels.count) { buffer, count in
            count = labels.count
            let found = buffer
            losses.fill { losses in
                logits.read { x in
                    Parallelism.forEach(pieces.count) { piece in
                        let (first, count) = pieces[piece]
                        for index in first..<first + count {
                            let row = Self.row(x + index * classes, classes, labels[index])
                            found[index] = row
                            losses[index] = Self.loss(row, ofLogit: x[index * classes + labels[index]])
                        }
                    }
                }
            }
        }
        self.losses = losses
    }

    private static func row(_ x: UnsafePointer<Scalar>, _ classes: Int, _ label: Int) -> Row {
        let kernels = Scalar._kernels
        var largest = kernels.maximum(x: x, count: classes)
        if !largest.isFinite { largest = .nan }
        let own = x[label]
        guard own == largest else {
            let all = kernels.sumOfExponentials(x: x, shift: largest, count: classes)
            // No cancellation: the largest logit's term, 1, is among the others.
            return Row(largest: largest, others: all - Double.exp(own.asDouble - largest.asDouble), all: all)
        }
        let others =
            kernels.sumOfExponentials(x: x, shift: largest, count: label)
            + kernels.sumOfExponentials(x: x + label + 1, shift: largest, count: classes - label - 1)
        return Row(largest: largest, others: others, all: others + 1)
    }

    private static func loss(_ row: Row, ofLogit own: Scalar) -> Scalar {
        if own == row.largest { return Scalar(fromDouble: Double.log(onePlus: row.others)) }
        return Scalar(fromDouble: Double.log(row.all) + (row.largest.asDouble - own.asDouble))
    }

    /// The gradient of the logits from that of the losses.
    func gradient(_ upstream: consuming Tensor<Scalar>) -> Tensor<Scalar> {
        let upstream = upstream.contiguous()
        var gradient = Tensor<Scalar>(uninitialized: logits.shape)
        let pieces = RowPieces(rows: rows.count, columns: classes)
        gradient.fill { dx in
            let (x, dy) = (logits.pointer, upstream.pointer)
            Parallelism.forEach(pieces.count) { piece in
                let (first, count) = pieces[piece]
                for index in first..<first + count {
                    let (row, start) = (rows[index], index * classes)
                    let scale = dy[index].asDouble / row.all
                    Scalar._kernels.exponentialShifted(
                        x: x + start, shift: row.largest, scale: Scalar(fromDouble: scale), out: dx + start,
                        count: classes)
                    dx[start + labels[index]] = Scalar(fromDouble: 0 - scale * row.others)
                }
            }
        }
        withExtendedLifetime((logits.storage, upstream.storage)) {}
        return gradient
    }
}
