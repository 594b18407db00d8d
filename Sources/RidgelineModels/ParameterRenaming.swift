// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Makes a model's parameter paths of the names in a file that another program wrote, and those names of the paths.
///
/// ```swift
/// // One layer's feed-forward block out of Hugging Face's BERT.
/// let names = ParameterRenaming.below("bert.encoder.layer.0").then(.bertFeedForward)
/// let report = try block.load(from: path, renaming: names, strict: false)
/// try block.save(to: other, renaming: names)
/// ```
public struct ParameterRenaming: Sendable {
    private let rule: @Sendable (String) -> String?
    /// The names that may become a path, the likeliest alone.
    private let candidates: @Sendable (String) -> [String]

    private init(
        rule: @escaping @Sendable (String) -> String?, candidates: @escaping @Sendable (String) -> [String]
    ) {
        (self.rule, self.candidates) = (rule, candidates)
    }

    /// By a rule; where it answers nil, the tensor is left out and not missed by anyone.
    ///
    /// - Parameter inverse: The name of which the rule makes a path; without it nothing can be saved by this renaming.
    public init(
        _ rule: @escaping @Sendable (String) -> String?, inverse: (@Sendable (String) -> String?)? = nil
    ) {
        self.init(rule: rule) { path in inverse?(path).map { [$0] } ?? [] }
    }

    /// The parameter's path for a name in the file; nil for a tensor to leave out.
    public func callAsFunction(_ name: String) -> String? { rule(name) }

    /// The names in a file that may be meant by a parameter's path. None where no name becomes it or nobody can tell
    /// which; several where two rules make the same of them.
    ///
    /// A name that a rule changes goes before one that stays as it is, and of several rules the one that makes more of
    /// the path.
    public func inverse(_ path: String) -> [String] { candidates(path).filter { rule($0) == path } }

    /// The names as they are.
    public static let none = ParameterRenaming(rule: { $0 }, candidates: { [$0] })

    /// By whole names; others stay.
    public static func names(_ map: [String: String]) -> ParameterRenaming {
        ParameterRenaming {
            map[$0] ?? $0
        } candidates: { path in
            let names = map.filter { $0.value == path }.keys.sorted()
            return names.isEmpty ? [path] : names
        }
    }

    /// By the first parts of a path: `["2": "1"]` makes `1.weight` of `2.weight` and leaves `20.weight` and
    /// `0.2.weight`. The longest that matches counts.
    public static func prefixes(_ map: [String: String]) -> ParameterRenaming {
        let rules = Rule.sorted(map)
        let inverses = Rule.inverses(map)
        @Sendable func path(_ name: String) -> String {
            let parts = Rule.parts(name)
            for rule in rules where parts.starts(with: rule.from) {
                return (rule.to + parts.dropFirst(rule.from.count)).joined(separator: ".")
            }
            return name
        }
        return ParameterRenaming(rule: path) { wanted in
            let parts = Rule.parts(wanted)
            var names: [String] = []
            var length = 0
            for rule in inverses where parts.starts(with: rule.from) {
                if !names.isEmpty && rule.from.count < length { break }
                let name = (rule.to + parts.dropFirst(rule.from.count)).joined(separator: ".")
                if path(name) == wanted { (names, length) = (names + [name], rule.from.count) }
            }
            return names.isEmpty ? [wanted] : names
        }
    }

    /// By parts anywhere in a path: `["output.dense": "contract"]` makes `3.contract.weight` of
    /// `3.output.dense.weight`. From left to right, the longest that matches at each place; what was replaced is not
    /// looked at again.
    public static func parts(_ map: [String: String]) -> ParameterRenaming { parts(map, alsoReading: [:]) }

    /// The same with other parts that are read, but never written.
    private static func parts(
        _ map: [String: String], alsoReading more: [String: String]
    ) -> ParameterRenaming {
        let rules = Rule.sorted(map.merging(more) { one, _ in one })
        let inverses = Rule.inverses(map)
        return ParameterRenaming { name in
            Rule.replaced(name, by: rules)[0]
        } candidates: { path in
            // Where parts were dropped, nobody can tell which.
            inverses.contains { $0.from.isEmpty } ? [] : Rule.replaced(path, by: inverses)
        }
    }

    /// What lies below a path, named from there; everything else is left out.
    public static func below(_ path: String) -> ParameterRenaming {
        let prefix = path + "."
        return ParameterRenaming {
            $0.utf8.starts(with: prefix.utf8) ? String($0.utf8.dropFirst(prefix.utf8.count)) : nil
        } candidates: {
            [prefix + $0]
        }
    }

    /// Leaves out what lies at or below one of these paths.
    public static func leavingOut(_ paths: [String]) -> ParameterRenaming {
        let rules = paths.map { Rule.parts($0) }
        return ParameterRenaming { name in
            let parts = Rule.parts(name)
            return rules.contains { parts.starts(with: $0) } ? nil : name
        } candidates: {
            [$0]
        }
    }

    /// This renaming and then another.
    public func then(_ next: ParameterRenaming) -> ParameterRenaming {
        ParameterRenaming {
            self($0).flatMap { next($0) }
        } candidates: { path in
            next.inverse(path).flatMap { self.inverse($0) }
        }
    }

    /// The feed-forward part of a layer of Hugging Face's BERT as a post-normalised `FeedForward`, with TensorFlow's
    /// names of scale and offset, which early files have, or PyTorch's, which are written. The layer's attention is
    /// left out.
    public static let bertFeedForward = leavingOut(["attention"]).then(
        parts(
            [
                "intermediate.dense": "expand", "output.dense": "contract", "output.LayerNorm": "norm",
            ], alsoReading: ["gamma": "weight", "beta": "bias"]))

    /// The feed-forward part of a block of Hugging Face's GPT-2 as a pre-normalised `FeedForward`, whose `expand`
    /// and `contract` are to be transposed: they are stored as (in, out). The block's attention is left out.
    public static let gpt2FeedForward = leavingOut(["attn", "ln_1"]).then(
        prefixes(["mlp.c_fc": "expand", "mlp.c_proj": "contract", "ln_2": "norm"]))
}

/// Parts of a path and what takes their place.
private struct Rule: Sendable {
    let from: [Substring]
    let to: [Substring]

    /// The longest first. No parts in place of some drops them.
    static func sorted(_ map: [String: String]) -> [Rule] {
        map.map { from, to in Rule(from: parts(from), to: to.isEmpty ? [] : parts(to)) }
            .sorted { $0.from.count > $1.from.count }
    }

    /// The rules turned round, in the order of the names that they make.
    static func inverses(_ map: [String: String]) -> [Rule] {
        map.sorted { $0.key < $1.key }
            .map { from, to in Rule(from: to.isEmpty ? [] : parts(to), to: parts(from)) }
            .sorted { $0.from.count > $1.from.count }
    }

    static func parts(_ path: String) -> [Substring] {
        path.split(separator: ".", omittingEmptySubsequences: false)
    }

    /// The path with parts replaced from left to right; more than one where rules of the same length differ, of which two
    /// are enough.
    static func replaced(_ path: String, by rules: [Rule]) -> [String] {
        var rest = parts(path)[...]
        var results: [[Substring]] = [[]]
        while let first = rest.first {
            let length = rules.first { rest.starts(with: $0.from) }?.from.count
            let matching = rules.filter { $0.from.count == length && rest.starts(with: $0.from) }.map(\.to)
            let next = matching.isEmpty ? [[first]] : matching
            results = Array(results.flatMap { result in next.map { result + $0 } }.prefix(2))
            rest = rest.dropFirst(length ?? 1)
        }
        return results.map { $0.joined(separator: ".") }
    }
}
