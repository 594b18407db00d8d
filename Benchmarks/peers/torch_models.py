"""Residual networks, AlexNet and VGG-16 in PyTorch, in torchvision's structure and with its parameter names: for the timings here and
for the golden values of Tests/Fixtures, which compares them with torchvision itself where that can be imported."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "gelu-tanh": lambda: nn.GELU(approximate="tanh")}


def convolution(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)


class ZeroPadding(nn.Module):
    """Every stride-th pixel, and zeros for the channels there are not: option A of He et al. (2015)."""

    def __init__(self, stride, more):
        super().__init__()
        self.stride, self.more = stride, more

    def forward(self, x):
        return F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, 0, self.more))


class Block(nn.Module):
    """A residual block: act(F(x) + shortcut(x)). `widths`: of its input, within, of its output."""

    def __init__(self, widths, stride, activation, bottleneck, projects):
        super().__init__()
        inputs, inner, outputs = widths
        shapes = [(inputs, inner, 1, 1), (inner, inner, 3, stride), (inner, outputs, 1, 1)] if bottleneck else [
            (inputs, inner, 3, stride), (inner, outputs, 3, 1)]
        for number, shape in enumerate(shapes, 1):
            self.add_module(f"conv{number}", convolution(*shape))
            self.add_module(f"bn{number}", nn.BatchNorm2d(shape[1]))
        self.activation, self.count, self.downsample = ACTIVATIONS[activation](), len(shapes), None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs)) if projects \
                else ZeroPadding(stride, outputs - inputs)

    def part(self, name, number):
        return getattr(self, f"{name}{number}")

    def forward(self, x):
        y = x
        for number in range(1, self.count + 1):
            y = self.part("bn", number)(self.part("conv", number)(y))
            if number < self.count:
                y = self.activation(y)
        return self.activation(y + (x if self.downsample is None else self.downsample(x)))


class PreActivationBlock(Block):
    """F(x) + x with the normalisations and activations before the convolutions (He et al., 2016); a projection, a convolution
    alone, takes what the first activation gives."""

    def __init__(self, widths, stride, activation, bottleneck, projects):
        super().__init__(widths, stride, activation, bottleneck, projects)
        for number in range(1, self.count + 1):
            self.add_module(f"bn{number}", nn.BatchNorm2d(self.part("conv", number).in_channels))
        if self.downsample is not None:
            del self.downsample[1]

    def forward(self, x):
        y, kept = x, x
        for number in range(1, self.count + 1):
            y = self.activation(self.part("bn", number)(y))
            if number == 1 and self.downsample is not None:
                kept = self.downsample(y)
            y = self.part("conv", number)(y)
        return y + kept


class ResNet(nn.Module):
    """stem: "imagenet" (7x7/2 and a pooling) or "small" (3x3)."""

    def __init__(self, blocks, bottleneck=False, widening=1, width=64, stem="imagenet", projects=True, before=False, classes=1000,
                 activation="relu"):
        super().__init__()
        self.before = before
        self.conv1 = convolution(3, width, 7, 2) if stem == "imagenet" else convolution(3, width, 3)
        if not before:
            self.bn1 = nn.BatchNorm2d(width)
        self.activation = ACTIVATIONS[activation]()
        self.maxpool = nn.MaxPool2d(3, 2, 1) if stem == "imagenet" else nn.Identity()
        inputs, self.stages = width, []
        for stage, count in enumerate(blocks):
            inner = (width << stage) * widening
            outputs = (width << stage) * (4 if bottleneck else 1)
            layers = []
            for number in range(count):
                stride = 2 if stage > 0 and number == 0 else 1
                layers.append((PreActivationBlock if before else Block)((inputs, inner, outputs), stride, activation, bottleneck, projects))
                inputs = outputs
            self.stages.append(f"layer{stage + 1}")
            self.add_module(self.stages[-1], nn.Sequential(*layers))
        if before:
            self.bn = nn.BatchNorm2d(inputs)
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        y = self.conv1(x)
        y = self.maxpool(y if self.before else self.activation(self.bn1(y)))
        for stage in self.stages:
            y = getattr(self, stage)(y)
        if self.before:
            y = self.activation(self.bn(y))
        return self.fc(y.mean((2, 3)))


class Plain(nn.Module):
    """Features, a pooling to a fixed size, a classifier: AlexNet and VGG."""

    def __init__(self, features, side, classifier):
        super().__init__()
        self.features = nn.Sequential(*features)
        self.avgpool = nn.AdaptiveAvgPool2d(side)
        self.classifier = nn.Sequential(*classifier)

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def alexnet(classes=1000, activation="relu"):
    act = ACTIVATIONS[activation]
    return Plain(
        [nn.Conv2d(3, 64, 11, 4, 2), act(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), act(), nn.MaxPool2d(3, 2),
         nn.Conv2d(192, 384, 3, padding=1), act(), nn.Conv2d(384, 256, 3, padding=1), act(),
         nn.Conv2d(256, 256, 3, padding=1), act(), nn.MaxPool2d(3, 2)], 6,
        [nn.Dropout(), nn.Linear(256 * 36, 4096), act(), nn.Dropout(), nn.Linear(4096, 4096), act(), nn.Linear(4096, classes)])


def vgg16(normalized=False, classes=1000, activation="relu"):
    act = ACTIVATIONS[activation]
    features, inputs = [], 3
    for count, width in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(count):
            features += [nn.Conv2d(inputs, width, 3, padding=1), *([nn.BatchNorm2d(width)] if normalized else []), act()]
            inputs = width
        features.append(nn.MaxPool2d(2, 2))
    return Plain(features, 7, [nn.Linear(512 * 49, 4096), act(), nn.Dropout(), nn.Linear(4096, 4096), act(), nn.Dropout(),
                               nn.Linear(4096, classes)])


DEPTHS = {18: ((2, 2, 2, 2), False), 34: ((3, 4, 6, 3), False), 50: ((3, 4, 6, 3), True), 101: ((3, 4, 23, 3), True),
          152: ((3, 8, 36, 3), True)}


def cifar(depth, **settings):
    settings = {"projects": False, "classes": 10, **settings}
    return ResNet(((depth - 2) // 6,) * 3, width=16, stem="small", **settings)


def model(name, **settings):
    """A model by Ridgeline's name: resnet-50, resnet-50-v2, wide-resnet-50-2, cifar-resnet-20, cifar-resnet-20-b, alexnet, …"""
    if name == "alexnet":
        return alexnet(**settings)
    if name in ("vgg-16", "vgg-16-bn"):
        return vgg16(name.endswith("bn"), **settings)
    kind, _, rest = name.partition("resnet-")
    depth, *variant = rest.split("-")
    if kind == "cifar-":
        return cifar(int(depth), **({"projects": True} if variant == ["b"] else {}), **settings)
    blocks, bottleneck = DEPTHS[int(depth)]
    return ResNet(blocks, bottleneck, widening=2 if kind == "wide-" else 1, before=variant == ["v2"], **settings)


STAGES = {"residual-basic": (1, ((64, 56), (128, 28), (256, 14), (512, 7))), "residual-bottleneck": (4, ((256, 56), (512, 28), (1024, 14), (2048, 7)))}


class Pass(NamedTuple):
    """What one row of `ridgeline passes` runs."""
    module: nn.Module
    shape: tuple  # of the input: batch, channels, height, width
    classifies: bool  # so that a training step ends in a cross-entropy and does without the input's gradient


def vision_pass(name):
    """By the row's name; None where it is no image model."""
    try:
        kind, *rest = name.split("/")
        if kind == "convolution":
            kernel = int(rest[0].split("x")[0])
            stride = int(rest[1]) if len(rest) == 3 else 1
            channels, height, width = rest[-1].split("x")
            inputs, outputs = (int(count) for count in channels.split("-"))
            return Pass(convolution(inputs, outputs, kernel, stride), (8, inputs, int(height), int(width)), False)
        if kind in STAGES:
            widening, stages = STAGES[kind]
            activation, (channels, side, _), projects = rest[0], map(int, rest[1].split("x")), rest[2:] == ["projection"]
            stage = stages.index((channels, side))
            before, larger = stages[stage - 1] if stage else (64, side)
            inputs, side, stride = (before, larger, larger // side) if projects else (channels, side, 1)
            block = Block((inputs, channels // widening, channels), stride, activation, widening == 4, True)
            return Pass(block, (8, inputs, side, side), False)
        if kind in ("resnet-18", "resnet-50", "alexnet"):
            batch, height, width = (int(extent) for extent in rest[0].split("x"))
            return Pass(model(kind), (batch, 3, height, width), True)
    except (ValueError, IndexError, KeyError):
        raise SystemExit(f"unknown pass {name!r}")
    return None
