// Part of Ridgeline. Licensed under the Apache License 2.0.

/// min(max(x + 3, 0), 6) / 6. The derivative at NaN is 0, as PyTorch's.
enum HardSigmoid: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        let y = x + 3
        return y <= 0 ? 0 : (y > 6 ? 6 : y) / 6
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        x > -3 && x < 3 ? 1.0 / 6 : 0
    }
    @inline(__always) static func pullback(_ x: Double, _ dy: Double, _ p: Parameters) -> Double {
        x > -3 && x < 3 ? dy / 6 : 0
    }
}

/// x within the two parameters, else the nearer of them.
enum HardTanh: ReferenceSwitch {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        let y = x < p.first ? p.first : x
        return y > p.second ? p.second : y
    }
    @inline(__always) static func blocks(_ y: Double, _ p: Parameters) -> Bool {
        y <= p.first || y >= p.second
    }
}

/// x min(max(x + 3, 0), 6) / 6.
enum HardSwish: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x <= -3 ? -0.0 : x >= 3 ? x : x * (x + 3) / 6
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5
    }
    @inline(__always) static func pullback(_ x: Double, _ dy: Double, _ p: Parameters) -> Double {
        x <= -3 ? 0 : x >= 3 ? dy : dy * (x / 3 + 0.5)
    }
}

/// 0 within the first parameter of 0, else x.
enum HardShrink: ReferenceSwitch {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double { blocks(x, p) ? 0 : x }
    @inline(__always) static func blocks(_ y: Double, _ p: Parameters) -> Bool {
        y >= -p.first && y <= p.first
    }
}

/// x moved towards 0 by the first parameter, at most to 0.
enum SoftShrink: ReferenceSwitch {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x.magnitude <= p.first
            ? Double(signOf: x, magnitudeOf: 0) : x - Double(signOf: x, magnitudeOf: p.first)
    }
    @inline(__always) static func blocks(_ y: Double, _ p: Parameters) -> Bool { y == 0 }
}
