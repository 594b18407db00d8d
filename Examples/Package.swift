// swift-tools-version: 6.2
// Part of Ridgeline. Licensed under the Apache License 2.0.

import PackageDescription

let package = Package(
    name: "RidgelineExamples",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "universal-approximation", targets: ["UniversalApproximation"])
    ],
    dependencies: [
        // By its name: a clone may lie in a folder of any other.
        .package(name: "Ridgeline", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "UniversalApproximation",
            dependencies: [.product(name: "Ridgeline", package: "Ridgeline")]
        )
    ],
    swiftLanguageModes: [.v6]
)
