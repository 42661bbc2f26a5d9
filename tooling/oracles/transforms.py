"""Images transformed as torchvision does it on tensors; transforms.test.ts compares.

Needs Debian's python3-torchvision (0.14) and python3-torch (1.13). Computed in float64, and stored as float32.
"""
import pathlib

import numpy as np
import torch
import torchvision
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F
from torchvision.transforms import functional_tensor as on_tensors

from store import packed_array, write

random = np.random.default_rng(6)
cases = []
MODES = {"nearest": InterpolationMode.NEAREST, "bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}


def picture(*shape):
    return torch.from_numpy(random.random(shape).astype(np.float32)).double()


def case(name, image, result, options, **tensors):
    arrays = {"image": image, "result": result, **tensors}
    packed = {key: packed_array(np.ascontiguousarray(value.numpy().astype(np.float32))) for key, value in arrays.items()}
    cases.append({"name": name, "options": options, "tensors": packed})


def sampling(mode, fill):
    return {"interpolation": mode, **({} if fill is None else {"fill": fill})}


for shape, angle, expand, center, mode, fill in (
    ((3, 8, 10), 30, False, None, "nearest", None),
    ((3, 8, 10), 30, False, None, "bilinear", None),
    ((3, 8, 10), -73.5, False, [2.0, 3.0], "bilinear", None),
    ((3, 8, 10), 17, True, None, "bilinear", 0.5),
    ((3, 7, 10), 17, True, None, "nearest", [0.25, 0.5, 0.75]),
    ((2, 1, 9, 9), 45, True, None, "bilinear", None),
    ((3, 8, 10), 200, False, None, "bilinear", [1.0, 0.0, 0.5]),
    ((3, 8, 10), 90, False, None, "nearest", None),
    ((3, 8, 10), 90, False, None, "bilinear", None),
    ((3, 8, 10), 90, True, None, "bilinear", None),
    ((3, 7, 10), 90, False, None, "bilinear", None),
    ((3, 8, 10), 270, True, None, "bilinear", None),
    ((3, 8, 8), -90, False, None, "bilinear", None),
    ((3, 8, 10), 180, False, None, "bilinear", None),
    ((3, 8, 10), 90, False, [3.0, 4.0], "bilinear", None),
):
    image = picture(*shape)
    options = {"angle": angle, "expand": expand, **({} if center is None else {"center": center}), **sampling(mode, fill)}
    case("rotate", image, F.rotate(image, float(angle), MODES[mode], expand=expand, center=center, fill=fill), options)

for angle, translate, scale, shear, center, mode, fill in (
    (0, [2, -1], 1, [0, 0], None, "nearest", None),
    (0, [1.5, -0.25], 1, [0, 0], None, "bilinear", None),
    (25, [0, 0], 1, [0, 0], None, "nearest", None),
    (25, [0, 0], 1, [0, 0], None, "bilinear", None),
    (0, [0, 0], 1.7, [0, 0], None, "bilinear", None),
    (0, [0, 0], 0.6, [0, 0], None, "bilinear", 0.3),
    (0, [0, 0], 1, [20, 0], None, "bilinear", None),
    (0, [0, 0], 1, [15, -25], None, "bilinear", None),
    (-40, [1, 2], 1.2, [10, 5], None, "bilinear", [0.1, 0.2, 0.3]),
    (-40, [1, 2], 1.2, [10, 5], [1.3, 6.1], "nearest", None),
):
    image = picture(3, 9, 8)
    options = {"angle": angle, "translate": translate, "scale": scale, "shear": shear, **({} if center is None else {"center": center}), **sampling(mode, fill)}
    case("affine", image, F.affine(image, float(angle), translate, float(scale), [float(s) for s in shear], MODES[mode], fill=fill, center=center), options)


def coefficients(start, end):
    """torchvision's own, which solves in float32, in float64."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(end, start):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return np.linalg.solve(np.array(rows, float), np.array(wanted, float)).tolist()


CORNERS = [[0, 0], [9, 0], [9, 7], [0, 7]]
for end, mode, fill in (
    ([[1, 1], [8, 0], [9, 6], [2, 7]], "bilinear", None),
    ([[1, 1], [8.1, 0.2], [9, 6.3], [2, 7]], "nearest", None),
    ([[-2, 1], [11, 0], [8, 9], [1, 5]], "bilinear", [0.2, 0.4, 0.9]),
    ([[2, 0], [9, 2], [7, 7], [0, 5]], "bilinear", None),
):
    image = picture(3, 8, 10)
    options = {"startpoints": CORNERS, "endpoints": end, **sampling(mode, fill)}
    case("perspective", image, on_tensors.perspective(image, coefficients(CORNERS, end), mode, fill), options)

for shape, size, mode, antialias in (
    ((2, 9, 12), [4, 5], "nearest", False), ((2, 9, 12), [13, 17], "nearest", False),
    ((2, 9, 12), [4, 5], "bilinear", False), ((2, 9, 12), [13, 17], "bilinear", False),
    ((2, 9, 12), [4, 5], "bilinear", True), ((2, 9, 12), [13, 17], "bilinear", True),
    ((2, 9, 12), [4, 5], "bicubic", False), ((2, 9, 12), [13, 17], "bicubic", False),
    ((2, 9, 12), [4, 5], "bicubic", True), ((2, 9, 12), [13, 17], "bicubic", True),
    ((2, 1, 9, 12), 6, "bilinear", True), ((1, 12, 7), 10, "bilinear", True),
):
    image = picture(*shape)
    case("resize", image, F.resize(image, size, MODES[mode], antialias=antialias), {"size": size, "interpolation": mode, "antialias": antialias})
image = picture(1, 6, 15)
case("resize", image, F.resize(image, 5, MODES["bilinear"], max_size=11, antialias=True), {"size": 5, "maxSize": 11})

for window, size, mode, antialias in (
    ([2, 1, 6, 7], [4, 4], "bilinear", True),
    ([0, 3, 5, 4], [8, 9], "bicubic", False),
    ([1, 1, 3, 8], [5, 5], "nearest", False),
):
    image = picture(2, 9, 12)
    result = F.resized_crop(image, *window, size, MODES[mode], antialias=antialias)
    case("resizedCrop", image, result, {"window": window, "size": size, "interpolation": mode, "antialias": antialias})

for window in ([2, 3, 4, 5], [-2, -1, 6, 4], [5, 6, 8, 9], [-1, -2, 12, 13]):
    image = picture(2, 8, 9)
    case("crop", image, F.crop(image, *window), {"window": window})
for size in ([5, 4], [4, 6], [11, 12], [5, 14], [12, 3]):
    image = picture(1, 8, 9)
    case("centerCrop", image, F.center_crop(image, size), {"size": size})

for padding in (2, [1, 3], [3, 1, 0, 2]):
    for mode in ("constant", "edge", "reflect", "symmetric"):
        image = picture(2, 5, 6)
        case("pad", image, F.pad(image, padding, padding_mode=mode), {"padding": padding, "paddingMode": mode})
case("pad", image, F.pad(image, [-1, 2, 3, -2], fill=0.7), {"padding": [-1, 2, 3, -2], "fill": 0.7})

COLOURS = {"adjustBrightness": F.adjust_brightness, "adjustContrast": F.adjust_contrast, "adjustSaturation": F.adjust_saturation, "adjustHue": F.adjust_hue}
for name, adjust in COLOURS.items():
    factors = (-0.5, -0.31, 0, 0.07, 0.25, 0.5) if name == "adjustHue" else (0, 0.4, 1, 1.9)
    for factor in factors:
        image = picture(3, 5, 6)
        image[:, 0, 0], image[:, 0, 1], image[:, 0, 2] = 0, 1, 0.5
        image[:, 1, 0], image[:, 1, 1], image[:, 1, 2] = (torch.tensor([float(k == channel) for k in range(3)]) for channel in range(3))
        case(name, image, adjust(image, factor), {"factor": factor})
    image = picture(2, 1, 4, 5)
    case(name, image, adjust(image, 0.3), {"factor": 0.3})

for shape, channels in (((3, 4, 5), 1), ((2, 3, 4, 5), 3), ((1, 4, 5), 3)):
    image = picture(*shape)
    # expand(img.shape) of torchvision leaves one channel at one.
    result = F.rgb_to_grayscale(image, channels)
    case("rgbToGrayscale", image, result.expand(channels, -1, -1) if shape[0] == 1 else result, {"numOutputChannels": channels})

image = picture(3, 4, 5)
case("normalize", image, F.normalize(image, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]})
case("horizontalFlip", image, F.hflip(image), {})
case("verticalFlip", image, F.vflip(image), {})

for size, sigma in (([5, 5], 1.1), ([3, 7], 0.8)):
    image = picture(2, 2, 9, 8)
    case("gaussianBlur", image, F.gaussian_blur(image, size, [sigma, sigma]), {"kernelSize": size, "sigma": sigma})

image, value = picture(3, 8, 9), picture(3, 4, 3)
case("erase", image, F.erase(image, 2, 5, 4, 3, torch.tensor(0.5).double()), {"window": [2, 5, 4, 3], "value": 0.5})
case("erase", image, F.erase(image, 2, 5, 4, 3, value), {"window": [2, 5, 4, 3]}, value=value)

for mode, fill in (("bilinear", None), ("nearest", None), ("bilinear", [0.1, 0.5, 0.9])):
    image, displacement = picture(3, 8, 10), (picture(1, 8, 10, 2) - 0.5) * 0.4
    grid = on_tensors._create_identity_grid([8, 10]).double() + displacement
    case("elastic", image, on_tensors._apply_grid_transform(image, grid, mode, fill), sampling(mode, fill), displacement=displacement)

write(pathlib.Path(__file__).stem, cases, f"torchvision {torchvision.__version__}")
