#!/usr/bin/env python3
"""Times one block in jitted JAX, float32 on CPUs, and prints a JSON object. Used by Benchmarks/compare.

XLA takes as many threads as processors are allowed to it: `compare` limits those when fewer are asked for.
"""

import os

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp

from timing import arguments, finish, median_milliseconds, parse

ACTIVATIONS = {"relu": jax.nn.relu, "gelu": lambda x: jax.nn.gelu(x, approximate=False),
               "gelu-tanh": lambda x: jax.nn.gelu(x, approximate=True)}


def time_block(block, runs):
    activation = ACTIVATIONS[block.activation]
    keys = jax.random.split(jax.random.key(0), 6)

    def uniform(key, shape, fan_in):
        return jax.random.uniform(key, shape, jnp.float32, -1, 1) * fan_in ** -0.5

    parameters = {"expand": (uniform(keys[0], (block.width, block.hidden), block.width),
                             uniform(keys[1], (block.hidden,), block.width)),
                  "contract": (uniform(keys[2], (block.hidden, block.width), block.hidden),
                               uniform(keys[3], (block.width,), block.hidden))}
    x = jax.random.normal(keys[4], (block.rows, block.width), jnp.float32)
    upstream = jax.random.normal(keys[5], (block.rows, block.width), jnp.float32)

    def function(parameters, x):
        (expand, expand_bias), (contract, contract_bias) = parameters["expand"], parameters["contract"]
        y = activation(x @ expand + expand_bias) @ contract + contract_bias
        return activation(x + y) if block.residual else y

    forward = jax.jit(function)

    @jax.jit
    def forward_backward(parameters, x, upstream):
        # y is returned too: otherwise XLA would drop the second product of the forward pass.
        y, pull_back = jax.vjp(function, parameters, x)
        return y, pull_back(upstream)

    return (median_milliseconds(lambda: jax.block_until_ready(forward(parameters, x)), runs),
            median_milliseconds(lambda: jax.block_until_ready(forward_backward(parameters, x, upstream)), runs))


def main():
    options = arguments(__doc__)
    block = parse(options.name)
    if block is None:
        raise SystemExit("jax_blocks: the small operations are compared with PyTorch only")
    finish(f"JAX {jax.__version__}", len(os.sched_getaffinity(0)), *time_block(block, options.runs))


if __name__ == "__main__":
    main()
