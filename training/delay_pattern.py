"""Delay pattern: codebook k lags by k steps, so one step predicts one code of each codebook.

    codes  [K=3, T=4]      delayed [K=3, S=6]
    1 2 3 4                1 2 3 4 P P
    5 6 7 8           ->   P 5 6 7 8 P
    9 1 2 3                P P 9 1 2 3

K codebooks, T codec frames, S = T + K - 1 steps, P pad. Source: Copet et al. 2023, arXiv:2306.05284.
Twin: runtime/delay-pattern.ts.
"""

import torch


def delay_codes(codes: torch.Tensor, pad: int) -> torch.Tensor:
    """codes [B, K, T] -> delayed [B, K, T + K - 1]"""
    batch, count, frames = codes.shape
    delayed = codes.new_full((batch, count, frames + count - 1), pad)
    for k in range(count):
        delayed[:, k, k : k + frames] = codes[:, k]
    return delayed


def undelay_codes(delayed: torch.Tensor) -> torch.Tensor:
    """delayed [B, K, S] -> codes [B, K, S - K + 1]"""
    count = delayed.shape[1]
    frames = delayed.shape[2] - count + 1
    return torch.stack([delayed[:, k, k : k + frames] for k in range(count)], 1)
