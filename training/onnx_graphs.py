"""From PyTorch modules to ONNX graphs whose matrices are stored as int8.

    export_graph(module, inputs, ...) -> writes one .onnx file

Each large matrix becomes int8 values, Cast to f32, times a scale per row; a runtime folds that into f32 weights at load, so
every backend computes the same f32 arithmetic. Tables that are only looked up (Gather) stay int8 in memory: the rows that
were looked up are cast and scaled.
"""

import pathlib
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 4096  # elements; smaller tensors stay f32


def export_graph(module, inputs, path: pathlib.Path, input_names, output_names, dynamic_axes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, inputs, str(path), input_names=input_names, output_names=output_names, dynamic_axes=dynamic_axes,
            opset_version=17, do_constant_folding=True, dynamo=False,
        )  # fmt: skip
    model = onnx.load(str(path))
    store_int8(model.graph)
    del model.metadata_props[:]
    model.producer_name, model.producer_version = "scenefoley", "1"
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def store_int8(graph: onnx.GraphProto) -> None:
    consumers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)
    for tensor in list(graph.initializer):
        array = numpy_helper.to_array(tensor)
        if (
            array.dtype != np.float32
            or array.ndim < 2
            or array.size < SMALLEST
            or not on_grid_axis(array, consumers[tensor.name])
        ):
            continue
        graph.initializer.remove(tensor)
        if all(node.op_type == "Gather" and node.input[0] == tensor.name for node in consumers[tensor.name]):
            for node in consumers[tensor.name]:
                split_gather(graph, node, array)
        else:
            split_matrix(graph, tensor.name, array, consumers[tensor.name])


def on_grid_axis(array: np.ndarray, nodes: list[onnx.NodeProto]) -> bool:
    """Only looked-up tables, matrix products and dense convolutions; positions and depthwise kernels stay f32."""
    kinds = {node.op_type for node in nodes}
    return kinds <= {"MatMul", "Gemm", "Gather"} or (kinds == {"Conv"} and array.shape[1] > 1)


def row_axis(array: np.ndarray, nodes: list[onnx.NodeProto]) -> int:
    """The axis of output rows: MatMul stores [in, out], Gemm with transB and convolutions [out, in]."""
    node = nodes[0]
    if node.op_type == "MatMul":
        return 1
    if node.op_type == "Gemm":
        return 0 if any(a.name == "transB" and a.i for a in node.attribute) else 1
    return 0


def quantize(array: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    others = tuple(i for i in range(array.ndim) if i != axis)
    scale = np.maximum(np.abs(array).max(others, keepdims=True), 1e-8).astype(np.float32) / np.float32(127)
    return np.clip(np.round(array / scale), -127, 127).astype(np.int8), scale


def split_matrix(graph: onnx.GraphProto, name: str, array: np.ndarray, nodes: list[onnx.NodeProto]) -> None:
    q, scale = quantize(array, row_axis(array, nodes))
    graph.initializer.extend([numpy_helper.from_array(q, f"{name}.int8"), numpy_helper.from_array(scale, f"{name}.scale")])
    cast = helper.make_node("Cast", [f"{name}.int8"], [f"{name}.f32"], to=TensorProto.FLOAT)
    graph.node.insert(0, helper.make_node("Mul", [f"{name}.f32", f"{name}.scale"], [name]))
    graph.node.insert(0, cast)


def split_gather(graph: onnx.GraphProto, node: onnx.NodeProto, array: np.ndarray) -> None:
    """Gather(table, ids) -> Gather(int8, ids) cast to f32, times Gather(scale, ids)"""
    name, output = node.input[0], node.output[0]
    q, scale = quantize(array, 0)
    if not any(t.name == f"{name}.int8" for t in graph.initializer):
        graph.initializer.extend([numpy_helper.from_array(q, f"{name}.int8"), numpy_helper.from_array(scale, f"{name}.scale")])
    index = list(graph.node).index(node)
    graph.node.remove(node)
    ids = node.input[1]
    pieces = [
        helper.make_node("Gather", [f"{name}.int8", ids], [f"{output}.int8"], axis=0),
        helper.make_node("Cast", [f"{output}.int8"], [f"{output}.f32"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}.scale", ids], [f"{output}.scale"], axis=0),
        helper.make_node("Mul", [f"{output}.f32", f"{output}.scale"], [output]),
    ]
    for offset, piece in enumerate(pieces):
        graph.node.insert(index + offset, piece)
