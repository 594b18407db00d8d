// Part of Ridgeline. Licensed under the Apache License 2.0.

import CRidgelineKernels
import Testing

@testable import RidgelineTensor

@Suite struct InstructionSetTests {
    @Test func availableSetsAreOrderedAndUsable() {
        let sets = InstructionSet.available
        #expect(sets.first == .swift)
        #expect(sets == sets.sorted())
        #expect(sets.contains(.best) && sets.contains(.current))
        #expect(sets.allSatisfy { $0 <= .best })
        #expect(sets.allSatisfy { KernelTable<Float>.table(for: $0).instructionSet == $0 })
        #if arch(x86_64)
            #expect(sets.contains(.baseline) && !sets.contains(.neon))
            #expect(!InstructionSet.processorName.isEmpty)
        #endif
        #expect(ridgeline_isa_available(-1) == 0)
        #expect(ridgeline_isa_available(3) == 0)
    }

    @Test func parsesNames() throws {
        for set in InstructionSet.available {
            #expect(try InstructionSet.parse(set.rawValue.uppercased()) == set)
        }
        let unknown = #expect(throws: InstructionSetError.self) { try InstructionSet.parse("mmx") }
        #expect(unknown == .unknown("mmx"))
        #expect(unknown?.description.contains("swift, ") == true)
        #expect(unknown?.description.contains("mmx") == true)
        for set in InstructionSet.allCases where !InstructionSet.available.contains(set) {
            #expect(throws: InstructionSetError.unavailable(set)) { try InstructionSet.parse(set.rawValue) }
        }
    }

    @Test func bothLanguagesListTheSameKinds() {
        for kind in ActivationKind.allCases {
            let name = ridgeline_activation_name(kind.rawValue).map { String(cString: $0) }
            #expect(name?.filter { $0 != "_" } == String(describing: kind).lowercased())
        }
        #expect(ridgeline_activation_name(Int32(ActivationKind.allCases.count)) == nil)
        for gate in GateKind.allCases {
            #expect(
                ridgeline_gate_name(gate.rawValue).map { String(cString: $0) } == String(describing: gate))
        }
        #expect(ridgeline_gate_name(Int32(GateKind.allCases.count)) == nil)
        for fold in FoldKind.allCases {
            let name = ridgeline_fold_name(fold.rawValue).map { String(cString: $0) }
            #expect(name?.filter { $0 != "_" } == String(describing: fold).lowercased())
        }
        #expect(ridgeline_fold_name(Int32(FoldKind.allCases.count)) == nil)
        for kind in BinaryKind.allCases {
            #expect(
                ridgeline_binary_name(kind.rawValue).map { String(cString: $0) } == String(describing: kind))
        }
        #expect(ridgeline_binary_name(Int32(BinaryKind.allCases.count)) == nil)
        let shorter = ["expMinusOne": "expm1", "logOnePlus": "log1p"]
        for kind in UnaryKind.allCases {
            let name = ridgeline_unary_name(kind.rawValue).map { String(cString: $0) }
            let expected = shorter["\(kind)"] ?? "\(kind)"
            #expect(name?.filter { $0 != "_" } == expected.lowercased())
        }
        #expect(ridgeline_unary_name(Int32(UnaryKind.allCases.count)) == nil)
        for kind in ComparisonKind.allCases {
            let name = ridgeline_comparison_name(kind.rawValue).map { String(cString: $0) }
            #expect(name?.filter { $0 != "_" } == "\(kind)".lowercased())
        }
        #expect(ridgeline_comparison_name(Int32(ComparisonKind.allCases.count)) == nil)
    }
}
