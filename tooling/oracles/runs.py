"""Whole trainings of 20 steps in float64: the loss of every step and the weights at the end."""
import torch
from torch import nn

from oracle import packed, wave, write

STEPS = 20
cases = []


def fill(model, scale):
    """0.. over all parameters in the order that the fixture lists; factors of normalisations stay at 1, offsets at 0."""
    phase, order = 0, []
    for name, p in model.named_parameters():
        order.append(name)
        if "norm" not in name:
            p.data = wave(*p.shape, scale=scale, phase=phase)
        phase += p.numel()
    return order


def labels(count, classes):
    return torch.tensor([(7 * i + i * i // 3) % classes for i in range(count)])


def train(name, model, batch, optimizer, scale=0.3, schedule=None, clip=None):
    """`batch(step)` gives inputs and class indices; the loss is cross-entropy over the last dim."""
    model = model.double()
    order = fill(model, scale)
    optimizer = optimizer(model.parameters())
    scheduler = schedule(optimizer) if schedule else None
    losses = []
    for step in range(STEPS):
        x, y = batch(step)
        logits = model(x)
        loss = nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), y.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        if clip:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(loss.item())
    tensors = {"losses": packed(torch.tensor(losses, dtype=torch.float64))}
    tensors.update({f"state.{key}": packed(value) for key, value in model.state_dict().items()})
    cases.append({"name": name, "options": {"order": order, "scale": scale}, "tensors": tensors})


class Mlp(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 4))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.conv2, self.norm2 = nn.Conv2d(4, 6, 3, stride=2, groups=2), nn.BatchNorm2d(6)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.norm1(self.conv1(x))), 2)
        x = torch.relu(self.norm2(self.conv2(x)))
        return self.head(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1))


class CharLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.lstm = nn.LSTM(6, 8, num_layers=2, batch_first=True)
        self.head = nn.Linear(8, 11)

    def forward(self, ids):
        return self.head(self.lstm(self.embedding(ids))[0])


class Gpt(nn.Module):
    """Pre-norm, learnt positions, causal mask."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(11, 16)
        self.positions = nn.Embedding(8, 16)
        self.layers = nn.ModuleList(nn.TransformerEncoderLayer(16, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(2))
        self.norm = nn.LayerNorm(16)
        self.head = nn.Linear(16, 11, bias=False)

    def forward(self, ids):
        length = ids.shape[1]
        mask = torch.triu(torch.ones(length, length, dtype=torch.bool), 1)
        x = self.tokens(ids) + self.positions(torch.arange(length))
        for layer in self.layers:
            x = layer(x, src_mask=mask)
        return self.head(self.norm(x))


def text(step):
    ids = torch.tensor([(3 * i + i * i + step) % 11 for i in range(4 * 9)]).reshape(4, 9)
    return ids[:, :-1], ids[:, 1:]


train("mlp", Mlp(), lambda step: (wave(6, 8, phase=50 * step), labels(6, 4)), lambda p: torch.optim.SGD(p, lr=0.2, momentum=0.9, nesterov=True, weight_decay=1e-3))
train("cnn", Cnn(), lambda step: (wave(5, 1, 8, 8, phase=500 * step), labels(5, 3)), lambda p: torch.optim.Adam(p, lr=0.02))
train("lstm", CharLstm(), text, lambda p: torch.optim.RMSprop(p, lr=0.01), clip=0.5)
train("gpt", Gpt(), text, lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1), scale=0.1,
      schedule=lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS))
write("runs", cases)
