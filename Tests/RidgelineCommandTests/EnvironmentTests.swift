// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Ridgeline
import Testing

@testable import RidgelineCommand

/// What the command and the library make of the environment they are started in: settings, limits, arguments.
@Suite(.serialized)
struct EnvironmentTests {
    /// The host program is stopped as by any other mistake, with the reason; nothing of the value reaches a terminal
    /// raw.
    @Test func badSettingsTrapInTheLibrary() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            setenv("RIDGELINE_ISA", "mmx\u{1B}[2J", 1)
            _ = InstructionSet.current
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(
            text.contains(#"Fatal error: RIDGELINE_ISA=mmx\u{1b}[2J; expected one of swift, "#), "\(text)")
    }

    /// In a process of its own, in which nothing reads a setting meanwhile.
    @Test func everySettingIsChecked() async {
        await #expect(processExitsWith: .success) {
            #expect(EngineEnvironment.names.count == 5)
            for name in EngineEnvironment.names {
                unsetenv(name)
            }
            #expect(EngineEnvironment.problem == nil)
            for name in EngineEnvironment.names {
                setenv(name, "no\u{9B}", 1)
                let problem = EngineEnvironment.problem
                #expect(
                    problem?.hasPrefix(#"\#(name)=no\u{9b}; expected "#) == true, "\(name): \(problem ?? "")")
                // Empty is unset.
                setenv(name, "", 1)
                #expect(EngineEnvironment.problem == nil)
            }
        }
    }

    @Test(arguments: ["RIDGELINE_POOL", "RIDGELINE_GRID_CORES"])
    func badSettingsAreOneLineOfTheCommand(_ name: String) throws {
        let run = try CommandRun(
            ["activations", "--plot", "/nonexistent/x.svg"], environment: [name: "\u{1B}[31m"])
        #expect(run.exitCode == 1 && run.errorLines.count == 1 && !run.errors.contains("\u{1B}"))
        #expect(run.errors.hasPrefix(#"ridgeline: \#(name)=\u{1b}[31m; expected "#), "\(run.errors)")
    }

    #if os(Linux)
        /// Without room for OpenBLAS's buffers a product says so, and what needs no product ends as ever.
        @Test(.timeLimit(.minutes(2))) func limitedMemory() throws {
            let environment = ["SWIFT_BACKTRACE": "enable=no", "RIDGELINE_THREADS": "1"]
            let refused = try CommandRun.shell(
                "ulimit -v 200000; exec \"$0\" doctor", environment: environment)
            #expect(refused.wasSignalled && refused.output.isEmpty)
            #expect(refused.errors.contains("OpenBLAS needs 128 MB for"), "\(refused.errors)")
            #expect(refused.errors.contains("(the process may have 195 MB in all, see ulimit -v)"))
            let path = ImageFixtures.path("images.npz")
            for (arguments, code) in [("inspect \(path)", 0), ("--help", 0), ("inspect /nonexistent", 1)] {
                let run = try CommandRun.shell(
                    "ulimit -v 200000; exec \"$0\" \(arguments)", environment: environment)
                #expect(run.exitCode == code && !run.wasSignalled, "\(run.errors)")
            }
        }

        /// Arguments do not come by way of /proc, which is away where this process may unmount it.
        @Test func argumentsWithoutProc() throws {
            let run = try CommandRun.shell(
                "unshare -m bash -c 'umount -l /proc && [ ! -e /proc/self ] || exit 99; exec \"$0\" nonsense' \"$0\""
            )
            #expect([64, 99, 1].contains(run.exitCode), "\(run.errors)")
            if run.exitCode == 64 || run.errors.hasPrefix("ridgeline:") {
                #expect(run.errors.contains("'nonsense'"))
            }
        }

        /// A file whose name is no UTF-8 is found, and its name printed so that a terminal stays as it is.
        @Test func namesThatAreNoText() throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let name = "\(folder.path)/$(printf 'x\\351\\233.npz')"
            let run = try CommandRun.shell(
                "cp \(ImageFixtures.path("images.npz")) \"\(name)\"; exec \"$0\" inspect \"\(name)\"")
            #expect(run.exitCode == 0, "\(run.errors)")
            #expect(run.output.hasPrefix(#"\#(folder.path)/x\xE9\x9B.npz: npz"#), "\(run.output.prefix(200))")
            let missing = try CommandRun.shell("exec \"$0\" inspect \"\(name).none\"")
            #expect(
                missing.exitCode == 1 && missing.errors.contains(#"/x\xE9\x9B.npz.none: cannot be opened"#))
            let image = try CommandRun.shell(
                "cp \(ImageFixtures.path("tiny.png")) \"\(name)\"; exec \"$0\" activations --plot \"\(name).svg\""
            )
            #expect(image.exitCode == 0, "\(image.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        }
    #endif

    @Test(arguments: [[], ["passes"], ["help", "inspect"], ["classify"]])
    func helpThatCannotBeWritten(_ command: [String]) throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let arguments = command.first == "help" ? command : command + ["--help"]
        for arguments in [arguments, ["--version"]] {
            let run = try CommandRun(arguments, output: full)
            #expect(
                run.exitCode == 1 && run.errors.contains("cannot write to standard output"), "\(run.errors)")
        }
    }

    @Test func misspeltCommands() throws {
        for (name, meant) in [
            ("pases", "passes"), ("passse", "passes"), ("inpsect", "inspect"), ("class", "classify"),
            ("doktor", "doctor"), ("activation", "activations"),
        ] {
            for arguments in [[name, "--json"], ["help", name]] {
                let run = try CommandRun(arguments)
                #expect(run.exitCode != 0 && run.errorLines.count == 1 && run.output.isEmpty)
                #expect(run.errors.contains("'\(name)'; did you mean '\(meant)'?"), "\(run.errors)")
            }
        }
        let known = ["passes", "doctor"]
        #expect(UnknownCommand(["passes"], known: known) == nil && UnknownCommand([], known: known) == nil)
        #expect(UnknownCommand(["--json", "x"], known: known) == nil)
        #expect(
            UnknownCommand(["help", "doctor"], known: known) == nil
                && UnknownCommand(["help"], known: known) == nil)
        let unlike = try #require(UnknownCommand(["x"], known: known))
        #expect("\(unlike)" == "no command is called 'x'. There are passes, doctor")
        for (a, b, distance) in [
            ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3),
        ] {
            #expect(a.distance(to: b) == distance && b.distance(to: a) == distance)
        }
    }

    /// A core that OpenBLAS does not have, and a setting that the engine does not have, are named.
    @Test func settingsThatHaveNoEffectAreNoticed() throws {
        let run = try CommandRun(
            ["doctor"], environment: ["OPENBLAS_CORETYPE": "Nonsense\u{1B}", "RIDGELINE_THREAD": "1"])
        #expect(run.exitCode == 2 && !run.output.contains("All is well") && !run.output.contains("\u{1B}"))
        #expect(
            run.output.contains(#"OPENBLAS_CORETYPE=Nonsense\u{1b} is not followed: OpenBLAS uses its "#),
            "\(run.output)")
        #expect(
            run.output.contains(
                "RIDGELINE_THREAD is no setting of the engine; did you mean RIDGELINE_THREADS?"))
        let core = OpenBLAS.core
        let right = try CommandRun(["doctor"], environment: ["OPENBLAS_CORETYPE": core.uppercased()])
        #expect(
            !right.output.contains("is not followed") && !right.output.contains("no setting"),
            "\(right.output)")
    }
}
