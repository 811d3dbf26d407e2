"""Muon: momentum whose matrix is made orthogonal before it is a step, for the matrices inside a transformer.

    step = -rate * 0.2 sqrt(max(rows, columns)) * orthogonal(momentum)

Five Newton-Schulz rounds. Jordan et al. 2024 (https://kellerjordan.github.io/posts/muon/); the scale that gives AdamW's size of
step after Liu et al. 2025, arXiv:2502.16982. PyTorch's own computes in bfloat16, which a CPU with AVX2 only emulates: 6 s a step
of the language model where this takes 0.5.
"""

import torch

ROUNDS, (A, B, C) = 5, (3.4445, -4.7750, 2.0315)


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """[rows, columns] -> the same directions, all about equally long"""
    wide = matrix.shape[0] <= matrix.shape[1]
    x = matrix if wide else matrix.T
    x = x / (x.norm() + 1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.T
        x = A * x + (B * gram + C * gram @ gram) @ x
    return x if wide else x.T


class Muon(torch.optim.Optimizer):
    def __init__(self, matrices, lr: float, momentum: float = 0.95, weight_decay: float = 0.1):
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p, group)

    def update(self, p: torch.Tensor, group: dict) -> None:
        state = self.state[p]
        mean = state.setdefault("mean", torch.zeros_like(p))
        mean.lerp_(p.grad, 1 - group["momentum"])
        ahead = p.grad.lerp(mean, group["momentum"])  # Nesterov
        p.mul_(1 - group["lr"] * group["weight_decay"])
        p.add_(orthogonal(ahead), alpha=-group["lr"] * 0.2 * max(p.shape) ** 0.5)
