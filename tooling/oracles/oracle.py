"""What the oracle scripts share: inputs by rule, and fixtures as JSON beside them.

Run a script with Debian's python3-torch (PyTorch 1.13): `/usr/bin/python3 tooling/oracles/<name>.py`.
The fixture it writes, `fixtures/<name>.json`, is committed; `<name>.test.ts` reads it.
"""
import math

import torch

import store
from store import packed_array

DTYPES = {torch.float64: "float64", torch.float32: "float32", torch.int64: "int32", torch.int32: "int32", torch.bool: "bool"}


def wave(*shape, scale=1.0, phase=0.0, dtype=torch.float64):
    """Element i (from 1, row-major) is scale * sin(i + phase): the rule that both sides follow, so inputs need not be stored."""
    count = math.prod(shape)
    values = [scale * math.sin(i + phase) for i in range(1, count + 1)]
    return torch.tensor(values, dtype=dtype).reshape(shape)


def fill_parameters(module, scale=0.05):
    """FEATURES' weight rule: parameters in torch order, running index i = 1..N over all of them, value scale * sin(i)."""
    index = 1
    with torch.no_grad():
        for parameter in module.parameters():
            values = [scale * math.sin(index + k) for k in range(parameter.numel())]
            parameter.copy_(torch.tensor(values, dtype=parameter.dtype).reshape(parameter.shape))
            index += parameter.numel()
    return module


def packed(tensor):
    """A tensor as `packed_array` stores it; int64 becomes int32."""
    tensor = tensor.detach().contiguous()
    if DTYPES[tensor.dtype] == "int32":
        tensor = tensor.to(torch.int32)
    return packed_array(tensor.numpy())


def write(name, cases):
    """Writes fixtures/<name>.json: one case a line. A case is {"name", "options", "tensors": {name: packed(...)}}."""
    store.write(name, cases, f"PyTorch {torch.__version__}")
