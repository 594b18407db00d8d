#!/usr/bin/env python3
"""Times the inference of one convolution, residual block or network in ONNX Runtime, float32 on CPUs, and prints a JSON object.
Used by Benchmarks/compare. The graph is PyTorch's own export; ONNX Runtime folds, fuses and lays it out as it likes."""

import io
import warnings

import onnxruntime
import torch

from timing import arguments, finish, median_milliseconds
from torch_models import vision_pass


def main():
    options = arguments(__doc__)
    case = vision_pass(options.name)
    if case is None:
        raise SystemExit("onnx_blocks: only image models are compared with ONNX Runtime")
    torch.manual_seed(0)
    x, graph = torch.randn(case.shape), io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(case.module.eval(), (x,), graph, dynamo=False, input_names=["x"], output_names=["y"])
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
    session = onnxruntime.InferenceSession(graph.getvalue(), settings, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = case.module(x)
    inputs = {"x": x.numpy()}
    difference = (torch.from_numpy(session.run(None, inputs)[0]) - expected).abs().max() / expected.abs().max()
    assert difference < 1e-3, f"ONNX Runtime and PyTorch differ by {difference}"
    finish(f"ONNX Runtime {onnxruntime.__version__}", options.threads,
           median_milliseconds(lambda: session.run(None, inputs), options.runs), None)


if __name__ == "__main__":
    main()
