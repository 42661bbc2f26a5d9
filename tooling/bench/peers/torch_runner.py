# PyTorch as a contestant: python3 torch_runner.py THREADS
import json, math, sys, time
import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))


def values(spec):
    n = int(np.prod(spec["shape"]))
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(n, dtype=np.uint64) + np.uint64((spec["seed"] * 0x9E3779B1) & 0xFFFFFFFF)) & mask
    h = (h * np.uint64(0x85EBCA6B)) & mask
    h ^= h >> np.uint64(13)
    h = (h * np.uint64(0xC2B2AE35)) & mask
    h ^= h >> np.uint64(16)
    x = (h.astype(np.float64) / 2**31 - 1) * spec["scale"]
    return torch.from_numpy(x.astype(np.float32).reshape(spec["shape"]))


def tokens(labels, shift):
    n = int(np.prod(labels["shape"]))
    return torch.from_numpy(((np.arange(n) + shift) * 7 + 3) % labels["classes"]).reshape(labels["shape"])


def training(params, optimizer, forward, y):
    def run():
        loss = F.cross_entropy(forward(), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def forward_only(f):
    def run():
        with torch.no_grad():
            return f().flatten()[0].item()

    return run


def gradients(leaves, f):
    for x in leaves:
        x.requires_grad_(True)

    def run():
        for x in leaves:
            x.grad = None
        y = f()
        y.backward(y.detach())
        return sum(x.grad.flatten()[0].item() for x in leaves)

    return run


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
        qkv = F.linear(F.layer_norm(x, [128], w[0] , w[1]), w[2], w[3]).reshape(n, length, 3, 4, 32).permute(2, 0, 3, 1, 4)
        weights = F.softmax(qkv[0] @ qkv[1].transpose(-1, -2) / math.sqrt(32) + mask, -1)
        x = x + F.linear((weights @ qkv[2]).permute(0, 2, 1, 3).reshape(n, length, 128), w[4], w[5])
        x = x + F.linear(F.gelu(F.linear(F.layer_norm(x, [128], w[6], w[7]), w[8], w[9])), w[10], w[11])
    return F.linear(F.layer_norm(x, [128], p[50], p[51]), p[52], p[53])


def prepare(work):
    name, i, p, labels = work["name"], [values(s) for s in work["inputs"]], [values(s) for s in work["params"]], work.get("labels")
    if name.startswith("matmul"):
        return forward_only(lambda: i[0] @ i[1])
    if name == "gelu":
        return forward_only(lambda: F.gelu(i[0] * i[1] + i[2]))
    if name == "geluGradient":
        return gradients([i[0]], lambda: F.gelu(i[0] * i[1] + i[2]))
    if name == "softmax":
        return forward_only(lambda: F.softmax(i[0], 1))
    if name == "layerNorm":
        weight = p[0] + 1
        return forward_only(lambda: F.layer_norm(i[0], [512], weight, p[1]))
    if name == "conv":
        return forward_only(lambda: F.conv2d(i[0], p[0], padding=1))
    if name == "convGradient":
        return gradients([i[0], p[0]], lambda: F.conv2d(i[0], p[0], padding=1))
    if name == "gpt":
        for k in [2 + 12 * b + o for b in range(4) for o in (0, 6)] + [50]:
            p[k] += 1
    p = [x.requires_grad_(True) for x in p]
    if name == "mlp":
        mlp = lambda: F.linear(F.relu(F.linear(F.relu(F.linear(i[0], p[0], p[1])), p[2], p[3])), p[4], p[5])
        return training(p, torch.optim.SGD(p, lr=0.01, momentum=0.9), mlp, tokens(labels, 0))
    if name == "cnn":
        return training(p, torch.optim.Adam(p), lambda: cnn(i[0], p), tokens(labels, 0))
    if name == "cnnInference":
        return forward_only(lambda: cnn(i[0], p))
    if name == "lstm":
        lstm = torch.nn.LSTM(256, 256, batch_first=True)
        with torch.no_grad():
            for own, given in zip(lstm.parameters(), p[1:5]):
                own.copy_(given)
        t, y = tokens(labels, 0), tokens(labels, 1).flatten()
        every = [p[0], *lstm.parameters(), p[5], p[6]]
        return training(every, torch.optim.Adam(every), lambda: F.linear(lstm(p[0][t])[0], p[5], p[6]).reshape(-1, 65), y)
    t, y = tokens(labels, 0), tokens(labels, 1).flatten()
    return training(p, torch.optim.AdamW(p, lr=1e-3, weight_decay=0.01), lambda: gpt(t, p).reshape(-1, 65), y)


run = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        if request["op"] == "prepare":
            run = prepare(request["workload"])
            answer = {"checks": [run(), run(), run()]}
        else:
            ms = []
            for _ in range(request["repeat"]):
                began = time.perf_counter()
                run()
                ms.append((time.perf_counter() - began) * 1000)
            answer = {"ms": ms}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
