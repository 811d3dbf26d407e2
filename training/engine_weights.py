"""The weights of a pack in two files: every engine computes from these.

    engine.safetensors    text encoder `text.*` and language model `lm.*`
    decoder.safetensors   the codec's decoder `decoder.*` and `codebooks.*`: all it takes to play codes

    name           I8 [rows, ...]    a matrix (linear, embedding, dense convolution) on its int8 grid
    name.scale     F32 [rows]        weight[i] = int8[i] * scale[i]
    name           F32               all that stays f32: norms, biases, depthwise kernels, tables

Names are those of the PyTorch modules. F32 comes first, so that every
tensor is aligned to its own size, and the data begin at a multiple of 64 bytes.
Format: safetensors 0.x (8 bytes of header length, JSON, data).
"""

import json
import pathlib

import numpy as np
import torch
from torch import nn

from .codec import Codec
from .language_model import LanguageModel, rotary_frequencies
from .quantize import quantize_rows, stored_as_int8
from .text_encoder import TextEncoder

ALIGNMENT = 64
TYPES = {np.dtype(np.float32): "F32", np.dtype(np.int8): "I8"}


def of_engine(text_encoder: TextEncoder, model: LanguageModel) -> dict[str, np.ndarray]:
    rotary = {"lm.rotary": rotary_frequencies(model.config.head_dim).numpy()}
    return module_tensors("text", text_encoder) | module_tensors("lm", model) | rotary


def of_decoder(codec: Codec) -> dict[str, np.ndarray]:
    tensors = module_tensors("decoder", codec.decoder)
    for k, codebook in enumerate(codec.quantizer.codebooks):
        tensors |= split(f"codebooks.{k}", codebook.table)
    return tensors


@torch.no_grad()
def module_tensors(prefix: str, module: nn.Module) -> dict[str, np.ndarray]:
    on_grid = {f"{name}.weight" for name, layer in module.named_modules() if stored_as_int8(layer)}
    tensors = {}
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        path = f"{prefix}.{name}"
        tensors |= split(path, tensor) if name in on_grid else {path: tensor.detach().float().numpy()}
    return tensors


def split(name: str, weight: torch.Tensor) -> dict[str, np.ndarray]:
    q, scale = quantize_rows(weight)
    return {name: q.numpy(), f"{name}.scale": scale.numpy()}


def write(path: pathlib.Path, tensors: dict[str, np.ndarray]) -> None:
    order = sorted(tensors, key=lambda name: tensors[name].dtype != np.float32)
    header, at = {}, 0
    for name in order:
        array = tensors[name]
        header[name] = {"dtype": TYPES[array.dtype], "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % ALIGNMENT)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in order:
            file.write(np.ascontiguousarray(tensors[name]).tobytes())
