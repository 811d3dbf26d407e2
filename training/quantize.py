"""Int8 weights with one scale per output row: w[i, :] = q[i, :] * scale[i], q in -127..127, symmetric.

Networks are trained, tested and exported with weights on this grid where the pack ships int8, so that what was measured
is what runs.
"""

import pathlib

import torch
from safetensors.torch import load_file
from torch import nn


def quantize_rows(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """weight [rows, ...] -> q int8 [rows, ...], scale f32 [rows]"""
    flat = weight.detach().float().reshape(len(weight), -1)
    scale = flat.abs().amax(1).clamp_min(1e-8) / 127
    q = torch.round(flat / scale[:, None]).clamp(-127, 127).to(torch.int8)
    return q.view_as(weight), scale


def dequantize_rows(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    return q.float() * scale.view(-1, *([1] * (q.dim() - 1)))


def module_state(pack: pathlib.Path, prefix: str) -> dict[str, torch.Tensor]:
    """name -> f32 of one module of a pack's engine.safetensors, `text` or `lm`"""
    tensors = load_file(pack / "engine.safetensors")
    return {
        name.removeprefix(f"{prefix}."): dequantize_rows(x, tensors[f"{name}.scale"]) if x.dtype == torch.int8 else x
        for name, x in tensors.items()
        if name.startswith(f"{prefix}.") and not name.endswith((".scale", ".rotary"))
    }


def stored_as_int8(layer: nn.Module) -> bool:
    """Whether the layer's weight is a matrix: linear, embedding, dense convolution."""
    return isinstance(layer, nn.Linear | nn.Embedding) or (isinstance(layer, nn.Conv1d) and layer.groups == 1)


@torch.no_grad()
def snap_to_int8(module: nn.Module) -> nn.Module:
    """Rounds every matrix of `module` to its int8 grid, in place."""
    for layer in module.modules():
        if stored_as_int8(layer):
            layer.weight.copy_(dequantize_rows(*quantize_rows(layer.weight)))
    return module
