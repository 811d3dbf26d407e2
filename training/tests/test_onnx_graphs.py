"""Run: python -m pytest training/tests/test_onnx_graphs.py   # 10 seconds"""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from training import engine_weights, onnx_graphs
from training.quantize import snap_to_int8


class Small(nn.Module):
    """ids [L] -> [L, 12]: a table, two linear layers, a convolution, a norm, a parameter too small to leave the graph"""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(40, 16)
        self.one, self.two = nn.Linear(16, 24), nn.Linear(24, 16, bias=False)
        self.convolution = nn.Conv1d(16, 12, 3, padding=1)
        self.norm = nn.LayerNorm(12)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.table(ids)[None]
        x = x + self.two(torch.relu(self.one(x)))
        return self.norm(self.convolution(x.transpose(1, 2)).transpose(1, 2))[0]


def run(graph: bytes, ids: torch.Tensor) -> np.ndarray:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return session.run(None, {"ids": ids.numpy()})[0]


def exported(module: nn.Module, path, tensors: dict[str, np.ndarray]) -> list[str]:
    ids = torch.tensor([3, 1, 4, 1, 5])
    return onnx_graphs.export_graph(module.eval(), (ids,), path, ["ids"], ["out"], {"ids": {0: "length"}}, tensors)


@pytest.fixture
def small():
    torch.manual_seed(0)
    module = snap_to_int8(Small())
    return module, engine_weights.module_tensors("a", module)


def check_results(module: nn.Module, path, tensors: dict[str, np.ndarray]) -> None:
    graph = onnx_graphs.fill(path, tensors)
    for length in (1, 2, 40):
        ids = torch.arange(length) * 7 % 40
        with torch.no_grad():
            expected = module(ids).numpy()
        assert np.abs(run(graph, ids) - expected).max() < 1e-6 * np.abs(expected).max()


def test_a_filled_graph_gives_the_results_of_pytorch(small, tmp_path):
    module, tensors = small
    places = exported(module, tmp_path / "a.onnx", tensors)
    assert {"a.table.weight/int8", "a.table.weight.scale", "a.one.weight/turned", "a.two.weight/turned"} <= set(places)
    assert "a.convolution.weight" in places
    check_results(module, tmp_path / "a.onnx", tensors)


def test_a_graph_holds_no_weights_and_cannot_run_without_them(small, tmp_path):
    module, tensors = small
    exported(module, tmp_path / "a.onnx", tensors)
    model = onnx.load(str(tmp_path / "a.onnx"), load_external_data=False)
    inside = [t for t in model.graph.initializer if not t.external_data]
    assert all(np.prod(t.dims) <= onnx_graphs.SMALLEST for t in inside)
    with pytest.raises(Exception, match=r"a\.\w+"):
        run((tmp_path / "a.onnx").read_bytes(), torch.tensor([1]))


def test_a_place_gets_what_its_form_says(small):
    _, tensors = small
    q, scale = tensors["a.one.weight"], tensors["a.one.weight.scale"]
    scaled = q.astype(np.float32) * scale[:, None]
    assert np.array_equal(onnx_graphs.filling("a.one.weight", tensors), scaled)
    assert np.array_equal(onnx_graphs.filling("a.one.weight/turned", tensors), scaled.T)
    assert onnx_graphs.filling("a.one.weight/int8", tensors) is q
    assert onnx_graphs.filling("a.one.bias", tensors) is tensors["a.one.bias"]
    convolution = onnx_graphs.filling("a.convolution.weight", tensors)
    expected = tensors["a.convolution.weight"].astype(np.float32) * tensors["a.convolution.weight.scale"][:, None, None]
    assert np.array_equal(convolution, expected)


@pytest.mark.parametrize("missing", ["a.table.weight", "a.one.weight", "a.convolution.weight"])
def test_an_initializer_without_weights_in_the_file_is_an_error_that_names_it(small, tmp_path, missing):
    module, tensors = small
    rest = {name: array for name, array in tensors.items() if not name.startswith(missing)}
    shape = tuple(tensors[missing].shape)
    with pytest.raises(ValueError, match=r"onnx_graphs: no weights for \S+ \(") as error:
        exported(module, tmp_path / "a.onnx", rest)
    assert str(shape) in str(error.value) or str(shape[::-1]) in str(error.value)


def test_weights_off_the_grid_are_an_error(small, tmp_path):
    module, tensors = small
    module.two.weight.data[3, 5] += 0.4 * module.two.weight.data[3].abs().max()
    with pytest.raises(ValueError, match="no weights for"):
        exported(module, tmp_path / "a.onnx", tensors)


def test_a_matrix_that_is_twice_another_gets_its_own_scale(tmp_path):
    torch.manual_seed(2)

    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.one, self.two = nn.Embedding(40, 16), nn.Linear(16, 24), nn.Linear(16, 24)
            self.two.weight.data.copy_(2 * self.one.weight.data)

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            x = self.table(ids)[None]
            return (self.one(x) * torch.relu(self.two(x)))[0]

    module = snap_to_int8(Twice())
    tensors = engine_weights.module_tensors("a", module)
    assert np.array_equal(tensors["a.one.weight"], tensors["a.two.weight"])
    exported(module, tmp_path / "a.onnx", tensors)
    check_results(module, tmp_path / "a.onnx", tensors)


def test_a_table_that_is_multiplied_by_too_stays_whole(tmp_path):
    torch.manual_seed(1)

    class Shared(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.mix = nn.Embedding(40, 16), nn.Parameter(torch.randn(1, 40))

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.table(ids) + (self.mix * ids.float().mean()) @ self.table.weight

    module = snap_to_int8(Shared())
    tensors = engine_weights.module_tensors("a", module)
    places = exported(module, tmp_path / "a.onnx", tensors)
    assert "a.table.weight" in places and "a.table.weight/int8" not in places
    check_results(module, tmp_path / "a.onnx", tensors)
