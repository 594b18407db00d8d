// Part of Ridgeline. Licensed under the Apache License 2.0.

import Foundation
import Testing

/// Whether the buffer pool counts; under the sanitizers `RIDGELINE_POOL=off` bypasses it.
let poolIsOn = ProcessInfo.processInfo.environment["RIDGELINE_POOL"] != "off"

/// What a child process wrote to its standard error, or nothing where it did not end as expected.
func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
