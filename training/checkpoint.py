"""Checkpoints: written to a temporary name, then renamed, so that a kill leaves the last whole one. Resuming is automatic.

A checkpoint holds the state of everything that changes while training; with `seed_step` the run goes on as if never interrupted.
"""

import os
import pathlib

import torch


def save(path: pathlib.Path, parts: dict, step: int = 0, spent: float = 0.0) -> None:
    """parts: name -> anything with a state_dict(), or plain tensors and numbers; spent: seconds of training."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    state = {name: part.state_dict() if hasattr(part, "state_dict") else part for name, part in parts.items()}
    torch.save(state | {"step": step, "spent": spent}, temporary)
    os.replace(temporary, path)


def load(path: pathlib.Path) -> dict | None:
    """The saved state, or None where there is none yet."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def resume(path: pathlib.Path, parts: dict) -> tuple[int, float]:
    """Fills the parts from the file, where it is there. Returns step and seconds spent."""
    state = load(path)
    if state is None:
        return 0, 0.0
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["step"], state["spent"]


def seed_step(seed: int, step: int) -> None:
    """Every step draws its own random numbers, whether the run was interrupted before it or not."""
    torch.manual_seed(seed * 1_000_003 + step)


class Ema:
    """Exponential moving average of a module's parameters; buffers (codebooks) are kept at their newest."""

    def __init__(self, module: torch.nn.Module, decay: float = 0.999):
        self.decay, self.steps = decay, 0
        self.state = {name: tensor.detach().clone() for name, tensor in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: torch.nn.Module) -> None:
        self.steps += 1
        weight = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        parameters = dict(module.named_parameters())
        torch._foreach_lerp_([self.state[name] for name in parameters], list(parameters.values()), weight)
        for name, tensor in module.named_buffers():
            if name in self.state:  # the others are constants
                self.state[name].copy_(tensor)

    def state_dict(self) -> dict:
        return {"state": self.state, "steps": self.steps}

    def load_state_dict(self, state: dict) -> None:
        self.steps = state["steps"]
        for name, tensor in state["state"].items():
            self.state[name].copy_(tensor)
