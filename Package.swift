// swift-tools-version: 6.2
// Part of Ridgeline. Licensed under the Apache License 2.0.

import PackageDescription

let package = Package(
    name: "Ridgeline",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Ridgeline", targets: ["Ridgeline"]),
        .library(name: "RidgelineTensor", targets: ["RidgelineTensor"]),
        .library(name: "RidgelineFormats", targets: ["RidgelineFormats"]),
        .library(name: "RidgelineModels", targets: ["RidgelineModels"]),
        .library(name: "RidgelineTraining", targets: ["RidgelineTraining"]),
        .executable(name: "ridgeline", targets: ["RidgelineCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS",
            path: "Modulemaps/COpenBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]
        ),
        .systemLibrary(
            name: "CZlib",
            path: "Modulemaps/CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        // Images, for the command alone.
        .systemLibrary(
            name: "CTurboJPEG",
            path: "Modulemaps/CTurboJPEG",
            pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]
        ),
        .systemLibrary(
            name: "CPNG",
            path: "Modulemaps/CPNG",
            pkgConfig: "libpng",
            providers: [.apt(["libpng-dev"]), .brew(["libpng"])]
        ),
        .target(name: "CRidgelineKernels", exclude: ["coefficients.py"]),
        .target(
            name: "RidgelineTensor",
            dependencies: [
                "COpenBLAS", "CRidgelineKernels",
                .product(name: "RealModule", package: "swift-numerics"),
            ]
        ),
        .target(name: "RidgelineFormats", dependencies: ["RidgelineTensor", "CZlib"]),
        .target(name: "RidgelineModels", dependencies: ["RidgelineTensor", "RidgelineFormats"]),
        // How exact the kernels are: for the command and the tests, not for importers.
        .target(
            name: "RidgelineAccuracy",
            dependencies: ["RidgelineTensor", .product(name: "RealModule", package: "swift-numerics")]
        ),
        .target(
            name: "RidgelineTraining",
            dependencies: ["RidgelineTensor", "RidgelineFormats", "RidgelineModels"]
        ),
        .target(
            name: "Ridgeline",
            dependencies: ["RidgelineTensor", "RidgelineFormats", "RidgelineModels", "RidgelineTraining"]
        ),
        // What the command cannot say in Swift.
        .target(name: "CRidgelineCommand", dependencies: ["CPNG"]),
        .executableTarget(
            name: "RidgelineCommand",
            dependencies: [
                "Ridgeline", "RidgelineAccuracy", "CRidgelineCommand", "CTurboJPEG",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "RidgelineTensorTests", dependencies: ["RidgelineTensor", "RidgelineAccuracy"]),
        .testTarget(name: "RidgelineFormatsTests", dependencies: ["RidgelineFormats", "RidgelineTensor"]),
        .testTarget(name: "RidgelineModelsTests", dependencies: ["Ridgeline"]),
        .testTarget(name: "RidgelineCommandTests", dependencies: ["Ridgeline", "RidgelineCommand"]),
    ],
    swiftLanguageModes: [.v6]
)
