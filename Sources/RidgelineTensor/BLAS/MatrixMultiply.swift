// Part of Ridgeline. Licensed under the Apache License 2.0.

/// A row-major matrix in memory as BLAS sees it: `rows`×`columns` after the transposition.
package struct MatrixView<Scalar> {
    package var pointer: UnsafePointer<Scalar>
    package var rows: Int
    package var columns: Int
    /// Elements from one stored row to the next.
    package var leadingDimension: Int
    /// Whether the matrix is the transpose of what is stored.
    package var isTransposed: Bool

    package init(
        _ pointer: UnsafePointer<Scalar>, rows: Int, columns: Int, leadingDimension: Int,
        isTransposed: Bool = false
    ) {
        self.pointer = pointer
        self.rows = rows
        self.columns = columns
        self.leadingDimension = leadingDimension
        self.isTransposed = isTransposed
    }

    /// The part of the matrix that begins at (row, column).
    @inline(__always)
    func advanced(row: Int, column: Int) -> UnsafePointer<Scalar> {
        pointer + (isTransposed ? column * leadingDimension + row : row * leadingDimension + column)
    }
}

/// Matrix products through OpenBLAS, spread over the engine's threads by tiles.
public enum MatrixMultiply {
    /// A rectangle of a product that has just been computed.
    package typealias Tile = (row: Int, column: Int, rows: Int, columns: Int)

    /// C = α·A·B + β·C for row-major matrices: A is m×k, B is k×n, each possibly stored transposed. With
    /// β = 0, C is not read; with α = 0 or k = 0, A and B are not.
    ///
    /// The result is bitwise the same at any number of threads. Traps where an extent or a leading dimension
    /// is negative, too small for its matrix, or beyond what BLAS can count (2³¹ − 1).
    ///
    /// - Parameters:
    ///   - transposeA: Whether `a` holds Aᵀ (k×m).
    ///   - transposeB: Whether `b` holds Bᵀ (n×k).
    ///   - lda: Elements from one stored row of `a` to the next; at least k, or m if transposed.
    ///   - ldb: The same for `b`; at least n, or k if transposed.
    ///   - ldc: The same for `c`; at least n.
    public static func gemm<Scalar: FloatingScalar>(
        transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Scalar = 1,
        a: UnsafePointer<Scalar>, lda: Int, b: UnsafePointer<Scalar>, ldb: Int, beta: Scalar = 0,
        c: UnsafeMutablePointer<Scalar>, ldc: Int
    ) {
        product(
            MatrixView(a, rows: m, columns: k, leadingDimension: lda, isTransposed: transposeA),
            MatrixView(b, rows: k, columns: n, leadingDimension: ldb, isTransposed: transposeB),
            alpha: alpha, beta: beta, into: c, leadingDimension: ldc)
    }

    /// y = α·A·x + β·y for a row-major m×n matrix A, possibly stored transposed (n×m), and contiguous
    /// vectors x of n and y of m elements. Limits as for `gemm`.
    public static func gemv<Scalar: FloatingScalar>(
        transposeA: Bool = false, m: Int, n: Int, alpha: Scalar = 1, a: UnsafePointer<Scalar>, lda: Int,
        x: UnsafePointer<Scalar>, beta: Scalar = 0, y: UnsafeMutablePointer<Scalar>
    ) {
        product(
            MatrixView(a, rows: m, columns: n, leadingDimension: lda, isTransposed: transposeA),
            MatrixView(x, rows: n, columns: 1, leadingDimension: 1), alpha: alpha, beta: beta, into: y,
            leadingDimension: 1)
    }

    /// `count` products C[i] = α·A[i]·B[i] + β·C[i] of one size in one parallel loop; the matrices of each
    /// factor lie `strideA`, `strideB` (0 repeats one matrix) and `strideC` elements apart. Limits as for
    /// `gemm`.
    public static func batchedGemm<Scalar: FloatingScalar>(
        count: Int, transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int,
        alpha: Scalar = 1, a: UnsafePointer<Scalar>, lda: Int, strideA: Int, b: UnsafePointer<Scalar>,
        ldb: Int, strideB: Int, beta: Scalar = 0, c: UnsafeMutablePointer<Scalar>, ldc: Int, strideC: Int
    ) {
        batchedProduct(
            count: count, alpha: alpha, beta: beta, into: c, leadingDimension: ldc,
            a: MatrixView(a, rows: m, columns: k, leadingDimension: lda, isTransposed: transposeA),
            b: MatrixView(b, rows: k, columns: n, leadingDimension: ldb, isTransposed: transposeB)
        ) { ($0 * strideA, $0 * strideB, $0 * strideC) }
    }

    /// One product, with what is done to each tile while it is in cache.
    ///
    /// - Parameter epilogue: Called on the thread that computed a tile, once for each tile.
    @inline(__always)
    package static func product<Scalar: FloatingScalar>(
        _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, alpha: Scalar = 1, beta: Scalar = 0,
        into c: UnsafeMutablePointer<Scalar>, leadingDimension ldc: Int, epilogue: ((Tile) -> Void)? = nil
    ) {
        batchedProduct(
            count: 1, alpha: alpha, beta: beta, into: c, leadingDimension: ldc, a: a, b: b,
            epilogue: epilogue
        ) { _ in (0, 0, 0) }
    }

    /// Products of one size whose factors and results begin at the given element offsets.
    ///
    /// - Parameters:
    ///   - panels: How many products share a tile's turn, one after another: offsets are asked for
    ///     `count`·`panels` products, and the epilogue of a tile sees all its panels in cache.
    package static func batchedProduct<Scalar: FloatingScalar>(
        count: Int, panels: Int = 1, alpha: Scalar = 1, beta: Scalar = 0,
        into c: UnsafeMutablePointer<Scalar>,
        leadingDimension ldc: Int, a: MatrixView<Scalar>, b: MatrixView<Scalar>,
        epilogue: ((Tile) -> Void)? = nil, offsets: (Int) -> (a: Int, b: Int, c: Int)
    ) {
        let (m, n, k) = (a.rows, b.columns, a.columns)
        check(count: count, a, b, ldc)
        if m == 0 || n == 0 || count == 0 { return }
        // A batch already gives every core something to do; a single product is cut for the cores.
        let cores = Swift.max(1, Parallelism.gridCores / count)
        let grid = TileGrid(m: m, n: n, k: k, cores: cores)
        OpenBLASCheck.requireTrustworthy(calls: count * grid.count)
        func body(_ index: Int) {
            let tile = grid.tile(index % grid.count)
            for panel in 0..<panels {
                let offset = offsets(index / grid.count * panels + panel)
                multiply(
                    tile, alpha, a.advanced(row: tile.row, column: 0) + offset.a, a,
                    b.advanced(row: 0, column: tile.column) + offset.b, b, beta,
                    c + offset.c + tile.row * ldc + tile.column, ldc)
            }
            epilogue?(tile)
        }
        if OpenBLAS.threading == .engine {
            Parallelism.forEach(count * grid.count, body)
        } else {
            for index in 0..<(count * grid.count) { body(index) }
        }
    }

    /// One tile by one call of BLAS: `gemv` where it is a vector, `gemm` else.
    @inline(__always)
    private static func multiply<Scalar: FloatingScalar>(
        _ tile: Tile, _ alpha: Scalar, _ aPointer: UnsafePointer<Scalar>, _ a: MatrixView<Scalar>,
        _ bPointer: UnsafePointer<Scalar>, _ b: MatrixView<Scalar>, _ beta: Scalar,
        _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int
    ) {
        let k = a.columns
        if k == 0 || alpha == 0 {
            scale(c, ldc, tile, by: beta)
        } else if b.columns == 1 {
            // c = A·b; a transposed column vector is stored as a row.
            Scalar._gemv(
                a.isTransposed, Int32(a.isTransposed ? k : tile.rows), Int32(a.isTransposed ? tile.rows : k),
                alpha, aPointer, Int32(a.leadingDimension), bPointer,
                Int32(b.isTransposed ? 1 : b.leadingDimension), beta, c, Int32(ldc))
        } else if a.rows == 1 {
            // cᵀ = Bᵀ·aᵀ.
            Scalar._gemv(
                !b.isTransposed, Int32(b.isTransposed ? tile.columns : k),
                Int32(b.isTransposed ? k : tile.columns), alpha, bPointer, Int32(b.leadingDimension),
                aPointer,
                Int32(a.isTransposed ? a.leadingDimension : 1), beta, c, 1)
        } else {
            Scalar._gemm(
                a.isTransposed, b.isTransposed, Int32(tile.rows), Int32(tile.columns), Int32(k), alpha,
                aPointer, Int32(a.leadingDimension), bPointer, Int32(b.leadingDimension), beta, c, Int32(ldc))
        }
    }

    private static func scale<Scalar: FloatingScalar>(
        _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int, _ tile: Tile, by beta: Scalar
    ) {
        for row in 0..<tile.rows {
            for column in 0..<tile.columns {
                let element = c + row * ldc + column
                element.pointee = beta == 0 ? 0 : element.pointee * beta
            }
        }
    }

    private static func check<Scalar>(
        count: Int, _ a: MatrixView<Scalar>, _ b: MatrixView<Scalar>, _ ldc: Int
    ) {
        let (m, n, k) = (a.rows, b.columns, a.columns)
        require(
            m >= 0 && n >= 0 && k >= 0 && count >= 0,
            "matrix product: negative extent in m \(m), n \(n), k \(k), count \(count)")
        require(
            b.rows == k, "matrix product: \(m)×\(k) by \(b.rows)×\(n); expected equal inner extents")
        let limit = Int(Int32.max)
        require(
            m <= limit && n <= limit && k <= limit && a.leadingDimension <= limit
                && b.leadingDimension <= limit && ldc <= limit,
            "matrix product: m \(m), n \(n), k \(k) with leading dimensions \(a.leadingDimension), "
                + "\(b.leadingDimension), \(ldc); BLAS counts up to \(limit)")
        require(
            a.leadingDimension >= Swift.max(1, a.isTransposed ? m : k)
                && b.leadingDimension >= Swift.max(1, b.isTransposed ? k : n) && ldc >= Swift.max(1, n),
            "matrix product: leading dimensions \(a.leadingDimension), \(b.leadingDimension), \(ldc) are too "
                + "small for m \(m), n \(n), k \(k)")
    }
}
