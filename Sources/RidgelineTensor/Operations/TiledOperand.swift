// Part of Ridgeline. Licensed under the Apache License 2.0.

/// An operand of an elementwise loop as its kernel sees it, tile by tile: contiguous elements, or one that repeats.
///
/// Where a block of rows lies otherwise, a tile of it is gathered into a scratch that stays in the first-level cache. A
/// row that repeats is gathered once for all tiles of a block, so that short rows cost no call of a kernel each.
struct TiledOperand<Scalar: BitwiseCopyable> {
    /// The most elements of a tile.
    static var tileCount: Int { 1_024 }
    /// Rows of so many elements are handed to kernels as they lie, where they can be.
    static var longRow: Int { 64 }

    private let start: UnsafePointer<Scalar>
    private let step: Int
    private let rowStep: Int
    private let room: UnsafeMutablePointer<Scalar>
    private let form: Form
    private var gatheredRows = 0

    private enum Form { case flat, constant, repeated, scattered }

    /// What the kernel's stride is.
    var stride: Int { form == .constant ? 0 : 1 }

    /// - Parameters:
    ///   - start: the block's first element.
    ///   - room: for `tileCount` elements, where `needsRoom` says so.
    init(
        _ start: UnsafePointer<Scalar>, step: Int, rowStep: Int, rows: Int, columns: Int,
        room: UnsafeMutablePointer<Scalar>
    ) {
        self.start = start
        self.step = step
        self.rowStep = rowStep
        self.room = room
        form = Self.form(step, rowStep, rows, columns)
    }

    private static func form(_ step: Int, _ rowStep: Int, _ rows: Int, _ columns: Int) -> Form {
        if step == 1 && (rows == 1 || rowStep == columns) { return .flat }
        if step == 0 && (rows == 1 || rowStep == 0) { return .constant }
        return rowStep == 0 && columns <= tileCount ? .repeated : .scattered
    }

    /// The elements of some rows and columns of the block. Of a flat operand they are neighbours where the columns are
    /// all or the row is one.
    @inline(__always)
    mutating func tile(row: Int, column: Int, rows: Int, columns: Int) -> UnsafePointer<Scalar> {
        switch form {
        case .constant: return start
        case .flat: return start + row * rowStep + column
        case .repeated where gatheredRows >= rows: break
        case .repeated, .scattered:
            gatheredRows = rows
            copyBlock(
                start + row * rowStep + column * step, row: rowStep, step: step, to: room, row: columns,
                rows: rows,
                columns: columns)
        }
        return UnsafePointer(room)
    }
}

/// The tiles of a block of which the result is written without gaps: whole rows, or parts of one.
struct Tiles {
    private let rows, columns, height, width: Int

    init(rows: Int, columns: Int, resultRowStep: Int) {
        (self.rows, self.columns) = (rows, columns)
        let most = TiledOperand<UInt8>.tileCount
        width = Swift.min(columns, most)
        height = resultRowStep == columns ? Swift.max(1, most / Swift.max(columns, 1)) : 1
    }

    @inline(__always)
    func forEach(_ body: (_ row: Int, _ column: Int, _ rows: Int, _ columns: Int) -> Void) {
        for row in stride(from: 0, to: rows, by: height) {
            for column in stride(from: 0, to: columns, by: width) {
                body(row, column, Swift.min(height, rows - row), Swift.min(width, columns - column))
            }
        }
    }
}

extension Tensor {
    /// Whether, with that step between the elements of a row, they are better copied together first: there are many, and
    /// row by row they would miss the cache.
    func isScattered(_ step: Int) -> Bool {
        elementCount > TiledOperand<Scalar>.tileCount && !(0...1).contains(step)
    }
}
