#!/usr/bin/env python3
"""Times one pass in eager PyTorch, float32 on CPUs, and prints a JSON object. Used by Benchmarks/compare."""

import torch
import torch.nn.functional as F

from timing import arguments, finish, median_milliseconds, parse, resident_bytes
from torch_models import vision_pass

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu, "gelu-tanh": lambda x: F.gelu(x, approximate="tanh")}


class Block(torch.nn.Module):
    def __init__(self, width, hidden, activation, residual):
        super().__init__()
        self.expand = torch.nn.Linear(width, hidden)
        self.contract = torch.nn.Linear(hidden, width)
        self.activation, self.residual = activation, residual

    def forward(self, x):
        y = self.contract(self.activation(self.expand(x)))
        return self.activation(x + y) if self.residual else y


def time_block(block, runs):
    model = Block(block.width, block.hidden, ACTIVATIONS[block.activation], block.residual)
    x = torch.randn(block.rows, block.width, requires_grad=True)
    upstream = torch.randn(block.rows, block.width)
    leaves = [x, *model.parameters()]

    def forward():
        with torch.no_grad():
            model(x)

    def forward_backward():
        for leaf in leaves:
            leaf.grad = None
        model(x).backward(upstream)

    return median_milliseconds(forward, runs), median_milliseconds(forward_backward, runs)


def time_vision(name, runs):
    """Channels last, which is PyTorch's faster layout here. Inference, then a pass in training mode with the gradients of all
    parameters: of a network a cross-entropy's, of the others with the gradient of x too. No optimizer on either side."""
    before = resident_bytes()
    case = vision_pass(name)
    model = case.module.to(memory_format=torch.channels_last)
    x = torch.randn(case.shape).contiguous(memory_format=torch.channels_last).requires_grad_(not case.classifies)
    labels = torch.arange(case.shape[0]) if case.classifies else None
    with torch.no_grad():
        upstream = torch.randn_like(model.eval()(x))
    leaves = [x, *model.parameters()]

    def forward():
        with torch.no_grad():
            model(x)

    def forward_backward():
        for leaf in leaves:
            leaf.grad = None
        y = model(x)
        if case.classifies:
            F.cross_entropy(y, labels).backward()
        else:
            y.backward(upstream)

    model.eval()
    times = [median_milliseconds(forward, runs)]
    model.train()
    times.append(median_milliseconds(forward_backward, runs))
    return *times, resident_bytes(peak=True) - before


def time_small(runs):
    """1,000 chained additions on 16 elements: unrecorded, then recorded (the first summand is a variable) and backward."""
    x, step, upstream = torch.randn(16), torch.randn(16), torch.ones(16)
    variable = torch.randn(16, requires_grad=True)

    def chain(value):
        for _ in range(1000):
            value = value + step
        return value

    def forward():
        with torch.no_grad():
            chain(x)

    def forward_backward():
        variable.grad = None
        chain(variable).backward(upstream)

    return median_milliseconds(forward, runs), median_milliseconds(forward_backward, runs)


def elementwise(name):
    """The operation of that name on its input, as in Sources/RidgelineCommand/Passes/ElementwiseCase.swift."""
    _, operation, shape = name.split("/")
    x = torch.randn([int(extent) for extent in shape.split("x")])
    positive = torch.rand_like(x) * 3.9 + 0.1
    mask = torch.randn(x.shape[0], 1, 1, x.shape[-1]) if operation == "add-mask" else None
    row = torch.randn(x.shape[-1])
    return {
        "add-mask": lambda: x + mask, "add-row": lambda: x + row, "greater": lambda: x > x, "greater-zero": lambda: x > 0,
        "channels-last": lambda: x.permute(0, 2, 3, 1).contiguous(),
        "channels-first": lambda: x.permute(0, 3, 1, 2).contiguous(),
        "heads": lambda: x.permute(0, 2, 1, 3).contiguous(), "transpose": lambda: x.t().contiguous(),
        "power-3": lambda: x.pow(3), "exp": lambda: x.exp(), "expm1": lambda: x.expm1(), "sin": lambda: x.sin(),
        "cos": lambda: x.cos(), "tan": lambda: x.tan(), "erf": lambda: x.erf(), "tanh": lambda: x.tanh(),
        "square": lambda: x.square(), "reciprocal": lambda: x.reciprocal(), "rounded": lambda: x.round(),
        "log": lambda: positive.log(), "log1p": lambda: positive.log1p(), "sqrt": lambda: positive.sqrt(),
        "rsqrt": lambda: positive.rsqrt(), "power-2.5": lambda: positive.pow(2.5), "argmax": lambda: x.argmax(1),
        "softmax": lambda: x.softmax(-1), "sum-2": lambda: x.sum(2), "max-2": lambda: x.amax(2),
        "logsumexp-2": lambda: x.logsumexp(2),
    }[operation]


def time_elementwise(name, runs):
    """Forward alone, which both times are."""
    work = elementwise(name)
    with torch.no_grad():
        time = median_milliseconds(work, runs)
    return time, time


def main():
    options = arguments(__doc__)
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    if options.name.startswith("elementwise/"):
        times = time_elementwise(options.name, options.runs)
    elif vision_pass(options.name):
        times = time_vision(options.name, options.runs)
    else:
        block = parse(options.name)
        times = time_small(options.runs) if block is None else time_block(block, options.runs)
    finish(f"PyTorch {torch.__version__}", torch.get_num_threads(), *times)


if __name__ == "__main__":
    main()
