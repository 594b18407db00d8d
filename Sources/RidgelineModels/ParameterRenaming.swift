// Part of Ridgeline. Licensed under the Apache License 2.0.

/// Makes a model's parameter paths of the names in a file that another program wrote.
///
/// ```swift
/// // One layer's feed-forward block out of Hugging Face's BERT.
/// try block.load(from: path, renaming: .below("bert.encoder.layer.0").then(.bertFeedForward), strict: false)
/// ```
public struct ParameterRenaming: Sendable {
    private let rule: @Sendable (String) -> String?

    /// By a rule; where it answers nil, the tensor is left out and not missed by anyone.
    public init(_ rule: @escaping @Sendable (String) -> String?) { self.rule = rule }

    /// The parameter's path for a name in the file; nil for a tensor to leave out.
    public func callAsFunction(_ name: String) -> String? { rule(name) }

    /// The names as they are.
    public static let none = ParameterRenaming { $0 }

    /// By whole names; others stay.
    public static func names(_ map: [String: String]) -> ParameterRenaming {
        ParameterRenaming { map[$0] ?? $0 }
    }

    /// By the first parts of a path: `["2": "1"]` makes `1.weight` of `2.weight` and leaves `20.weight` and
    /// `0.2.weight`. The longest that matches counts.
    public static func prefixes(_ map: [String: String]) -> ParameterRenaming {
        let rules = Rule.sorted(map)
        return ParameterRenaming { name in
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            for rule in rules where parts.starts(with: rule.from) {
                return (rule.to + parts.dropFirst(rule.from.count)).joined(separator: ".")
            }
            return name
        }
    }

    /// By parts anywhere in a path: `["output.dense": "contract"]` makes `3.contract.weight` of
    /// `3.output.dense.weight`. From left to right, the longest that matches at each place; what was replaced is not
    /// looked at again.
    public static func parts(_ map: [String: String]) -> ParameterRenaming {
        let rules = Rule.sorted(map)
        return ParameterRenaming { name in
            var rest = name.split(separator: ".", omittingEmptySubsequences: false)[...]
            var result: [Substring] = []
            while let first = rest.first {
                if let rule = rules.first(where: { rest.starts(with: $0.from) }) {
                    result += rule.to
                    rest = rest.dropFirst(rule.from.count)
                } else {
                    result.append(first)
                    rest = rest.dropFirst()
                }
            }
            return result.joined(separator: ".")
        }
    }

    /// What lies below a path, named from there; everything else is left out.
    public static func below(_ path: String) -> ParameterRenaming {
        let prefix = path + "."
        return ParameterRenaming {
            $0.utf8.starts(with: prefix.utf8) ? String($0.utf8.dropFirst(prefix.utf8.count)) : nil
        }
    }

    /// Leaves out what lies at or below one of these paths.
    public static func leavingOut(_ paths: [String]) -> ParameterRenaming {
        let rules = Rule.sorted(Dictionary(paths.map { ($0, "") }) { first, _ in first })
        return ParameterRenaming { name in
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            return rules.contains { parts.starts(with: $0.from) } ? nil : name
        }
    }

    /// This renaming and then another.
    public func then(_ next: ParameterRenaming) -> ParameterRenaming {
        ParameterRenaming { self($0).flatMap { next($0) } }
    }

    /// The feed-forward part of a layer of Hugging Face's BERT as a post-normalised `FeedForward`, with TensorFlow's
    /// names of scale and offset, which early files have, or PyTorch's. The layer's attention is left out.
    public static let bertFeedForward = leavingOut(["attention"]).then(
        parts([
            "intermediate.dense": "expand", "output.dense": "contract", "output.LayerNorm": "norm",
            "gamma": "weight", "beta": "bias",
        ]))

    /// The feed-forward part of a block of Hugging Face's GPT-2 as a pre-normalised `FeedForward`, whose `expand`
    /// and `contract` are to be transposed: they are stored as (in, out). The block's attention is left out.
    public static let gpt2FeedForward = leavingOut(["attn", "ln_1"]).then(
        prefixes(["mlp.c_fc": "expand", "mlp.c_proj": "contract", "ln_2": "norm"]))

    private struct Rule {
        let from: [Substring]
        let to: [Substring]

        /// The longest first. No parts in place of some drops them.
        static func sorted(_ map: [String: String]) -> [Rule] {
            map.map { from, to in
                Rule(from: parts(from), to: to.isEmpty ? [] : parts(to))
            }
            .sorted { $0.from.count > $1.from.count }
        }

        private static func parts(_ path: String) -> [Substring] {
            path.split(separator: ".", omittingEmptySubsequences: false)
        }
    }
}
