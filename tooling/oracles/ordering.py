"""Ordering, scanning, scattering and products in PyTorch: forward and first gradients in float64, by wave inputs."""
import torch

from oracle import packed, wave, write

cases = []


def case(op, f, shapes, step=None, **args):
    """f(inputs) gives one tensor, or values and indices. Inputs follow the wave rule, phase k/3 for input k, rounded to multiples of step."""
    inputs = [wave(*shape, phase=k / 3) for k, shape in enumerate(shapes)]
    if step is not None:
        inputs = [torch.round(x / step) * step for x in inputs]
    for x in inputs:
        x.requires_grad_()
    result = f(*inputs)
    values, indices = (result, None) if isinstance(result, torch.Tensor) else result
    tensors = {"values": packed(values)}
    if indices is not None:
        tensors["indices"] = packed(indices)
    if values.requires_grad:
        values.backward(wave(*values.shape, phase=0.5))
        for k, x in enumerate(inputs):
            tensors[f"grad{k}"] = packed(x.grad)
    options = {"op": op, "shapes": shapes, "args": args, **({"step": step} if step is not None else {})}
    name = f"{op} {' '.join(str(shape) for shape in shapes)} {args if args else ''}".strip()
    cases.append({"name": name, "options": options, "tensors": tensors})


def longs(values):
    return torch.tensor(values, dtype=torch.int64)


for dim in (0, 1, -1):
    for descending in (False, True):
        case("sort", lambda x: torch.sort(x, dim=dim, descending=descending, stable=True), [[4, 5, 3]], dim=dim, descending=descending)
        case("sort", lambda x: torch.sort(x, dim=dim, descending=descending, stable=True), [[7, 9, 2]], step=0.5, dim=dim, descending=descending)
    for largest in (True, False):
        case("topk", lambda x: torch.topk(x, 3, dim=dim, largest=largest), [[4, 5, 3]], k=3, dim=dim, largest=largest)
    case("kthvalue", lambda x: torch.kthvalue(x, 2, dim=dim, keepdim=True), [[4, 5, 3]], k=2, dim=dim)
    case("median", lambda x: torch.median(x, dim=dim), [[4, 5, 3]], dim=dim)
    for op, f in (("cumsum", torch.cumsum), ("cumprod", torch.cumprod), ("logCumSumExp", torch.logcumsumexp)):
        case(op, lambda x: f(x, dim), [[4, 5, 3]], dim=dim)
    for op, f in (("cummax", torch.cummax), ("cummin", torch.cummin)):
        case(op, lambda x: f(x, dim), [[4, 5, 3]], dim=dim)
        case(op, lambda x: f(x, dim), [[7, 9, 2]], step=0.5, dim=dim)
    for n in (1, 2):
        case("diff", lambda x: torch.diff(x, n=n, dim=dim), [[4, 5, 3]], n=n, dim=dim)
# Rounding to whole numbers makes zeros, several to a line.
case("cumprod", lambda x: torch.cumprod(x, 1), [[5, 8]], step=1, dim=1)
case("sort", lambda x: torch.sort(x, dim=0, stable=True), [[300]], dim=0, descending=False)
case("trapezoid", lambda y, x: torch.trapezoid(y, x, dim=0), [[5, 2], [5, 2]])

for interpolation in ("linear", "lower", "higher", "midpoint", "nearest"):
    q = [0.0, 0.1, 0.25, 0.5, 0.8, 1.0]
    case("quantile", lambda x: torch.quantile(x, torch.tensor(q, dtype=x.dtype), dim=1, keepdim=True, interpolation=interpolation), [[3, 5, 2]], q=q, dim=1, keepDim=True, interpolation=interpolation)
    case("quantile", lambda x: torch.quantile(x, 0.35, interpolation=interpolation), [[3, 4]], q=0.35, interpolation=interpolation)

for right in (False, True):
    case("searchsorted", lambda s, v: torch.searchsorted(s.detach().sort(-1).values, v.detach(), right=right), [[3, 7], [3, 5]], step=0.25, right=right)
    case("bucketize", lambda x, b: torch.bucketize(x.detach(), b.detach().sort().values, right=right), [[4, 6], [5]], step=0.25, right=right)

index = [[0, 2, 0, 1], [3, 2, 0, 1], [0, 0, 2, 1], [0, 2, 0, 3], [1, 2, 2, 3]]
for reduce in ("sum", "prod", "mean", "amax", "amin"):
    for include_self in (True, False):
        arguments = {"reduce": reduce, "includeSelf": include_self}
        case("scatter", lambda x, s: x.scatter_reduce(0, longs(index), s, reduce, include_self=include_self), [[4, 4], [5, 4]], index=index, dim=0, **arguments)
        case("scatter", lambda x, s: x.scatter_reduce(1, longs(index), s, reduce, include_self=include_self), [[6, 4], [5, 4]], index=index, dim=1, **arguments)
# Several zeros for one place, and one.
case("scatter", lambda x, s: x.scatter_reduce(0, longs(index), s, "prod"), [[4, 4], [5, 4]], step=1, index=index, dim=0, reduce="prod", includeSelf=True)
permuted = [[2, 0, 1], [1, 3, 0]]
case("scatter", lambda x, s: x.scatter(1, longs(permuted), s), [[2, 4], [2, 3]], index=permuted, dim=1, reduce="none", includeSelf=True)
case("indexAdd", lambda x, s: x.index_add(1, longs([2, 0, 2]), s, alpha=-1.5), [[2, 4, 3], [2, 3, 3]], index=[2, 0, 2], dim=1, alpha=-1.5)
case("indexCopy", lambda x, s: x.index_copy(1, longs([2, 0]), s), [[2, 4, 3], [2, 2, 3]], index=[2, 0], dim=1)
case("indexFill", lambda x: x.index_fill(1, longs([2, 0]), 7.0), [[2, 4, 3]], index=[2, 0], dim=1, value=7)
case("take", lambda x: torch.take(x, longs([[5, 0], [5, 11]])), [[3, 4]], index=[[5, 0], [5, 11]])
case("maskedFill", lambda x: x.masked_fill(x.detach() > 0.2, -3.0), [[3, 4]], value=-3, above=0.2)
case("maskedScatter", lambda x, s: x.masked_scatter(x.detach() > 0.2, s), [[3, 4], [4, 4]], above=0.2)

for equation, shapes in (
    ("ij,jk->ik", [[3, 4], [4, 5]]),
    ("bhqd,bhkd->bhqk", [[2, 3, 4, 5], [2, 3, 6, 5]]),
    ("ii", [[4, 4]]),
    ("iji->j", [[3, 4, 3]]),
    ("ij->", [[3, 4]]),
    ("ba", [[3, 4]]),
    ("i,j,k->kij", [[2], [3], [4]]),
    ("ij,ij->i", [[3, 4], [3, 4]]),
    ("ij,kl->jl", [[3, 4], [2, 5]]),
    ("...ij,...jk->...ik", [[2, 1, 3, 4], [3, 4, 2]]),
    ("...a,b...->...ab", [[2, 3, 4], [5, 2, 3]]),
    ("bij,bjk,kl,l->bi", [[2, 3, 4], [2, 4, 5], [5, 3], [3]]),
    ("bn,anm,bm->ba", [[2, 3], [4, 3, 5], [2, 5]]),
    ("aabb->ab", [[3, 3, 2, 2]]),
    ("ij,ij->ij", [[3, 1], [1, 4]]),
    ("ij,jk->ik", [[3, 1], [4, 2]]),
    ("Ab,bA->A", [[3, 4], [4, 3]]),
):
    case("einsum", lambda *inputs: torch.einsum(equation, *inputs), shapes, equation=equation)

for p in (0.5, 1, 2, 3, "inf"):
    case("cdist", lambda a, b: torch.cdist(a, b, p=float(p), compute_mode="donot_use_mm_for_euclid_dist"), [[2, 3, 4], [2, 5, 4]], p=p)
case("tensordot", lambda a, b: torch.tensordot(a, b, dims=([0, 2], [1, 0])), [[2, 3, 4], [4, 2, 5]], dims=[[0, 2], [1, 0]])
case("kron", torch.kron, [[2, 3], [4, 1, 2]])
case("cross", lambda a, b: torch.cross(a, b, dim=1), [[2, 3, 4], [2, 3, 4]], dim=1)
for offset in (-2, 0, 1):
    case("diagonal", lambda x: torch.diagonal(x, offset=offset, dim1=2, dim2=0), [[3, 2, 4]], offset=offset, dim1=2, dim2=0)
    case("diagEmbed", lambda x: torch.diag_embed(x, offset=offset, dim1=0, dim2=-2), [[3, 2]], offset=offset, dim1=0, dim2=-2)
    case("tril", lambda x: torch.tril(x, offset), [[2, 3, 4]], diagonal=offset)
    case("triu", lambda x: torch.triu(x, offset), [[2, 3, 4]], diagonal=offset)
    case("rot90", lambda x: torch.rot90(x, offset, (2, 0)), [[3, 2, 4]], k=offset, dims=[2, 0])
case("moveDim", lambda x: torch.movedim(x, (0, 3), (2, 0)), [[2, 3, 4, 5]], source=[0, 3], destination=[2, 0])
case("repeatInterleave", lambda x: torch.repeat_interleave(x, longs([2, 0, 3]), dim=1), [[2, 3, 2]], repeats=[2, 0, 3], dim=1)
case("cartesianProd", torch.cartesian_prod, [[2], [3], [2]])
# Waves alone make matrices of rank 2.
eye = torch.eye(4, dtype=torch.float64)
case("det", lambda x: torch.linalg.det(x + 2 * eye), [[3, 4, 4]])
case("solve", lambda a, b: torch.linalg.solve(a + 2 * eye, b), [[2, 4, 4], [4, 3]])
case("inverse", lambda x: torch.linalg.inv(x + 2 * eye), [[2, 4, 4]])

write("ordering", cases)
