// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline

/// A Python process with PyTorch that times the same work, and computes the same values, when asked.
///
/// A second one, whose C library is told to keep its memory, times it too, and the faster counts: by default, PyTorch's
/// times of large tensors are partly those of the system, which gives and takes their pages.
final class PyTorchPeer {
    /// Median milliseconds.
    struct Times: Decodable {
        var forward: Double
        var backward: Double
    }

    /// Why PyTorch cannot be measured.
    struct Failure: Error, CustomStringConvertible {
        let python: String
        let reason: String
        var description: String { "--pytorch \(python): \(reason)" }
    }

    private struct Greeting: Decodable {
        var version: String
    }

    let version: String
    private let python: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()
    private var unread = Data()
    private let keepingMemory: PyTorchPeer?

    /// Starts the processes. Throws where there is no such Python, or it has no PyTorch.
    convenience init(python: String, threads: Int) throws {
        let keeping = try PyTorchPeer(
            python: python, threads: threads,
            [
                "MALLOC_MMAP_THRESHOLD_": "\(8 << 30)", "MALLOC_TRIM_THRESHOLD_": "\(8 << 30)",
            ], keepingMemory: nil)
        try self.init(python: python, threads: threads, [:], keepingMemory: keeping)
    }

    private init(
        python: String, threads: Int, _ settings: [String: String], keepingMemory: PyTorchPeer?
    ) throws {
        self.python = python
        self.keepingMemory = keepingMemory
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            python, "-c", Self.script, "\(threads)", "\(ActivationTiming.rows)",
            "\(ActivationTiming.columns)", "\(ActivationTiming.coordinates)",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "OMP_NUM_THREADS": "\(threads)", "MKL_NUM_THREADS": "\(threads)",
        ]) { $1 }.merging(settings) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { throw Failure(python: python, reason: "it does not start") }
        guard let line = Self.line(from: output, &unread),
            let greeting = try? JSONDecoder().decode(Greeting.self, from: line)
        else {
            let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            throw Failure(
                python: python,
                reason: said.split(separator: "\n").last.map(String.init) ?? "it says nothing")
        }
        version = greeting.version
    }

    deinit {
        // Its loop ends with its input.
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// PyTorch's times; nil for a function that it has not, or for other than the usual parameters.
    func measure(_ activation: Activation, repeats: Int) throws -> Times? {
        guard Activation.family.contains(activation) else { return nil }
        return try measure(activation.baseName, repeats: repeats)
    }

    /// PyTorch's times of the radial or folding function of that name.
    func measure(_ name: String, repeats: Int) throws -> Times? {
        let answer = try ask("time \(name) \(repeats)")
        // OpenMP's workers stay awake for a while.
        usleep(30_000)
        guard let times = try JSONDecoder().decode(Times?.self, from: answer) else { return nil }
        guard let others = try keepingMemory?.measure(name, repeats: repeats) else { return times }
        return Times(
            forward: min(times.forward, others.forward), backward: min(times.backward, others.backward))
    }

    /// PyTorch's values of a function, by the vectors that it takes for large tensors.
    func values(of activation: Activation, at points: [Float]) throws -> [Float] {
        let numbers = points.map { "\($0)" }.joined(separator: " ")
        return try JSONDecoder().decode([Float].self, from: ask("values \(activation.baseName) \(numbers)"))
    }

    private func ask(_ question: String) throws -> Data {
        try input.fileHandleForWriting.write(contentsOf: Data((question + "\n").utf8))
        guard let line = Self.line(from: output, &unread) else {
            throw Failure(python: python, reason: "it ended at '\(question)'")
        }
        return line
    }

    private static func line(from pipe: Pipe, _ unread: inout Data) -> Data? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[unread.index(after: end)...]) }
                return unread[..<end]
            }
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            unread += more
        }
    }

    /// Answers each line, "time name repeats" or "values name x …", with one line of JSON.
    private static let script = """
        import json, statistics, sys, time
        import torch
        import torch.nn.functional as F
        threads, rows, columns, coordinates = map(int, sys.argv[1:])
        torch.set_num_threads(threads)
        x = torch.randn(rows, columns, requires_grad=True)
        b = torch.randn(columns, requires_grad=True)
        slope = torch.full((1,), 0.25, requires_grad=True)
        points = torch.randn(rows, coordinates, requires_grad=True)
        centres = torch.randn(columns, coordinates, requires_grad=True)
        functions = {
            "relu": F.relu, "relu6": F.relu6, "leaky-relu": F.leaky_relu,
            "parametric-relu": lambda v: F.prelu(v, slope), "randomized-leaky-relu": F.rrelu,
            "squared-relu": lambda v: F.relu(v).square(), "thresholded": lambda v: F.threshold(v, 0, 0),
            "elu": F.elu, "celu": F.celu, "selu": F.selu, "softplus": F.softplus, "log-sigmoid": F.logsigmoid,
            "gelu": F.gelu, "gelu-tanh": lambda v: F.gelu(v, approximate="tanh"),
            "gelu-sigmoid": lambda v: v * torch.sigmoid(1.702 * v), "silu": F.silu, "mish": F.mish,
            "sigmoid": torch.sigmoid, "tanh": torch.tanh, "softsign": F.softsign,
            "hard-sigmoid": F.hardsigmoid, "hard-tanh": F.hardtanh, "hard-swish": F.hardswish,
            "hard-shrink": F.hardshrink, "soft-shrink": F.softshrink, "tanh-shrink": F.tanhshrink,
            "sine": torch.sin, "identity": lambda v: v,
        }
        pairs = lambda v: v.unflatten(-1, (-1, 2))
        def gated(gate):
            def unit(v):
                left, right = v.chunk(2, -1)
                return left * gate(right)
            return unit
        folds = {
            "softmax": lambda v: F.softmax(v, -1), "log-softmax": lambda v: F.log_softmax(v, -1),
            "maxout": lambda v: pairs(v).amax(-1), "mean": lambda v: pairs(v).mean(-1),
            "minimum": lambda v: pairs(v).amin(-1), "maximum": lambda v: pairs(v).amax(-1),
            "logsumexp": lambda v: pairs(v).logsumexp(-1),
            "glu": F.glu, "reglu": gated(F.relu), "geglu": gated(F.gelu), "swiglu": gated(F.silu),
        }
        radials = {
            "gaussian": lambda r: torch.exp(-r.square()), "multiquadric": lambda r: (1 + r.square()).sqrt(),
            "inverse-multiquadric": lambda r: (1 + r.square()).rsqrt(),
            "thin-plate-spline": lambda r: torch.xlogy(r.square(), r),
            "polyharmonic-spline-3": lambda r: r ** 3,
        }
        def work(name):
            if name in functions:
                inputs = (x, b, slope) if name == "parametric-relu" else (x, b)
                return inputs, lambda: functions[name](x + b)
            if name in folds:
                return (x,), lambda: folds[name](x)
            return (points, centres), lambda: radials[name](torch.cdist(points, centres))
        def median(work, repeats, prepare=lambda: None):
            times = []
            for round in range(repeats + 1):
                handed = prepare()
                start = time.perf_counter()
                work(handed)
                if round: times.append(1e3 * (time.perf_counter() - start))
            return statistics.median(times)
        def times(name, repeats):
            if not any(name in table for table in (functions, folds, radials)): return None
            inputs, act = work(name)
            def forward(_):
                with torch.no_grad(): act()
            y = act()
            dy = torch.randn_like(y)
            def backward(handed): torch.autograd.grad(y, inputs, handed, retain_graph=True)
            return {"forward": median(forward, repeats), "backward": median(backward, repeats, dy.clone)}
        print(json.dumps({"version": torch.__version__}), flush=True)
        for line in sys.stdin:
            question, name, *numbers = line.split()
            if question == "time":
                answer = times(name, int(numbers[0]))
            else:
                v = torch.tensor([float(number) for number in numbers])
                answer = functions[name](v.repeat(64))[:len(v)].tolist()
            print(json.dumps(answer), flush=True)
        """
}
