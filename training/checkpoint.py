"""Checkpoints: written to a temporary name, then renamed, so that a kill leaves the last whole one. Resuming is automatic."""

import os
import pathlib

import torch


def save(path: pathlib.Path, state: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    os.replace(temporary, path)


def load(path: pathlib.Path) -> dict | None:
    """The saved state, or None where there is none yet."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


class Ema:
    """Exponential moving average of a module's parameters; buffers (codebooks) are kept at their newest."""

    def __init__(self, module: torch.nn.Module, decay: float = 0.999):
        self.decay, self.steps = decay, 0
        self.state = {name: tensor.detach().clone() for name, tensor in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: torch.nn.Module) -> None:
        self.steps += 1
        weight = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, tensor in module.named_parameters():
            self.state[name].lerp_(tensor, weight)
        for name, tensor in module.named_buffers():
            self.state[name].copy_(tensor)
