// Part of Ridgeline. Licensed under the Apache License 2.0.

import RealModule

enum Sine: ReferenceActivation {
    @inline(__always) static func value(_ x: Double, _ p: Parameters) -> Double { Double.sin(x) }
    @inline(__always) static func derivative(_ x: Double, _ p: Parameters) -> Double { Double.cos(x) }
}
