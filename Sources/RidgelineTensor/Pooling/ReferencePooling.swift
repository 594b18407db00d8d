// Part of Ridgeline. Licensed under the Apache License 2.0.

/// The definitions behind `PoolingKernel`, one scalar at a time.
enum ReferencePooling<Scalar: FloatingScalar> {
    typealias Axis = PoolingKernel.Axis

    static func maximum<Index: TensorScalar>(
        _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
        _ winners: UnsafeMutablePointer<Index>?, _ vertical: Axis, _ horizontal: Axis, _ channels: Int,
        _ rows: Range<Int>
    ) {
        forEachOutput(vertical, horizontal, channels, rows) { row, column, channel, place in
            var best = -Scalar.infinity
            var winner = 0
            for i in 0..<Int(vertical.count[row]) {
                for j in 0..<Int(horizontal.count[column]) {
                    let value = x[input(vertical, horizontal, channels, row, column, i, j) + channel]
                    if value > best || value.isNaN { (best, winner) = (value, i * horizontal.longest + j) }
                }
            }
            y[place] = best
            if let winners = winners as? UnsafeMutablePointer<UInt8> { winners[place] = UInt8(winner) }
            if let winners = winners as? UnsafeMutablePointer<Int32> { winners[place] = Int32(winner) }
        }
    }

    static func average(
        _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ vertical: Axis, _ horizontal: Axis,
        _ channels: Int, _ rows: Range<Int>
    ) {
        forEachOutput(vertical, horizontal, channels, rows) { row, column, channel, place in
            let sums = (0..<Int(vertical.count[row])).map { i in
                let line = (0..<Int(horizontal.count[column])).map { j in
                    Double(x[input(vertical, horizontal, channels, row, column, i, j) + channel])
                }
                return line.dropFirst().reduce(line.first ?? 0, +)
            }
            let divisor = Double(vertical.divisor[row]) * Double(horizontal.divisor[column])
            y[place] = Scalar(sums.dropFirst().reduce(sums.first ?? 0, +) / divisor)
        }
    }

    static func backward<Index: TensorScalar>(
        _ dy: UnsafePointer<Scalar>, _ winners: UnsafePointer<Index>?, _ dx: UnsafeMutablePointer<Scalar>,
        _ vertical: Axis, _ horizontal: Axis, _ channels: Int, _ rows: Range<Int>
    ) {
        for (row, column) in pairs(rows, 0..<horizontal.inputs) {
            for channel in 0..<channels {
                var sum = 0.0
                for i in Int(vertical.offset[row])..<Int(vertical.offset[row + 1]) {
                    for j in Int(horizontal.offset[column])..<Int(horizontal.offset[column + 1]) {
                        let (above, left) = (Int(vertical.output[i]), Int(horizontal.output[j]))
                        let place = (above * horizontal.outputs + left) * channels + channel
                        let tap = Int(vertical.tap[i]) * horizontal.longest + Int(horizontal.tap[j])
                        if let winners = winners as? UnsafePointer<UInt8> {
                            sum += Int(winners[place]) == tap ? Double(dy[place]) : 0
                        } else if let winners = winners as? UnsafePointer<Int32> {
                            sum += Int(winners[place]) == tap ? Double(dy[place]) : 0
                        } else {
                            let divisor =
                                Double(vertical.divisor[above]) * Double(horizontal.divisor[left])
                            sum += Double(dy[place]) * (1 / divisor)
                        }
                    }
                }
                dx[(row * horizontal.inputs + column) * channels + channel] = Scalar(sum)
            }
        }
    }

    /// Where the first channel of a window's input lies.
    private static func input(
        _ vertical: Axis, _ horizontal: Axis, _ channels: Int, _ row: Int, _ column: Int, _ i: Int, _ j: Int
    ) -> Int {
        let above = Int(vertical.first[row]) + i * vertical.step
        return (above * horizontal.inputs + Int(horizontal.first[column]) + j * horizontal.step) * channels
    }

    private static func forEachOutput(
        _ vertical: Axis, _ horizontal: Axis, _ channels: Int, _ rows: Range<Int>,
        _ body: (_ row: Int, _ column: Int, _ channel: Int, _ place: Int) -> Void
    ) {
        for (row, column) in pairs(rows, 0..<horizontal.outputs) {
            for channel in 0..<channels {
                body(row, column, channel, (row * horizontal.outputs + column) * channels + channel)
            }
        }
    }

    private static func pairs(_ rows: Range<Int>, _ columns: Range<Int>) -> [(Int, Int)] {
        rows.flatMap { row in columns.map { (row, $0) } }
    }
}
