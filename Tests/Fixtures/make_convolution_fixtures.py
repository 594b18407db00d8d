#!/usr/bin/env python3
# Part of Ridgeline. Licensed under the Apache License 2.0.
"""Writes convolution.safetensors: PyTorch's two-dimensional convolutions, forward and backward, images channels last.

README.md says what is in it."""

import argparse
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

# (N, H, W, C), outputs, kernel, stride, padding (top, bottom, left, right) or "same", dilation, groups, bias
CASES = {
    "plain": ((2, 7, 6, 5), 6, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 1, False),
    "pointwise": ((2, 5, 4, 7), 3, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1), 1, True),
    "stem": ((1, 11, 13, 3), 8, (7, 7), (2, 2), (3, 3, 3, 3), (1, 1), 1, False),
    "strided": ((2, 7, 8, 4), 5, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 1, True),
    "dilated": ((1, 8, 9, 3), 4, (3, 3), (1, 2), (2, 2, 1, 1), (2, 3), 1, True),
    "grouped": ((2, 5, 6, 6), 9, (3, 3), (1, 1), (1, 1, 1, 1), (1, 1), 3, True),
    "depthwise": ((2, 7, 6, 9), 9, (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 9, True),
    "uneven": ((1, 6, 7, 3), 4, (2, 5), (3, 2), (0, 3, 4, 1), (1, 1), 1, False),
    "same": ((1, 5, 6, 3), 4, (4, 3), (1, 1), "same", (1, 2), 1, True),
}


def exact(*shape):
    """Numbers that float32 holds too."""
    return torch.randn(shape, dtype=torch.float32).double()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.dirname(os.path.abspath(__file__)))
    folder = parser.parse_args().output
    torch.manual_seed(7)
    torch.set_num_threads(1)
    tensors = {}
    for name, (shape, outputs, kernel, stride, padding, dilation, groups, has_bias) in CASES.items():
        x = exact(*shape).requires_grad_(True)
        weight = exact(outputs, shape[3] // groups, *kernel).requires_grad_(True)
        bias = exact(outputs).requires_grad_(True) if has_bias else None
        image = x.permute(0, 3, 1, 2)
        if padding == "same":
            steps = (*stride, -1, -1, -1, -1, *dilation, groups)
            y = F.conv2d(image, weight, bias, stride, "same", dilation, groups)
        else:
            steps = (*stride, *padding, *dilation, groups)
            top, bottom, left, right = padding
            y = F.conv2d(F.pad(image, (left, right, top, bottom)), weight, bias, stride, 0, dilation, groups)
        y = y.permute(0, 2, 3, 1)
        upstream = exact(*y.shape)
        y.backward(upstream)
        tensors |= {f"{name}/steps": torch.tensor(steps, dtype=torch.float64), f"{name}/output": y.detach(),
                    f"{name}/upstream": upstream}
        for what, tensor in (("input", x), ("weight", weight), ("bias", bias)):
            if tensor is not None:
                tensors |= {f"{name}/{what}": tensor.detach(), f"{name}/{what}.gradient": tensor.grad}
    tensors = {key: value.contiguous().clone() for key, value in tensors.items()}
    save_file(tensors, os.path.join(folder, "convolution.safetensors"))


main()
