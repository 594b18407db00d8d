#!/usr/bin/env python3
# Part of Ridgeline. Licensed under the Apache License 2.0.
"""Writes pooling.safetensors: PyTorch's pooling and padding of images, forward and backward, channels last.

Images are small whole numbers, so that many are equal and the rule for ties shows. README.md says what is in it."""

import argparse
import itertools
import math
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

SHAPES = {"odd": (2, 5, 6, 3), "wide": (1, 4, 3, 19), "pixel": (3, 1, 1, 4), "even": (1, 8, 8, 1)}


def cases():
    """(name, function, least height and width)."""
    for window, stride, padding, dilation, ceil in itertools.product((1, 2, 3), (1, 2, 3), (0, 1), (1, 2), (0, 1)):
        reach = dilation * (window - 1) + 1
        if padding > reach // 2 or dilation > 1 and window == 1:
            continue
        name = f"{window}-{stride}-{padding}-{dilation}-{ceil}"
        # PyTorch's gradient of a window that sees nothing but padding is not defined.
        least = reach - 2 * padding if dilation == 1 else reach
        yield f"maximum-{name}", lambda x, a=(window, stride, padding, dilation, bool(ceil)): F.max_pool2d(x, *a), least
        if dilation == 1:
            for counts in (0, 1):
                yield (f"average-{name}-{counts}",
                       lambda x, a=(window, stride, padding, bool(ceil), bool(counts)): F.avg_pool2d(x, *a), least)
    for height, width in ((1, 1), (3, 2), (7, 7)):
        yield f"adaptive-maximum-{height}-{width}", lambda x, a=(height, width): F.adaptive_max_pool2d(x, a), 1
        yield f"adaptive-average-{height}-{width}", lambda x, a=(height, width): F.adaptive_avg_pool2d(x, a), 1
    for mode in ("reflect", "replicate", "constant"):
        for sides in ((1, 1, 1, 1), (0, 3, 2, 0)):  # left, right, top, bottom
            least = 1 + max(sides) if mode == "reflect" else 1
            yield (f"padding-{mode}-" + "-".join(map(str, sides)),
                   lambda x, a=sides, m=mode: F.pad(x, a, mode=m), least)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default=os.path.dirname(os.path.abspath(__file__)))
    folder = parser.parse_args().output
    torch.manual_seed(7)
    torch.set_num_threads(1)
    tensors = {}
    for shape_name, shape in SHAPES.items():
        image = torch.randint(-3, 4, shape).float()
        tensors[f"{shape_name}/input"] = image
        # A number for every element of the largest output: upstream gradients are its first ones.
        upstream = torch.randint(-8, 9, (2 * math.prod(shape) + 4096,)).float()
        tensors[f"{shape_name}/upstream"] = upstream
        for name, function, least in cases():
            if min(shape[1:3]) < least:
                continue
            x = image.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last).requires_grad_(True)
            y = function(x)
            n, c, h, w = y.shape
            y.backward(upstream[: y.numel()].reshape(n, h, w, c).permute(0, 3, 1, 2))
            tensors[f"{shape_name}/{name}/output"] = y.detach().permute(0, 2, 3, 1).contiguous()
            tensors[f"{shape_name}/{name}/gradient"] = x.grad.permute(0, 2, 3, 1).contiguous()
    save_file({key: value.clone() for key, value in tensors.items()}, os.path.join(folder, "pooling.safetensors"))


main()
