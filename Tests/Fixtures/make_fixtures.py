#!/usr/bin/env python3
"""Writes the golden values of this folder with PyTorch and mpmath. README.md tells how to run it and what the keys mean."""

import argparse
import math
import pathlib

import mpmath
import numpy
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

F64, F32 = torch.float64, torch.float32


def write(folder, name, tensors):
    # A single metadata entry: safetensors keeps several in no fixed order, and the files would differ from run to run.
    tensors = {key: value.detach().clone().contiguous() for key, value in tensors.items()}
    for key, value in tensors.items():
        assert value.dtype in (F64, F32), (name, key, value.dtype)
        assert name == "extremes" or torch.isfinite(value).all(), (name, key)
    path = folder / f"{name}.safetensors"
    save_file(tensors, path, metadata={"generator": f"make_fixtures.py, PyTorch {torch.__version__.split('+')[0]}"})
    path.chmod(0o644)  # safetensors leaves 0600
    print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size} bytes")


class Source:
    """Random tensors, one generator a file. Values are exact in float32, so float32 and float64 runs share their inputs."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape, scale=1.0):
        return (torch.randn(shape, generator=self.generator, dtype=F64) * scale).to(F32).to(F64)

    def uniform(self, *shape, low, high):
        return (torch.rand(shape, generator=self.generator, dtype=F64) * (high - low) + low).to(F32).to(F64)

    def integers(self, *shape, high):
        return torch.randint(high, shape, generator=self.generator).to(F64)

    def away_from(self, points, *shape, scale=1.0, margin=0.02):
        """Normal values none of which lies within `margin` of a kink."""
        value = self.normal(*shape, scale=scale)
        for point in points:
            value = torch.where((value - point).abs() < margin, value + 4 * margin, value)
        return value.to(F32).to(F64)


# 1. Operations

def operations():
    source = Source(1)
    normal, uniform = source.normal, source.uniform
    tensors = {}

    def case(name, function, *inputs, constant=()):
        """`constant`: positions of inputs that carry no gradient."""
        assert f"{name}/output" not in tensors
        leaves = [value.clone().requires_grad_(index not in constant) for index, value in enumerate(inputs)]
        output = function(*leaves)
        upstream = normal(*output.shape)
        output.backward(upstream)
        for index, value in enumerate(inputs):
            tensors[f"{name}/input.{index}"] = value
            if index not in constant:
                tensors[f"{name}/gradient.{index}"] = leaves[index].grad
        tensors[f"{name}/output"] = output
        tensors[f"{name}/upstream"] = upstream

    def pair():
        return normal(3, 1, 5), normal(4, 5)

    case("add", torch.add, *pair())
    case("subtract", torch.sub, *pair())
    case("multiply", torch.mul, *pair())
    case("divide", torch.div, normal(3, 1, 5), source.away_from([0], 4, 5, margin=0.2))
    case("maximum", torch.maximum, *pair())
    case("minimum", torch.minimum, *pair())
    case("power", torch.pow, uniform(3, 1, 5, low=0.2, high=3), normal(4, 5))

    shape = (3, 7)
    case("exp", torch.exp, normal(*shape))
    case("log", torch.log, uniform(*shape, low=0.05, high=5))
    case("log1p", torch.log1p, uniform(*shape, low=-0.9, high=3))
    case("expm1", torch.expm1, normal(*shape))
    case("sqrt", torch.sqrt, uniform(*shape, low=0.05, high=5))
    case("rsqrt", torch.rsqrt, uniform(*shape, low=0.05, high=5))
    case("reciprocal", torch.reciprocal, source.away_from([0], *shape, margin=0.2))
    case("square", torch.square, normal(*shape))
    case("abs", torch.abs, source.away_from([0], *shape))
    case("sin", torch.sin, normal(*shape, scale=3))
    case("cos", torch.cos, normal(*shape, scale=3))
    case("tan", torch.tan, uniform(*shape, low=-1.3, high=1.3))
    case("tanh", torch.tanh, normal(*shape, scale=2))
    case("erf", torch.erf, normal(*shape))
    case("sigmoid", torch.sigmoid, normal(*shape, scale=3))
    case("clamp", lambda x: torch.clamp(x, -0.5, 0.7), source.away_from([-0.5, 0.7], *shape))
    case("negate", torch.neg, normal(*shape))
    case("where", lambda c, a, b: torch.where(c != 0, a, b), source.integers(3, 4, 5, high=2), *pair(), constant=(0,))

    case("reshape", lambda x: x.reshape(2, 15), normal(5, 2, 3))
    case("transpose", lambda x: x.transpose(0, 1), normal(3, 5))
    case("permute", lambda x: x.permute(2, 0, 1), normal(2, 3, 5))
    case("slice", lambda x: x[1:3, ::2], normal(5, 7))
    case("flip", lambda x: torch.flip(x, [1]), normal(3, 5))
    case("expand", lambda x: x.expand(2, 3, 5), normal(3, 1))
    case("concatenate", lambda *x: torch.cat(x, 1), normal(3, 2, 5), normal(3, 1, 5), normal(3, 4, 5))
    case("stack", lambda *x: torch.stack(x, 1), normal(3, 5), normal(3, 5), normal(3, 5))
    case("pad", lambda x: F.pad(x, (2, 1, 1, 3), value=0.25), normal(3, 5))
    case("gather", lambda x, i: torch.gather(x, 1, i.long()), normal(4, 5), source.integers(4, 7, high=5), constant=(1,))
    case("index_select", lambda x, i: torch.index_select(x, 1, i.long()), normal(3, 5, 2),
         torch.tensor([4, 0, 4, 2], dtype=F64), constant=(1,))

    shape = (3, 5, 7)
    case("sum", lambda x: x.sum((0, 2)), normal(*shape))
    case("sum.keepdim", lambda x: x.sum((0, 2), keepdim=True), normal(*shape))
    case("mean", lambda x: x.mean((0, 2)), normal(*shape))
    case("variance.unbiased", lambda x: x.var((0, 2), correction=1), normal(*shape))
    case("variance.biased", lambda x: x.var((0, 2), correction=0), normal(*shape))
    case("max", lambda x: x.max(1).values, normal(*shape))
    case("min", lambda x: x.min(1).values, normal(*shape))
    case("max.all", torch.amax, normal(*shape))
    case("logsumexp", lambda x: torch.logsumexp(x, 1), normal(*shape, scale=3))
    case("softmax", lambda x: torch.softmax(x, 1), normal(*shape, scale=3))
    case("log_softmax", lambda x: torch.log_softmax(x, 1), normal(*shape, scale=3))

    case("matmul", torch.matmul, normal(5, 7), normal(7, 3))
    case("matmul.batched", torch.matmul, normal(2, 1, 3, 4), normal(5, 4, 6))
    case("matmul.vector", torch.matmul, normal(5, 7), normal(7))
    case("dot", torch.matmul, normal(7), normal(7))

    case("relu", F.relu, source.away_from([0], 5, 7, scale=2))
    case("gelu", F.gelu, normal(5, 7, scale=2))
    case("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), normal(5, 7, scale=2))
    case("linear", F.linear, normal(2, 5, 7), normal(3, 7), normal(3))
    case("layer_norm", lambda x, w, b: F.layer_norm(x, (7,), w, b, eps=1e-5),
         normal(2, 5, 7, scale=2), normal(7), normal(7))
    case("cross_entropy", lambda x, i: F.cross_entropy(x, i.long()), normal(6, 5, scale=2),
         source.integers(6, high=5), constant=(1,))
    case("mse_loss", F.mse_loss, normal(5, 3), normal(5, 3))
    return tensors


# 2. and 3. Blocks

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh")}


def block(tensors, prefix, function, inputs, upstream, dtype=F64):
    """Runs `function` on a dictionary of leaves and stores them with `y`, `upstream` and every gradient."""
    leaves = {key: value.to(dtype).clone().requires_grad_() for key, value in inputs.items()}
    y = function(leaves)
    y.backward(upstream.to(dtype))
    for key, leaf in leaves.items():
        tensors[f"{prefix}/{key}"] = leaf
        tensors[f"{prefix}/" + ("dx" if key == "x" else f"{key}.gradient")] = leaf.grad
    tensors[f"{prefix}/y"] = y
    tensors[f"{prefix}/upstream"] = upstream.to(dtype)


def linear_parameters(source, name, width, result):
    return {f"{name}.weight": source.normal(result, width, scale=width ** -0.5),
            f"{name}.bias": source.normal(result, scale=0.3)}


def two_layers(v, x, activation):
    hidden = activation(F.linear(x, v["expand.weight"], v["expand.bias"]))
    return F.linear(hidden, v["contract.weight"], v["contract.bias"])


def feed_forward():
    source = Source(2)
    rows, width, hidden = 7, 12, 40
    tensors = {}
    for name, activation in ACTIVATIONS.items():
        inputs = {"x": source.normal(rows, width), **linear_parameters(source, "expand", width, hidden),
                  **linear_parameters(source, "contract", hidden, width)}
        norm = {"norm.weight": 1 + source.normal(width, scale=0.25), "norm.bias": source.normal(width, scale=0.25)}
        norm = {key: value.to(F32).to(F64) for key, value in norm.items()}
        upstream = source.normal(rows, width)

        def normalize(v, x):
            return F.layer_norm(x, (width,), v["norm.weight"], v["norm.bias"], eps=1e-5)

        for dtype, label in ((F64, "f64"), (F32, "f32")):
            block(tensors, f"{name}/{label}", lambda v: two_layers(v, v["x"], activation), inputs, upstream, dtype)
        block(tensors, f"{name}/f64/prenorm", lambda v: v["x"] + two_layers(v, normalize(v, v["x"]), activation),
              {**inputs, **norm}, upstream)
        block(tensors, f"{name}/f64/postnorm", lambda v: normalize(v, v["x"] + two_layers(v, v["x"], activation)),
              {**inputs, **norm}, upstream)
    return tensors


def residual():
    source = Source(3)
    rows, width = 7, 12
    tensors = {}
    for name in ("relu", "gelu"):
        activation = ACTIVATIONS[name]
        for variant, hidden, entering in (("", width, width), ("/bottleneck", 5, width), ("/projection", width, 9)):
            inputs = {"x": source.normal(rows, entering), **linear_parameters(source, "expand", entering, hidden),
                      **linear_parameters(source, "contract", hidden, width)}
            if variant == "/projection":
                inputs |= linear_parameters(source, "projection", entering, width)

            def function(v):
                skip = v["x"]
                if "projection.weight" in v:
                    skip = F.linear(skip, v["projection.weight"], v["projection.bias"])
                return activation(skip + two_layers(v, v["x"], activation))

            block(tensors, f"{name}/f64{variant}", function, inputs, source.normal(rows, width))
    return tensors


# 4. Optimizers

def optimizers():
    source = Source(4)
    shape, steps = (5, 7), 6
    initial = source.normal(*shape)
    gradients = [source.normal(*shape, scale=2.0 ** (1 - step)) for step in range(steps)]
    for gradient in gradients:
        gradient[0, 0] = 0  # never a gradient
        gradient[0, 1] *= 1e-4
        gradient[0, 2] *= 1e4
    gradients[2][1] = 0  # a row without a gradient at one step
    gradients = [gradient.to(F32).to(F64) for gradient in gradients]
    recipes = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd-momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "sgd-nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-2),
        "sgd-dampening": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1),
        "adam": lambda p: torch.optim.Adam(p),
        "adam-custom": lambda p: torch.optim.Adam(p, lr=1e-2, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
        "adamw": lambda p: torch.optim.AdamW(p),
        "adamw-custom": lambda p: torch.optim.AdamW(p, lr=1e-2, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
    }
    tensors = {}
    for name, recipe in recipes.items():
        for dtype, prefix in ((F64, name), (F32, f"{name}.f32")):
            parameter = torch.nn.Parameter(initial.to(dtype).clone())
            tensors[f"{prefix}/initial"] = initial.to(dtype)
            optimizer = recipe([parameter])
            for step, gradient in enumerate(gradients):
                parameter.grad = gradient.to(dtype).clone()
                optimizer.step()
                tensors[f"{prefix}/gradient.{step}"] = gradient.to(dtype)
                tensors[f"{prefix}/parameter.{step}"] = parameter.detach().clone()
    return tensors


# 5. Training

def training():
    source = Source(5)
    inputs = source.normal(64, 8)
    labels = (source.normal(8, 4).T @ inputs.T).argmax(0).to(F64)  # learnable
    initial = {}
    for name, width, result in (("first", 8, 32), ("second", 32, 32), ("head", 32, 4)):
        initial |= linear_parameters(source, name, width, result)
    tensors = {}
    for dtype, prefix in ((F64, "f64"), (F32, "f32")):
        v = {key: value.to(dtype).clone().requires_grad_() for key, value in initial.items()}
        tensors |= {f"{prefix}/{key}": value.detach().clone() for key, value in v.items()}
        tensors |= {f"{prefix}/inputs": inputs.to(dtype), f"{prefix}/labels": labels.to(dtype)}
        optimizer = torch.optim.AdamW(v.values(), lr=1e-2)
        losses = []
        for _ in range(10):
            optimizer.zero_grad()
            x = F.gelu(F.linear(inputs.to(dtype), v["first.weight"], v["first.bias"]))
            x = F.gelu(F.linear(x, v["second.weight"], v["second.bias"]))
            loss = F.cross_entropy(F.linear(x, v["head.weight"], v["head.bias"]), labels.long())
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        tensors[f"{prefix}/losses"] = torch.stack(losses)
        tensors |= {f"{prefix}/final/{key}": value for key, value in v.items()}
    assert tensors["f64/losses"][-1] < tensors["f64/losses"][0] / 2
    return tensors


# 6. Extremes

def round_to_double(value):
    # Through decimal digits: correctly rounded, also where the result is subnormal, and an underflow keeps its sign.
    return float(mpmath.nstr(value, 45))


def exact_gelu(x):
    density = mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)
    mass = mpmath.erfc(-x / mpmath.sqrt(2)) / 2
    return x * mass, mass + x * density


def exact_gelu_tanh(x):
    scale, cubic = mpmath.sqrt(2 / mpmath.pi), mpmath.mpf("0.044715")
    inner = scale * (x + cubic * x ** 3)
    mass = 1 / (1 + mpmath.exp(-2 * inner))  # (1 + tanh u) / 2 without its cancellation
    rest = 1 / (1 + mpmath.exp(2 * inner))
    return x * mass, mass + 2 * x * mass * rest * scale * (1 + 3 * cubic * x * x)


def extremes():
    mpmath.mp.dps = 50
    smallest, normal = 2.0 ** -149, 2.0 ** -126
    positive = [0.0, smallest, 3 * smallest, 1e-41, 1e-39, normal - smallest, normal, 1.5e-38, 1e-30, 1e-20, 1e-10,
                1e-7, 1e-5, 1e-4]
    positive += list(numpy.geomspace(1e-3, 40, 60)) + [float(value) for value in range(1, 41)]
    positive += [0.5, 0.7517916, 0.5 ** 0.5, 2 ** 0.5, 1e2, 1e4, 1e10, 1e19, 1e30, 3.4028234663852886e38, math.inf]
    tail = list(numpy.arange(-15, -4.999, 0.0625)) + [-13.2, -13.3, -14.1, -14.2, -14.4]
    values = [sign * value for value in positive for sign in (1.0, -1.0)] + tail + [math.nan]
    x = torch.from_numpy(numpy.array(values, dtype=numpy.float64).astype(numpy.float32))
    tensors = {"input": x}
    for name, activation in ACTIVATIONS.items():
        leaf = x.clone().requires_grad_()
        output = activation(leaf)
        output.backward(torch.ones_like(output))
        tensors[f"torch/{name}"] = output
        tensors[f"torch/{name}.derivative"] = leaf.grad
    for name, function in (("gelu", exact_gelu), ("gelu_tanh", exact_gelu_tanh)):
        results = []
        for value in x.tolist():
            if math.isnan(value):
                results.append((math.nan, math.nan))
            elif math.isinf(value):  # the limits
                results.append((math.inf, 1.0) if value > 0 else (-0.0, -0.0))
            elif value == 0:
                results.append((value, 0.5))
            elif abs(value) > 1e4:  # beyond what mpmath's exponent need carry: saturated
                results.append((value, 1.0) if value > 0 else (-0.0, -0.0))
            else:
                results.append(tuple(round_to_double(part) for part in function(mpmath.mpf(value))))
        tensors[f"exact/{name}"] = torch.tensor([result[0] for result in results], dtype=F64)
        tensors[f"exact/{name}.derivative"] = torch.tensor([result[1] for result in results], dtype=F64)
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(__file__).parent, help="folder to write into")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for make in (operations, feed_forward, residual, optimizers, training, extremes):
        write(folder, make.__name__, make())


if __name__ == "__main__":
    main()
