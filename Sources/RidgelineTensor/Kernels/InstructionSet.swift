// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels

/// A set of machine instructions for which the vector kernels exist.
///
/// The engine uses the best one that the processor and the operating system support. The environment variable
/// `RIDGELINE_ISA` chooses another, by its raw value: for tests, and for comparing results between machines.
public enum InstructionSet: String, CaseIterable, Sendable {
    /// No C at all: the plain Swift kernels, the reference for all others and the fallback where none exists.
    case swift
    /// The least that every processor of this architecture has (on x86-64: SSE2).
    case baseline
    /// The baseline of arm64.
    case neon
    /// x86-64-v3: AVX2 and FMA.
    case avx2
    /// x86-64-v4: AVX-512 F, BW, CD, DQ and VL.
    case avx512

    /// The instruction sets that this machine can run, the slowest first.
    public static let available: [InstructionSet] = allCases.filter { set in
        set == .swift || set.kernelIndex.map { ridgeline_isa_available($0) != 0 } ?? false
    }

    /// The fastest instruction set that this machine can run.
    public static let best: InstructionSet = available.max() ?? .swift

    /// The instruction set in use: that which `RIDGELINE_ISA` names, else the best.
    ///
    /// Traps where the name is unknown or unavailable here, with a message that lists the available ones.
    /// ``parse(_:)`` reports the same without ending the program.
    public static let current: InstructionSet = setting.value ?? best

    static let setting = EnvironmentSetting(
        environmentVariable, expected: "one of " + available.map(\.rawValue).joined(separator: ", ")
    ) { try? parse($0) }

    /// The name of the environment variable that overrides the choice.
    public static let environmentVariable = "RIDGELINE_ISA"

    /// The instruction set of that name, in any case of letters.
    ///
    /// - Throws: ``InstructionSetError`` if there is none, or if this machine cannot run it.
    public static func parse(_ name: String) throws(InstructionSetError) -> InstructionSet {
        guard let set = InstructionSet(rawValue: name.lowercased()) else { throw .unknown(name) }
        guard available.contains(set) else { throw .unavailable(set) }
        return set
    }

    /// The processor's own name for itself, or an empty string where it has none.
    public static let processorName: String = {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            ridgeline_cpu_name(start, buffer.count)
            return String(cString: start)
        }
    }()

    /// The index by which the C kernels know this instruction set; nil if they have no such variant on this
    /// architecture.
    package var kernelIndex: Int32? {
        #if arch(x86_64)
            switch self {
            case .swift, .neon: nil
            case .baseline: Int32(RIDGELINE_ISA_BASELINE)
            case .avx2: Int32(RIDGELINE_ISA_AVX2)
            case .avx512: Int32(RIDGELINE_ISA_AVX512)
            }
        #elseif arch(arm64)
            self == .neon ? Int32(RIDGELINE_ISA_BASELINE) : nil
        #else
            self == .baseline ? Int32(RIDGELINE_ISA_BASELINE) : nil
        #endif
    }
}

extension InstructionSet: Comparable {
    /// Orders by speed: a faster instruction set is greater.
    public static func < (left: InstructionSet, right: InstructionSet) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .swift: 0
        case .baseline: 1
        case .neon: 2
        case .avx2: 3
        case .avx512: 4
        }
    }
}

/// Why a name does not choose an instruction set.
public enum InstructionSetError: DescribedError, Equatable {
    /// There is no instruction set of this name.
    case unknown(String)
    /// This machine cannot run it.
    case unavailable(InstructionSet)

    /// The error in one line, with what would be accepted.
    public var description: String {
        let names = InstructionSet.available.map(\.rawValue).joined(separator: ", ")
        return switch self {
        case .unknown(let name): "no instruction set is called \"\(name)\"; available here: \(names)"
        case .unavailable(let set): "this machine cannot run \(set.rawValue); available here: \(names)"
        }
    }
}
