// swift-tools-version: 6.2
// Part of Ridgeline. Licensed under the Apache License 2.0.

import PackageDescription

// A package of its own, so that nobody who imports Ridgeline builds it. `Scripts/fuzz` does, with coverage.
let package = Package(
    name: "Fuzzing",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "Ridgeline", path: "..")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [
                .product(name: "RidgelineFormats", package: "Ridgeline"),
                .product(name: "RidgelineTensor", package: "Ridgeline"),
            ],
            path: "Sources/Fuzz"
        )
    ],
    swiftLanguageModes: [.v6]
)
