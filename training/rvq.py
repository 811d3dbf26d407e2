"""Residual vector quantizer: K codebooks, each quantizing what the previous ones left over.

    z [B, T, D]  ->  codes [B, K, T] int64,  z_q [B, T, D],  commitment loss

B batch, D latent dim, T codec frames, K codebooks, V codebook size. Codebooks follow their vectors by exponential moving
average (no gradient), start from k-means, and codes that nobody uses are put back where the error is. While training only a
share of the clips may be quantized, so that the decoder also hears what the latents mean exactly.
Zeghidour et al. 2021 (SoundStream), arXiv:2107.03312; a part of the clips only: Defossez et al. 2024 (Moshi), arXiv:2410.00037.
Run:  python -m training.rvq   # 5 s on CPU; prints codebook usage, must be > 0.5
"""

import torch
from torch import nn
from torch.nn import functional as F


class Codebook(nn.Module):
    """One table [V, D] with its running statistics."""

    def __init__(self, size: int, dim: int, decay: float = 0.99, dead_below: float = 0.15):
        super().__init__()
        self.decay, self.dead_below = decay, dead_below  # a code is dead below this share of the mean use
        self.register_buffer("table", torch.zeros(size, dim))
        self.register_buffer("counts", torch.ones(size))
        self.register_buffer("sums", torch.zeros(size, dim))
        self.register_buffer("ready", torch.zeros((), dtype=torch.bool))
        self.seen_ready = False

    def is_ready(self) -> bool:
        """Whether it has started; asks the device only until then."""
        self.seen_ready = self.seen_ready or bool(self.ready)
        return self.seen_ready

    def nearest(self, x: torch.Tensor) -> torch.Tensor:
        """x [N, D] -> codes [N]"""
        distance = (self.table**2).sum(1) - 2 * x @ self.table.T  # (N, V), |x|² left out
        return distance.argmin(1)

    @torch.no_grad()
    def start(self, x: torch.Tensor, rounds: int = 10) -> None:
        """k-means over the first vectors."""
        size = self.table.shape[0]
        picks = torch.randint(len(x), (size,)) if len(x) < size else torch.randperm(len(x))[:size]
        self.table.copy_(x[picks] + 1e-3 * torch.randn_like(x[picks]))
        for _ in range(rounds):
            codes = self.nearest(x)
            counts = torch.bincount(codes, minlength=size).clamp_min(1)
            means = torch.zeros_like(self.table).index_add_(0, codes, x) / counts[:, None]
            used = torch.bincount(codes, minlength=size) > 0
            self.table[used] = means[used]
        mean_use = len(x) / size
        self.sums.copy_(self.table * mean_use), self.counts.fill_(mean_use)
        self.ready.fill_(True)

    @torch.no_grad()
    def follow(self, x: torch.Tensor, codes: torch.Tensor) -> None:
        counts = torch.bincount(codes, minlength=len(self.counts)).to(x)
        sums = torch.zeros_like(self.sums).index_add_(0, codes, x)
        self.counts.lerp_(counts, 1 - self.decay)
        self.sums.lerp_(sums, 1 - self.decay)
        self.table.copy_(self.sums / self.counts.clamp_min(1e-3)[:, None])
        self.revive(x, codes, len(x) / len(self.counts))

    def revive(self, x: torch.Tensor, codes: torch.Tensor, mean_use: float) -> None:
        """Puts codes that nobody uses where the error is: one vector each, drawn by its squared distance."""
        dead = self.counts < self.dead_below * mean_use
        errors = ((x - self.table[codes]) ** 2).sum(1) + 1e-9
        fresh = x[torch.multinomial(errors, len(dead), replacement=True)]  # for all, so that no device waits for their number
        self.table.copy_(torch.where(dead[:, None], fresh, self.table))
        self.sums.copy_(torch.where(dead[:, None], fresh * mean_use, self.sums))
        self.counts.masked_fill_(dead, mean_use)

    def usage(self) -> float:
        """Perplexity of the running counts over V, 0..1."""
        p = self.counts / self.counts.sum()
        return float(torch.exp(-(p * torch.log(p + 1e-9)).sum()) / len(p))


class ResidualVectorQuantizer(nn.Module):
    def __init__(self, num_codebooks: int = 4, codebook_size: int = 1024, dim: int = 64, dropout: float = 0.25):
        super().__init__()
        self.dropout = dropout
        self.share = 1.0  # of the clips that are quantized while training; the others pass as they are
        self.codebooks = nn.ModuleList(Codebook(codebook_size, dim) for _ in range(num_codebooks))

    def forward(self, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """z [B, T, D] -> z_q with straight-through gradient, codes [B, K, T], commitment loss"""
        batch, frames, dim = z.shape
        residual, z_q, codes, loss = z, torch.zeros_like(z), [], z.new_zeros(())
        keep = self.draw_keep(batch, z.device)
        for k, codebook in enumerate(self.codebooks):
            flat = residual.detach().reshape(-1, dim)
            if self.training and not codebook.is_ready():
                codebook.start(flat)
            code = codebook.nearest(flat)
            chosen = F.embedding(code, codebook.table).view(batch, frames, dim)
            if self.training:
                codebook.follow(flat, code)
            mask = (keep > k).to(z)[:, None, None]
            loss = loss + (mask * (residual - chosen.detach()) ** 2).mean()
            z_q = z_q + mask * chosen
            residual = residual - chosen.detach()
            codes.append(code.view(batch, frames))
        if self.training:
            quantized = torch.rand(batch, 1, 1, device=z.device) < self.share
            z_q = torch.where(quantized, z_q, z)
        return z + (z_q - z).detach(), torch.stack(codes, 1), loss / len(self.codebooks)

    @torch.no_grad()
    def start(self, z: torch.Tensor) -> None:
        """k-means, codebook after codebook. z [N, D]"""
        for codebook in self.codebooks:
            codebook.start(z)
            z = z - codebook.table[codebook.nearest(z)]

    def draw_keep(self, batch: int, device: torch.device) -> torch.Tensor:
        """How many codebooks each clip may use: all, or with probability `dropout` a random number of them."""
        count = len(self.codebooks)
        keep = torch.full((batch,), count, device=device)
        if self.training and self.dropout:
            drop = torch.rand(batch, device=device) < self.dropout
            keep = torch.where(drop, torch.randint(1, count + 1, (batch,), device=device), keep)
        return keep

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """codes [B, K, T] -> z_q [B, T, D]"""
        return sum(F.embedding(codes[:, k], codebook.table) for k, codebook in enumerate(self.codebooks))


def main() -> None:
    torch.manual_seed(0)
    quantizer = ResidualVectorQuantizer(dim=16)
    for _ in range(40):
        quantizer(torch.randn(16, 256, 16))
    print("usage", [round(codebook.usage(), 3) for codebook in quantizer.codebooks])


if __name__ == "__main__":
    main()
