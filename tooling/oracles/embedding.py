"""Embedding and EmbeddingBag: outputs and gradients."""
import torch
from torch import nn

from oracle import fill_parameters, packed, wave, write

TABLE = [[0, 2, 5, 2], [1, 1, 0, 3], [5, 4, 2, 5]]
LINE = [0, 2, 5, 2, 1, 1, 0]
NAMES = {"paddingIdx": "padding_idx", "includeLastOffset": "include_last_offset", "mode": "mode"}


def case(kind, options, offsets=None, weighted=False):
    settings = {NAMES[key]: value for key, value in options.items()}
    module = fill_parameters(getattr(nn, kind)(6, 3, dtype=torch.float64, **settings), 1.0)
    index = torch.tensor(TABLE if offsets is None else LINE)
    weights = wave(*index.shape).requires_grad_() if weighted else None
    extra = {} if kind == "Embedding" else {"offsets": None if offsets is None else torch.tensor(offsets), "per_sample_weights": weights}
    output = module(index, **extra)
    (output * wave(*output.shape)).sum().backward()
    tensors = {"output": output, "grad weight": module.weight.grad}
    if weighted:
        tensors["grad perSampleWeights"] = weights.grad
    name = f"{kind} {options} offsets {offsets} weighted {weighted}"
    return {
        "name": name,
        "options": {"kind": kind, "layer": options, "index": index.tolist(), "offsets": offsets, "weighted": weighted},
        "tensors": {key: packed(value) for key, value in tensors.items()},
    }


def cases():
    yield case("Embedding", {})
    yield case("Embedding", {"paddingIdx": 2})
    yield case("Embedding", {"paddingIdx": -1})
    for mode in ("sum", "mean", "max"):
        yield case("EmbeddingBag", {"mode": mode})
        yield case("EmbeddingBag", {"mode": mode, "paddingIdx": 5})
        yield case("EmbeddingBag", {"mode": mode}, offsets=[0, 3, 3, 5])
        yield case("EmbeddingBag", {"mode": mode, "paddingIdx": 2, "includeLastOffset": True}, offsets=[0, 2, 4, 7])
    yield case("EmbeddingBag", {"mode": "sum"}, weighted=True)
    yield case("EmbeddingBag", {"mode": "sum", "paddingIdx": 0}, offsets=[0, 4], weighted=True)


write("embedding", list(cases()))
