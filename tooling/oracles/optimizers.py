"""Trajectories of torch.optim: 25 steps on an ill-conditioned bowl and a small network's loss at once."""
import torch

from oracle import packed, wave, write

STEPS = 25
CURVATURES = [100.0, 10.0, 1.0, 0.1]


def loss_of(bowl, weight):
    """Half the curvatures' quadratic form of `bowl`, plus the mean square of tanh(weight x) - y."""
    dtype = bowl.dtype
    quadratic = 0.5 * (torch.tensor(CURVATURES, dtype=dtype) * bowl**2).sum()
    error = torch.tanh(weight @ wave(3, 5, dtype=dtype)) - wave(2, 5, phase=7.0, dtype=dtype)
    return quadratic + (error**2).mean()


SPELLINGS = {"weightDecay": "weight_decay", "momentumDecay": "momentum_decay", "lrDecay": "lr_decay", "initialAccumulatorValue": "initial_accumulator_value"}


def spelled(options):
    return {SPELLINGS.get(key, key): value for key, value in options.items()}


def trajectory(optimizer, options, group_options, dtype):
    bowl = torch.ones(4, dtype=dtype, requires_grad=True)
    weight = wave(2, 3, scale=0.5, dtype=dtype).requires_grad_()
    first, second = (spelled(own) for own in group_options)
    # NAdam's plain loop multiplies the product of momenta by the newest one twice (mended in 2.0, pull request 92699); its foreach path does not.
    extra = {"foreach": True} if optimizer == "NAdam" else {}
    made = getattr(torch.optim, optimizer)([{"params": [bowl], **first}, {"params": [weight], **second}], **spelled(options), **extra)
    points = []
    for _ in range(STEPS):
        made.zero_grad()
        loss = loss_of(bowl, weight)
        (-loss if options.get("maximize") else loss).backward()
        made.step()
        points.append(torch.cat([bowl.detach(), weight.detach().flatten()]))
    state = {f"{i}.{key}": value for i, kept in made.state_dict()["state"].items() for key, value in kept.items() if torch.is_tensor(value) and value.dim() > 0}
    return {"points": packed(torch.stack(points)), **{key: packed(value) for key, value in state.items()}}


MAXIMIZE = {"maximize": True}
DECAY = {"weightDecay": 0.1}
# By optimizer: options it is tried with. Every one is also tried with its defaults.
OPTIONS = {
    "SGD": [
        {"lr": 0.005}, {"lr": 0.005, "momentum": 0.9}, {"lr": 0.005, "momentum": 0.9, "dampening": 0.9},
        {"lr": 0.005, "momentum": 0.8, "nesterov": True}, {"lr": 0.005, "momentum": 0.5, **DECAY}, {"lr": 0.005, "momentum": 0.9, **DECAY, **MAXIMIZE},
    ],
    "Adam": [
        {}, {"lr": 0.1}, {"lr": 0.1, "betas": [0.5, 0.8], "eps": 1e-3}, {"lr": 0.1, "betas": [0.5, 0.8], "amsgrad": True},
        {"lr": 0.1, **DECAY}, {"lr": 0.1, **DECAY, "amsgrad": True, **MAXIMIZE},
    ],
    "AdamW": [{}, {"lr": 0.1}, {"lr": 0.1, **DECAY, "betas": [0.5, 0.8], "amsgrad": True}, {"lr": 0.1, "weightDecay": 0}, {"lr": 0.1, **DECAY, **MAXIMIZE}],
    "NAdam": [{}, {"lr": 0.1}, {"lr": 0.1, **DECAY}, {"lr": 0.1, "betas": [0.5, 0.8], "momentumDecay": 0.1, "eps": 1e-3}],
    "RAdam": [{}, {"lr": 0.01}, {"lr": 0.01, **DECAY}, {"lr": 0.01, "betas": [0.5, 0.8], "eps": 1e-3}, {"lr": 0.01, "betas": [0.9, 0.4]}],
    "RMSprop": [
        {}, {"alpha": 0.9, "eps": 1e-3}, {"centered": True, "eps": 1e-3}, {"momentum": 0.9}, {"momentum": 0.5, "centered": True, **DECAY}, {**DECAY, **MAXIMIZE},
    ],
    "Adagrad": [{}, {"lr": 0.5, "lrDecay": 0.1}, {"lr": 0.5, "initialAccumulatorValue": 0.3}, {"lr": 0.5, "eps": 1e-2, **DECAY}, {"lr": 0.5, **DECAY, **MAXIMIZE}],
    "Adadelta": [{}, {"lr": 2.0, "rho": 0.7, "eps": 1e-3}, {**DECAY}, {"eps": 1e-2, **DECAY, **MAXIMIZE}],
    "Adamax": [{}, {"lr": 0.1}, {"lr": 0.1, "betas": [0.5, 0.8], "eps": 1e-3}, {"lr": 0.1, **DECAY}, {"lr": 0.1, **DECAY, **MAXIMIZE}],
}
GROUPS = [{"lr": 0.002}, {"weightDecay": 0.3}]


def case(optimizer, options, dtype=torch.float64, groups=({}, {})):
    words = ", ".join(f"{key} {value}" for key, value in options.items()) or "defaults"
    name = f"{optimizer}: {words}" + (" in float32" if dtype == torch.float32 else "") + (" in two groups" if groups is GROUPS else "")
    stored = {"optimizer": optimizer, "options": options, "groups": list(groups), "dtype": "float32" if dtype == torch.float32 else "float64"}
    return {"name": name, "options": stored, "tensors": trajectory(optimizer, options, groups, dtype)}


cases = [case(optimizer, options) for optimizer, sets in OPTIONS.items() for options in sets]
cases += [case(optimizer, sets[1], dtype=torch.float32) for optimizer, sets in OPTIONS.items()]
cases += [case(optimizer, sets[1], groups=GROUPS) for optimizer, sets in OPTIONS.items()]
write("optimizers", cases)
