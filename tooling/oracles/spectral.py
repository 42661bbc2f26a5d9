"""Fourier transforms, short-time ones and window functions of torch: outputs and gradients. Complex numbers travel as view_as_real."""
import torch

from oracle import packed, wave, write

cases = []
NAMES = {"hop_length": "hopLength", "win_length": "winLength", "pad_mode": "padMode"}


def real(z):
    return torch.view_as_real(z) if z.is_complex() else z


def add(op, forward, shapes, options, phase=0.0, inputs=None):
    """Inputs follow the wave rule unless given; the gradient is that of the outputs times a wave."""
    xs = [wave(*shape, phase=phase + 100 * i).requires_grad_() for i, shape in enumerate(shapes)] if inputs is None else [x.requires_grad_() for x in inputs]
    y = real(forward(*xs))
    (y * wave(*y.shape, phase=7)).sum().backward()
    tensors = {"output": packed(y), **{f"grad{i}": packed(x.grad) for i, x in enumerate(xs)}}
    if inputs is not None:
        tensors.update({f"input{i}": packed(x) for i, x in enumerate(inputs)})
    public = {NAMES.get(key, key): value for key, value in options.items()}
    cases.append({"name": f"{op} of {[list(s) for s in shapes]} {public} #{len(cases)}", "options": {"op": op, "shapes": shapes, "phase": phase, "options": public}, "tensors": tensors})


def fourier(op, shape, **options):
    function = getattr(torch.fft, op)
    takes_complex = op != "rfft"
    add(op, lambda x: function(torch.view_as_complex(x) if takes_complex else x, **options), [shape], options)


for n in [*range(1, 21), 97, 128, 210]:
    for op in ["fft", "ifft"] if n <= 20 else ["fft"]:
        fourier(op, [n, 2])
    fourier("rfft", [n])
    fourier("irfft", [n // 2 + 1, 2], n=n)
for norm in ["backward", "ortho", "forward"]:
    for op, shape in [("fft", [6, 2]), ("ifft", [6, 2]), ("rfft", [6]), ("irfft", [4, 2])]:
        fourier(op, shape, norm=norm)
for n, dim in [(3, 0), (7, 0), (4, 1), (2, -1), (5, -2)]:
    for op, shape in [("fft", [4, 3, 2]), ("ifft", [4, 3, 2]), ("rfft", [4, 3]), ("irfft", [4, 3, 2])]:
        fourier(op, shape, n=n, dim=dim)
for op in ["fftn", "ifftn"]:
    add(op, lambda x, op=op: getattr(torch.fft, op)(torch.view_as_complex(x)), [[3, 4, 2]], {})
    add(op, lambda x, op=op: getattr(torch.fft, op)(torch.view_as_complex(x), dim=[-2, -1], norm="ortho"), [[2, 3, 5, 2]], {"dims": [-2, -1], "norm": "ortho"})

FRAMES = [
    (16, [40], {}), (16, [2, 41], {"hop_length": 5}), (8, [30], {"center": False, "hop_length": 3}), (12, [30], {"win_length": 9, "hop_length": 4}),
    (9, [25], {"hop_length": 2, "normalized": True}), (8, [21], {"onesided": False, "hop_length": 4}), (8, [21], {"pad_mode": "constant", "hop_length": 3}),
    (10, [24], {"pad_mode": "replicate", "win_length": 7, "hop_length": 2, "normalized": True, "onesided": False}), (7, [20], {"pad_mode": "circular", "hop_length": 3}),
]
for n_fft, shape, options in FRAMES:
    frames = {key: value for key, value in options.items() if key != "pad_mode"}
    length = options.get("win_length", n_fft)
    public = {"nFft": n_fft, **options}
    add("stft", lambda x, window: torch.stft(x, n_fft, window=window, return_complex=True, **options), [shape, [length]], public)
    spectrum = torch.view_as_real(torch.stft(wave(*shape), n_fft, return_complex=True, **options))
    inverse = lambda z, window: torch.istft(torch.view_as_complex(z.contiguous()), n_fft, window=window, **frames)
    add("istft", inverse, [list(spectrum.shape), [length]], {"nFft": n_fft, **frames}, phase=3.0)
add("istft", lambda z, window: torch.istft(torch.view_as_complex(z), 8, 3, window=window, length=17), [[5, 7, 2], [8]], {"nFft": 8, "hop_length": 3, "length": 17})

zeros = torch.tensor([[0.0, 0.0], [3.0, -4.0], [0.0, 2.0], [-1.0, 0.0]], dtype=torch.float64)
add("complexAbs", lambda z: torch.view_as_complex(z).abs(), [[4, 2]], {}, inputs=[zeros.clone()])
add("complexAngle", lambda z: torch.view_as_complex(z).angle(), [[4, 2]], {}, inputs=[zeros.clone()])
add("complexMul", lambda a, b: torch.view_as_complex(a) * torch.view_as_complex(b), [[3, 1, 2], [4, 2]], {})
add("polar", torch.polar, [[3], [3]], {})

WINDOWS = [
    ("hannWindow", torch.hann_window, {}), ("hammingWindow", torch.hamming_window, {}), ("hammingWindow", torch.hamming_window, {"alpha": 0.6, "beta": 0.3}),
    ("blackmanWindow", torch.blackman_window, {}), ("bartlettWindow", torch.bartlett_window, {}), ("kaiserWindow", torch.kaiser_window, {}),
    ("kaiserWindow", torch.kaiser_window, {"beta": 3.5}),
]
for name, function, options in WINDOWS:
    for length in [1, 2, 7, 8]:
        for periodic in [True, False]:
            values = function(length, periodic=periodic, dtype=torch.float64, **options)
            public = {"length": length, "periodic": periodic, **options}
            cases.append({"name": f"{name} {public}", "options": {"op": name, "shapes": [], "phase": 0, "options": public}, "tensors": {"output": packed(values)}})
for n in [1, 4, 7]:
    for name, function in [("fftfreq", torch.fft.fftfreq), ("rfftfreq", torch.fft.rfftfreq)]:
        cases.append({"name": f"{name} {n}", "options": {"op": name, "shapes": [], "phase": 0, "options": {"length": n, "d": 0.5}}, "tensors": {"output": packed(function(n, d=0.5, dtype=torch.float64))}})
write("spectral", cases)
