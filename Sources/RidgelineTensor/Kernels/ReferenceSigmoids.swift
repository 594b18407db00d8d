// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

/// 1 / (1 + exp(-x)).
enum Sigmoid: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        let e = Double.exp(-x.magnitude)
        return (x < 0 ? e : 1) / (1 + e)
    }
    @inline(__always) static func derivative(_ y: Double, _ p: Parameters) -> Double { y * (1 - y) }
}

enum Tanh: ReferenceActivation {
    @inline(__always) static func savesOutput(_ p: Parameters) -> Bool { true }
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double { Double.tanh(x) }
    @inline(__always) static func derivative(_ y: Double, _ p: Parameters) -> Double { (1 - y) * (1 + y) }
}

/// x / (1 + |x|).
enum Softsign: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double {
        x.isInfinite ? Double(signOf: x, magnitudeOf: 1) : x / (1 + x.magnitude)
    }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double {
        let inverse = 1 / (1 + x.magnitude)
        return inverse * inverse
    }
}

/// x - tanh(x): its Taylor series where that cancels.
enum TanhShrink: ReferenceActivation {
    private static let series: [Double] = [
        0.3333333333333333,
        -0.13333333333333333,
        0.05396825396825397,
        -0.021869488536155203,
        0.008863235529902197,
        -0.003592128036572481,
        0.0014558343870513183,
        -0.000590027440945586,
        0.00023912911424355248,
        -9.691537956929451e-05,
        3.927832388331683e-05,
        -1.5918905069328964e-05,
        6.451689215655431e-06,
        -2.6147711512907546e-06,
        1.0597268320104654e-06,
        -4.294911078273806e-07,
        1.7406618963571648e-07,
        -7.054636946400968e-08,
        2.859136662305254e-08,
        -1.1587644432798853e-08,
        4.6962953982309016e-09,
        -1.903336833931276e-09,
        7.713933635359062e-10,
        -3.126339545892087e-10,
        1.26705769303054e-10,
        -5.135191408039368e-11,
        2.0812146867700473e-11,
        -8.434845419094337e-12,
        3.4185140868111557e-12,
        -1.385471574294847e-12,
        5.61510479241468e-13,
        -2.2757162553728747e-13,
        9.223130585139532e-14,
    ]
    static func value(_ x: Double, _ p: Parameters) -> Double {
        let t = x.magnitude
        if t < 0.9 {
            let z = x * x
            return x * (z * series.reversed().reduce(0) { $0 * z + $1 })
        }
        // tanh = 1 - 2 e / (1 + e), e = exp(-2 t).
        let e = Double.exp(-2 * t)
        let y = (t - 1) + 2 * e / (1 + e)
        return Double(signOf: x, magnitudeOf: y)
    }
    static func derivative(_ x: Double, _ p: Parameters) -> Double {
        // An error of tanh counts twice: this tanh is nearer than most systems'.
        let t = x.magnitude
        let e = Double.exp(-2 * t)
        let y = t < 0.9 ? t - value(t, p) : 1 - 2 * e / (1 + e)
        return y * y
    }
}
