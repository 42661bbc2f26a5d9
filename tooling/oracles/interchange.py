"""Models that travel both ways as safetensors.

`interchange.py` writes fixtures/interchange/: three PyTorch models and the outputs they give.
`interchange.py --read FOLDER` loads what `interchange-write.ts` wrote there into PyTorch, and compares the outputs.
"""
import json
import pathlib
import struct
import sys

import torch
from torch import nn

from oracle import packed, wave, write

HERE = pathlib.Path(__file__).parent / "fixtures" / "interchange"
NAMES = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}
TYPES = {name: dtype for dtype, name in NAMES.items()}


def save(state, path):
    """The safetensors format: length of the header, JSON header, bytes; wider types first, then by name."""
    order = sorted(state, key=lambda key: (-state[key].element_size(), NAMES[state[key].dtype] != "I64", key))
    header, data = {}, b""
    for key in order:
        raw = state[key].contiguous().numpy().tobytes()
        header[key] = {"dtype": NAMES[state[key].dtype], "shape": list(state[key].shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def load(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__", None)
    state = {}
    for key, entry in header.items():
        begin, end = entry["data_offsets"]
        body = bytearray(raw[8 + length + begin:8 + length + end])
        flat = torch.frombuffer(body, dtype=TYPES[entry["dtype"]]) if body else torch.empty(0, dtype=TYPES[entry["dtype"]])
        state[key] = flat.reshape(entry["shape"])
    return state


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.up = nn.ConvTranspose2d(4, 3, 2, stride=2)
        self.head = nn.Linear(3 * 64, 5)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.norm1(self.conv1(x))), 2)
        return self.head(self.up(x).flatten(1))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 6, padding_idx=0)
        self.lstm = nn.LSTM(6, 5, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(10, 4, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, ids):
        return self.head(self.gru(self.lstm(self.embedding(ids))[0])[0])


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, 0.1, batch_first=True), 2)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, 0.1, "gelu", batch_first=True, norm_first=True), 1, norm=nn.LayerNorm(8))

    def forward(self, x):
        return self.decoder(x[:, :3], self.encoder(x))


IDS = torch.tensor([[1, 5, 3, 0], [10, 2, 2, 7]])
MODELS = {"cnn": (Cnn, wave(2, 1, 8, 8, dtype=torch.float32)), "tagger": (Tagger, IDS), "translator": (Translator, wave(2, 4, 8, dtype=torch.float32))}


def write_fixtures():
    HERE.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, (make, x) in MODELS.items():
        torch.manual_seed(0)
        model = make()
        model(x)  # in training once, so that running statistics move
        model.eval()
        save(model.state_dict(), HERE / f"{name}.safetensors")
        cases.append({"name": name, "options": {}, "tensors": {"output": packed(model(x))}})
    write("interchange", cases)


def read_back(folder):
    expected = json.loads((folder / "outputs.json").read_text())
    for name, (make, x) in MODELS.items():
        model = make()
        model.load_state_dict(load(folder / f"{name}.safetensors"), strict=True)
        output = model.eval()(x).detach().flatten()
        error = (output - torch.tensor(expected[name])).abs().max().item()
        print(f"{name}: loaded strictly, largest difference of outputs {error:.2e}")
        assert error < 1e-5


if len(sys.argv) > 1 and sys.argv[1] == "--read":
    read_back(pathlib.Path(sys.argv[2]))
else:
    write_fixtures()
