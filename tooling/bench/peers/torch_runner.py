# PyTorch as a contestant: python3 torch_runner.py THREADS. Speaks the protocol of ../protocol.ts.
import time

started = time.perf_counter()
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
ENOUGH = 3
SAMPLES = 31


def values(shape, seed, scale, around):
    n = int(np.prod(shape))
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(n, dtype=np.uint64) + np.uint64((seed * 0x9E3779B1) & 0xFFFFFFFF)) & mask
    h = (h * np.uint64(0x85EBCA6B)) & mask
    h ^= h >> np.uint64(13)
    h = (h * np.uint64(0xC2B2AE35)) & mask
    h ^= h >> np.uint64(16)
    return (around + (h.astype(np.float64) / 2**31 - 1) * scale).reshape(shape)


def filled(spec):
    return torch.from_numpy(values(**spec).astype(np.float32))


def sequence(labels, shift):
    n = int(np.prod(labels["shape"]))
    return torch.from_numpy(((np.arange(n) + shift) * 7 + 3) % labels["classes"])


def fingerprint(x):
    x = x.detach().numpy().astype(np.float64).flatten()
    n = len(x)
    mixed = float(x @ values([n], 0, 1, 0)) / math.sqrt(n)
    return [math.sqrt(float(x @ x) / n), mixed, *(float(x[k * (n - 1) // (SAMPLES - 1)]) for k in range(SAMPLES))]


def training(params, optimizer, logits, y):
    def run():
        loss = F.cross_entropy(logits(), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return run, None


def forward(f):
    def run():
        with torch.no_grad():
            return f()

    return run, lambda: [run()]


def gradients(leaves, f):
    """Of half the sum of squares, for some leaves."""
    for x in leaves:
        x.requires_grad_(True)

    def run():
        for x in leaves:
            x.grad = None
        y = f()
        y.backward(y.detach())
        return [x.grad for x in leaves]

    return run, run


def mlp(x, p):
    return F.linear(F.relu(F.linear(F.relu(F.linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5])


def cnn(x, p):
    h = F.max_pool2d(F.relu(F.conv2d(x, p[0], p[1], padding=2)), 2)
    h = F.max_pool2d(F.relu(F.conv2d(h, p[2], p[3], padding=2)), 2)
    return F.linear(F.relu(F.linear(h.flatten(1), p[4], p[5])), p[6], p[7])


def gpt(t, p):
    n, length = t.shape
    x = p[0][t] + p[1]
    mask = torch.triu(torch.full((length, length), -math.inf), 1)
    for k in range(4):
        w = p[2 + 12 * k : 14 + 12 * k]
        qkv = F.linear(F.layer_norm(x, [128], w[0], w[1]), w[2], w[3]).reshape(n, length, 3, 4, 32).permute(2, 0, 3, 1, 4)
        weights = F.softmax(qkv[0] @ qkv[1].transpose(-1, -2) / math.sqrt(32) + mask, -1)
        x = x + F.linear((weights @ qkv[2]).permute(0, 2, 1, 3).reshape(n, length, 128), w[4], w[5])
        x = x + F.linear(F.gelu(F.linear(F.layer_norm(x, [128], w[6], w[7]), w[8], w[9])), w[10], w[11])
    return F.linear(F.layer_norm(x, [128], p[50], p[51]), p[52], p[53])


def lstm_training(p, t, y):
    lstm = torch.nn.LSTM(256, 256, batch_first=True)
    with torch.no_grad():
        for own, given in zip(lstm.parameters(), p[1:5]):
            own.copy_(given)
    every = [p[0], *lstm.parameters(), p[5], p[6]]
    return training(every, torch.optim.Adam(every), lambda: F.linear(lstm(p[0][t])[0], p[5], p[6]).reshape(-1, 65), y)


FORWARD = {
    "matmul512": lambda i, p: i[0] @ i[1],
    "matmul1024": lambda i, p: i[0] @ i[1],
    "gelu": lambda i, p: F.gelu(i[0] * i[1] + i[2]),
    "softmax": lambda i, p: F.softmax(i[0], 1),
    "layerNorm": lambda i, p: F.layer_norm(i[0], [512], p[0], p[1]),
    "conv": lambda i, p: F.conv2d(i[0], p[0], padding=1),
    "cnnInference": lambda i, p: cnn(i[0], p),
}


def program(name, i, p, tokens, targets):
    if name in FORWARD:
        return forward(lambda: FORWARD[name](i, p))
    if name == "geluGradient":
        return gradients([i[0]], lambda: F.gelu(i[0] * i[1] + i[2]))
    if name == "convGradient":
        return gradients([i[0], p[0]], lambda: F.conv2d(i[0], p[0], padding=1))
    p = [x.requires_grad_(True) for x in p]
    if name == "mlp":
        return training(p, torch.optim.SGD(p, lr=0.01, momentum=0.9), lambda: mlp(i[0], p), targets)
    if name == "cnn":
        return training(p, torch.optim.Adam(p), lambda: cnn(i[0], p), targets)
    if name == "lstm":
        return lstm_training(p, tokens, targets)
    if name == "gpt":
        return training(p, torch.optim.AdamW(p, lr=1e-3, weight_decay=0.01), lambda: gpt(tokens, p).reshape(-1, 65), targets)
    raise ValueError("not written for PyTorch")


def timed(call):
    began = time.perf_counter()
    value = call()
    return (time.perf_counter() - began) * 1000, value


def prepare(work, budget):
    labels = work.get("labels", {"shape": [0], "classes": 1})
    i, p = [filled(s) for s in work["inputs"]], [filled(s) for s in work["params"]]
    tokens, targets = sequence(labels, 0).reshape(labels["shape"]), sequence(labels, 1)
    build, (call, results) = timed(lambda: program(work["name"], i, p, tokens, targets))
    calls = [timed(results or call)]
    while len(calls) < ENOUGH and sum(ms for ms, _ in calls) < budget:
        calls.append(timed(call))
    checks = [fingerprint(x) for x in calls[0][1]] if results else [[loss for _, loss in calls]]
    finite = [[x if math.isfinite(x) else None for x in check] for check in checks]
    return call, {"checks": finite, "ms": [ms for ms, _ in calls], "coldMs": import_ms + build + calls[0][0]}


import_ms = (time.perf_counter() - started) * 1000
call = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        if request["op"] == "prepare":
            call, answer = prepare(request["workload"], request["budget"])
        else:
            answer = {"ms": [timed(call)[0] for _ in range(request["repeat"])]}
    except Exception as error:
        answer = {"error": f"throws: {error}"}
    print(json.dumps(answer), flush=True)
