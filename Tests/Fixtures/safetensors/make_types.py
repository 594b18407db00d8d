#!/usr/bin/env python3
"""Writes every_type, foreign_types and reduced.safetensors with the official library, for byte-by-byte comparison,
unusual.safetensors, which it reads, and two checkpoints of PyTorch, which are no safetensors.

    python3 -m venv .venv
    .venv/bin/pip install safetensors==0.8.0 torch==2.13.0 numpy
    .venv/bin/python Tests/Fixtures/safetensors/make_types.py

Part of Ridgeline. Licensed under the Apache License 2.0.
"""

import pathlib
import struct

import torch
from safetensors.torch import load, save

folder = pathlib.Path(__file__).parent


def write(name, tensors, metadata=None):
    (folder / f"{name}.safetensors").write_bytes(save(tensors, metadata=metadata))


integers = [torch.uint64, torch.int64, torch.uint32, torch.int32, torch.uint16, torch.int16, torch.int8, torch.uint8]
tensors = {}
for kind in integers:
    name, limits = str(kind).removeprefix("torch."), torch.iinfo(kind)
    tensors[f"{name}/extremes"] = torch.tensor([limits.min, limits.max, 0, 1, 2, 77], dtype=kind).reshape(2, 3)
for kind in [torch.float64, torch.float32, torch.bfloat16, torch.float16]:
    name, limits = str(kind).removeprefix("torch."), torch.finfo(kind)
    values = [0.0, -0.0, 1 / 3, -2.5, limits.max, limits.min, limits.tiny, limits.tiny / 8, float("inf"), float("-inf")]
    tensors[f"{name}/extremes"] = torch.tensor(values + [float("nan")], dtype=torch.float64).to(kind)
tensors["bool/extremes"] = torch.tensor([[True, False, True]])
# Of each type also one without elements and one without axes; their names sort differently from the types.
for number, kind in enumerate([*integers, torch.float64, torch.float32, torch.bfloat16, torch.float16, torch.bool]):
    tensors[f"{number % 7} empty {kind}"] = torch.zeros((3, 0, 2), dtype=kind)
    tensors[f"{number % 5} single {kind}"] = torch.tensor(1).to(kind)
write("every_type", tensors, {"format": "pt"})

# Types that the engine lacks beside one that it has.
write(
    "foreign_types",
    {
        "eighth": torch.tensor([[1.0, -2.0, 448.0]]).to(torch.float8_e4m3fn),
        "complex": torch.tensor([1 + 2j, 3 - 4j], dtype=torch.complex64),
        "weight": torch.tensor([1.5, -2.5]),
    },
)

# What PyTorch makes of single precision in 16 bits: ties, subnormals, overflow.
generator = torch.Generator().manual_seed(3)
bits = torch.randint(-(2**31), 2**31, (1500,), dtype=torch.int64, generator=generator).to(torch.int32)
values = torch.cat(
    [
        bits.view(torch.float32),
        torch.randn(500, generator=generator) * 1e-6,
        torch.arange(0, 600, dtype=torch.float32) * 2.0**-26,
        torch.arange(2048, 2348, dtype=torch.float32) + 0.5,
        torch.tensor([65519.0, 65520.0, 65536.0, 3.39e38, 3.4028e38, float("inf"), -float("inf"), -0.0]),
    ]
)
values = values[~values.isnan()]
write("reduced", {"f16": values.to(torch.float16), "bf16": values.to(torch.bfloat16), "source": values})

# What other programs may write and the official library reads: white space before the header, members that say nothing,
# metadata that is none, and more axes than a tensor has.
header = (
    ' \n{"__metadata__":null,"b":{"dtype":"F32","note":{"by":["x",-1.5e3,true,null,{}]},"shape":[2],'
    '"data_offsets":[24,32]},"nine":{"shape":[1,1,1,1,1,1,1,2,3],"data_offsets":[0,24],"dtype":"F32","":""}}'
).encode()
data = torch.arange(8, dtype=torch.float32).numpy().tobytes()
unusual = struct.pack("<Q", len(header)) + header + data
assert load(unusual)["b"].tolist() == [6, 7] and load(unusual)["nine"].ndim == 9
(folder / "unusual.safetensors").write_bytes(unusual)

# Checkpoints as torch.save writes them now and wrote them before version 1.6.
state = {"weight": torch.arange(6, dtype=torch.float32).reshape(2, 3), "bias": torch.ones(2)}
torch.save(state, folder / "checkpoint.pt")
torch.save(state, folder / "legacy.pt", _use_new_zipfile_serialization=False)
