"""Loss balancer: a weight says which share of the gradient a loss gets, whatever its scale.

    g_i = d loss_i / d output,   G = total_norm * sum_i  w_i / sum(w) * g_i / mean(|g_i|),   output.backward(G)

mean is a bias-corrected exponential moving average over the steps. |g| is taken for each clip of the batch, then averaged:
output [B, N], or [2, B, N] where a clip has two draws, which count as one vector.
Defossez et al. 2022 (EnCodec), section 3.4, arXiv:2210.13438.
"""

import torch

TINY = 1e-12


class Balancer:
    def __init__(self, weights: dict[str, float], total_norm: float = 1.0, decay: float = 0.999):
        self.weights, self.total_norm, self.decay = weights, total_norm, decay
        self.sums: dict[str, torch.Tensor] = {}  # decayed sum of the norms
        self.shares: dict[str, float] = {}  # decayed sum of as many ones

    def backward(self, losses: dict[str, torch.Tensor], output: torch.Tensor, apart: torch.Tensor | None = None) -> None:
        """`apart`: a loss that does not go through the output (commitment), added as it is, in the same backward pass."""
        total = self.gradient(losses, output)
        if apart is None:
            output.backward(total)
        else:
            torch.autograd.backward((output, apart), (total, torch.ones_like(apart)))

    def gradient(self, losses: dict[str, torch.Tensor], output: torch.Tensor) -> torch.Tensor:
        """G, shaped like the output. The weights of the losses given make the whole; those with weight 0 are not looked at."""
        losses = {name: loss for name, loss in losses.items() if self.weights[name]}
        whole = sum(self.weights[name] for name in losses)
        total = torch.zeros_like(output)
        for name, loss in losses.items():
            (part,) = torch.autograd.grad(loss, output, retain_graph=True)
            mean = self.follow(name, clip_norm(part))
            total.add_(part * (self.weights[name] / whole * self.total_norm / (mean + TINY)))
        return total

    def follow(self, name: str, norm: torch.Tensor) -> torch.Tensor:
        """The moving average of the named norm, this one included."""
        self.sums[name] = self.decay * self.sums.get(name, 0.0) + (1 - self.decay) * norm
        self.shares[name] = self.decay * self.shares.get(name, 0.0) + (1 - self.decay)
        return self.sums[name] / self.shares[name]

    def state_dict(self) -> dict[str, dict[str, float]]:
        return {"sums": {name: float(value) for name, value in self.sums.items()}, "shares": dict(self.shares)}

    def load_state_dict(self, state: dict[str, dict[str, float]]) -> None:
        self.sums = {name: torch.tensor(value) for name, value in state["sums"].items()}
        self.shares = dict(state["shares"])


def clip_norm(gradient: torch.Tensor) -> torch.Tensor:
    """[..., B, N] -> norm over all but B, averaged over B; a scalar that stays on the device"""
    clips = gradient.movedim(-2, 0).flatten(1)  # (B, ... N)
    return torch.linalg.vector_norm(clips, dim=1, dtype=torch.float32).mean()
