"""Image models as torchvision builds them, a plain U-Net, and maps of objects as SciPy measures them; vision-models.test.ts compares.

Needs Debian's python3-torchvision (0.14) and python3-scipy (1.10). The rule of oracle.py lets values vanish in deep nets that normalise, until
logits no longer depend on the image; here values keep their size. A forward in training moves the running statistics that a second one, in
evaluation, reads.
"""
import math
import pathlib

import numpy as np
import torch
import torchvision
from scipy import ndimage
from torch import nn

from oracle import packed, packed_array, wave, write
from torchvision.models import vgg

cases = []
NORMS = (nn.BatchNorm2d, nn.BatchNorm3d)


def fill_for_depth(model):
    """Element i (from 1, over all parameters) is sin(i²): times √(4/fan-in) in weights, 1 + sin(i²)/4 in those of norms, sin(i²)/4 in offsets."""
    index = 1
    norms = {id(module.weight) for module in model.modules() if isinstance(module, NORMS)}
    with torch.no_grad():
        for parameter in model.parameters():
            values = torch.sin(torch.arange(index, index + parameter.numel(), dtype=torch.float64) ** 2)
            if parameter.dim() > 1:
                values *= math.sqrt(4 / math.prod(parameter.shape[1:]))
            else:
                values = values / 4 + (1 if id(parameter) in norms else 0)
            parameter.copy_(values.reshape(parameter.shape))
            index += parameter.numel()
    return model


def keys(name, model, **options):
    state = [[key, list(value.shape)] for key, value in model.state_dict().items()]
    parameters = sum(parameter.numel() for parameter in model.parameters())
    cases.append({"name": name, "options": {"parameters": parameters, "keys": state, **options}, "tensors": {}})


def logits(name, model, shape, **options):
    """Logits in training, without dropout, and after that in evaluation; in float64, as deep nets that normalise few places magnify rounding."""
    fill_for_depth(model.double())
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0
    x = wave(*shape)
    training = model.train()(x)
    evaluation = model.eval()(x)
    cases.append({"name": name, "options": {"shape": shape, **options}, "tensors": {"training": packed(training), "evaluation": packed(evaluation)}})


class UNet(nn.Module):
    """Ronneberger's net with convolutions that keep the size, for sizes that are multiples of 2^depth."""

    def __init__(self, inputs, classes, base, depth, dims=2, norm=False):
        super().__init__()
        layers = {2: (nn.Conv2d, nn.ConvTranspose2d, nn.MaxPool2d, nn.BatchNorm2d), 3: (nn.Conv3d, nn.ConvTranspose3d, nn.MaxPool3d, nn.BatchNorm3d)}
        conv, up, pool, batch = layers[dims]

        def block(*channels):
            layers = []
            for before, after in zip(channels, channels[1:]):
                layers += [conv(before, after, 3, padding=1, bias=not norm), *([batch(after)] if norm else []), nn.ReLU()]
            return nn.Sequential(*layers)

        channels = [base * 2**i for i in range(depth + 1)]
        self.encoder = nn.ModuleList(block(before, after, after) for before, after in zip([inputs, *channels], channels[:-1]))
        self.bottleneck = block(channels[-2], channels[-1], channels[-1])
        self.upsamplers = nn.ModuleList(up(2 * count, count, 2, stride=2) for count in channels[-2::-1])
        self.decoder = nn.ModuleList(block(2 * count, count, count) for count in channels[-2::-1])
        self.head = conv(base, classes, 1)
        self.pool = pool(2)

    def forward(self, x):
        handed_over = []
        for block in self.encoder:
            handed_over.append(block(x))
            x = self.pool(handed_over[-1])
        x = self.bottleneck(x)
        for up, block in zip(self.upsamplers, self.decoder):
            x = block(torch.cat([handed_over.pop(), up(x)], 1))
        return self.head(x)


def small_vgg(plan, norm, hidden):
    """A VGG for 10 classes with less in its affine layers."""
    net = torchvision.models.VGG(vgg.make_layers(plan, batch_norm=norm), num_classes=10, init_weights=False)
    for i in (0, 3, 6):
        net.classifier[i] = nn.Linear(plan[-2] * 49 if i == 0 else hidden, 10 if i == 6 else hidden)
    return net


models = torchvision.models
keys("resnet18", models.resnet18())
keys("resnet34", models.resnet34(num_classes=10))
for norm in (False, True):
    keys("vgg11_bn" if norm else "vgg11", small_vgg(vgg.cfgs["A"], norm, hidden=8))
keys("mobilenet_v2", models.mobilenet_v2())
keys("unet", UNet(1, 1, base=64, depth=4))

small = (4, 3, 32, 32)
plan = [8, "M", 12, 16, "M", 16, "M"]
logits("resnet18", models.resnet18(num_classes=10), small)
logits("mobilenet_v2", models.mobilenet_v2(num_classes=10, width_mult=0.35), small, widthMultiplier=0.35)
for norm in (False, True):
    logits("vgg", small_vgg(plan, norm, hidden=20), small, plan=plan, batchNorm=norm)
logits("unet", UNet(2, 3, base=3, depth=2), (2, 2, 12, 8), dims=2, norm="none")
logits("unet", UNet(2, 3, base=2, depth=1, dims=3, norm=True), (2, 2, 4, 6, 2), dims=3, norm="batch")

random = np.random.default_rng(5)
for share, sigma, height, width in ((0.1, 3, 17, 23), (0.4, 3, 17, 23), (0.7, 3, 17, 23), (0.015, 1.2, 28, 50)):
    mask = (random.random((height, width)) < share).astype(np.int32)
    maps = {"mask": mask, "distances": ndimage.distance_transform_edt(mask)}
    for neighbours, structure in ((4, None), (8, np.ones((3, 3)))):
        maps[f"labels{neighbours}"] = ndimage.label(mask, structure)[0].astype(np.int32)
    labels = maps["labels4"]
    to_each = np.sort([ndimage.distance_transform_edt(labels != i) for i in range(1, labels.max() + 1)], axis=0)
    of_class = np.where(mask, mask.size / (2 * mask.sum()), mask.size / (2 * (mask == 0).sum()))
    maps["weights"] = of_class + 7 * np.exp(-(to_each[0] + to_each[1]) ** 2 / (2 * sigma**2))
    cases.append({"name": "maps", "options": {"w0": 7, "sigma": sigma}, "tensors": {key: packed_array(value) for key, value in maps.items()}})

write(pathlib.Path(__file__).stem, cases)
