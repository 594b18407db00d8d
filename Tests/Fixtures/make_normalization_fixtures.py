"""Batch, group and instance normalisation by PyTorch, for Tests/RidgelineModelsTests/Golden/NormalizationTests.swift.

    python -m venv venv && venv/bin/pip install torch==2.13.0 safetensors numpy
    venv/bin/python Tests/Fixtures/make_normalization_fixtures.py

Images are stored channels last, (N, H, W, C), as Ridgeline has them. README.md says what the keys are.
"""
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(11)
torch.set_num_threads(1)
folder = pathlib.Path(__file__).parent
shape = (3, 4, 5, 6)
channels = shape[-1]


def exact(*size):
    return torch.randn(*size).float().double()


def first(x):
    """Channels last to channels first."""
    return x.permute(0, 3, 1, 2)


def last(x):
    return x.permute(0, 2, 3, 1)


tensors = {
    "x": exact(*shape) * 2 + 3,
    "residual": exact(*shape),
    "upstream": exact(*shape),
    "weight": exact(channels),
    "bias": exact(channels),
}
acts = {"identity": lambda z: z, "relu": F.relu, "gelu": F.gelu, "sigmoid": torch.sigmoid}


def store(name, function, inputs):
    leaves = {k: tensors[k].clone().requires_grad_() for k in inputs}
    output = last(function(**leaves))
    output.backward(tensors["upstream"])
    tensors[f"{name}/output"] = output.detach()
    for key, leaf in leaves.items():
        tensors[f"{name}/{key}.gradient"] = leaf.grad


def batch(act, training=True, **statistics):
    def function(x, weight, bias, residual=None):
        mean, var = (tensors["bias"].clone(), tensors["weight"].abs() + 0.5)
        z = F.batch_norm(first(x), mean, var, weight, bias, training=training, eps=1e-3)
        return act(z if residual is None else z + first(residual))

    return function


affine = ["x", "weight", "bias"]
for name, act in acts.items():
    store(f"batch/{name}", batch(act), affine)
    store(f"batch.residual/{name}", batch(act), affine + ["residual"])
    store(f"batch.given/{name}", batch(act, training=False), affine + ["residual"])
for groups in (1, 2, 6):
    store(f"group.{groups}", lambda x, weight, bias: F.group_norm(first(x), groups, weight, bias), affine)
store("instance", lambda x, weight, bias: F.instance_norm(first(x), weight=weight, bias=bias), affine)

# Running statistics over three batches, in both precisions, with a momentum and cumulative.
for precision in (torch.float32, torch.float64):
    for momentum in (0.1, None):
        layer = torch.nn.BatchNorm2d(channels, momentum=momentum).to(precision)
        name = f"running/{'cumulative' if momentum is None else momentum}/{str(precision)[6:]}"
        for step in range(3):
            layer(first(tensors["x"] * (step + 1)).to(precision))
            tensors[f"{name}/mean.{step}"] = layer.running_mean.clone()
            tensors[f"{name}/var.{step}"] = layer.running_var.clone()
        layer.eval()
        tensors[f"{name}/inference"] = last(layer(first(tensors["x"]).to(precision))).detach()

save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "normalization.safetensors")

# A small network as PyTorch saves it, trained for two batches so that no statistic is what it was at first.
model = torch.nn.Sequential(
    torch.nn.Linear(4, 5), torch.nn.BatchNorm1d(5), torch.nn.ReLU(), torch.nn.Linear(5, 3), torch.nn.BatchNorm1d(3)
)
with torch.no_grad():
    for layer in (model[1], model[4]):
        layer.weight.uniform_(0.5, 2)
        layer.bias.normal_()
for _ in range(2):
    model(torch.randn(8, 4))
model.eval()
x = torch.randn(7, 4)
state = {f"model.{k}": v for k, v in model.state_dict().items()}
save_file({**state, "x": x, "y": model(x).detach()}, folder / "normalized_network.safetensors")
