// Part of Ridgeline. Licensed under the Apache License 2.0.

// The universal approximation theorem at work: networks of one hidden layer learn a smooth function and one
// with a jump. Exits with 1 where an error stays above its bound.

import Foundation
import Ridgeline

let outcomes = withRandomSeed(7) {
    Target.all.flatMap { target in
        [Activation.relu, .gelu].map { Experiment(target: target, activation: $0).run() }
    }
}

print("\nfunction  activation   first    last   bound  seconds")
for outcome in outcomes {
    print(
        outcome.target.name.padding(toLength: 9, withPad: " ", startingAt: 0),
        outcome.activation.name.padding(toLength: 10, withPad: " ", startingAt: 0),
        padded(decimals(outcome.firstError), 7), padded(decimals(outcome.lastError), 7),
        padded(decimals(outcome.target.bound), 7), padded(String(format: "%.2f", outcome.seconds), 8),
        outcome.isLearnt ? "" : "  not learnt")
}
exit(outcomes.allSatisfy(\.isLearnt) ? 0 : 1)
