// Part of Ridgeline. Licensed under the Apache License 2.0.

// Comparisons are written so that NaN stays NaN.

enum Identity: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double { x }
    @inline(__always) static func derivative(_ y: Double, _ p: Parameters) -> Double { 1 }
}

/// 0 below 0, 1 above, the first parameter at 0. The gradient passes straight through.
enum HeavisideStep: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x > 0 ? 1 : x < 0 ? 0 : x == 0 ? p.first : x
    }
    @inline(__always) static func derivative(_ y: Double, _ p: Parameters) -> Double { 1 }
}

enum ReLU: ReferenceSwitch {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double { x <= 0 ? 0 : x }
    @inline(__always) static func blocks(_ y: Double, _ p: Parameters) -> Bool { y <= 0 }
}

enum ReLU6: ReferenceSwitch {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x <= 0 ? 0 : x > 6 ? 6 : x
    }
    @inline(__always) static func blocks(_ y: Double, _ p: Parameters) -> Bool { y <= 0 || y >= 6 }
}

/// x above 0, else the first parameter times x: the output has x's sign only where that is positive.
enum LeakyReLU: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { p.first > 0 }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double { x > 0 ? x : p.first * x }
    @inline(__always) static func derivative(_ saved: Double, _ p: Parameters) -> Double {
        saved > 0 ? 1 : p.first
    }
}

enum SquaredReLU: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double { x <= 0 ? 0 : x * x }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double { x <= 0 ? 0 : 2 * x }
    @inline(__always) static func pullback(_ x: Double, _ dy: Double, _ p: Parameters) -> Double {
        x <= 0 ? 0 : 2 * x * dy
    }
}

/// x above the first parameter, else the second.
enum Thresholded: ReferenceSwitch {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { p.second <= p.first }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x <= p.first ? p.second : x
    }
    @inline(__always) static func blocks(_ saved: Double, _ p: Parameters) -> Bool { saved <= p.first }
}
