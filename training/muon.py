"""Muon: momentum whose matrix is made orthogonal before it is a step, for the matrices inside a transformer.

    step = -rate * 0.2 sqrt(max(rows, columns)) * orthogonal(momentum)

Five Newton-Schulz rounds. Jordan et al. 2024 (https://kellerjordan.github.io/posts/muon/); the scale that gives AdamW's size of
step after Liu et al. 2025, arXiv:2502.16982. PyTorch's own computes in bfloat16, which a CPU with AVX2 only emulates: 6 s a step
of the language model where this takes 0.5. Rates may be tensors, so that a recorded step (`recorded.py`) takes new ones.
"""

from collections import defaultdict

import torch

ROUNDS, (A, B, C) = 5, (3.4445, -4.7750, 2.0315)


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """[N, rows, columns] -> the same directions of each, all about equally long"""
    wide = matrices.shape[1] <= matrices.shape[2]
    x = matrices if wide else matrices.mT
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.mT
        x = A * x + (B * gram + C * gram @ gram) @ x
    return x if wide else x.mT


class Muon(torch.optim.Optimizer):
    """Matrices of one shape are made orthogonal together."""

    def __init__(self, matrices, lr: float, momentum: float = 0.95, weight_decay: float = 0.1):
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            shapes = defaultdict(list)
            for p in group["params"]:
                if p.grad is not None:
                    shapes[p.shape].append(p)
            for matrices in shapes.values():
                self.update(matrices, group)

    def update(self, matrices: list[torch.Tensor], group: dict) -> None:
        """All of one shape"""
        gradients = [p.grad for p in matrices]
        for p in matrices:
            if not self.state[p]:
                self.state[p]["mean"] = torch.zeros_like(p)
        means = [self.state[p]["mean"] for p in matrices]
        torch._foreach_lerp_(means, gradients, 1 - group["momentum"])
        ahead = torch.stack(torch._foreach_lerp(gradients, means, group["momentum"]))  # Nesterov
        steps = orthogonal(ahead) * (-group["lr"] * 0.2 * max(matrices[0].shape) ** 0.5)
        torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(matrices, steps.unbind(0))
