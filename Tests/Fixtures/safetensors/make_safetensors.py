#!/usr/bin/env python3
"""Writes the files of this folder with the official safetensors library, for byte-by-byte comparison.

    python3 -m venv .venv
    .venv/bin/pip install safetensors==0.8.0 numpy==2.4.6
    .venv/bin/python Tests/Fixtures/safetensors/make_safetensors.py

Part of Ridgeline. Licensed under the Apache License 2.0.
"""

import pathlib

import numpy
from safetensors.numpy import save

folder = pathlib.Path(__file__).parent


def write(name, tensors, metadata=None):
    # At most one metadata entry: the library keeps several in no fixed order.
    (folder / f"{name}.safetensors").write_bytes(save(tensors, metadata=metadata))


matrix = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
write(
    "mixed",
    {
        # Every element type that tensors hold, names that need escapes, and both spellings of é.
        "weight": matrix - 2.5,
        "bias": numpy.array([numpy.inf, -numpy.inf, -0.0], dtype=numpy.float32),
        "scale": numpy.array(0.1, dtype=numpy.float64),
        "moments": numpy.array([[1e-300], [1e300]], dtype=numpy.float64),
        "indices": numpy.array([2**31 - 1, -(2**31), 7], dtype=numpy.int32),
        "mask": numpy.array([True, False, True]),
        "empty": numpy.zeros((0, 3), dtype=numpy.int32),
        'quote " backslash \\ tab \t bell \x07 delete \x7f slash /': matrix[:1, :1],
        "caf\u00e9": matrix[0, :1],
        "cafe\u0301": matrix[0, 1:2],
        "\U0001f9ee": matrix[0, 2:],
    },
    {"written by": "the official library"},
)
write("plain", {"b": matrix, "a": matrix.T.copy()})
write("nothing", {})
# No metadata entry; the header's length is a multiple of 8 without padding.
write("unpadded", {"abc": numpy.zeros(1, dtype=numpy.float32)})
