"""Special functions by torch.special in float64: values and first derivatives on grids.

PyTorch's polygamma keeps only 11 digits, so that one comes from mpmath (which Debian's python3-torch brings along), digamma's slope too.
"""
import pathlib

import mpmath
import torch

from oracle import packed, write


def spread(low, high, count):
    return torch.linspace(low, high, count, dtype=torch.float64)


def decades(low, high, count):
    return torch.logspace(low, high, count, dtype=torch.float64)


positive = torch.cat([spread(0.05, 9, 80), spread(9, 60, 20), decades(-6, -2, 9), decades(2, 6, 9)])
negative = spread(-7.45, -0.05, 62)
near = spread(-5, 5, 81)

CASES = {
    "erfc": [(torch.special.erfc, torch.cat([near, spread(5, 25, 21)]))],
    "erfinv": [(torch.special.erfinv, torch.cat([spread(-0.995, 0.995, 60), decades(-8, -2, 7)]))],
    "ndtr": [(torch.special.ndtr, spread(-8, 5, 53))],
    "logNdtr": [(torch.special.log_ndtr, spread(-30, 4, 69))],
    "ndtri": [(torch.special.ndtri, torch.cat([spread(0.01, 0.99, 50), decades(-12, -3, 10)]))],
    "lgamma": [(torch.lgamma, positive), (torch.lgamma, negative)],
    "i0": [(torch.special.i0, torch.cat([near, spread(5, 60, 45)]))],
    "i1": [(torch.special.i1, torch.cat([near[near != 0], spread(5, 60, 45)]))],
    "entr": [(torch.special.entr, spread(0.02, 5, 40))],
    "exp2": [(torch.special.exp2, spread(-30, 30, 41))],
    "sinc": [(torch.special.sinc, spread(-6.03, 6.11, 60))],
    "frac": [(torch.frac, spread(-3.03, 3.11, 30))],
}


def unary(name, f, x):
    x = x.clone().requires_grad_()
    y = f(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    return {"name": name, "options": {}, "tensors": {"x": packed(x), "y": packed(y), "slope": packed(slope)}}


def binary(name, f, a, b):
    a, b = a.clone().requires_grad_(), b.clone().requires_grad_()
    y = f(a, b)
    slope_a, slope_b = torch.autograd.grad(y.sum(), [a, b])
    tensors = {"a": packed(a), "b": packed(b), "y": packed(y), "slopeA": packed(slope_a), "slopeB": packed(slope_b)}
    return {"name": name, "options": {}, "tensors": tensors}


def polygamma(n, x):
    return torch.tensor([float(mpmath.polygamma(n, mpmath.mpf(value))) for value in x.tolist()], dtype=torch.float64)


def precise(name, n, x):
    tensors = {"x": packed(x), "y": packed(polygamma(n, x)), "slope": packed(polygamma(n + 1, x))}
    return {"name": name, "options": {}, "tensors": tensors}


cases = [unary(name, f, x) for name, grids in CASES.items() for f, x in grids]
cases += [precise("polygamma" + str(n) if n else "digamma", n, x) for n in range(4) for x in (positive, negative)]
a, b = spread(-40, 40, 9).repeat(9), spread(-41, 37, 9).repeat_interleave(9)
cases += [
    binary("logAddExp", torch.logaddexp, a, b),
    binary("hypot", torch.hypot, a, b),
    binary("copysign", torch.copysign, a[a != 0], b[a != 0]),
    binary("xlog1py", torch.special.xlog1py, a, b / 42),
]
write(pathlib.Path(__file__).stem, cases)
