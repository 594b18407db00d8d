// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A command that does not exist, and the one that may be meant.
struct UnknownCommand: Error, Equatable, CustomStringConvertible {
    let name: String
    /// All there are.
    let known: [String]

    /// The first argument where it should name one of these commands but does not.
    init?(_ arguments: [String], known: [String]) {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        guard let name = words.first, !name.hasPrefix("-"), name != "help", !known.contains(name) else {
            return nil
        }
        (self.name, self.known) = (name, known)
    }

    var description: String {
        let meant =
            known.filter { $0.hasPrefix(name) } + known.filter { name.distance(to: $0) <= 1 + name.count / 4 }
        return "no command is called '\(name)'" + (meant.first.map { "; did you mean '\($0)'?" } ?? ".")
            + " There are \(known.joined(separator: ", "))"
    }
}

extension String {
    /// The fewest characters to insert, remove, replace or exchange with their neighbour (each no more than once) that
    /// make this text the other: the optimal string alignment distance.
    func distance(to other: String) -> Int {
        let (a, b) = (Array(self), Array(other))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = Swift.min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = Swift.min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
