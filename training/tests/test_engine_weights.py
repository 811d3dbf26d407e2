"""Run: python -m pytest training/tests/test_engine_weights.py   # 10 seconds"""

import json
import pathlib

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch import nn

from training import engine_weights, export
from training.quantize import snap_to_int8, stored_as_int8

ROOT = pathlib.Path(__file__).parents[2]
FILES = [
    path for folder in ("test/fixtures/tiny-pack", "models/foley-tiny") for path in sorted((ROOT / folder).glob("*.safetensors"))
]


@pytest.fixture(scope="module")
def parts():
    text_encoder, model, codec = export.tiny_parts()
    for part in (text_encoder, model, codec.decoder):
        snap_to_int8(part)
    for codebook in codec.quantizer.codebooks:
        codebook.table.copy_(snap_to_int8(nn.Embedding.from_pretrained(codebook.table.clone())).weight)
    return text_encoder, model, codec


def header_of(path: pathlib.Path) -> tuple[dict, int]:
    """-> header, where the data begin"""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), 8 + length


def check_layout(path: pathlib.Path) -> None:
    header, begin = header_of(path)
    assert begin % 64 == 0
    end, kinds = 0, []
    for entry in header.values():
        assert entry["data_offsets"][0] == end
        end = entry["data_offsets"][1]
        kinds.append(entry["dtype"])
    assert begin + end == path.stat().st_size
    assert kinds == sorted(kinds)  # F32 before I8
    assert set(kinds) == {"F32", "I8"}


def on_the_grid(tensors: dict[str, np.ndarray], name: str) -> np.ndarray:
    scale = tensors[f"{name}.scale"]
    return tensors[name].astype(np.float32) * scale.reshape(-1, *[1] * (tensors[name].ndim - 1))


def check_module(prefix: str, module: nn.Module, tensors: dict[str, np.ndarray]) -> int:
    """Every parameter and buffer is there and is what the module computes with, to the bit. -> how many are int8"""
    matrices = {f"{name}.weight" for name, layer in module.named_modules() if stored_as_int8(layer)}
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        path = f"{prefix}.{name}"
        expected = tensor.detach().numpy()
        assert tensors[path].dtype == (np.int8 if name in matrices else np.float32), path
        found = on_the_grid(tensors, path) if name in matrices else tensors[path]
        assert found.shape == expected.shape, path
        assert np.array_equal(found, expected), path
    return len(matrices)


def test_what_is_written_reads_back(parts, tmp_path):
    text_encoder, model, codec = parts
    for tensors in (engine_weights.of_engine(text_encoder, model), engine_weights.of_decoder(codec)):
        path = tmp_path / "weights.safetensors"
        engine_weights.write(path, tensors)
        check_layout(path)
        read = load_file(path)
        assert read.keys() == tensors.keys()
        for name, array in tensors.items():
            assert read[name].dtype == array.dtype and np.array_equal(read[name], array), name


def test_rows_that_do_not_lie_side_by_side_are_written_in_order(tmp_path):
    table = np.arange(12, dtype=np.float32).reshape(3, 4)
    tensors = {"odd": np.array([1, -2, 3], np.int8), "turned": table.T, "scalar": np.array(5, np.float32)}
    engine_weights.write(tmp_path / "weights.safetensors", tensors)
    read = load_file(tmp_path / "weights.safetensors")
    for name, array in tensors.items():
        assert np.array_equal(read[name], array) and read[name].shape == array.shape, name


def test_the_file_holds_every_weight_and_matrices_lie_on_the_int8_grid_exactly(parts):
    text_encoder, model, codec = parts
    engine, decoder = engine_weights.of_engine(text_encoder, model), engine_weights.of_decoder(codec)
    assert check_module("text", text_encoder, engine) == 13
    assert check_module("lm", model, engine) == 24
    assert check_module("decoder", codec.decoder, decoder) == 16
    for k, codebook in enumerate(codec.quantizer.codebooks):
        assert np.array_equal(on_the_grid(decoder, f"codebooks.{k}"), codebook.table.numpy())
    assert np.array_equal(engine["lm.rotary"], 10000 ** (-np.arange(8, dtype=np.float32) / 8))


def test_a_row_of_zeros_and_rows_of_every_size_lie_on_the_grid():
    rows = torch.randn(200, 33) * 10 ** torch.linspace(-6, 6, 200)[:, None]
    layer = nn.Linear(33, 201)
    layer.weight.data.copy_(torch.cat((torch.zeros(1, 33), rows)))
    tensors = engine_weights.module_tensors("a", snap_to_int8(nn.Sequential(layer)))
    assert np.array_equal(on_the_grid(tensors, "a.0.weight"), layer.weight.detach().numpy())
    assert np.abs(tensors["a.0.weight"]).max(1).tolist() == [0] + [127] * 200


def test_depthwise_convolutions_stay_f32_and_dense_ones_have_a_scale_per_output():
    layers = nn.ModuleDict({"dense": nn.Conv1d(4, 6, 3), "depthwise": nn.Conv1d(4, 4, 3, groups=4), "norm": nn.LayerNorm(4)})
    tensors = engine_weights.module_tensors("a", layers)
    assert {name: array.dtype.name for name, array in tensors.items()} == {
        "a.dense.weight": "int8",
        "a.dense.weight.scale": "float32",
        "a.dense.bias": "float32",
        "a.depthwise.weight": "float32",
        "a.depthwise.bias": "float32",
        "a.norm.weight": "float32",
        "a.norm.bias": "float32",
    }
    assert tensors["a.dense.weight"].shape == (6, 4, 3) and tensors["a.dense.weight.scale"].shape == (6,)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_committed_files_are_laid_out_so_and_within_the_grid(path):
    check_layout(path)
    tensors = load_file(path)
    for name, array in tensors.items():
        if array.dtype == np.int8:
            assert np.abs(array.astype(int)).max() <= 127, name
            assert tensors[f"{name}.scale"].shape == array.shape[:1], name
        else:
            assert np.isfinite(array).all(), name
