"""Values and gradients of PyTorch's activation functions, for Tests/RidgelineModelsTests/Golden/RidgeTests.swift.

    python -m venv venv && venv/bin/pip install torch==2.13.0 safetensors numpy
    venv/bin/python Tests/Fixtures/make_ridge_fixtures.py

Keys: NAME/output and NAME/gradient for each NAME (Ridgeline's, parameters in brackets), of one input and one upstream
gradient for all, in F64; prelu/... has a slope for each of the 7 columns.
"""
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
# Random values, and the points at which functions have kinks, each exact in float32.
kinks = torch.tensor([0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 6.0, 20.0, 21.0, -20.0, -40.0, 40.0])
x = torch.cat([torch.randn(91).mul(3).float().double(), kinks]).reshape(15, 7)
upstream = torch.randn(15, 7).float().double()

functions = {
    "identity": lambda x: x.clone(),
    "relu": F.relu,
    "relu6": F.relu6,
    "leaky-relu": F.leaky_relu,
    "leaky-relu(0.25)": lambda x: F.leaky_relu(x, 0.25),
    "randomized-leaky-relu": lambda x: F.rrelu(x, training=False),
    "thresholded(1.0, 20.0)": lambda x: F.threshold(x, 1.0, 20.0),
    "elu": F.elu,
    "elu(0.5)": lambda x: F.elu(x, 0.5),
    "celu": F.celu,
    "celu(2.0)": lambda x: F.celu(x, 2.0),
    "selu": F.selu,
    "softplus(1.0, 20.0)": F.softplus,
    "softplus(2.0, 20.0)": lambda x: F.softplus(x, 2.0),
    "log-sigmoid": F.logsigmoid,
    "gelu": F.gelu,
    "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softsign": F.softsign,
    "hard-sigmoid": F.hardsigmoid,
    "hard-tanh": F.hardtanh,
    "hard-tanh(-2.0, 0.5)": lambda x: F.hardtanh(x, -2.0, 0.5),
    "hard-swish": F.hardswish,
    "hard-shrink": F.hardshrink,
    "soft-shrink": F.softshrink,
    "tanh-shrink": F.tanhshrink,
    "sine": torch.sin,
}

tensors = {"input": x, "upstream": upstream}
for name, function in functions.items():
    leaf = x.clone().requires_grad_()
    output = function(leaf)
    output.backward(upstream)
    tensors[f"{name}/output"] = output.detach()
    tensors[f"{name}/gradient"] = leaf.grad

leaf = x.clone().requires_grad_()
slope = torch.linspace(-0.5, 0.75, 7).requires_grad_()
output = F.prelu(leaf, slope)
output.backward(upstream)
tensors |= {
    "prelu/output": output.detach(),
    "prelu/gradient": leaf.grad,
    "prelu/slope": slope.detach(),
    "prelu/slope.gradient": slope.grad,
}
save_file({k: v.contiguous() for k, v in tensors.items()}, pathlib.Path(__file__).with_name("ridge.safetensors"))
