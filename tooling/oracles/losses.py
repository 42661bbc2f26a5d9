"""Every loss against torch.nn.functional in float64: value, and gradients with respect to all float inputs, for several options.

Focal losses (torchvision's formula) and Dice are written out here. A case holds its inputs x0, x1, …, option tensors under their
names, the output y and the gradients g0, g1, … of Σ y·wave (wave alone where the output is a scalar).
"""
import pathlib

import torch
import torch.nn.functional as F

from oracle import packed, wave, write

REDUCTIONS = ("mean", "sum", "none")
cases = []


def case(name, run, inputs, options=None, tensors=None, fixed=()):
    """`run` takes the inputs; integer inputs and those in `fixed` have no gradient."""
    leaves = [x.detach().clone().requires_grad_(x.is_floating_point() and i not in fixed) for i, x in enumerate(inputs)]
    y = run(*leaves)
    floats = [x for x in leaves if x.requires_grad]
    grads = torch.autograd.grad((y * wave(*y.shape, phase=0.5)).sum(), floats, allow_unused=True)
    found = iter(grads)
    stored = {f"x{i}": packed(x) for i, x in enumerate(leaves)}
    stored |= {f"option {key}": packed(value) for key, value in (tensors or {}).items()}
    stored["y"] = packed(y)
    for i, x in enumerate(leaves):
        if x.requires_grad:
            grad = next(found)
            stored[f"g{i}"] = packed(torch.zeros_like(x) if grad is None else grad)
    cases.append({"name": name, "options": options or {}, "tensors": stored})


def each_reduction(name, run, inputs, options=None, tensors=None, fixed=(), reductions=REDUCTIONS):
    """`run` takes the inputs and reduction=."""
    for reduction in reductions:
        case(name, lambda *xs: run(*xs, reduction=reduction), inputs, {**(options or {}), "reduction": reduction}, tensors, fixed)


x, t = wave(3, 4, scale=1.7), wave(3, 4, scale=1.3, phase=2)
p, q = (wave(3, 4, phase=1) + 1.2) / 2.5, (wave(3, 4, phase=5) + 1.1) / 2.3
signs = torch.sign(wave(3, 4, phase=7))

# Regression
each_reduction("mseLoss", F.mse_loss, [x, t])
each_reduction("l1Loss", F.l1_loss, [x, t])
for delta in (0.4, 1.0):
    each_reduction("huberLoss", lambda a, b, reduction: F.huber_loss(a, b, delta=delta, reduction=reduction), [x, t], {"delta": delta})
    each_reduction("smoothL1Loss", lambda a, b, reduction: F.smooth_l1_loss(a, b, beta=delta, reduction=reduction), [x, t], {"beta": delta})

# Binary
weight = (wave(4, phase=3) + 1.5) / 2
each_reduction("bceLoss", F.binary_cross_entropy, [p, q])
each_reduction("bceLoss", lambda a, b, reduction: F.binary_cross_entropy(a, b, weight=weight, reduction=reduction), [p, q], tensors={"weight": weight})
each_reduction("bceWithLogits", F.binary_cross_entropy_with_logits, [x * 20, q])
each_reduction(
    "bceWithLogits",
    lambda a, b, reduction: F.binary_cross_entropy_with_logits(a, b, weight=weight, pos_weight=2 * weight, reduction=reduction),
    [x, q],
    tensors={"weight": weight, "posWeight": 2 * weight},
)

# Labels
shapes = [((3, 4), (3,)), ((4,), ()), ((2, 4, 2), (2, 2)), ((1, 4, 2, 2), (1, 2, 2))]
for shape, label_shape in shapes:
    logits = wave(*shape, scale=2.1, phase=0.3)
    labels = torch.remainder(torch.arange(max(1, torch.Size(label_shape).numel())) * 5 + 1, 4).reshape(label_shape)
    dim = 1 if len(shape) > 1 else 0
    for w in (None, weight):
        for ignore in (-100, 2):
            for smoothing in (0.0, 0.15):
                options = {"ignoreIndex": ignore, "labelSmoothing": smoothing}
                each_reduction(
                    "crossEntropy",
                    lambda a, b, reduction: F.cross_entropy(a, b, weight=w, ignore_index=ignore, label_smoothing=smoothing, reduction=reduction),
                    [logits, labels],
                    options,
                    None if w is None else {"weight": w},
                    reductions=("mean", "none"),
                )
        if w is not None:
            each_reduction(
                "nllLoss",
                lambda a, b, reduction: F.nll_loss(a, b, weight=w, ignore_index=2, reduction=reduction),
                [logits.log_softmax(dim), labels],
                {"ignoreIndex": 2},
                {"weight": w},
            )
    probabilities = wave(*shape, scale=1.4, phase=4).softmax(dim)
    for w, smoothing in ((None, 0.0), (weight, 0.0), (weight, 0.15)):
        each_reduction(
            "crossEntropy",
            lambda a, b, reduction: F.cross_entropy(a, b, weight=w, label_smoothing=smoothing, reduction=reduction),
            [logits, probabilities],
            {"labelSmoothing": smoothing},
            None if w is None else {"weight": w},
        )

# Distributions
log_p, log_q = x.log_softmax(1), t.log_softmax(1)
zeroed = torch.tensor([[0.0, 0.25, 0.75, 0.0]], dtype=torch.float64)
for reduction in (*REDUCTIONS, "batchMean"):
    torch_reduction = "batchmean" if reduction == "batchMean" else reduction
    case("klDivLoss", lambda a, b: F.kl_div(a, b, reduction=torch_reduction), [log_p, log_q.exp()], {"reduction": reduction})
    case("klDivLoss", lambda a, b: F.kl_div(a, b, reduction=torch_reduction, log_target=True), [log_p, log_q], {"reduction": reduction, "logTarget": True})
case("klDivLoss", lambda a: F.kl_div(a, zeroed, reduction="sum"), [log_p[:1]], {"reduction": "sum"})
cases[-1]["tensors"]["x1"] = packed(zeroed)
counts = torch.tensor([[0, 1, 2, 5], [3, 1, 0, 7], [1, 9, 4, 2]], dtype=torch.float64)
for full in (False, True):
    each_reduction("poissonNllLoss", lambda a, b, reduction: F.poisson_nll_loss(a, b, full=full, reduction=reduction), [x, counts + 0.1], {"full": full})
    each_reduction(
        "poissonNllLoss",
        lambda a, b, reduction: F.poisson_nll_loss(a, b, log_input=False, full=full, eps=1e-6, reduction=reduction),
        [p, counts + 0.1],
        {"logInput": False, "full": full, "eps": 1e-6},
    )
    for variance in (p, p[:, :1], p[:, 0]) if full else (p,):
        each_reduction("gaussianNllLoss", lambda a, b, v, reduction: F.gaussian_nll_loss(a, b, v, full=full, reduction=reduction), [x, t, variance], {"full": full})
each_reduction("gaussianNllLoss", lambda a, b, v, reduction: F.gaussian_nll_loss(a, b, v, eps=0.3, reduction=reduction), [x, t, p], {"eps": 0.3})

# Margins
each_reduction("softMarginLoss", F.soft_margin_loss, [x * 30, signs], fixed=(1,))
each_reduction("hingeEmbeddingLoss", F.hinge_embedding_loss, [x, signs])
each_reduction("hingeEmbeddingLoss", lambda a, b, reduction: F.hinge_embedding_loss(a, b, margin=0.6, reduction=reduction), [x, signs], {"margin": 0.6})
each_reduction("marginRankingLoss", F.margin_ranking_loss, [x, t, signs])
each_reduction("marginRankingLoss", lambda a, b, c, reduction: F.margin_ranking_loss(a, b, c, margin=0.5, reduction=reduction), [x, t, signs], {"margin": 0.5})


def reduced(losses, reduction):
    return losses if reduction == "none" else getattr(losses, reduction)()


for squared in (False, True):
    each_reduction("hingeLoss", lambda a, b, reduction: reduced((1 - a * b).clamp_min(0) ** (2 if squared else 1), reduction), [x, signs], {"squared": squared})
for scores, labels in ((x, torch.tensor([2, 0, 3])), (x[0], torch.tensor(1))):
    for power, margin, w in ((1, 1.0, None), (2, 0.7, weight)):
        each_reduction(
            "multiMarginLoss",
            lambda a, b, reduction: F.multi_margin_loss(a, b, p=power, margin=margin, weight=w, reduction=reduction),
            [scores, labels],
            {"p": power, "margin": margin},
            None if w is None else {"weight": w},
        )
for scores, labels in ((x, torch.tensor([[3, 0, -1, 1], [-1, 2, 2, 2], [0, 1, 2, 3]])), (x[0], torch.tensor([1, -1, 0, 0]))):
    each_reduction("multiLabelMarginLoss", F.multilabel_margin_loss, [scores, labels])
for scores, target in ((x, q), (x[0], q[0])):
    each_reduction("multiLabelSoftMarginLoss", F.multilabel_soft_margin_loss, [scores, target])
    each_reduction(
        "multiLabelSoftMarginLoss",
        lambda a, b, reduction: F.multilabel_soft_margin_loss(a, b, weight=weight, reduction=reduction),
        [scores, target],
        tensors={"weight": weight},
    )

# Distances
for dim in (0, 1, -1):
    case("cosineSimilarity", lambda a, b: F.cosine_similarity(a, b, dim=dim), [x, t], {"dim": dim})
case("cosineSimilarity", lambda a, b: F.cosine_similarity(a, b, dim=2), [wave(2, 1, 3), wave(4, 3, phase=3)], {"dim": 2})
for order in (1.0, 2.0, 3.5):
    for keep in (False, True):
        case("pairwiseDistance", lambda a, b: F.pairwise_distance(a, b, p=order, keepdim=keep), [x, t], {"p": order, "keepDim": keep})
for pairs, labels in (((x, t), torch.tensor([1, -1, -1])), ((x[0], t[0]), torch.tensor(-1))):
    for margin in (0.0, -0.5):
        each_reduction(
            "cosineEmbeddingLoss",
            lambda a, b, c, reduction: F.cosine_embedding_loss(a, b, c, margin=margin, reduction=reduction),
            [*pairs, labels],
            {"margin": margin},
        )
negative = wave(3, 4, scale=1.5, phase=11)
for order, swap in ((2.0, False), (2.0, True), (1.0, True)):
    each_reduction(
        "tripletMarginLoss",
        lambda a, b, c, reduction: F.triplet_margin_loss(a, b, c, p=order, swap=swap, margin=1.5, reduction=reduction),
        [x, t, negative],
        {"p": order, "swap": swap, "margin": 1.5},
    )
for swap in (False, True):
    each_reduction(
        "tripletMarginWithDistanceLoss",
        lambda a, b, c, reduction: F.triplet_margin_with_distance_loss(a, b, c, margin=0.8, swap=swap, reduction=reduction),
        [x, t, negative],
        {"swap": swap, "margin": 0.8},
    )


# Overlap and focus
def sigmoid_focal(logits, target, alpha, gamma, reduction):
    """torchvision.ops.sigmoid_focal_loss."""
    chance = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    of_truth = chance * target + (1 - chance) * (1 - target)
    losses = entropy * (1 - of_truth) ** gamma
    if alpha >= 0:
        losses = (alpha * target + (1 - alpha) * (1 - target)) * losses
    return reduced(losses, reduction)


for alpha, gamma in ((0.25, 2.0), (-1, 0.5)):
    each_reduction("sigmoidFocalLoss", lambda a, b, reduction: sigmoid_focal(a, b, alpha, gamma, reduction), [x, q], {"alpha": alpha, "gamma": gamma})


def focal(logits, target, gamma, w, ignore, reduction):
    log_chance = logits.log_softmax(1)
    kept = target != ignore
    picked = log_chance.gather(1, torch.where(kept, target, 0).unsqueeze(1)).squeeze(1)
    losses = -((1 - picked.exp()) ** gamma) * picked * w[torch.where(kept, target, 0)] * kept
    return losses.sum() / kept.sum() if reduction == "mean" else reduced(losses, reduction)


grid, grid_labels = wave(2, 4, 1, 3, scale=1.8), torch.remainder(torch.arange(6) * 7, 4).reshape(2, 1, 3)
for gamma, w, ignore in ((2.0, torch.ones(4, dtype=torch.float64), -100), (1.5, weight, 1)):
    each_reduction("focalLoss", lambda a, b, reduction: focal(a, b, gamma, w, ignore, reduction), [grid, grid_labels], {"gamma": gamma, "ignoreIndex": ignore}, {"weight": w})


def dice(scores, target, activation, smooth, batch, reduction):
    chance = scores.softmax(1) if activation == "softmax" else scores.sigmoid() if activation == "sigmoid" else scores
    planes = target if target.is_floating_point() else F.one_hot(target, scores.shape[1]).movedim(-1, 1).to(scores.dtype)
    places = ([0] if batch else []) + list(range(2, scores.dim()))
    overlap = (2 * (chance * planes).sum(places) + smooth) / (chance.sum(places) + planes.sum(places) + smooth)
    return reduced(1 - overlap, reduction)


for activation, target, batch in (("softmax", grid_labels, False), ("sigmoid", (wave(2, 4, 1, 3, phase=9) + 1) / 2, True), ("none", grid_labels, True)):
    scores = grid if activation != "none" else (grid + 2) / 4
    each_reduction(
        "diceLoss",
        lambda a, b, reduction: dice(a, b, activation, 0.5, batch, reduction),
        [scores, target],
        {"activation": activation, "smooth": 0.5, "batch": batch},
    )

write(pathlib.Path(__file__).stem, cases)
