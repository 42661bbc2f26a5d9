"""CTC against torch.nn.functional.ctc_loss in float64: value, and the gradient with respect to the logits (through log-softmax)."""
import pathlib

import torch
import torch.nn.functional as F

from oracle import packed, wave, write

cases = []


def case(title, logits, targets, input_lengths, target_lengths, blank=0, zero_infinity=False, reduction="mean"):
    leaf = logits.clone().requires_grad_()
    lengths = torch.tensor(input_lengths), torch.tensor(target_lengths)
    y = F.ctc_loss(leaf.log_softmax(-1), targets, *lengths, blank=blank, zero_infinity=zero_infinity, reduction=reduction)
    tensors = {"logits": packed(logits), "targets": packed(targets), "y": packed(y)}
    if torch.isfinite(y).all():
        (grad,) = torch.autograd.grad((y * wave(*y.shape, phase=0.5)).sum(), leaf)
        tensors["grad"] = packed(grad)
    options = {"blank": blank, "zeroInfinity": zero_infinity, "reduction": reduction}
    case_options = {"options": options, "inputLengths": input_lengths, "targetLengths": target_lengths}
    cases.append({"name": title, "options": case_options, "tensors": tensors})


logits = wave(12, 4, 6, scale=1.5)
padded = torch.tensor([[1, 2, 3, 4], [5, 5, 1, 0], [3, 0, 0, 0], [2, 2, 2, 0]])
lengths = [4, 3, 1, 3]
joined = torch.cat([row[:n] for row, n in zip(padded, lengths)])
for reduction in ("mean", "sum", "none"):
    case(f"padded targets, {reduction}", logits, padded, [12, 9, 5, 7], lengths, reduction=reduction)
    case(f"concatenated targets, {reduction}", logits, joined, [12, 9, 5, 7], lengths, reduction=reduction)
case("another blank", logits, (padded + 5) % 6, [12, 12, 12, 12], lengths, blank=5)
case("no labels", logits, padded, [12, 9, 5, 7], [4, 0, 1, 0], reduction="none")
case("no labels at all", logits, padded, [12, 9, 5, 7], [0, 0, 0, 0])
case("just enough frames", logits, padded, [4, 4, 1, 5], lengths, reduction="none")
for reduction in ("mean", "sum", "none"):
    case(f"too few frames, {reduction}", logits, padded, [3, 3, 5, 4], lengths, reduction=reduction)
    case(f"too few frames, zeroInfinity, {reduction}", logits, padded, [3, 3, 5, 4], lengths, zero_infinity=True, reduction=reduction)
long = wave(60, 2, 5, scale=4, phase=3)
case("many frames", long, torch.remainder(torch.arange(40) * 3, 4).reshape(2, 20) + 1, [60, 51], [20, 16], reduction="sum")
case("one frame", logits[:1], torch.tensor([[2], [1], [4], [3]]), [1, 1, 1, 1], [1, 1, 1, 1], reduction="none")
case("steep logits", wave(10, 2, 4, scale=300), torch.tensor([[1, 2, 1], [3, 3, 1]]), [10, 10], [3, 3], reduction="none")
write(pathlib.Path(__file__).stem, cases)
