// Part of Ridgeline. Licensed under the Apache License 2.0.

import RidgelineTensor

/// The mean squared error, mean((prediction − target)²) over all elements (PyTorch: `mse_loss`); with
/// `.sum`, their sum, with `.none`, each square. Traps where the shapes differ: a broadcast here is nearly
/// always a mistake.
public func meanSquaredError<Scalar: FloatingScalar>(
    _ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>, reduction: LossReduction = .mean
) -> Tensor<Scalar> {
    require(
        prediction.shape == target.shape,
        "meanSquaredError: prediction \(prediction.shape), target \(target.shape); expected equal shapes")
    let squares = (prediction - target).squared()
    switch reduction {
    case .mean: return squares.mean()
    case .sum: return squares.sum()
    case .none: return squares
    }
}
