#!/usr/bin/env python3
"""Writes models/ as PyTorch, Hugging Face's transformers and huggingface_hub write models, with what they compute.

    python3 -m venv .venv
    .venv/bin/pip install safetensors==0.8.0 torch==2.13.0 numpy transformers==4.57.6 huggingface_hub==0.36.2
    .venv/bin/python Tests/Fixtures/safetensors/make_models.py

Of each model NAME.safetensors is its state, and NAME.results.safetensors holds an input `x` and the output `y`.

Part of Ridgeline. Licensed under the Apache License 2.0.
"""

import pathlib

import torch
from huggingface_hub import save_torch_state_dict
from safetensors.torch import save_file
from transformers import BertConfig, BertModel, GPT2Config, GPT2Model

folder = pathlib.Path(__file__).parent / "models"
folder.mkdir(exist_ok=True)
torch.manual_seed(20)
torch.set_num_threads(1)


def perturbed(model):
    """With weights large enough to be told apart; fresh ones are small, and biases zero."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.3)
    return model.eval()


def write(name, state, x, y):
    state = {key: value.detach().contiguous() for key, value in state.items()}
    save_file(state, folder / f"{name}.safetensors", metadata={"format": "pt"})
    save_file({"x": x, "y": y.detach().contiguous()}, folder / f"{name}.results.safetensors")


# The activation is a layer of its own in PyTorch, so the second Linear is number 2.
model = perturbed(
    torch.nn.Sequential(torch.nn.Linear(6, 10), torch.nn.GELU(), torch.nn.Linear(10, 6), torch.nn.LayerNorm(6))
)
x = torch.randn(5, 6)
write("sequential", model.state_dict(), x, model(x))
write("sequential_half", model.half().state_dict(), x, model.float()(x))

config = dict(hidden_size=12, intermediate_size=20, num_attention_heads=2, num_hidden_layers=2, layer_norm_eps=1e-5)
bert = perturbed(BertModel(BertConfig(vocab_size=9, max_position_embeddings=8, **config), add_pooling_layer=False))
x = torch.randn(3, 4, 12)
state = {"bert." + key: value for key, value in bert.state_dict().items()}
write("bert", state, x, bert.encoder.layer[1].feed_forward_chunk(x))
# As in files converted from TensorFlow.
old = {key.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta"): value for key, value in state.items()}
write("bert_tensorflow", old, x, bert.encoder.layer[1].feed_forward_chunk(x))

gpt = perturbed(GPT2Model(GPT2Config(vocab_size=9, n_positions=8, n_embd=12, n_inner=20, n_layer=2, n_head=2)))
block = gpt.h[0]
write("gpt2", gpt.state_dict(), x, x + block.mlp(block.ln_2(x)))

# Several files with their index, by the library that writes them for Hugging Face.
shards = {name: torch.full((size,), float(size)) for name, size in [("b", 10), ("a", 20), ("caf\u00e9", 70), ("c", 5)]}
shards["d.flag"] = torch.tensor([True, False])
save_torch_state_dict(shards, folder, filename_pattern="sharded{suffix}.safetensors", max_shard_size=130)
