#!/usr/bin/env python3
"""Golden values of blocks whose normalisations have an unusual epsilon and momentum, for
Tests/RidgelineModelsTests/Golden/BlockSettingTests.swift.

    python -m venv venv && venv/bin/pip install torch==2.13.0 safetensors numpy
    venv/bin/python Tests/Fixtures/make_block_setting_fixtures.py

README.md says what the keys mean.
"""

import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

# EfficientNet's, and a large epsilon with the plain mean over all batches.
SETTINGS = {"efficientnet": dict(eps=1e-3, momentum=0.01), "mean": dict(eps=1e-1, momentum=None)}


class ConvolutionBlock(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.convolution = nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2, bias=False)
        self.normalization = nn.BatchNorm2d(6, **settings)

    def forward(self, x):
        return F.silu(self.normalization(self.convolution(x)))


class Residual(nn.Module):
    """torchvision's BasicBlock and, with `hidden`, its Bottleneck, with groups and a dilation."""

    def __init__(self, settings, inputs, outputs, stride, hidden=None, groups=1, dilation=1):
        super().__init__()
        wide = dict(padding=dilation, dilation=dilation, groups=groups, bias=False)
        if hidden is None:
            shapes = [(inputs, outputs, 3, dict(stride=stride, **wide)), (outputs, outputs, 3, wide)]
        else:
            shapes = [(inputs, hidden, 1, dict(bias=False)), (hidden, hidden, 3, dict(stride=stride, **wide)), (hidden, outputs, 1, dict(bias=False))]
        self.count = len(shapes)
        for number, (a, b, kernel, options) in enumerate(shapes, start=1):
            self.add_module(f"conv{number}", nn.Conv2d(a, b, kernel, **options))
            self.add_module(f"bn{number}", nn.BatchNorm2d(b, **settings))
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs, **settings))

    def forward(self, x):
        y = x
        for number in range(1, self.count + 1):
            y = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(y))
            if number < self.count:
                y = F.relu(y)
        return F.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class PreActivation(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(4, **settings)
        self.conv1 = nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(6, **settings)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.downsample = nn.Sequential(nn.Conv2d(4, 6, 1, stride=2, bias=False))

    def forward(self, x):
        a = F.relu(self.bn1(x))
        return self.conv2(F.relu(self.bn2(self.conv1(a)))) + self.downsample(a)


class Network(nn.Module):
    """A residual network for small images: stem, three stages of one basic block, the mean, a linear layer."""

    def __init__(self, settings):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4, **settings)
        self.layer1 = nn.Sequential(Residual(settings, 4, 4, 1))
        self.layer2 = nn.Sequential(Residual(settings, 4, 8, 2))
        self.layer3 = nn.Sequential(Residual(settings, 8, 16, 2))
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(y))).mean((2, 3)))


class FeedForward(nn.Module):
    """BERT's (after) and GPT-2's (before) feed-forward block."""

    def __init__(self, settings, after):
        super().__init__()
        self.expand, self.contract = nn.Linear(6, 9, bias=False), nn.Linear(9, 6, bias=False)
        self.norm = nn.LayerNorm(6, eps=settings["eps"])
        self.after = after

    def forward(self, x):
        f = lambda x: self.contract(F.gelu(self.expand(x)))
        return self.norm(x + f(x)) if self.after else x + f(self.norm(x))


BLOCKS = {
    "convolution": ConvolutionBlock,
    "basic": lambda settings: Residual(settings, 4, 6, 2),
    "basic-dilated": lambda settings: Residual(settings, 4, 4, 1, groups=2, dilation=2),
    "bottleneck": lambda settings: Residual(settings, 4, 8, 2, hidden=4, groups=2, dilation=2),
    "basic-v2": PreActivation,
    "network": Network,
    "feed-forward-after": lambda settings: FeedForward(settings, True),
    "feed-forward-before": lambda settings: FeedForward(settings, False),
}


def main():
    torch.manual_seed(20)
    torch.use_deterministic_algorithms(True)
    tensors = {}
    for block, make in BLOCKS.items():
        for name, settings in SETTINGS.items():
            key = f"{block}/{name}"
            model = make(settings).double()
            for parameter in model.parameters():
                nn.init.normal_(parameter, std=0.5) if parameter.dim() > 1 else nn.init.uniform_(parameter, 0.5, 1.5)
            for buffer_name, buffer in model.named_buffers():
                if buffer_name.endswith("running_var"):
                    nn.init.uniform_(buffer, 0.05, 0.5)
            tensors |= {f"{key}/start/{n}": v.detach().clone() for n, v in model.state_dict().items() if "num_batches" not in n}
            # Of a small variance, which epsilon weighs against; images channels last.
            shape = (5, 6) if block.startswith("feed") else (3, 9, 8, 4)
            x = (0.4 * torch.randn(shape, dtype=torch.float64) + 0.2).requires_grad_()
            seen = x if x.dim() == 2 else x.permute(0, 3, 1, 2)
            model.eval()
            with torch.no_grad():
                first = model(seen)
            model.train()
            y = model(seen)
            upstream = torch.randn(y.shape, dtype=torch.float64)
            gradients = torch.autograd.grad(y, [x, *model.parameters()], upstream)
            model.eval()
            with torch.no_grad():
                after = model(seen)
            last = lambda t: (t.permute(0, 2, 3, 1) if t.dim() == 4 else t).detach().contiguous()
            tensors |= {f"{key}/x": x.detach(), f"{key}/upstream": last(upstream), f"{key}/y": last(y),
                        f"{key}/y.before": last(first), f"{key}/y.after": last(after), f"{key}/dx": gradients[0]}
            tensors |= {f"{key}/gradient/{n}": g for (n, _), g in zip(model.named_parameters(), gradients[1:])}
            tensors |= {f"{key}/after/{n}": b.clone() for n, b in model.named_buffers() if "num_batches" not in n}
    path = pathlib.Path(__file__).resolve().parent / "block_settings.safetensors"
    save_file({k: v.contiguous() for k, v in tensors.items()}, path, metadata={"torch": torch.__version__})
    print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
