// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

@Suite(.serialized)
struct ActivationsTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func jsonHoldsEveryFunction() throws {
        let run = try CommandRun(["activations", "--json", "--repeat", "1", "--stride", "1000003"])
        try #require(run.exitCode == 0, "\(run.errors)")
        let functions = try #require(try run.json()["functions"] as? [[String: Any]])
        #expect(functions.compactMap { $0["name"] as? String } == Activation.family.map(\.name))
        for function in functions {
            for direction in ["forward", "backward"] {
                let pass = try #require(function[direction] as? [String: Double])
                #expect(try #require(pass["milliseconds"]) > 0 && #require(pass["ratioToMove"]) > 0)
            }
            let errors = try #require(function["errors"] as? [String: Any])
            #expect(try #require(errors["count"] as? Int) == 4_295)
            let bounds = try #require(function["largestError"] as? [String: Double])
            for order in ["value", "derivative"] {
                let extreme = try #require(errors[order] as? [String: Any])
                #expect(try #require(extreme["ulps"] as? Double) <= #require(bounds[order]))
            }
            // Every instruction set, the plain Swift kernels last.
            let sets = try #require(errors["sets"] as? [[String: Any]])
            #expect(
                sets.compactMap { $0["isa"] as? String }
                    == (InstructionSet.available.filter { $0 != .swift } + [.swift]).map(\.rawValue))
            #expect(function["doubleErrors"] == nil)
        }
        let others = try #require(try run.json()["others"] as? [[String: Any]])
        #expect(others.count == 5 + 3 + Fold.allCases.count + Gate.allCases.count)
        for other in others {
            let group = try #require((other["function"] as? [String: String])?["group"])
            for direction in ["forward", "backward"] {
                let pass = try #require(other[direction] as? [String: Double])
                #expect(try #require(pass["milliseconds"]) > 0)
                // Distances to centres are matrix products: moving bytes is no measure.
                if group == "radial" {
                    #expect(pass["ratioToMove"] == nil)
                } else {
                    #expect(try #require(pass["ratioToMove"]) > 0)
                }
            }
        }
    }

    @Test(arguments: ["softmax", "gaussian", "glu"])
    func oneFunctionOfAnotherGroup(name: String) throws {
        let json = try CommandRun(["activations", "--function", name, "--repeat", "1", "--json"]).json()
        #expect((json["functions"] as? [Any])?.isEmpty == true)
        let others = try #require(json["others"] as? [[String: Any]])
        #expect(others.compactMap { ($0["function"] as? [String: String])?["name"] } == [name])
    }

    @Test func oneFunctionWithItsParameters() throws {
        let run = try CommandRun(
            ["activations", "--function", "LeakyReLU(0.2)", "--repeat", "1", "--stride", "1000003"])
        try #require(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("leaky-relu(0.2)") && !run.output.contains("gelu"))
    }

    @Test func aStrideLeavesNothingOut() throws {
        let run = try CommandRun(
            ["activations", "--function", "relu", "--json", "--repeat", "1", "--stride", "255"])
        let functions = try #require(try run.json()["functions"] as? [[String: Any]])
        let errors = try #require(functions.first?["errors"] as? [String: Any])
        #expect(try #require(errors["count"] as? Int) == ((1 << 32) + 254) / 255)
    }

    @Test(arguments: [
        (["--function", "gellu"], "there is no activation 'gellu'; known are identity, step, relu"),
        (["--function", "elu(nan)"], "'elu(nan)': expected one finite parameter"),
        (["--function", "leaky-relu(inf)"], "expected one finite parameter"),
        (["--stride", "0"], "--stride 0 is impossible"),
        (["--repeat", "0"], "--repeat 0 is impossible"),
        (["--exhaustive", "--stride", "3"], "--exhaustive and --stride exclude each other"),
        (["--plot", "chart.pdf"], "expected a name that ends in .svg or .png"),
        (["--plot", "/nonexistent/chart.svg"], "No such file or directory"),
        (["--plot", "a.svg", "--function", "relu"], "leave --function out"),
        (["--pytorch", "/nonexistent/python", "--function", "relu"], "--pytorch /nonexistent/python: "),
        (["--pytorch", "cat", "--function", "relu"], "--pytorch cat: "),
    ])
    func badInputIsOneLine(arguments: [String], message: String) throws {
        let run = try CommandRun(["activations"] + arguments)
        #expect(run.exitCode != 0 && !run.wasSignalled)
        #expect(run.errorLines.count == 1 && run.errors.contains(message), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test func theChartShowsEveryFunction() throws {
        try withFolder { folder in
            let file = folder.appending(path: "chart.svg")
            let run = try CommandRun(["activations", "--plot", file.path])
            try #require(run.exitCode == 0, "\(run.errors)")
            let data = try Data(contentsOf: file)
            let parser = XMLCheck()
            #expect(parser.parse(data))
            // A curve and a derivative each, five radial ones too, and the six of the close-up.
            #expect(parser.curves == 2 * (Activation.family.count + 5) + 6)
            let text = String(decoding: data, as: UTF8.self)
            for facts in Activation.facts {
                let equation = facts.equation.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
                #expect(text.contains("f(x) = " + equation))
            }
            #expect(!text.contains("nan") && !text.contains("inf"))
        }
    }

    @Test func anUnwritableChartLeavesTheOldOne() throws {
        try withFolder { folder in
            // A folder in the file's place, which not even root can replace.
            let taken = folder.appending(path: "chart.svg")
            try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
            let run = try CommandRun(["activations", "--plot", taken.path])
            #expect(run.exitCode != 0 && run.errorLines.count == 1)
            // Without rsvg-convert on the path, an old PNG stays whole.
            let old = folder.appending(path: "chart.png")
            try Data("old".utf8).write(to: old)
            let tried = try CommandRun(
                ["activations", "--plot", old.path], environment: ["PATH": folder.path])
            #expect(tried.exitCode != 0 && tried.errorLines.count == 1)
            #expect(tried.errors.contains("install librsvg2-bin"))
            #expect(try Data(contentsOf: old) == Data("old".utf8))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(Set(names) == ["chart.svg", "chart.png"])
        }
    }
}

/// Counts the paths that belong to curves, and whether the text is XML.
private final class XMLCheck {
    private(set) var curves = 0

    func parse(_ data: Data) -> Bool {
        let text = String(decoding: data, as: UTF8.self)
        curves = text.components(separatedBy: "clip-path=").count - 1
        // Foundation's parser would add libxml2 to the tests; balanced quotes and brackets will do.
        let body = text.dropFirst(text.hasPrefix("<?xml") ? 1 : 0)
        return text.filter { $0 == "<" }.count == text.filter { $0 == ">" }.count
            && body.filter { $0 == "\"" }.count % 2 == 0 && text.hasSuffix("</svg>\n")
    }
}
