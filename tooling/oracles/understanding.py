"""Grad-CAM and its relatives, written with PyTorch's autograd; understanding.test.ts compares."""
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

from oracle import fill_parameters, packed, wave, write

model = fill_parameters(
    nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 16, 3)).double(),
    scale=0.4,
)
x = wave(2, 2, 12, 12)
x.requires_grad_()
classes = torch.tensor([2, 0])
cases = []


def case(name, result, **options):
    cases.append({"name": name, "options": options, "tensors": {"result": packed(result)}})


def scores_of(images):
    return model(images).gather(1, classes[: len(images), None]).squeeze(1)


def watched(layer):
    kept = {}
    handle = model[layer].register_forward_hook(lambda _, __, output: kept.update(maps=output))
    score = scores_of(x)
    handle.remove()
    return kept["maps"], score


def shown(heat):
    """Stretched to the image, and divided by the largest, unless that is 0."""
    heat = F.interpolate(heat[:, None], size=x.shape[2:], mode="bilinear", align_corners=False)[:, 0]
    largest = heat.amax(dim=(1, 2), keepdim=True)
    return heat / torch.where(largest == 0, torch.ones_like(largest), largest)


for layer in (0, 1, 4):
    maps, score = watched(layer)
    (slopes,) = torch.autograd.grad(score.sum(), maps)
    heat = (slopes.mean(dim=(2, 3), keepdim=True) * maps).sum(1)
    case("gradCAM", heat, layer=layer, upsample=False, relu=False, normalize="none")
    case("gradCAM", shown(heat.relu()), layer=layer)

    # As the paper has it, with Y = exp(score): its derivatives along maps that enter linearly are exp(score) times powers of the score's.
    maps, score = watched(layer)
    (first,) = torch.autograd.grad(score.exp().sum(), maps)
    grown = score.exp()[:, None, None, None].detach()
    second, third = first**2 / grown, first**3 / grown**2
    below = 2 * second + maps.sum(dim=(2, 3), keepdim=True) * third
    alpha = torch.where(below == 0, torch.zeros_like(below), second / torch.where(below == 0, torch.ones_like(below), below))
    weights = (alpha * first.relu()).sum(dim=(2, 3), keepdim=True)
    case("gradCAM", shown((weights * maps).sum(1).relu()), layer=layer, method="gradcam++")

(slope,) = torch.autograd.grad(scores_of(x).sum(), x)
case("saliency", slope.abs().amax(1))

hooks = [m.register_full_backward_hook(lambda _, grads, __: (grads[0].clamp(min=0),)) for m in model if isinstance(m, nn.ReLU)]
(guided,) = torch.autograd.grad(scores_of(x).sum(), x)
for hook in hooks:
    hook.remove()
case("guidedBackprop", guided)

STEPS, baseline = 8, torch.full_like(x, 0.25)
total = torch.zeros_like(x)
for step in range(STEPS):
    (slope,) = torch.autograd.grad(scores_of(baseline + (step + 0.5) / STEPS * (x - baseline)).sum(), x)
    # The way's point is x times a number: ∂/∂x is that number too large or small.
    total += slope / ((step + 0.5) / STEPS)
case("integratedGradients", (x - baseline) * total / STEPS, steps=STEPS, baseline=0.25)

with torch.no_grad():
    drops = torch.zeros(2, 4, 3, dtype=torch.float64)
    for row in range(4):
        for column in range(3):
            covered = x.detach().clone()
            covered[:, :, 3 * row : 3 * row + 3, 4 * column : 4 * column + 4] = 0.5
            drops[:, row, column] = scores_of(x) - scores_of(covered)
case("occlusion", drops, window=[3, 4], stride=[3, 4], value=0.5)

write(pathlib.Path(__file__).stem, cases)
