"""Filters of images as SciPy computes them; filters.test.ts compares.

Needs Debian's python3-scipy (1.10).
"""
import pathlib

import numpy as np
import scipy
from scipy import ndimage, signal

from store import packed_array, write

random = np.random.default_rng(11)
cases = []
BORDERS = {"zeros": "constant", "reflect": "mirror", "replicate": "nearest", "circular": "wrap"}


def case(name, image, result, options, **tensors):
    arrays = {"image": image, "result": result, **tensors}
    cases.append({"name": name, "options": options, "tensors": {key: packed_array(np.ascontiguousarray(value)) for key, value in arrays.items()}})


for height, width in ((3, 3), (5, 3), (1, 5), (4, 4)):
    image, kernel = random.normal(size=(9, 11)), random.normal(size=(height, width))
    case("xcorr", image, signal.correlate2d(image, kernel, mode="valid"), {"mode": "xcorr", "padding": "valid"}, kernel=kernel)
    case("conv", image, signal.convolve2d(image, kernel, mode="valid"), {"mode": "conv", "padding": "valid"}, kernel=kernel)
    if height % 2 == 0:
        continue
    for border, mode in BORDERS.items():
        options = {"paddingMode": border}
        case("xcorr", image, ndimage.correlate(image, kernel, mode=mode), {"mode": "xcorr", **options}, kernel=kernel)
        case("conv", image, ndimage.convolve(image, kernel, mode=mode), {"mode": "conv", **options}, kernel=kernel)

for border, mode in BORDERS.items():
    image = random.normal(size=(10, 12))
    options = {"paddingMode": border}
    for axis, direction in ((1, "x"), (0, "y")):
        case("sobel", image, ndimage.sobel(image, axis=axis, mode=mode), {**options, "direction": direction})
        case("prewitt", image, ndimage.prewitt(image, axis=axis, mode=mode), {**options, "direction": direction})
    case("laplacian", image, ndimage.laplace(image, mode=mode), options)
    for sigma, radius in ((0.7, 2), (1.5, 4)):
        blurred = ndimage.gaussian_filter(image, sigma, mode=mode, truncate=radius / sigma)
        case("gaussianBlur", image, blurred, {**options, "size": 2 * radius + 1, "sigma": sigma})
    if border != "zeros":
        for size in (3, 5):
            case("medianBlur", image, ndimage.median_filter(image, size=size, mode=mode), {**options, "size": size})

write(pathlib.Path(__file__).stem, cases, f"SciPy {scipy.__version__}")
