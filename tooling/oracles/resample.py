"""Resampling of torch.nn.functional: interpolate, grid_sample, affine_grid and the shuffles, outputs and gradients."""
import torch
import torch.nn.functional as F

from oracle import packed, wave, write

cases = []
NAMES = {
    "scale_factor": "scaleFactor", "align_corners": "alignCorners", "recompute_scale_factor": "recomputeScaleFactor", "padding_mode": "paddingMode",
    "nearest-exact": "nearestExact",
}


def public(options):
    return {NAMES.get(key, key): NAMES.get(value, value) if isinstance(value, str) else value for key, value in options.items()}


def add(op, forward, shapes, options, scale=1.4):
    """Inputs follow the wave rule; a second one, the grid, times `scale`. The gradient is that of the output times a wave."""
    xs = [wave(*shape, scale=scale if i == 1 else 1.0, phase=10 * i).requires_grad_() for i, shape in enumerate(shapes)]
    y = forward(*xs)
    (y * wave(*y.shape, phase=7)).sum().backward()
    tensors = {"output": packed(y), **{f"grad{i}": packed(x.grad) for i, x in enumerate(xs)}}
    described = public(options)
    cases.append({"name": f"{op} of {[list(s) for s in shapes]} {described} #{len(cases)}", "options": {"op": op, "shapes": shapes, "scale": scale, "options": described}, "tensors": tensors})


def resize(shape, **options):
    add("interpolate", lambda x: F.interpolate(x, **options), [shape], options)


LINES, IMAGES, VOLUMES = [1, 2, 5], [1, 1, 4, 5], [1, 1, 3, 4, 2]
SIZES = [
    (LINES, [{"size": 5}, {"size": 9}, {"size": 10}, {"size": 3}, {"size": 1}, {"scale_factor": 2.0}, {"scale_factor": 0.6}, {"scale_factor": 1.7, "recompute_scale_factor": True}]),
    (IMAGES, [{"size": 4}, {"size": [7, 3]}, {"size": [2, 11]}, {"size": 1}, {"scale_factor": 2.0}, {"scale_factor": [0.5, 1.3]}]),
    (VOLUMES, [{"size": [3, 4, 2]}, {"size": [2, 7, 3]}, {"scale_factor": 1.5}, {"scale_factor": [0.7, 2.0, 1.0]}]),
]
MODES = {3: ["linear"], 4: ["bilinear", "bicubic"], 5: ["trilinear"]}
for shape, sizes in SIZES:
    for size in sizes:
        for mode in ["nearest", "nearest-exact", "area"]:
            resize(shape, mode=mode, **size)
        for mode in MODES[len(shape)]:
            for align_corners in [False, True]:
                resize(shape, mode=mode, align_corners=align_corners, **size)
# A factor that leaves the size as it is: torch's gradients of nearest and bicubic contradict their outputs there, so not for those.
resize(LINES, mode="linear", scale_factor=1.1)
resize(IMAGES, mode="bilinear", scale_factor=[1.1, 1.3])
for mode in ["bilinear", "bicubic"]:
    for size in [{"size": [2, 3]}, {"size": [1, 2]}, {"size": [7, 2]}, {"scale_factor": 0.4}, {"scale_factor": 1.6}]:
        resize([1, 1, 6, 7], mode=mode, antialias=True, **size)
    resize([1, 1, 6, 7], mode=mode, antialias=True, align_corners=True, size=[3, 4])

GRIDS = [([2, 2, 3, 4], [2, 3, 2, 2], ["bilinear", "nearest", "bicubic"]), ([1, 2, 1, 5], [1, 4, 2, 2], ["bilinear", "nearest", "bicubic"]), ([1, 2, 3, 2, 4], [1, 2, 2, 2, 3], ["bilinear", "nearest"])]
for shape, grid, modes in GRIDS:
    for mode in modes:
        for padding_mode in ["zeros", "border", "reflection"]:
            for align_corners in [False, True]:
                options = {"mode": mode, "padding_mode": padding_mode, "align_corners": align_corners}
                add("gridSample", lambda x, g: F.grid_sample(x, g, **options), [shape, grid], options)
                add("gridSample", lambda x, g: F.grid_sample(x, g, **options), [shape, grid], options, scale=6.0)
for align_corners in [False, True]:
    for shape, size in [([2, 2, 3], [2, 1, 3, 4]), ([1, 2, 3], [1, 2, 1, 3]), ([2, 3, 4], [2, 1, 2, 3, 2])]:
        add("affineGrid", lambda theta: F.affine_grid(theta, size, align_corners=align_corners), [shape], {"size": size, "align_corners": align_corners})
add("pixelShuffle", lambda x: F.pixel_shuffle(x, 2), [[2, 8, 2, 3]], {"factor": 2})
add("pixelShuffle", lambda x: F.pixel_shuffle(x, 3), [[9, 1, 2]], {"factor": 3})
add("pixelUnshuffle", lambda x: F.pixel_unshuffle(x, 2), [[2, 2, 4, 6]], {"factor": 2})
# torch's own channel_shuffle has no gradient in this version.
add("channelShuffle", lambda x: x.reshape(2, 3, 2, 2, 2).transpose(1, 2).reshape(2, 6, 2, 2), [[2, 6, 2, 2]], {"factor": 3})
assert torch.equal(torch.channel_shuffle(wave(2, 6, 2, 2), 3), wave(2, 6, 2, 2).reshape(2, 3, 2, 2, 2).transpose(1, 2).reshape(2, 6, 2, 2))
write("resample", cases)
