"""Pictures as torchvision, Pillow and matplotlib make them; pictures.test.ts compares.

Needs Debian's python3-torchvision (0.14), python3-pil (9.4) and python3-matplotlib (3.6).
"""
import pathlib

import matplotlib
import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision.utils import draw_segmentation_masks, make_grid

from oracle import packed
from store import packed_array, write

random = np.random.default_rng(5)
cases = []


def case(name, result, options={}, **tensors):
    tensors["result"] = result
    stored = {key: packed(value) if torch.is_tensor(value) else packed_array(value) for key, value in tensors.items()}
    cases.append({"name": name, "options": options, "tensors": stored})


images = torch.from_numpy(random.random((5, 3, 4, 6)))
case("makeGrid", make_grid(images, nrow=3, padding=2, pad_value=0.25), {"columns": 3, "padding": 2, "value": 0.25}, images=images)
case("makeGrid", make_grid(images, nrow=8, padding=0), {"padding": 0}, images=images)
case("makeGrid", make_grid(images, nrow=2, normalize=True), {"columns": 2, "normalize": "all"}, images=images)
case("makeGrid", make_grid(images, nrow=2, normalize=True, scale_each=True), {"columns": 2, "normalize": "each"}, images=images)

picture = torch.from_numpy(random.integers(0, 256, (3, 7, 9), dtype=np.uint8))
masks = torch.from_numpy(random.random((2, 7, 9)) < 0.3)
masks[1] &= ~masks[0]
drawn = draw_segmentation_masks(picture, masks, alpha=0.4, colors=[(255, 0, 0), (0, 51, 255)])
case("drawMasks", drawn / 255, {"alpha": 0.4, "colours": [[1, 0, 0], [0, 0.2, 1]]}, image=picture / 255, mask=masks)

rgba = Image.fromarray(random.integers(0, 256, (6, 5, 4), dtype=np.uint8), "RGBA")


def planes(image):
    array = np.asarray(image, dtype=np.float64) / 255
    return np.ascontiguousarray(array[None] if array.ndim == 2 else array.transpose(2, 0, 1))


case("toGrey", planes(rgba.convert("RGB").convert("L")), image=planes(rgba))
case("toRgb", planes(rgba.convert("RGB")), image=planes(rgba))
ground = Image.new("RGBA", rgba.size, (255, 102, 0, 255))
case("toRgb", planes(Image.alpha_composite(ground, rgba).convert("RGB")), {"background": [1, 0.4, 0]}, image=planes(rgba))

values = np.linspace(0, 1, 256)[None]
for name, theirs in (("viridis", "viridis"), ("inferno", "inferno"), ("greys", "gray")):
    colours = matplotlib.colormaps[theirs](values)[..., :3]
    case("colourMap", np.ascontiguousarray(colours.transpose(2, 0, 1)), {"name": name}, values=values)

source = f"torchvision {torchvision.__version__}, Pillow {Image.__version__}, matplotlib {matplotlib.__version__}"
write(pathlib.Path(__file__).stem, cases, source)
