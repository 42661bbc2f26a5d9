"""Convolutions, transposed convolutions and pools on random configurations: outputs and gradients."""
import random

import torch
import torch.nn.functional as F

from oracle import packed, wave, write

draw = random.Random(1)
cases = []


def add(name, options, run, shapes, scale=1.0):
    """Inputs by the wave rule with phases 0, 100, 200, …; the loss is the sum of output · wave(phase 7)."""
    inputs = [wave(*shape, scale=scale, phase=100 * i) if shape is not None else None for i, shape in enumerate(shapes)]
    for x in inputs:
        if x is not None:
            x.requires_grad_()
    y = run(*inputs)
    (y * wave(*y.shape, phase=7)).sum().backward()
    tensors = {"output": packed(y)}
    tensors.update({f"grad{i}": packed(x.grad) for i, x in enumerate(inputs) if x is not None})
    cases.append({"name": f"{name} #{len(cases)}", "options": {"op": name, "shapes": shapes, **options}, "tensors": tensors})


CONVS = [F.conv1d, F.conv2d, F.conv3d]
TRANSPOSED = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d]
TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def per_dim(rank, low, high):
    return [draw.randint(low, high) for _ in range(rank)]


def convolution(rank):
    groups = draw.choice([1, 1, 2, 3])
    channels, outputs = groups * draw.randint(1, 2), groups * draw.randint(1, 2)
    kernel, stride, dilation = per_dim(rank, 1, 3), per_dim(rank, 1, 2 if rank == 3 else 3), per_dim(rank, 1, 2)
    mode = draw.choice(["zeros", "zeros", "reflect", "replicate", "circular"])
    padding = [draw.randint(0, 2) for _ in range(rank)]
    sizes = [max(3, dilation[d] * (kernel[d] - 1) + 1) + draw.randint(0, 2 if rank == 3 else 3) for d in range(rank)]
    bias = draw.random() < 0.7
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "paddingMode": mode}
    edges = [p for p in reversed(padding) for _ in range(2)]

    def run(x, w, b=None):
        x = F.pad(x, edges, mode=TORCH_MODES[mode])
        return CONVS[rank - 1](x, w, b, stride=stride, dilation=dilation, groups=groups)

    shapes = [[draw.randint(1, 2), channels, *sizes], [outputs, channels // groups, *kernel]] + ([[outputs]] if bias else [])
    add(f"conv{rank}d", options, run, shapes)


def same_convolution(rank):
    kernel, dilation = per_dim(rank, 1, 4), per_dim(rank, 1, 2)
    options = {"padding": "same", "dilation": dilation}
    shapes = [[1, 2, *per_dim(rank, 4, 5)], [2, 2, *kernel]]
    add(f"conv{rank}d", options, lambda x, w: CONVS[rank - 1](x, w, padding="same", dilation=dilation), shapes)


def transposed(rank):
    groups = draw.choice([1, 2])
    channels, outputs = groups * draw.randint(1, 2), draw.randint(1, 2)
    kernel, stride, dilation = per_dim(rank, 1, 3), per_dim(rank, 1, 3), per_dim(rank, 1, 2)
    extent = [dilation[d] * (kernel[d] - 1) for d in range(rank)]
    padding = [draw.randint(0, min(1, extent[d])) for d in range(rank)]
    extra = [draw.randint(0, max(stride[d], dilation[d]) - 1) for d in range(rank)]
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "outputPadding": extra}
    sizes = per_dim(rank, 2, 3 if rank == 3 else 4)

    def run(x, w, b):
        return TRANSPOSED[rank - 1](x, w, b, stride=stride, padding=padding, output_padding=extra, dilation=dilation, groups=groups)

    add(f"convTranspose{rank}d", options, run, [[1, channels, *sizes], [channels, outputs, *kernel], [outputs * groups]])


def pool(rank):
    kind = draw.choice(["max", "max", "avg", "avg", "lp"])
    kernel = per_dim(rank, 1, 3)
    stride, padding = per_dim(rank, 1, 3), [draw.randint(0, k // 2) for k in kernel]
    ceil = draw.random() < 0.5
    sizes = [k + draw.randint(1, 4 if rank < 3 else 2) for k in kernel]
    options = {"kernelSize": kernel, "stride": stride, "padding": padding, "ceilMode": ceil}
    if kind == "max":
        dilation = per_dim(rank, 1, 2)
        sizes = [size + k for size, k in zip(sizes, kernel)]
        op = [F.max_pool1d, F.max_pool2d, F.max_pool3d][rank - 1]
        run = lambda x: op(x, kernel, stride, padding, dilation, ceil)
        options["dilation"] = dilation
    elif kind == "avg":
        include = draw.random() < 0.5
        op = [F.avg_pool1d, F.avg_pool2d, F.avg_pool3d][rank - 1]
        run = lambda x: op(x, kernel, stride, padding, ceil, include)
        options["countIncludePad"] = include
    else:
        rank, kernel, stride = min(rank, 2), kernel[:2], stride[:2]
        options = {"normType": 2, "kernelSize": kernel, "stride": stride, "ceilMode": False}
        run = lambda x: F.lp_pool2d(x, 2.0, kernel, stride) if rank == 2 else F.lp_pool1d(x, 2.0, kernel[0], stride[0])
        sizes = sizes[:2]
    add(f"{kind}Pool{rank}d", options, run, [[1, 2, *sizes]])


def adaptive(rank):
    kind = draw.choice(["Avg", "Max"])
    out = per_dim(rank, 1, 3)
    op = getattr(F, f"adaptive_{kind.lower()}_pool{rank}d")
    add(f"adaptive{kind}Pool{rank}d", {"outputSize": out}, lambda x: op(x, out), [[1, 2, *per_dim(rank, 3, 6 if rank < 3 else 4)]])


def indices():
    """Indices of max pools, and what unpooling makes of them."""
    for rank in (1, 2, 3):
        x = wave(1, 2, *[5, 6, 3][:rank])
        values, where = getattr(F, f"max_pool{rank}d")(x, 2, 2, return_indices=True)
        back = getattr(F, f"max_unpool{rank}d")(values, where, 2, 2, output_size=x.shape[2:])
        tensors = {"values": packed(values), "indices": packed(where), "back": packed(back)}
        cases.append({"name": f"indices {rank}d", "options": {"op": f"indices{rank}", "shapes": [list(x.shape)]}, "tensors": tensors})


for rank in (1, 2, 3):
    for _ in range([16, 20, 10][rank - 1]):
        convolution(rank)
    for _ in range(2):
        same_convolution(rank)
    for _ in range([8, 10, 4][rank - 1]):
        transposed(rank)
    for _ in range([10, 12, 6][rank - 1]):
        pool(rank)
    for _ in range(4):
        adaptive(rank)
add("im2col", {"kernelSize": [2, 3], "stride": [1, 2], "padding": [1, 0], "dilation": [2, 1]}, lambda x: F.unfold(x, (2, 3), (2, 1), (1, 0), (1, 2)), [[1, 2, 4, 6]])
add("col2im", {"outputSize": [4, 5], "kernelSize": [2, 3], "stride": [1, 2], "padding": [1, 0], "dilation": [1, 1]}, lambda x: F.fold(x, (4, 5), (2, 3), 1, (1, 0), (1, 2)), [[1, 12, 10]])
indices()
write("windows", cases)
