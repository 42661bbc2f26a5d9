"""Learning rates of torch.optim.lr_scheduler over 60 steps, and the momentum that OneCycleLR cycles."""
import re
import warnings

import torch
from torch.optim import lr_scheduler

from oracle import packed, write

STEPS = 60
LRS = [0.1, 0.02]
warnings.filterwarnings("ignore")


def spelled(options):
    """camelCase to torch's names; tMult is T_mult."""
    return {re.sub("([A-Z])", lambda found: "_" + found[1].lower(), key).replace("t_mult", "T_mult"): value for key, value in options.items()}


def make(optimizer, spec):
    name = spec["schedule"]
    if name == "LambdaLR":
        return lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    if name == "ChainedScheduler":
        return lr_scheduler.ChainedScheduler([make(optimizer, part) for part in spec["parts"]])
    if name == "SequentialLR":
        return lr_scheduler.SequentialLR(optimizer, [make(optimizer, part) for part in spec["parts"]], spec["milestones"])
    return getattr(lr_scheduler, name)(optimizer, *spec.get("args", []), **spelled(spec.get("options", {})))


def metric(step):
    """Falls, with noise, by plateaus of ten steps."""
    return 1 / (1 + step // 10) + (step * 37 % 11) / 50


def momentum_of(group):
    return group["betas"][0] if "betas" in group else group["momentum"]


def rates(spec):
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in LRS]
    optimizer = torch.optim.Adam(groups) if spec.get("adam") else torch.optim.SGD(groups, momentum=0.9)
    schedule = make(optimizer, spec)
    lrs, momenta = [], []
    for step in range(STEPS + 1):
        if step > 0 and spec["schedule"] == "ReduceLROnPlateau":
            schedule.step(metric(step) * spec.get("sign", 1))
        elif step > 0:
            schedule.step(*([step * spec["stride"]] if "stride" in spec else []))
        lrs.append([group["lr"] for group in optimizer.param_groups])
        momenta.append([momentum_of(group) for group in optimizer.param_groups])
    found = {"lr": lrs, "momentum": momenta} if "OneCycleLR" in str(spec) else {"lr": lrs}
    return {key: packed(torch.tensor(values, dtype=torch.float64)) for key, values in found.items()}


def spec(schedule, *args, **options):
    return {"schedule": schedule, "args": list(args), "options": options}


SPECS = [
    spec("StepLR", 7), spec("StepLR", 10, gamma=0.5),
    spec("MultiStepLR", [5, 20, 21]), spec("MultiStepLR", [0, 9, 9, 40], gamma=0.3),
    spec("ConstantLR"), spec("ConstantLR", factor=0.25, totalIters=12),
    spec("LinearLR"), spec("LinearLR", startFactor=0.01, totalIters=20), spec("LinearLR", startFactor=1.0, endFactor=0.1, totalIters=50),
    spec("ExponentialLR", 0.9),
    spec("PolynomialLR"), spec("PolynomialLR", totalIters=40, power=2.5),
    spec("CosineAnnealingLR", 60), spec("CosineAnnealingLR", 13, etaMin=0.001), spec("CosineAnnealingLR", 1),
    spec("CosineAnnealingWarmRestarts", 10), spec("CosineAnnealingWarmRestarts", 4, tMult=2, etaMin=0.003), spec("CosineAnnealingWarmRestarts", 1, tMult=3),
    {**spec("CosineAnnealingWarmRestarts", 5), "stride": 0.37}, {**spec("CosineAnnealingWarmRestarts", 3, tMult=2), "stride": 0.37},
    spec("OneCycleLR", maxLr=0.5, totalSteps=60), spec("OneCycleLR", maxLr=[0.5, 0.3], epochs=7, stepsPerEpoch=9, annealStrategy="linear"),
    spec("OneCycleLR", maxLr=0.5, totalSteps=61, pctStart=0.2, threePhase=True, baseMomentum=0.7, maxMomentum=[0.9, 0.99], divFactor=10, finalDivFactor=100),
    spec("OneCycleLR", maxLr=0.5, totalSteps=70, cycleMomentum=False), {**spec("OneCycleLR", maxLr=0.5, totalSteps=60, pctStart=0.45), "adam": True},
    {"schedule": "LambdaLR"},
    spec("ReduceLROnPlateau", patience=3), spec("ReduceLROnPlateau", patience=2, factor=0.5, cooldown=4, threshold=0.05, thresholdMode="abs"),
    {**spec("ReduceLROnPlateau", mode="max", patience=1, factor=0.7, minLr=[0.01, 0.015], eps=1e-3), "sign": -1},
    {**spec("ReduceLROnPlateau", mode="max", patience=4, threshold=0.2, thresholdMode="abs"), "sign": -1}, spec("ReduceLROnPlateau"),
    {"schedule": "ChainedScheduler", "parts": [spec("ConstantLR", factor=0.1, totalIters=4), spec("ExponentialLR", 0.9)]},
    {"schedule": "ChainedScheduler", "parts": [spec("LinearLR", startFactor=0.1), spec("CosineAnnealingLR", 60), spec("MultiStepLR", [30])]},
    {"schedule": "SequentialLR", "parts": [spec("ConstantLR", factor=0.1, totalIters=2), spec("ExponentialLR", 0.9)], "milestones": [2]},
    {"schedule": "SequentialLR", "parts": [spec("LinearLR", startFactor=0.01, totalIters=10), spec("CosineAnnealingLR", 50)], "milestones": [10]},
    {"schedule": "SequentialLR", "parts": [spec("CosineAnnealingWarmRestarts", 6), spec("StepLR", 5), spec("PolynomialLR", totalIters=20)], "milestones": [9, 27]},
    {"schedule": "SequentialLR", "parts": [spec("LinearLR"), spec("OneCycleLR", maxLr=0.4, totalSteps=60), {"schedule": "LambdaLR"}], "milestones": [8, 50]},
]


def title(one):
    words = [str(arg) for arg in one.get("args", [])] + [f"{key} {value}" for key, value in one.get("options", {}).items()]
    words += [f"every {one['stride']}"] if "stride" in one else []
    words += ["with Adam"] if one.get("adam") else []
    words += [" then ".join(title(part) for part in one["parts"])] if "parts" in one else []
    return f"{one['schedule']}({', '.join(words)})"


write("schedules", [{"name": title(one), "options": one, "tensors": rates(one)} for one in SPECS])
