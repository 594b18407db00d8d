// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The source of random tensors: a seeded Philox stream and how much of it was used.
///
/// Operations draw from the current task's generator. The same seed and the same sequence of draws give the
/// same numbers at any number of threads. Draws from one generator by several tasks are safe, in an order
/// that is then theirs.
public final class RandomGenerator: Sendable {
    /// All there is to a generator; saved, it continues where it was.
    public struct State: Sendable, Hashable, Codable {
        /// The stream.
        public var seed: UInt64
        /// Blocks of four words used so far.
        public var position: UInt64

        /// The state of a stream at a position.
        public init(seed: UInt64, position: UInt64 = 0) {
            self.seed = seed
            self.position = position
        }
    }

    /// The current task's generator. Unless set by `withRandomSeed`, one that all of the process shares and
    /// that starts from seed 0, so that a program repeats itself.
    @TaskLocal public static var current = RandomGenerator(seed: 0)

    private let stored: Lock<State>

    /// A generator at the start of a stream.
    public init(seed: UInt64) { stored = Lock(State(seed: seed)) }

    /// A generator that continues from a state.
    public init(state: State) { stored = Lock(state) }

    /// The seed and how far the stream was used.
    public var state: State {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// Takes `blocks` blocks of the stream: the generator and the position of the first.
    func reserve(_ blocks: Int) -> (philox: Philox, position: UInt64) {
        stored.withLock { state in
            defer { state.position &+= UInt64(blocks) }
            return (Philox(key: state.seed), state.position)
        }
    }
}

/// Runs `body` with a generator of its own at the start of a stream.
public func withRandomSeed<Result>(_ seed: UInt64, _ body: () throws -> Result) rethrows -> Result {
    try RandomGenerator.$current.withValue(RandomGenerator(seed: seed), operation: body)
}
