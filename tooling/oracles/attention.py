"""Multi-head attention with all its masks, encoder and decoder layers, stacks and the whole Transformer: outputs and all gradients."""
import re

import torch
from torch import nn

from oracle import fill_parameters, packed, wave, write

SCALE = 0.3


def snake(options):
    return {re.sub(r"([A-Z])", lambda m: "_" + m.group(1).lower(), key).replace("n_head", "nhead"): value for key, value in options.items()}


def gradients(module, outputs, inputs):
    """Gradients of the sum of all outputs, each weighted by a wave of its own."""
    sum((value * wave(*value.shape, phase=k, dtype=value.dtype)).sum() for k, value in enumerate(outputs.values())).backward()
    found = {f"grad {name}": value.grad for name, value in inputs.items()}
    found.update({f"grad {key}": value.grad for key, value in module.named_parameters()})
    return found


def finish(name, options, module, outputs, inputs):
    tensors = {**outputs, **gradients(module, outputs, inputs)}
    settings = {**options, "shapes": {key: list(value.shape) for key, value in inputs.items()}}
    return {"name": name, "options": settings, "tensors": {key: packed(value) for key, value in tensors.items()}}


def waves(dtype=torch.float64, **shapes):
    return {name: wave(*shape, phase=k, dtype=dtype).requires_grad_() for k, (name, shape) in enumerate(shapes.items())}


def later(length):
    return torch.ones(length, length, dtype=torch.bool).triu(1)


def mask(kind, *shape):
    """bool: every third element is left out, but never the first of a row; float: a wave."""
    if kind == "float":
        return wave(*shape, phase=5)
    count = torch.Size(shape).numel()
    values = torch.tensor([i % 3 == 2 and i % shape[-1] != 0 for i in range(count)])
    return values.reshape(shape)


def attention_case(options, call, length=3, keys=4, count=2):
    """`call` says which masks: {"attnMask": "bool" | "float" | "perHead" | "causal", "keyPaddingMask": "bool" | "float", ...}."""
    module = fill_parameters(nn.MultiheadAttention(4, 2, dtype=torch.float64, **snake(options)), SCALE)
    first = options.get("batchFirst", False)
    single = call.get("single", False)

    def shape(steps, features):
        return (steps, features) if single else (count, steps, features) if first else (steps, count, features)

    inputs = waves(query=shape(length, 4), key=shape(keys, options.get("kdim", 4)), value=shape(keys, options.get("vdim", 4)))
    attn = {None: None, "bool": mask("bool", length, keys), "float": mask("float", length, keys), "perHead": mask("bool", count * 2, length, keys), "causal": torch.ones(length, keys, dtype=torch.bool).triu(1)}
    padding_shape = (keys,) if single else (count, keys)
    padding = {None: None, "bool": mask("bool", *padding_shape), "float": mask("float", *padding_shape)}
    output, weights = module(
        *inputs.values(),
        attn_mask=attn[call.get("attnMask")],
        key_padding_mask=padding[call.get("keyPaddingMask")],
        need_weights=call.get("needWeights", True),
        average_attn_weights=call.get("averageWeights", True),
    )
    outputs = {"output": output} if weights is None else {"output": output, "weights": weights}
    return finish(f"MultiheadAttention {options} {call}", {"kind": "MultiheadAttention", "layer": options, "call": call}, module, outputs, inputs)


def layer_case(kind, options, call, dtype=torch.float64):
    """`call` names masks: padding (of the source, or of memory and target) and causal (source or target)."""
    build = {
        "Encoder": lambda **o: nn.TransformerEncoderLayer(4, 2, dropout=0.0, dim_feedforward=5, dtype=dtype, **o),
        "Decoder": lambda **o: nn.TransformerDecoderLayer(4, 2, dropout=0.0, dim_feedforward=5, dtype=dtype, **o),
        "EncoderStack": lambda **o: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, dropout=0.0, dim_feedforward=5, dtype=dtype, **o), 2, nn.LayerNorm(4, dtype=dtype)),
        "DecoderStack": lambda **o: nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, dropout=0.0, dim_feedforward=5, dtype=dtype, **o), 2),
        "Transformer": lambda **o: nn.Transformer(4, 2, num_encoder_layers=1, num_decoder_layers=2, dropout=0.0, dim_feedforward=5, dtype=dtype, **o),
    }
    module = fill_parameters(build[kind](**snake(options)), SCALE)
    first = options.get("batchFirst", False)
    sequence = (lambda steps: (2, steps, 4)) if first else (lambda steps: (steps, 2, 4))
    source, target = sequence(3), sequence(4)
    names = {"src": source} if kind.startswith("Encoder") else {"src": source, "tgt": target} if kind == "Transformer" else {"tgt": target, "memory": source}
    inputs = waves(dtype, **names)
    settings = {}
    prefix = "src" if kind.startswith("Encoder") else "tgt"
    if call.get("causal"):
        settings["src_mask" if kind == "Encoder" else "mask" if kind == "EncoderStack" else "tgt_mask"] = later(3 if prefix == "src" else 4)
    if call.get("padding"):
        settings[f"{prefix}_key_padding_mask"] = mask("bool", 2, 3 if prefix == "src" else 4)
        if prefix == "tgt":
            settings["memory_key_padding_mask"] = mask("bool", 2, 3)
    output = module(*inputs.values(), **settings)
    name = f"{kind} {options} {call} {str(dtype)[6:]}"
    return finish(name, {"kind": kind, "layer": options, "call": call, "dtype": str(dtype)[6:]}, module, {"output": output}, inputs)


def cases():
    yield attention_case({}, {})
    yield attention_case({"batchFirst": True}, {"attnMask": "bool", "averageWeights": False})
    yield attention_case({"bias": False}, {"keyPaddingMask": "bool", "needWeights": False})
    yield attention_case({"kdim": 3, "vdim": 5}, {"attnMask": "float", "keyPaddingMask": "bool"})
    yield attention_case({"kdim": 3}, {"attnMask": "perHead", "needWeights": False})
    yield attention_case({"addBiasKv": True, "addZeroAttn": True}, {"attnMask": "bool", "keyPaddingMask": "bool"})
    yield attention_case({"addBiasKv": True, "batchFirst": True}, {"attnMask": "float", "needWeights": False})
    yield attention_case({"addZeroAttn": True}, {"attnMask": "causal"})
    yield attention_case({}, {"attnMask": "causal", "needWeights": False})
    yield attention_case({}, {"attnMask": "causal", "keyPaddingMask": "bool", "needWeights": False})
    yield attention_case({}, {"single": True, "attnMask": "bool", "keyPaddingMask": "bool"})
    yield attention_case({"batchFirst": True}, {"single": True, "needWeights": False})
    for norm_first in (False, True):
        yield layer_case("Encoder", {"normFirst": norm_first}, {"padding": True})
        yield layer_case("Encoder", {"normFirst": norm_first, "activation": "gelu", "batchFirst": True, "layerNormEps": 1e-3}, {"causal": True, "padding": True})
        yield layer_case("Decoder", {"normFirst": norm_first, "activation": "gelu"}, {"causal": True, "padding": True})
        yield layer_case("Decoder", {"normFirst": norm_first, "batchFirst": True}, {})
    yield layer_case("EncoderStack", {"batchFirst": True}, {"causal": True, "padding": True})
    yield layer_case("DecoderStack", {"normFirst": True}, {"causal": True})
    yield layer_case("Transformer", {"activation": "gelu"}, {"causal": True})
    yield layer_case("Transformer", {}, {"causal": True}, dtype=torch.float32)
    yield layer_case("Encoder", {}, {}, dtype=torch.float32)


write("attention", list(cases()))
