#!/usr/bin/env python3
"""Writes the seeds of Corpus/: small files, right and wrong, from which the fuzzer starts (NumPy 2.4.6, safetensors 0.8.0).

Part of Ridgeline. Licensed under the Apache License 2.0.
"""

import gzip
import io
import pathlib
import struct
import zipfile

import numpy
from safetensors.numpy import save

corpus = pathlib.Path(__file__).parent / "Corpus"


def write(name, contents):
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)


def npy(array, version=None):
    file = io.BytesIO()
    numpy.lib.format.write_array(file, array, version=version)
    return file.getvalue()


types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]

# safetensors
stored = [kind for kind in types]
write("safetensors/all", save({kind: numpy.zeros((1, 2), kind) for kind in stored}))
write("safetensors/empty", save({}))
write("safetensors/metadata", save({"a": numpy.zeros((0, 3), "f4")}, metadata={"k": "v\u00e9\n"}))
bf16 = b'{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[4,5]}}'
write("safetensors/bf16", struct.pack("<Q", len(bf16)) + bf16 + bytes(5))
write("safetensors/cut", save({"a": numpy.zeros(3, "f4")})[:-1])
escapes = b'{"\\u0041\\ud83d\\ude00\\n":{"shape":[],"data_offsets":[0,1],"dtype":"BOOL"}}'
write("safetensors/escapes", struct.pack("<Q", len(escapes)) + escapes + bytes(1))

unusual = b' {"__metadata__":null,"a":{"dtype":"F32","x":[1,-2.5e3,{"y":[null,"\\u0041"]}],"shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[4,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
write("safetensors/unusual", struct.pack("<Q", len(unusual)) + unusual + bytes(8))

# A model's index; the fuzzer puts a shard named s with a tensor named a beside it.
write("index/one", b'{"metadata":{"total_size":12},"weight_map":{"a":"s"}}')
write("index/missing", b'{"weight_map":{"a":"s","b":"t"}}')
write("index/none", b'{"metadata":{},"weight_map":{}}')
write("index/elsewhere", b'{"weight_map":{"a":"../s"}}')
write("index/more", b'{ "metadata": {"x": [1, {"y": null}], "z": -1.5e3}, "weight_map": {"a": "s"}, "other": true }')
write("index/s", save({"a": numpy.array([1, 2, 3], "f4")}))

# npy
for kind in types:
    write(f"npy/{kind}", npy(numpy.ones((2, 3), kind)))
write("npy/big", npy(numpy.asarray(numpy.ones((2, 3), ">f8"), order="F")))
write("npy/version2", npy(numpy.ones((), "f4"), (2, 0)))
write("npy/version3", npy(numpy.ones((0, 3), "f4"), (3, 0)))
write("npy/structure", npy(numpy.zeros(1, dtype=[("x", "<f4"), ("y", "<i2", (3,))])))
write("npy/text", npy(numpy.array(["a"])))
python2 = b"{u'descr': u'<f4', U'fortran_order': False, u'shape': (2L, 3 L), }\n"
write("npy/python2", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(python2)) + python2 + bytes(24))
write("npy/axes", npy(numpy.ones((1, 2, 1, 1, 1, 1, 1, 1, 3), "f4")))

# npz
def npz(save_function, **arrays):
    file = io.BytesIO()
    save_function(file, **arrays)
    return file.getvalue()


write("npz/stored", npz(numpy.savez, a=numpy.ones(3, "f4"), b=numpy.ones((2, 2), ">i2")))
write("npz/deflated", npz(numpy.savez_compressed, a=numpy.zeros(900, "f4"), b=numpy.arange(9)))
write("npz/empty", npz(numpy.savez))
write("npz/half", npz(numpy.savez_compressed, a=numpy.zeros(1000, "f2")))
write("npz/cut", npz(numpy.savez, a=numpy.ones(3, "f4"))[:-1])


class Pipe(io.RawIOBase):
    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


pipe = Pipe()
with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
    file.writestr(zipfile.ZipInfo("d.npy"), npy(numpy.ones(5)), zipfile.ZIP_DEFLATED)
    file.writestr(zipfile.ZipInfo("t.txt"), b"text")
write("npz/streamed", pipe.bytes)
one = npz(numpy.savez, a=numpy.ones(3, "f4"))
end = len(one) - 22
length, start = struct.unpack("<II", one[end + 12 : end + 20])
wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, length, start)
locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
short = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
write("npz/wide", one[:end] + wide + locator + short)
write("npz/unneeded", one[:end] + wide + locator + one[end:])
reversed_zip = io.BytesIO()
with zipfile.ZipFile(reversed_zip, "w") as file:
    for name in ["b.npy", "a.npy", "c.npy"]:
        file.writestr(zipfile.ZipInfo(name), npy(numpy.ones(2, "f4")))
    file.filelist.reverse()
write("npz/reversed", reversed_zip.getvalue())

# IDX, plain and compressed
for code, size in [(8, 1), (9, 1), (11, 2), (12, 4), (13, 4), (14, 8)]:
    idx = struct.pack(">2xBB2I", code, 2, 2, 3) + bytes(6 * size)
    write(f"idx/{code}", idx)
    write(f"gzip/{code}", gzip.compress(idx, mtime=0))
write("idx/cut", struct.pack(">2xBBI", 8, 1, 9) + bytes(8))
write("idx/unknown", struct.pack(">2xBBI", 10, 1, 0))
large = struct.pack(">2xBBI", 8, 1, 60000) + bytes(60000)
write("gzip/large", gzip.compress(large, mtime=0))
write("gzip/two", gzip.compress(large[:9], mtime=0) + gzip.compress(large[9:], mtime=0))
write("gzip/cut", gzip.compress(large, mtime=0)[:-5])

# CSV; the number of bytes chooses the separator
for index, separator in enumerate([",", ";", "\t"]):
    text = separator.join(["a", '"b ""c"""', "d"]) + "\r\n" + separator.join(["1", "-2.5e-3", '"nan"']) + "\n\n"
    text += separator.join(["inf", "0.1", "+7"])
    write(f"csv/header{index}", (text + "\n" * ((index - len(text.encode())) % 3)).encode())
    plain = separator.join(["1", "2"]) + "\n" + separator.join(["3", "4"])
    write(f"csv/plain{index}", (plain + "\n" * ((index - len(plain)) % 3)).encode())
write("csv/long", b"0.1000000000000000055511151231257827,1e-320\n2.2250738585072011e-308,-1e400\n")
write("csv/returns", b'a,"b"\r1,2\r\r3,4\r\n5,6\n\r7,8')
write("csv/ragged", b"1,2\n3\n4,5\n")
