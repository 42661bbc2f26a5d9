"""Fixtures as JSON beside the scripts; fixture.ts reads them. Needs no PyTorch."""
import base64
import json
import pathlib


def packed_array(array):
    """A NumPy array of float64, float32, int32 or bool as JSON: dtype, shape and little-endian bytes in base64."""
    return {"dtype": str(array.dtype), "shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def write(name, cases, source):
    """Writes fixtures/<name>.json: one case a line. A case is {"name", "options", "tensors": {name: packed_array(...)}}."""
    path = pathlib.Path(__file__).parent / "fixtures" / f"{name}.json"
    lines = ",\n".join(json.dumps(case) for case in cases)
    path.write_text(f'{{"source": "{source}", "cases": [\n{lines}\n]}}\n')
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
