#!/usr/bin/env python3
"""Golden values of residual networks, AlexNet and VGG-16, for Tests/RidgelineModelsTests/Vision.

    python -m venv venv && venv/bin/pip install torch==2.13.0 safetensors numpy
    venv/bin/python Tests/Fixtures/make_vision_fixtures.py

The models are those of Benchmarks/peers/torch_models.py; with --torchvision they are first compared with torchvision's.
Weights, images and labels are not stored: both sides compute them by `formula` below from a name and an element's index,
exact in float32. README.md says what the keys mean.
"""

import argparse
import math
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "Benchmarks" / "peers"))
import torch_models  # noqa: E402
from torch_models import Block, PreActivationBlock  # noqa: E402

PROJECTIONS = 4
F32, F64 = torch.float32, torch.float64

# Parameters of torchvision's models, as it documents them.
TORCHVISION = {"resnet-18": 11689512, "resnet-34": 21797672, "resnet-50": 25557032, "resnet-101": 44549160, "resnet-152": 60192808,
               "wide-resnet-50-2": 68883240, "wide-resnet-101-2": 126886696, "alexnet": 61100840, "vgg-16": 138357544,
               "vgg-16-bn": 138365992}
LOGITS = [f"{name}/relu/2x224x224" for name in TORCHVISION] + [
    "resnet-18/gelu/2x224x224", "resnet-50/gelu/2x224x224", "alexnet/gelu/1x224x224", "resnet-18/relu/3x97x75", "resnet-50/relu/3x97x75",
    "resnet-18-v2/relu/2x224x224", "resnet-50-v2/relu/2x224x224", "resnet-18-small/relu/3x32x32",
    *(f"cifar-resnet-{depth}/relu/3x32x32" for depth in (20, 32, 44, 56, 110)), "cifar-resnet-20-b/relu/3x32x32"]
STEPS = ["resnet-18/relu/8x224x224", "resnet-18/gelu/4x64x64", "resnet-50/relu/4x128x128", "resnet-50/gelu/4x64x64",
         "resnet-18-v2/gelu/4x64x64", "cifar-resnet-20/relu/8x32x32", "cifar-resnet-20-b/relu/8x32x32"]


def bits(name, count):
    """The upper 24 bits of splitmix64, seeded with the name's 64-bit FNV-1a hash, for the elements 0, 1, …"""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(state) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return (z ^ (z >> numpy.uint64(31))) >> numpy.uint64(40)


def formula(name, shape, centre=0.0, reach=1.0):
    """centre + reach·u, rounded to float32, u = bits·2⁻²³ − 1 in -1 ..< 1; elements in the order of the shape."""
    u = bits(name, math.prod(shape)).astype(numpy.float64) * 2.0 ** -23 - 1
    return torch.from_numpy((centre + reach * u).astype(numpy.float32).reshape(shape))


def images(batch, height, width, channels=3, name="images"):
    """Of variance 1, by the index in channels-last order."""
    return formula(name, (batch, height, width, channels), reach=math.sqrt(3)).permute(0, 3, 1, 2)


def weigh(model):
    """Sets every parameter and buffer by the formula of its name."""
    state = model.state_dict()
    for name, value in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        if name.endswith("running_var"):
            new = formula(name, value.shape, centre=1, reach=0.5)
        elif value.dim() > 1:
            new = formula(name, value.shape, reach=math.sqrt(6 / math.prod(value.shape[1:])))
        elif name.endswith("weight"):
            new = formula(name, value.shape, centre=0.75, reach=0.2)
        else:
            new = formula(name, value.shape, reach=0.1)
        state[name] = new
    model.load_state_dict(state)
    return model


def build(case):
    name, activation, size = case.split("/")
    if name.endswith("-small"):
        model = torch_models.model(name.removesuffix("-small"), activation=activation, stem="small", classes=10)
    else:
        model = torch_models.model(name, activation=activation)
    if name in TORCHVISION:
        assert sum(value.numel() for value in model.parameters()) == TORCHVISION[name], name
    batch, height, width = (int(extent) for extent in size.split("x"))
    return weigh(model), images(batch, height, width)


def distance(a, b):
    """‖a − b‖ / ‖b‖ over lists of tensors."""
    return math.sqrt(sum((x.double() - y).square().sum().item() for x, y in zip(a, b)) / sum(y.square().sum().item() for y in b))


def logits():
    tensors = {}
    for case in LOGITS:
        model, x = build(case)
        model.eval()
        with torch.no_grad():
            single = model.to(memory_format=torch.channels_last)(x.contiguous(memory_format=torch.channels_last))
            double = model.double()(x.double())
        tensors[f"{case}/logits"] = double
        print(f"{case}: PyTorch's float logits off by {(single - double).abs().max() / double.abs().max():.1e} of the largest", flush=True)
    return tensors


def step(model, x):
    """Loss, logits and gradients of one training step, in the order of the parameters' names."""
    model.train()
    y = model(x)
    labels = torch.from_numpy((bits("labels", len(y)) % numpy.uint64(y.shape[1])).astype(numpy.int64))
    loss = F.cross_entropy(y, labels)
    return loss.detach(), y.detach(), torch.autograd.grad(loss, [value for _, value in sorted(model.named_parameters())])


def steps():
    tensors = {}
    for case in STEPS:
        single, _ = build(case)
        model, x = build(case)
        model.double()
        loss, y, gradients = step(model, x.double())
        apart = []
        for layout in (torch.contiguous_format, torch.channels_last):
            weigh(single)
            _, _, found = step(single.to(memory_format=layout), x.contiguous(memory_format=layout))
            apart.append(distance(found, gradients))
        statistics = [value for name, value in sorted(model.state_dict().items()) if name.endswith(("running_mean", "running_var"))]
        projections = [[(formula(f"{name}/projection.{k}", value.shape).double() * value).sum() for k in range(PROJECTIONS)]
                       for (name, _), value in zip(sorted(model.named_parameters()), gradients)]
        tensors |= {f"{case}/{key}": value for key, value in {
            "loss": loss, "logits": y, "statistics": torch.cat([value.flatten() for value in statistics]).to(F32),
            "gradient.norms": torch.stack([value.norm() for value in gradients]),
            "gradient.projections": torch.tensor(projections, dtype=F64),
            "float.distance": torch.tensor(apart, dtype=F64)}.items()}
        print(f"{case}: loss {loss:.6f}, PyTorch's float gradients off by {apart[0]:.1e}, channels last {apart[1]:.1e}", flush=True)
    return tensors


def blocks():
    """Training passes of single blocks, whole gradients; and some values of the formula."""
    tensors = {f"formula/{name}": formula(name, (40,), centre, reach)
               for name, centre, reach in (("images", 0, math.sqrt(3)), ("layer1.0.bn1.weight", 0.75, 0.2), ("bn1.running_var", 1, 0.5))}
    for kind, make, bottleneck in (("basic", Block, False), ("bottleneck", Block, True), ("basic-v2", PreActivationBlock, False),
                                   ("bottleneck-v2", PreActivationBlock, True)):
        for activation in ("relu", "gelu"):
            for shortcut, inputs, stride, projects in (("identity", 8, 1, True), ("projection", 6, 2, True), ("zeros", 6, 2, False)):
                if shortcut == "zeros" and kind != "basic":
                    continue
                case = f"{kind}/{activation}/{shortcut}"
                model = weigh(make((inputs, 4 if bottleneck else 8, 8), stride, activation, bottleneck, projects)).double().train()
                x = images(2, 7, 6, inputs).double().requires_grad_()
                y = model(x)
                upstream = images(*(y.shape[index] for index in (0, 2, 3, 1)), name="upstream").double()
                found = torch.autograd.grad(y, [x, *model.parameters()], upstream)
                tensors[f"{case}/y"] = y.permute(0, 2, 3, 1)
                tensors[f"{case}/dx"] = found[0].permute(0, 2, 3, 1)
                for (name, _), value in zip(model.named_parameters(), found[1:]):
                    tensors[f"{case}/{name}.gradient"] = value
                for name, value in model.state_dict().items():
                    if name.endswith(("running_mean", "running_var")):
                        tensors[f"{case}/{name}.after"] = value
                with torch.no_grad():
                    tensors[f"{case}/y.inference"] = model.eval()(x).permute(0, 2, 3, 1)
    return tensors


def compare_with_torchvision():
    import torchvision
    for name in TORCHVISION:
        ours, theirs = torch_models.model(name), getattr(torchvision.models, name.replace("wide-resnet", "wide_resnet").replace(
            "resnet-", "resnet").replace("vgg-", "vgg").replace("-", "_"))()
        assert list(ours.state_dict()) == list(theirs.state_dict()), name
        weigh(ours).eval(), weigh(theirs).eval()
        x = images(1, 64, 64)
        with torch.no_grad():
            assert torch.equal(ours(x), theirs(x)), name
        print(f"{name}: as torchvision {torchvision.__version__}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=pathlib.Path, default=HERE)
    parser.add_argument("--torchvision", action="store_true")
    parser.add_argument("--only", choices=("logits", "steps", "blocks"))
    options = parser.parse_args()
    if options.torchvision:
        compare_with_torchvision()
    for name, make in (("blocks", blocks), ("steps", steps), ("logits", logits)):
        if options.only in (None, name):
            tensors = {key: value.detach().clone().contiguous() for key, value in make().items()}
            assert all(torch.isfinite(value).all() for value in tensors.values())
            path = options.output / f"vision_{name}.safetensors"
            save_file(tensors, path, metadata={"generator": f"make_vision_fixtures.py, PyTorch {torch.__version__.split('+')[0]}"})
            path.chmod(0o644)
            print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size} bytes", flush=True)


if __name__ == "__main__":
    main()
