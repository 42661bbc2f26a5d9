"""Normalisation layers and learnt activations of torch.nn: outputs, gradients, running statistics, evaluation."""
import torch
from torch import nn

from oracle import fill_parameters, packed, wave, write

cases = []


def add(name, module, shape, args, options):
    """Two batches in training, then one in evaluation. Gradients are those of the second batch."""
    module = fill_parameters(module.double(), scale=0.5)
    x = wave(*shape, scale=2.0)
    module(x)
    second = wave(*shape, scale=2.0, phase=3).requires_grad_()
    y = module(second)
    (y * wave(*y.shape, phase=7)).sum().backward()
    tensors = {"output": packed(y), "gradInput": packed(second.grad)}
    tensors.update({f"grad.{key}": packed(p.grad) for key, p in module.named_parameters()})
    tensors.update({f"state.{key}": packed(b) for key, b in module.named_buffers()})
    tensors["evaluated"] = packed(module.eval()(x))
    cases.append({"name": f"{name} {options} #{len(cases)}", "options": {"layer": name, "args": args, "options": options, "shape": shape}, "tensors": tensors})


for cls, shape in [(nn.BatchNorm1d, [4, 3]), (nn.BatchNorm1d, [3, 2, 4]), (nn.BatchNorm2d, [2, 3, 2, 3]), (nn.BatchNorm3d, [2, 2, 2, 2, 2])]:
    c = shape[1]
    add(cls.__name__, cls(c), shape, [c], {})
    add(cls.__name__, cls(c, eps=0.01, momentum=0.3), shape, [c], {"eps": 0.01, "momentum": 0.3})
    add(cls.__name__, cls(c, momentum=None, affine=False), shape, [c], {"momentum": None, "affine": False})
    add(cls.__name__, cls(c, track_running_stats=False), shape, [c], {"trackRunningStats": False})
for cls, shape in [(nn.InstanceNorm1d, [2, 3, 4]), (nn.InstanceNorm2d, [2, 3, 2, 3]), (nn.InstanceNorm3d, [2, 2, 2, 2, 2])]:
    c = shape[1]
    add(cls.__name__, cls(c), shape, [c], {})
    add(cls.__name__, cls(c, affine=True, track_running_stats=True), shape, [c], {"affine": True, "trackRunningStats": True})
add("LayerNorm", nn.LayerNorm(4), [2, 3, 4], [4], {})
add("LayerNorm", nn.LayerNorm([3, 4], eps=0.1), [2, 3, 4], [[3, 4]], {"eps": 0.1})
add("LayerNorm", nn.LayerNorm(4, elementwise_affine=False), [2, 3, 4], [4], {"elementwiseAffine": False})
add("GroupNorm", nn.GroupNorm(2, 4), [2, 4, 3], [2, 4], {})
add("GroupNorm", nn.GroupNorm(1, 4, eps=0.1, affine=False), [2, 4, 2, 2], [1, 4], {"eps": 0.1, "affine": False})
add("LocalResponseNorm", nn.LocalResponseNorm(2, alpha=0.5, beta=0.6, k=2.0), [1, 5, 2, 2], [2], {"alpha": 0.5, "beta": 0.6, "k": 2})
add("PReLU", nn.PReLU(3), [2, 3, 4], [], {"numParameters": 3})
add("PReLU", nn.PReLU(), [2, 3, 4], [], {})
add("GLU", nn.GLU(1), [2, 4, 3], [1], {})
add("Softmin", nn.Softmin(1), [2, 4, 3], [1], {})
add("Threshold", nn.Threshold(0.1, 20), [2, 4], [0.1, 20], {})


class Hardsigmoid(nn.Module):
    """PyTorch's own multiplies by 1/6 in float32, even in float64."""

    def forward(self, x):
        return nn.functional.relu6(x + 3) / 6


for name, module, options in [
    ("ELU", nn.ELU(0.7), {"alpha": 0.7}), ("CELU", nn.CELU(1.5), {"alpha": 1.5}), ("SELU", nn.SELU(), {}), ("GELU", nn.GELU(), {}),
    ("GELU", nn.GELU("tanh"), {"approximate": "tanh"}), ("Softplus", nn.Softplus(2), {"beta": 2}), ("Softsign", nn.Softsign(), {}), ("Mish", nn.Mish(), {}),
    ("SiLU", nn.SiLU(), {}), ("Hardswish", nn.Hardswish(), {}), ("Hardsigmoid", Hardsigmoid(), {}), ("Hardtanh", nn.Hardtanh(-0.5, 0.7), {"minVal": -0.5, "maxVal": 0.7}),
    ("LeakyReLU", nn.LeakyReLU(0.2), {"negativeSlope": 0.2}), ("LogSigmoid", nn.LogSigmoid(), {}), ("Tanhshrink", nn.Tanhshrink(), {}), ("Hardshrink", nn.Hardshrink(0.4), {"lambda": 0.4}),
    ("Softshrink", nn.Softshrink(0.4), {"lambda": 0.4}), ("ReLU6", nn.ReLU6(), {}),
]:
    add(name, module, [3, 5], [], options)
write("normalisation", cases)
