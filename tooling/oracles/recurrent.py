"""RNN, LSTM and GRU (layers, directions, projections, packed sequences) and their cells: outputs and all gradients."""
import re

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from oracle import fill_parameters, packed, wave, write

SCALE = 0.3


def snake(options):
    return {re.sub(r"([A-Z])", lambda m: "_" + m.group(1).lower(), key): value for key, value in options.items()}


def gradients(module, outputs, inputs):
    """Gradients of the sum of all outputs, each weighted by a wave of its own."""
    loss = sum((value * wave(*value.shape, phase=k, dtype=value.dtype)).sum() for k, value in enumerate(outputs.values()))
    loss.backward()
    found = {f"grad {name}": value.grad for name, value in inputs.items()}
    found.update({f"grad {key}": value.grad for key, value in module.named_parameters()})
    return found


def finish(name, options, module, outputs, inputs):
    tensors = {**outputs, **gradients(module, outputs, inputs)}
    return {"name": name, "options": options, "tensors": {key: packed(value) for key, value in tensors.items()}}


def state_of(kind, hidden):
    return {"hidden": hidden[0], "cell": hidden[1]} if kind == "LSTM" else {"hidden": hidden}


def sequence_case(kind, options, lengths=None, with_state=False, dtype=torch.float64, steps=4, count=3):
    module = fill_parameters(getattr(nn, kind)(3, 4, dtype=dtype, **snake(options)), SCALE)
    batch_first = options.get("batchFirst", False)
    x = wave(*((count, steps, 3) if batch_first else (steps, count, 3)), dtype=dtype).requires_grad_()
    inputs = {"x": x}
    states = ()
    if with_state:
        places = module.num_layers * (2 if module.bidirectional else 1)
        hidden = wave(places, count, module.proj_size or 4, scale=0.5, phase=1, dtype=dtype).requires_grad_()
        inputs["hidden"] = hidden
        if kind == "LSTM":
            inputs["cell"] = wave(places, count, 4, scale=0.5, phase=2, dtype=dtype).requires_grad_()
            states = ((hidden, inputs["cell"]),)
        else:
            states = (hidden,)
    given = x if lengths is None else pack_padded_sequence(x, lengths, batch_first=batch_first, enforce_sorted=False)
    output, hidden = module(given, *states)
    if lengths is not None:
        output, _ = pad_packed_sequence(output, batch_first=batch_first)
    name = f"{kind} {options} lengths {lengths} state {with_state} {str(dtype)[6:]}"
    settings = {"kind": kind, "layer": options, "lengths": lengths, "dtype": str(dtype)[6:], "shapes": {key: list(value.shape) for key, value in inputs.items()}}
    return finish(name, settings, module, {"output": output, **state_of(kind, hidden)}, inputs)


def cell_case(kind, options, with_state):
    module = fill_parameters(getattr(nn, kind)(3, 4, dtype=torch.float64, **options), SCALE)
    inputs = {"x": wave(2, 3).requires_grad_()}
    states = ()
    if with_state:
        inputs["hidden"] = wave(2, 4, scale=0.5, phase=1).requires_grad_()
        states = (inputs["hidden"],)
        if kind == "LSTMCell":
            inputs["cell"] = wave(2, 4, scale=0.5, phase=2).requires_grad_()
            states = ((inputs["hidden"], inputs["cell"]),)
    output = module(inputs["x"], *states)
    outputs = {"hidden": output[0], "cell": output[1]} if kind == "LSTMCell" else {"hidden": output}
    settings = {"kind": kind, "layer": options, "lengths": None, "dtype": "float64", "shapes": {key: list(value.shape) for key, value in inputs.items()}}
    return finish(f"{kind} {options} state {with_state}", settings, module, outputs, inputs)


def cases():
    deep = {"numLayers": 2, "bidirectional": True}
    for kind in ("RNN", "LSTM", "GRU"):
        yield sequence_case(kind, {})
        yield sequence_case(kind, {"bias": False, "batchFirst": True}, with_state=True)
        yield sequence_case(kind, {"numLayers": 2}, with_state=True)
        yield sequence_case(kind, deep, with_state=True)
        yield sequence_case(kind, {}, lengths=[2, 4, 1], with_state=True)
        yield sequence_case(kind, {**deep, "batchFirst": True}, lengths=[3, 1, 4])
        yield sequence_case(kind, {**deep}, dtype=torch.float32)
    yield sequence_case("RNN", {"nonlinearity": "relu", "bidirectional": True}, with_state=True)
    yield sequence_case("LSTM", {"projSize": 2}, with_state=True)
    yield sequence_case("LSTM", {**deep, "projSize": 2}, lengths=[4, 2, 3], with_state=True)
    for kind in ("RNNCell", "LSTMCell", "GRUCell"):
        yield cell_case(kind, {}, True)
        yield cell_case(kind, {"bias": False}, False)
    yield cell_case("RNNCell", {"nonlinearity": "relu"}, True)


write("recurrent", list(cases()))
