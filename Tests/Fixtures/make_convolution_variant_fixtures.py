"""Convolutions of sequences, transposed convolutions and padding modes by PyTorch, for
Tests/RidgelineModelsTests/Golden/ConvolutionVariantTests.swift.

    python -m venv venv && venv/bin/pip install torch==2.13.0 safetensors numpy
    venv/bin/python Tests/Fixtures/make_convolution_variant_fixtures.py

Images are stored channels last, (N, H, W, C), sequences (N, L, C). README.md says what the keys are.
"""
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(23)
torch.set_num_threads(1)
folder = pathlib.Path(__file__).parent
tensors = {}
ACTS = {"identity": lambda z: z, "relu": F.relu, "gelu": F.gelu, "tanh": torch.tanh}


def exact(*size):
    return torch.randn(*size).float().double()


def first(x):
    return x.movedim(-1, 1)


def last(x):
    return x.movedim(1, -1)


def store(name, function, inputs, options):
    """The values and gradients in double and in single precision."""
    tensors[f"{name}/options"] = torch.tensor(options, dtype=torch.float64)
    for key, value in inputs.items():
        tensors[f"{name}/{key}"] = value
    upstream = None
    for precision, prefix in ((torch.float64, name), (torch.float32, f"{name}/single")):
        leaves = {k: v.clone().to(precision).requires_grad_() for k, v in inputs.items()}
        output = function(**leaves)
        if upstream is None:
            upstream = tensors[f"{name}/upstream"] = exact(*output.shape)
        output.backward(upstream.to(precision))
        tensors[f"{prefix}/output"] = output.detach()
        for key, leaf in leaves.items():
            tensors[f"{prefix}/{key}.gradient"] = leaf.grad


# Sequences: batch, length, inputs, outputs, width, stride, before, after, dilation, groups, activation.
SEQUENCES = {
    "plain": (2, 9, 3, 5, 3, 1, 0, 0, 1, 1, "identity"),
    "strided": (2, 10, 4, 6, 3, 2, 1, 1, 1, 1, "relu"),
    "uneven": (1, 7, 3, 4, 4, 3, 2, 1, 1, 1, "gelu"),
    "causal": (2, 11, 5, 7, 3, 1, 4, 0, 2, 1, "tanh"),
    "grouped": (2, 8, 6, 4, 3, 2, 1, 1, 2, 2, "gelu"),
    "depthwise": (2, 13, 17, 17, 5, 1, 2, 2, 1, 17, "relu"),
    "pointwise": (3, 5, 8, 9, 1, 1, 0, 0, 1, 1, "gelu"),
    "gaps": (2, 9, 3, 4, 1, 3, 0, 0, 1, 1, "identity"),
    "one": (1, 1, 2, 3, 3, 1, 1, 1, 1, 1, "relu"),
    "beyond": (1, 2, 2, 3, 3, 1, 4, 4, 1, 1, "identity"),
    "empty": (0, 6, 3, 5, 3, 1, 1, 1, 1, 1, "relu"),
}
for name, (n, length, c, o, width, stride, before, after, dilation, groups, act) in SEQUENCES.items():
    for residual in (False, True):
        inputs = {"x": exact(n, length, c), "weight": exact(o, c // groups, width), "bias": exact(o)}
        if residual:
            out = (length + before + after - dilation * (width - 1) - 1) // stride + 1
            inputs["residual"] = exact(n, out, o)

        def sequence(x, weight, bias, residual=None):
            x = F.pad(first(x), (before, after))
            z = last(F.conv1d(x, weight, bias, stride=stride, dilation=dilation, groups=groups))
            return ACTS[act](z if residual is None else z + residual)

        store(f"sequence/{name}/{act}" + ("/residual" if residual else ""), sequence, inputs,
              (stride, before, after, dilation, groups))

# Transposed images: batch, (height, width), inputs, outputs, then height and width of kernel, stride, padding, output
# padding and dilation, groups, activation.
IMAGES = {
    "plain": (2, (4, 5), 3, 4, (3, 3), (1, 1), (0, 0), (0, 0), (1, 1), 1, "identity"),
    "winograd": (2, (9, 11), 5, 6, (3, 3), (1, 1), (1, 1), (0, 0), (1, 1), 1, "relu"),
    "doubling": (2, (4, 3), 6, 5, (4, 4), (2, 2), (1, 1), (0, 0), (1, 1), 1, "relu"),
    "odd": (1, (3, 5), 4, 3, (3, 2), (2, 3), (1, 0), (1, 2), (1, 1), 1, "gelu"),
    "dilated": (2, (4, 4), 3, 5, (3, 2), (2, 1), (2, 1), (1, 0), (2, 3), 1, "tanh"),
    "further": (1, (3, 4), 2, 3, (2, 3), (1, 2), (0, 1), (1, 3), (3, 4), 1, "identity"),
    "grouped": (2, (3, 4), 6, 4, (3, 3), (2, 2), (1, 1), (1, 1), (1, 1), 2, "gelu"),
    "depthwise": (2, (5, 4), 9, 9, (3, 3), (2, 2), (1, 1), (0, 1), (1, 1), 9, "relu"),
    "pointwise": (2, (3, 3), 5, 7, (1, 1), (1, 1), (0, 0), (0, 0), (1, 1), 1, "gelu"),
    "gaps": (2, (3, 2), 3, 4, (2, 1), (3, 3), (0, 0), (1, 2), (1, 1), 1, "identity"),
    "pixel": (3, (1, 1), 7, 5, (4, 4), (1, 1), (0, 0), (0, 0), (1, 1), 1, "relu"),
    "empty": (0, (3, 4), 3, 4, (3, 3), (2, 2), (1, 1), (1, 1), (1, 1), 1, "relu"),
}
for name, (n, size, c, o, kernel, stride, padding, extra, dilation, groups, act) in IMAGES.items():
    inputs = {"x": exact(n, *size, c), "weight": exact(c, o // groups, *kernel), "bias": exact(o)}

    def image(x, weight, bias):
        return ACTS[act](last(F.conv_transpose2d(first(x), weight, bias, stride, padding, extra, groups, dilation)))

    store(f"transposed/{name}/{act}", image, inputs, (*stride, *padding, *extra, *dilation, groups))
    # And along the width alone.
    inputs = {"x": exact(n, size[1], c), "weight": exact(c, o // groups, kernel[1]), "bias": exact(o)}
    stride, padding, extra, dilation = stride[1], padding[1], extra[1], dilation[1]

    def row(x, weight, bias):
        return ACTS[act](last(F.conv_transpose1d(first(x), weight, bias, stride, padding, extra, groups, dilation)))

    store(f"transposed-sequence/{name}/{act}", row, inputs, (stride, padding, extra, dilation, groups))

# What stands around images and sequences, by the layers: kernel, stride, padding ("same" is -1), dilation, groups.
for mode in ("zeros", "reflect", "replicate", "circular"):
    for index, (kernel, stride, padding, dilation, groups) in enumerate(
            ((3, 1, 1, 1, 1), (5, 2, 2, 1, 2), (2, 1, -1, 1, 1), (3, 1, -1, 2, 4), (3, 3, 3, 1, 1))):
        for rank, extents in ((1, (7,)), (2, (6, 5))):
            layer = (nn.Conv1d if rank == 1 else nn.Conv2d)(
                4, 4, kernel, stride, "same" if padding < 0 else padding, dilation, groups, padding_mode=mode)
            inputs = {"x": exact(2, *extents, 4), "weight": exact(*layer.weight.shape), "bias": exact(4)}

            def edged(x, weight, bias):
                parameters = {"weight": weight, "bias": bias}
                return last(torch.func.functional_call(layer, parameters, (first(x),)))

            store(f"edges-{rank}/{mode}/{index}", edged, inputs, (kernel, stride, padding, dilation, groups))

save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "convolution_variants.safetensors")

# A generator against a discriminator, as they are trained: least-squares losses of both, the generator through the
# discriminator, all in training mode.
generator = nn.Sequential(
    nn.ConvTranspose2d(12, 16, 4, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
    nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
    nn.ConvTranspose2d(8, 3, 4, 2, 1), nn.Tanh())
discriminator = nn.Sequential(
    nn.Conv2d(3, 8, 4, 2, 1), nn.LeakyReLU(0.2),
    nn.Conv2d(8, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.LeakyReLU(0.2),
    nn.Conv2d(16, 1, 4))
state = {f"generator.{k}": v.clone() for k, v in generator.state_dict().items()}
state |= {f"discriminator.{k}": v.clone() for k, v in discriminator.state_dict().items()}
noise, real = exact(5, 1, 1, 12), exact(5, 16, 16, 3).clamp(-1, 1)
tensors = {k: v.double() for k, v in state.items()} | {"noise": noise, "real": real}
for precision, prefix in ((torch.float64, "double"), (torch.float32, "single")):
    for model, key in ((generator, "generator"), (discriminator, "discriminator")):
        model.to(precision).load_state_dict(
            {k[len(key) + 1:]: v.to(precision) if v.is_floating_point() else v
             for k, v in state.items() if k.startswith(key)})
    fake = generator(first(noise.to(precision)))
    tensors[f"{prefix}/fake"] = last(fake).detach()
    loss = ((discriminator(fake) - 1) ** 2).mean()
    for name, gradient in zip(
            (n for n, _ in generator.named_parameters()),
            torch.autograd.grad(loss, list(generator.parameters()), retain_graph=True)):
        tensors[f"{prefix}/generator/{name}.gradient"] = gradient
    tensors[f"{prefix}/generator/loss"] = loss.detach()
    loss = ((discriminator(first(real.to(precision))) - 1) ** 2).mean() + (discriminator(fake.detach()) ** 2).mean()
    for name, gradient in zip(
            (n for n, _ in discriminator.named_parameters()),
            torch.autograd.grad(loss, list(discriminator.parameters()))):
        tensors[f"{prefix}/discriminator/{name}.gradient"] = gradient
    tensors[f"{prefix}/discriminator/loss"] = loss.detach()
save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "adversarial.safetensors")
