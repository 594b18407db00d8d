#!/usr/bin/env python3
"""Writes differential.safetensors and differential.txt: seeded random cases of operations as PyTorch computes them.

README.md tells how to run it and how the files are read."""

import argparse
import math
import pathlib
import random

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

F32, F64 = torch.float32, torch.float64
INF, NAN = math.inf, math.nan
SPECIAL = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 2.0, -2.0, 0.5, 3.0, -3.0, 1e-40, -1e-40, 1e38, -1e38, 1e-30, 100.0, -100.0]
LAYOUTS = ["contiguous", "contiguous", "transposed", "sliced", "flipped", "broadcast"]

chance = random.Random(11)


def numbers(shape, precision, *, special=0.0, low=-3.0, high=3.0):
    """Values exact in float32, a share of them special ones."""
    count = math.prod(shape)
    values = [chance.choice(SPECIAL) if chance.random() < special else chance.uniform(low, high) for _ in range(count)]
    return torch.tensor(values, dtype=F32).to(precision).reshape(shape)


def arranged(shape, precision, **options):
    """A tensor with the layout that the test is to give it; a broadcast one repeats its first row."""
    layout = chance.choice(LAYOUTS)
    value = numbers(shape, precision, **options)
    if layout == "broadcast":
        if not shape or shape[0] < 2:
            layout = "contiguous"
        else:
            value = value[:1].expand(shape).contiguous()
    return value, layout


def shape(rank=None, most=5):
    rank = chance.choice([0, 1, 2, 2, 3, 3, 4]) if rank is None else rank
    extents = [chance.choice([1, 2, 3, 4, most, most]) for _ in range(rank)]
    if extents and chance.random() < 0.08:
        extents[chance.randrange(rank)] = 0
    if extents and chance.random() < 0.15:
        extents[-1] = chance.choice([17, 33, 40])
    return extents


def broadcastable(extents):
    """A shape that broadcasts with another."""
    other = [extent if chance.random() < 0.6 else 1 for extent in extents]
    return other[chance.randrange(len(other) + 1) :] if chance.random() < 0.4 else other


class Writer:
    def __init__(self):
        self.stores = {F32: [], F64: []}
        self.lines = []

    def store(self, value, precision):
        values = self.stores[precision]
        offset = len(values)
        values.extend(value.detach().to(precision).flatten().tolist())
        return offset

    def case(self, name, precision, function, inputs, *, parameters=(), constant=(), layouts=None):
        """`constant`: positions of inputs that carry no gradient. Values come of float64, but for those that the
        precision makes infinite or NaN."""

        def run(dtype):
            leaves = [
                value.to(dtype).clone().requires_grad_(position not in constant) for position, value in enumerate(inputs)
            ]
            output = function(*leaves)
            return output, leaves

        own, leaves = run(precision)
        if own.dim() > 6:
            return
        upstream = numbers(list(own.shape), precision, low=-2, high=2)
        wanted = [leaf for leaf in leaves if leaf.requires_grad]
        gradients = torch.autograd.grad(own, wanted, upstream, allow_unused=True)
        wide, wide_leaves = run(F64)
        wide_wanted = [leaf for leaf in wide_leaves if leaf.requires_grad]
        wide_gradients = torch.autograd.grad(wide, wide_wanted, upstream.to(F64), allow_unused=True)

        def merged(narrow, exact):
            return torch.where(torch.isfinite(narrow), exact.to(narrow.dtype), narrow)

        def described(value):
            return ",".join(map(str, value.shape)) or "."

        columns = [name, "float" if precision == F32 else "double", " ".join(map(str, parameters)) or "-"]
        layouts = layouts or ["contiguous"] * len(inputs)
        columns.append(
            " ".join(f"{described(v)}@{layout}@{self.store(v, precision)}" for v, layout in zip(inputs, layouts)) or "-"
        )
        columns.append(f"{described(own)}@{self.store(merged(own, wide), precision)}@{self.store(upstream, precision)}")
        pairs = iter(zip(gradients, wide_gradients))
        found = []
        for position, value in enumerate(inputs):
            if position in constant:
                found.append("-")
                continue
            narrow, exact = next(pairs)
            if narrow is None:
                narrow = exact = torch.zeros_like(value)
            found.append(str(self.store(merged(narrow, exact), precision)))
        columns.append(" ".join(found))
        self.lines.append("\t".join(columns))

    def write(self, folder):
        tensors = {
            "float": torch.tensor(self.stores[F32], dtype=F32),
            "double": torch.tensor(self.stores[F64], dtype=F64),
        }
        path = folder / "differential.safetensors"
        save_file(tensors, path, metadata={"generator": f"{pathlib.Path(__file__).name}, PyTorch {torch.__version__.split('+')[0]}"})
        path.chmod(0o644)  # safetensors leaves 0600
        (folder / "differential.txt").write_text("\n".join(self.lines) + "\n")
        print(f"{path.name}: {len(self.lines)} cases, {path.stat().st_size} bytes")


BINARY = {
    "add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div, "maximum": torch.maximum,
    "minimum": torch.minimum, "power": torch.pow,
}
UNARY = {
    "negate": torch.neg, "abs": torch.abs, "sign": torch.sign, "square": torch.square, "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt, "reciprocal": torch.reciprocal, "exp": torch.exp, "expm1": torch.expm1, "log": torch.log,
    "log1p": torch.log1p, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan, "erf": torch.erf, "floor": torch.floor,
    "ceiling": torch.ceil, "rounded": torch.round, "clamp": lambda x: x.clamp(-0.75, 1.5), "cube": lambda x: x.pow(3),
    "root": lambda x: x.pow(torch.full_like(x, 0.5)), "inverse": lambda x: x.pow(-1), "zeroth": lambda x: x.pow(0),
    "at_least": lambda x: torch.maximum(x, torch.tensor(0.5, dtype=x.dtype)),
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": F.relu, "silu": F.silu, "gelu": F.gelu,
    "softplus": F.softplus, "elu": F.elu, "leaky_relu": lambda x: F.leaky_relu(x, 0.25), "hard_swish": F.hardswish,
}
# Where PyTorch overflows before the limit, or has a gradient that depends on the vector's lane.
MODERATE_ONLY = {"silu", "gelu", "elu", "hard_swish"}
# Trigonometric functions of huge numbers are a matter of argument reduction; PyTorch's vector kernels and a C library
# agree on them to the last places only.
SMALL_ONLY = {"sin", "cos", "tan"}
REDUCTION = {
    "sum": lambda x, axes, keep: x.sum(axes, keep), "mean": lambda x, axes, keep: x.mean(axes, keep),
    "variance": lambda x, axes, keep: x.var(axes, correction=0, keepdim=keep),
    "unbiased": lambda x, axes, keep: x.var(axes, correction=1, keepdim=keep),
    "norm": lambda x, axes, keep: torch.linalg.vector_norm(x, 2, axes, keep),
    "max": lambda x, axes, keep: x.amax(axes, keep), "min": lambda x, axes, keep: x.amin(axes, keep),
    "logsumexp": lambda x, axes, keep: torch.logsumexp(x, axes, keep),
}


def elementwise(writer):
    for precision in (F32, F64):
        for name, function in BINARY.items():
            # Every pair of corners, then shapes and layouts.
            corners = torch.tensor([0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 2.0, -2.0, 0.5, -0.5, 3.0], dtype=precision)
            pairs = torch.cartesian_prod(corners, corners)
            writer.case(name, precision, function, [pairs[:, 0], pairs[:, 1]])
            for trial in range(5):
                extents = shape()
                special = 0.3 if trial % 2 else 0.0
                left, first = arranged(broadcastable(extents), precision, special=special)
                right, second = arranged(extents, precision, special=special)
                order = [(left, first), (right, second)] if trial < 3 else [(right, second), (left, first)]
                writer.case(name, precision, function, [v for v, _ in order], layouts=[l for _, l in order])
        for name, function in UNARY.items():
            special = torch.tensor(
                [
                    v for v in SPECIAL + [88.0, -88.0, 1e-8, -1e-8, 1.5, -0.75, 2.5, -1.5]
                    if not (name in SMALL_ONLY and 100 < abs(v) < INF or name in MODERATE_ONLY and not abs(v) <= 50)
                ],
                dtype=precision,
            )
            writer.case(name, precision, function, [special])
            value, layout = arranged(shape(), precision)
            writer.case(name, precision, function, [value], layouts=[layout])
        for _ in range(4):
            extents = shape()
            condition = numbers(broadcastable(extents), precision).sign().clamp(min=0)
            left, first = arranged(extents, precision, special=0.2)
            right, second = arranged(broadcastable(extents), precision, special=0.2)
            writer.case(
                "where", precision, lambda c, a, b: torch.where(c != 0, a, b), [condition, left, right], constant=(0,),
                layouts=["contiguous", first, second],
            )


def reductions(writer):
    for precision in (F32, F64):
        for name, function in REDUCTION.items():
            for trial in range(6):
                extents = shape(chance.choice([1, 2, 3, 4]))
                axes = sorted(chance.sample(range(len(extents)), chance.randint(1, len(extents))))
                if name in ("max", "min") and any(extents[axis] == 0 for axis in axes):
                    continue
                keep = chance.random() < 0.5
                # Squares of large floats overflow in PyTorch, which is not what is wanted.
                special = 0.15 if trial % 3 == 0 and name not in ("variance", "unbiased", "norm") else 0.0
                value, layout = arranged(extents, precision, special=special)
                writer.case(
                    name, precision, lambda x: function(x, axes, keep), [value],
                    parameters=[int(keep), *axes], layouts=[layout],
                )
        for name, function in (("softmax", F.softmax), ("softmin", F.softmin), ("log_softmax", F.log_softmax)):
            for trial in range(5):
                extents = shape(chance.choice([1, 2, 3]))
                axis = chance.randrange(len(extents))
                value, layout = arranged(extents, precision, special=0.1 if trial % 2 else 0, low=-10, high=10)
                writer.case(name, precision, lambda x: function(x, axis), [value], parameters=[axis], layouts=[layout])
        for trial in range(6):
            rows, classes = chance.choice([1, 3, 5]), chance.choice([1, 2, 7, 40])
            value, layout = arranged([rows, classes], precision, special=0.06 if trial % 2 else 0, low=-20, high=20)
            labels = torch.tensor([chance.randrange(classes) for _ in range(rows)]).to(precision)
            writer.case(
                "cross_entropy", precision, lambda x, y: F.cross_entropy(x, y.long(), reduction="none"), [value, labels],
                constant=(1,), layouts=[layout, "contiguous"],
            )


def movement(writer):
    for precision in (F32, F64):
        for _ in range(3):
            extents = shape(chance.choice([2, 3, 4]))
            rank = len(extents)

            def one(name, function, parameters=()):
                value, layout = arranged(extents, precision, special=0.1)
                writer.case(name, precision, function, [value], parameters=parameters, layouts=[layout])

            order = chance.sample(range(rank), rank)
            one("permute", lambda x: x.permute(order), order)
            one("flatten", lambda x: x.reshape(-1))
            one("flip", lambda x: x.flip(0, -1))
            axis = chance.randrange(rank)
            start, step = chance.randrange(max(extents[axis], 1)), chance.choice([1, 2, 3])
            one("slice", lambda x: x.movedim(axis, 0)[start::step].movedim(0, axis), [axis, start, step])
            widths = [chance.randrange(3) for _ in range(2 * rank)]
            one("pad", lambda x: F.pad(x, [w for k in reversed(range(rank)) for w in widths[2 * k : 2 * k + 2]], value=0.25), widths)
            one("squares", lambda x: x.unsqueeze(1) * x.unsqueeze(0))
            if extents[axis] > 0:
                places = [chance.randrange(extents[axis]) for _ in range(chance.choice([0, 1, 4, 9]))]
                index = torch.tensor(places, dtype=precision)
                value, layout = arranged(extents, precision)
                writer.case(
                    "take", precision, lambda x, i: x.index_select(axis, i.long()), [value, index], parameters=[axis],
                    constant=(1,), layouts=[layout, "contiguous"],
                )
                reach = [chance.randint(0, e) if k != axis else chance.choice([1, 3, 6]) for k, e in enumerate(extents)]
                index = torch.tensor([chance.randrange(extents[axis]) for _ in range(math.prod(reach))], dtype=precision).reshape(reach)
                writer.case(
                    "gather", precision, lambda x, i: x.gather(axis, i.long()), [value, index], parameters=[axis],
                    constant=(1,), layouts=[layout, "contiguous"],
                )
            other = list(extents)
            other[axis] = chance.choice([0, 1, 3])
            left, first = arranged(extents, precision)
            right, second = arranged(other, precision)
            writer.case(
                "concatenate", precision, lambda a, b: torch.cat([a, b, a], axis), [left, right], parameters=[axis],
                layouts=[first, second],
            )
            writer.case(
                "stack", precision, lambda a, b: torch.stack([a, b], axis), [left, left * 2], parameters=[axis],
                layouts=["contiguous", first if first != "broadcast" else "contiguous"],
            )
            target = [chance.choice([2, 3]), *extents]
            narrow = [1 if chance.random() < 0.4 else e for e in extents]
            value, layout = arranged(narrow, precision)
            writer.case("broadcast", precision, lambda x: x.expand(target), [value], parameters=target, layouts=[layout])


def products(writer):
    for precision in (F32, F64):
        pairs = [([4, 7], [7, 3]), ([2, 1, 3, 5], [4, 5, 2]), ([6], [6, 2]), ([3, 6], [6]), ([5], [5]), ([0, 3], [3, 2]),
                 ([3, 0], [0, 2]), ([1, 1], [1, 9]), ([17, 33], [33, 19])]
        for a, b in pairs:
            left, first = arranged(a, precision)
            right, second = arranged(b, precision)
            writer.case("matmul", precision, torch.matmul, [left, right], layouts=[first, second])
        for extents in ([5, 7], [2, 3, 7], [0, 7], [7]):
            values = [arranged(e, precision) for e in (extents, [4, 7], [4])]
            writer.case("linear", precision, F.linear, [v for v, _ in values], layouts=[l for _, l in values])
            values = [arranged(e, precision) for e in (extents, [7], [7])]
            if values[0][1] != "broadcast" or extents != [7]:
                writer.case(
                    "layer_norm", precision, lambda x, s, o: F.layer_norm(x, [7], s, o, 1e-3), [v for v, _ in values],
                    layouts=[l for _, l in values],
                )
        for stride, padding in ((1, 1), (2, 0), (2, 1)):
            image, first = arranged([2, 6, 5, 3], precision)
            weight, second = arranged([4, 3, 3, 3], precision)
            writer.case(
                "convolution", precision,
                lambda x, w: F.conv2d(x.permute(0, 3, 1, 2), w, stride=stride, padding=padding).permute(0, 2, 3, 1),
                [image, weight], parameters=[stride, padding], layouts=[first, second],
            )
            image, first = arranged([2, 6, 5, 3], precision)
            for name, pool in (("maximum_pooling", F.max_pool2d), ("average_pooling", F.avg_pool2d)):
                if name == "maximum_pooling" and first == "broadcast":
                    continue
                writer.case(
                    name, precision, lambda x: pool(x.permute(0, 3, 1, 2), 3, stride, padding).permute(0, 2, 3, 1),
                    [image], parameters=[stride, padding], layouts=[first],
                )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    folder = parser.parse_args().output
    torch.set_num_threads(1)
    writer = Writer()
    for part in (elementwise, reductions, movement, products):
        part(writer)
    writer.write(folder)


if __name__ == "__main__":
    main()
