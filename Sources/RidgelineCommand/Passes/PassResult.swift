// Part of Ridgeline. Licensed under the Apache License 2.0.

import Ridgeline

/// What was measured of one pass; the JSON of `ridgeline passes` holds these.
struct PassResult: Encodable {
    var name: String
    var forwardMilliseconds: Double
    var forwardBackwardMilliseconds: Double
    var forwardGFLOPS: Double
    var forwardBackwardGFLOPS: Double
    /// Time of the same products by plain GEMM over ours; nil where a pass has no products.
    var fractionOfGemm: Double?
    var peakBytes: Int
    var gradientError: Double
    /// Whether the gradient error is within its limit.
    var isRight: Bool

    enum CodingKeys: CodingKey {
        case name, forwardMilliseconds, forwardBackwardMilliseconds, forwardGFLOPS, forwardBackwardGFLOPS
        case fractionOfGemm, peakBytes, gradientError
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(forwardMilliseconds, forKey: .forwardMilliseconds)
        try values.encode(forwardBackwardMilliseconds, forKey: .forwardBackwardMilliseconds)
        try values.encode(forwardGFLOPS, forKey: .forwardGFLOPS)
        try values.encode(forwardBackwardGFLOPS, forKey: .forwardBackwardGFLOPS)
        // Present in every pass, null where there is none.
        try values.encode(fractionOfGemm, forKey: .fractionOfGemm)
        try values.encode(peakBytes, forKey: .peakBytes)
        try values.encode(gradientError, forKey: .gradientError)
    }
}
