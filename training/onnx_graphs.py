"""From PyTorch modules to ONNX graphs without weights, which a runtime fills from the pack's files of weights.

    export_graph(module, inputs, ..., tensors) -> writes one .onnx file, returns the places that it wants filled
    fill(graph, tensors) -> the graph with its weights, for Python's onnxruntime

A place is the location of an initializer's external data, a name of its own for each:

    lm.heads.weight           f32, [rows, ...] as in the module: int8 times scale where it is stored as int8
    lm.heads.weight/turned    the same as [in, out], as MatMul wants it
    text.words.weight/int8    int8, as stored: a table that is only looked up; rows are cast and scaled after the look-up

What belongs to what is found by content: the modules' weights lie on the int8 grid, so rounding them again gives the very
bytes of the file, int8 and scales.
"""

import hashlib
import pathlib
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

#: elements; what the file does not hold and is not larger than this stays in the graph (shapes, frequencies)
SMALLEST = 128


def export_graph(module, inputs, path: pathlib.Path, input_names, output_names, dynamic_axes, tensors) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, inputs, str(path), input_names=input_names, output_names=output_names, dynamic_axes=dynamic_axes,
            opset_version=17, do_constant_folding=True, dynamo=False,
        )  # fmt: skip
    model = onnx.load(str(path))
    onnx.checker.check_model(model)
    move_weights(model.graph, tensors)
    del model.metadata_props[:]
    model.producer_name, model.producer_version = "scenefoley", "1"
    path.write_bytes(model.SerializeToString())
    return [place_of(tensor) for tensor in model.graph.initializer if tensor.external_data]


def fill(path: pathlib.Path, tensors: dict[str, np.ndarray]) -> bytes:
    model = onnx.load(str(path), load_external_data=False)
    for tensor in model.graph.initializer:
        if tensor.external_data:
            array = filling(place_of(tensor), tensors).reshape(tensor.dims)
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), tensor.name))
    return model.SerializeToString()


def filling(place: str, tensors: dict[str, np.ndarray]) -> np.ndarray:
    name, _, form = place.partition("/")
    array = tensors[name]
    if array.dtype == np.float32 or form == "int8":
        return array
    scaled = array.astype(np.float32) * tensors[f"{name}.scale"].reshape(-1, *[1] * (array.ndim - 1))
    return scaled.T if form == "turned" else scaled


def place_of(tensor: TensorProto) -> str:
    return next(entry.value for entry in tensor.external_data if entry.key == "location")


def move_weights(graph: onnx.GraphProto, tensors: dict[str, np.ndarray]) -> None:
    names = {digest(array, tensors.get(f"{name}.scale")): name for name, array in tensors.items()}
    consumers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)
    for tensor in list(graph.initializer):
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32:
            continue
        found, form = find(array, names)
        if found is None and array.size > SMALLEST:
            raise ValueError(f"onnx_graphs: no weights for {tensor.name} {array.shape}.")
        if found is None:
            continue
        if form == "int8" and all(n.op_type == "Gather" and n.input[0] == tensor.name for n in consumers[tensor.name]):
            graph.initializer.remove(tensor)
            for node in consumers[tensor.name]:
                split_gather(graph, node, found, array.shape)
        else:
            tensor.CopyFrom(outside(tensor.name, found if form != "turned" else f"{found}/turned", array.shape))


def find(array: np.ndarray, names: dict[bytes, str]) -> tuple[str | None, str]:
    """-> name of the tensor, and what it is to the array: "f32" the same, "int8" its grid, "turned" that of its transpose"""
    digests = [("f32", digest(array))]
    if array.ndim > 1:
        digests.append(("int8", digest(*quantize(array))))
    if array.ndim == 2:
        digests.append(("turned", digest(*quantize(array.T))))
    return next(((names[d], form) for form, d in digests if d in names), (None, ""))


def quantize(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 values of [rows, ...] and scales [rows]; the same rounding as quantize.py"""
    flat = array.reshape(len(array), -1)
    scale = np.maximum(np.abs(flat).max(1, keepdims=True), np.float32(1e-8)) / np.float32(127)
    return np.clip(np.round(flat / scale), -127, 127).astype(np.int8), scale[:, 0]


def digest(array: np.ndarray, scale: np.ndarray | None = None) -> bytes:
    content = str(array.dtype).encode() + np.ascontiguousarray(array).tobytes()
    return hashlib.sha256(content + (b"" if scale is None else scale.tobytes())).digest()


def outside(name: str, place: str, shape: tuple[int, ...], kind: int = TensorProto.FLOAT) -> TensorProto:
    """An initializer whose values are to be filled in."""
    tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=place)
    return tensor


def split_gather(graph: onnx.GraphProto, node: onnx.NodeProto, found: str, shape: tuple[int, ...]) -> None:
    """Gather(table, ids) -> Gather(int8, ids) cast to f32, times Gather(scale, ids)"""
    output, ids = node.output[0], node.input[1]
    table, scale = f"{found}/int8", f"{found}.scale"
    graph.initializer.append(outside(table, table, shape, TensorProto.INT8))
    graph.initializer.append(outside(scale, scale, (shape[0], 1)))
    index = list(graph.node).index(node)
    graph.node.remove(node)
    pieces = [
        helper.make_node("Gather", [table, ids], [f"{output}.int8"], axis=0),
        helper.make_node("Cast", [f"{output}.int8"], [f"{output}.f32"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [scale, ids], [f"{output}.scale"], axis=0),
        helper.make_node("Mul", [f"{output}.f32", f"{output}.scale"], [output]),
    ]
    for offset, piece in enumerate(pieces):
        graph.node.insert(index + offset, piece)
