#!/usr/bin/env python3
"""Writes the files of this folder with NumPy and Python's own zip and gzip.

    python3 -m venv .venv
    .venv/bin/pip install numpy==2.4.6
    .venv/bin/python Tests/Fixtures/numpy/make_numpy.py

With a folder that holds the four files of MNIST as its argument it also writes mnist.txt: sums of pixels and labels.

Part of Ridgeline. Licensed under the Apache License 2.0.
"""

import gzip
import io
import pathlib
import struct
import sys
import zipfile

import numpy
from numpy.lib import format as npy

folder = pathlib.Path(__file__).parent
types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]
shapes = {"cube": (2, 3, 4), "row": (1, 5), "list": (5,), "one": (), "none": (0,), "hole": (3, 0, 2)}


def pattern(kind, shape):
    """Element i has the upper bits of i · 2⁶⁴/φ, which the tests compute too; NaNs are among them."""
    count = int(numpy.prod(shape))
    bits = 8 * numpy.dtype(kind).itemsize
    words = numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    if kind == "b1":
        return (words >> numpy.uint64(63)).astype(bool).reshape(shape)
    words = (words >> numpy.uint64(64 - bits)).astype(f"u{bits // 8}")
    return words.view(kind).reshape(shape)


def in_fortran_order(array):
    # asfortranarray would give an array without axes one.
    return numpy.asarray(array, order="F")


def write(name, contents):
    (folder / name).write_bytes(contents)


def archive(save, arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


# What is read: every type, byte order, order of axes and shape.
everything = {}
for kind in types:
    for order, mark in {"little": "<", "big": ">"}.items():
        for name, shape in shapes.items():
            array = pattern(kind, shape).astype(mark + kind)
            everything[f"{kind}.{order}.C.{name}"] = array
            everything[f"{kind}.{order}.F.{name}"] = in_fortran_order(array)
for name, shape in shapes.items():
    everything[f"widened.{name}"] = pattern("f2", shape).astype("f4")
write("everything.npz", archive(numpy.savez_compressed, everything))

# What is written: every type that tensors hold, in the order of this machine, to be compared byte by byte.
written = {}
for kind in types[1:]:
    for name, shape in shapes.items():
        written[f"{kind}.C.{name}"] = pattern(kind, shape)
        written[f"{kind}.F.{name}"] = in_fortran_order(pattern(kind, shape))
    written[f"{kind}.größe"] = pattern(kind, (2,))
write("written.npz", archive(numpy.savez, written))
written_small = {"b": pattern("f4", (2, 3)), "a": pattern("i8", (1000,))}
write("compressed.npz", archive(numpy.savez_compressed, written_small))
write("nothing.npz", archive(numpy.savez, {}))

# What no tensor holds.
structure = numpy.zeros(2, dtype=[("x", "<f4"), ("y", "<i2", (3,))])
unsupported = {
    "complex": numpy.zeros(2, dtype="<c8"),
    "date": numpy.zeros(2, dtype="<M8[s]"),
    "object": numpy.array([{}, None], dtype=object),
    "structure": structure,
    "text": numpy.array(["a", "bc"]),
    "number": numpy.ones(2),
}
write("unsupported.npz", archive(numpy.savez, unsupported))

# The format's versions, and the header that Python 2 wrote.
for version in [(1, 0), (2, 0), (3, 0)]:
    file = io.BytesIO()
    npy.write_array(file, in_fortran_order(pattern("f4", (2, 3, 4)).astype(">f4")), version=version)
    write(f"version{version[0]}.npy", file.getvalue())
header = b"{'descr': '<i4', 'fortran_order': False, 'shape': (2L, 3L), }"
header += b" " * (118 - 1 - len(header)) + b"\n"
write("python2.npy", npy.magic(1, 0) + struct.pack("<H", 118) + header + pattern("i4", (2, 3)).tobytes())
header = b"{u'descr': u'<i4', u'fortran_order': False, u'shape': (2L, 3L), }"
header += b" " * (118 - 1 - len(header)) + b"\n"
write("python2_unicode.npy", npy.magic(1, 0) + struct.pack("<H", 118) + header + pattern("i4", (2, 3)).tobytes())
assert (numpy.load(folder / "python2_unicode.npy") == pattern("i4", (2, 3))).all()

# More axes than a tensor has, beside an array that is one.
write("axes.npz", archive(numpy.savez, {"nine": numpy.ones((1, 2, 1, 1, 1, 1, 1, 1, 3), "f4"), "two": pattern("f4", (2, 3))}))

# An archive's end in 64-bit numbers beside one in which they fit, as some programs write it.
one = archive(numpy.savez, {"a": pattern("f4", (2, 3)), "b": pattern("i8", (4,))})
end = len(one) - 22
length, start = struct.unpack("<II", one[end + 12 : end + 20])
wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2, 2, length, start)
write("unneeded64.npz", one[:end] + wide + struct.pack("<IIQI", 0x07064B50, 0, end, 1) + one[end:])
assert (numpy.load(folder / "unneeded64.npz")["b"] == pattern("i8", (4,))).all()


class Pipe(io.RawIOBase):
    """A file that cannot go back, so that sizes and checksums follow the data."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def as_npy(array):
    file = io.BytesIO()
    numpy.save(file, array)
    return file.getvalue()


pipe = Pipe()
with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as zip_file:
    zip_file.comment = b"PK\x05\x06 is how the end of an archive begins"
    zip_file.writestr(zipfile.ZipInfo("deflated.npy"), as_npy(pattern("f4", (300,))), zipfile.ZIP_DEFLATED)
    zip_file.writestr(zipfile.ZipInfo("folder/stored.npy"), as_npy(pattern("f8", (4, 5))), zipfile.ZIP_STORED)
    zip_file.writestr(zipfile.ZipInfo("notes.txt"), b"not an array")
write("streamed.npz", pipe.bytes)

# Images with a gzip file of two members, as several programs make them.
images = struct.pack(">2xBB3I", 0x08, 3, 5, 4, 3) + bytes(range(60))
write("images.idx3-ubyte", images)
write("images.idx3-ubyte.gz", gzip.compress(images[:30], mtime=0) + gzip.compress(images[30:], mtime=0))

if len(sys.argv) > 1:
    lines = []
    for part in ["train", "t10k"]:
        raw = [
            gzip.decompress((pathlib.Path(sys.argv[1]) / f"{part}-{name}.gz").read_bytes())
            for name in ["images.idx3-ubyte", "labels.idx1-ubyte"]
        ]
        pixels = numpy.frombuffer(raw[0], dtype=numpy.uint8, offset=16).reshape(-1, 28, 28)
        labels = numpy.frombuffer(raw[1], dtype=numpy.uint8, offset=8)
        numbers = [len(pixels), pixels.sum(dtype=numpy.int64), pixels[0].sum(dtype=numpy.int64),
                   pixels[-1].sum(dtype=numpy.int64), pixels[:, 14, 14].sum(dtype=numpy.int64), len(labels),
                   labels.sum(dtype=numpy.int64), labels[0], labels[-1]]
        lines.append(" ".join([part] + [str(int(number)) for number in numbers]))
    write("mnist.txt", ("\n".join(lines) + "\n").encode())
