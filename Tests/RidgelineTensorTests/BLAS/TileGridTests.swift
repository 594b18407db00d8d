// Part of Ridgeline. Licensed under the Apache License 2.0.

import Testing

@testable import RidgelineTensor

@Suite struct TileGridTests {
    private static let extents = [1, 2, 15, 16, 17, 31, 33, 64, 100, 255, 256, 512, 768, 1_000, 2_049]

    @Test(arguments: [1, 2, 3, 4, 6, 8, 16, 64])
    func everyElementOnce(cores: Int) {
        for m in Self.extents {
            for n in Self.extents {
                let grid = TileGrid(m: m, n: n, k: 256, cores: cores)
                // Rows and columns are cut independently: each side must cover its extent without overlap.
                let tiles = (0..<grid.count).map { grid.tile($0) }
                let rows = Set(tiles.map { [$0.row, $0.rows] }).sorted { $0[0] < $1[0] }
                let columns = Set(tiles.map { [$0.column, $0.columns] }).sorted { $0[0] < $1[0] }
                #expect(rows.count * columns.count == grid.count)
                #expect(Set(tiles.map { [$0.row, $0.column] }).count == grid.count)
                for (parts, extent) in [(rows, m), (columns, n)] {
                    var next = 0
                    for part in parts {
                        #expect(part[0] == next && part[1] > 0, "\(m)×\(n), \(cores) cores")
                        next += part[1]
                    }
                    #expect(next == extent, "\(m)×\(n), \(cores) cores")
                }
            }
        }
    }

    @Test(arguments: [2, 3, 4, 8])
    func largeProductsOccupyEveryCore(cores: Int) {
        for (m, n, k) in [(512, 768, 3_072), (2_048, 3_072, 768), (512, 3_072, 768), (1_024, 1_024, 1_024)] {
            let grid = TileGrid(m: m, n: n, k: k, cores: cores)
            #expect(grid.count >= cores, "\(m)×\(n)×\(k)")
            // Nobody waits long for the slowest core: rounds of equal tiles.
            let rounds = (grid.count + cores - 1) / cores
            #expect(Double(grid.count) / Double(rounds * cores) > 0.75, "\(grid)")
        }
    }

    @Test func dependsOnShapeAndCoresAlone() {
        let grid = TileGrid(m: 700, n: 900, k: 300, cores: 4)
        for threads in [1, 2, 7] {
            withThreads(threads) { #expect(TileGrid(m: 700, n: 900, k: 300, cores: 4) == grid) }
        }
        #expect(TileGrid(m: 700, n: 900, k: 300, cores: 16) != grid)
    }

    @Test func smallProductsAreOneTile() {
        for cores in [1, 2, 8] {
            #expect(TileGrid(m: 8, n: 8, k: 8, cores: cores).count == 1)
            #expect(TileGrid(m: 1, n: 1, k: 1_000, cores: cores).count == 1)
        }
    }
}
