#!/usr/bin/env python3
"""Writes gated, folding and radial functions' golden values with PyTorch into activation_families.safetensors.

README.md tells how to set up Python; the keys are as in operations.safetensors: NAME/input.I, NAME/output, NAME/upstream,
NAME/gradient.I, all F64, inputs exact in float32.
"""

import argparse
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

F64, F32 = torch.float64, torch.float32
generator = torch.Generator().manual_seed(21)
tensors = {}


def normal(*shape, scale=1.0):
    return (torch.randn(shape, generator=generator, dtype=F64) * scale).to(F32).to(F64)


def case(name, function, *inputs):
    leaves = [value.clone().requires_grad_() for value in inputs]
    output = function(*leaves)
    upstream = normal(*output.shape)
    output.backward(upstream)
    for index, (value, leaf) in enumerate(zip(inputs, leaves)):
        tensors[f"{name}/input.{index}"] = value
        tensors[f"{name}/gradient.{index}"] = leaf.grad
    tensors[f"{name}/output"] = output
    tensors[f"{name}/upstream"] = upstream


def gated(act):
    def unit(x, axis):
        value, gate = x.chunk(2, axis)
        return value * act(gate)

    return unit


def radial(phi):
    def function(x, centres, *widths):
        r = torch.cdist(x, centres, compute_mode="donot_use_mm_for_euclid_dist")
        return phi(r * widths[0] if widths else r)

    return function


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    folder = parser.parse_args().output
    torch.set_num_threads(1)

    case("glu", lambda x: F.glu(x, -1), normal(5, 34, scale=3))
    case("glu.axis1", lambda x: F.glu(x, 1), normal(3, 6, 5, scale=3))
    for name, act in (("reglu", F.relu), ("geglu", F.gelu), ("swiglu", F.silu)):
        case(name, lambda x, unit=gated(act): unit(x, -1), normal(5, 34, scale=3))

    for axis in (0, 1, 2):
        case(f"softmax.{axis}", lambda x: torch.softmax(x, axis), normal(3, 5, 19, scale=3))
        case(f"softmin.{axis}", lambda x: F.softmin(x, axis), normal(3, 5, 19, scale=3))
        case(f"logsoftmax.{axis}", lambda x: torch.log_softmax(x, axis), normal(3, 5, 19, scale=3))

    for name, fold in (
        ("mean", lambda x: x.mean(2)),
        ("minimum", lambda x: x.amin(2)),
        ("maximum", lambda x: x.amax(2)),
        ("logsumexp", lambda x: torch.logsumexp(x, 2)),
    ):
        case(f"fold.{name}", lambda x: fold(x.unflatten(1, (4, 3))), normal(5, 12))

    x, centres = normal(7, 3), normal(5, 3)
    widths = (torch.rand(5, generator=generator, dtype=F64) + 0.5).to(F32).to(F64)
    for name, phi in (
        ("gaussian", lambda t: torch.exp(-(t**2))),
        ("multiquadric", lambda t: torch.sqrt(1 + t**2)),
        ("inverse-multiquadric", lambda t: 1 / torch.sqrt(1 + t**2)),
    ):
        case(f"radial.{name}", radial(phi), x, centres, widths)
    case("radial.thin-plate-spline", radial(lambda r: r**2 * torch.log(r)), x, centres)
    for degree in (1, 3, 5):
        case(f"radial.polyharmonic-spline-{degree}", radial(lambda r: r**degree), x, centres)
    for degree in (2, 4):
        case(f"radial.polyharmonic-spline-{degree}", radial(lambda r: r**degree * torch.log(r)), x, centres)

    stored = {key: value.detach().clone().contiguous() for key, value in tensors.items()}
    assert all(torch.isfinite(value).all() for value in stored.values())
    path = folder / "activation_families.safetensors"
    version = torch.__version__.split("+")[0]
    save_file(stored, path, metadata={"generator": f"make_activation_fixtures.py, PyTorch {version}"})
    path.chmod(0o644)
    print(f"{path.name}: {len(stored)} tensors, {path.stat().st_size} bytes")


main()
