# Part of Ridgeline. Licensed under the Apache License 2.0.
#
# Sourced by the other scripts: goes to the package's folder and makes sure that what the build needs is there.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

command -v swift >/dev/null || fail "no 'swift' on the PATH; install a Swift 6.2 toolchain or later (swift.org/install)"

install_packages() {
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; } ||
        fail "install OpenBLAS, zlib, libjpeg-turbo (TurboJPEG) and libpng with their headers and pkg-config (Debian, Ubuntu: libopenblas-dev zlib1g-dev libturbojpeg0-dev libpng-dev pkg-config, Fedora: openblas-devel zlib-devel turbojpeg-devel libpng-devel pkgconf, Arch: openblas zlib libjpeg-turbo libpng, macOS: brew install openblas zlib jpeg-turbo libpng pkgconf), then run this again"
    echo "Installing $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    "${root[@]}" apt-get install -y -qq "$@" >/dev/null 2>&1 ||
        { "${root[@]}" apt-get update -qq >&2 && "${root[@]}" apt-get install -y -qq "$@" >/dev/null; } ||
        fail "apt-get could not install: $*"
}

missing=()
command -v pkg-config >/dev/null || missing+=(pkg-config)
pkg-config --exists openblas 2>/dev/null || missing+=(libopenblas-dev)
pkg-config --exists zlib 2>/dev/null || missing+=(zlib1g-dev)
pkg-config --exists libturbojpeg 2>/dev/null || missing+=(libturbojpeg0-dev)
pkg-config --exists libpng 2>/dev/null || missing+=(libpng-dev)
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
for library in openblas zlib libturbojpeg libpng; do
    pkg-config --exists "$library" || fail "pkg-config does not find $library (is another pkg-config first on the PATH?)"
done
