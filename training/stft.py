"""Short-time Fourier transform helpers: magnitudes for losses and features, and the decoder's inverse.

    magnitude(pcm [B, N], size, hop) -> [B, size/2 + 1, N / hop]   centred STFT frames
    inverse(spectrum [B, F, size/2 + 1] complex, size, hop) -> pcm [B, F * hop]

Inverse: STFT frame j starts at sample j * hop - (size - hop) / 2, is multiplied by a periodic Hann window, and the sum is
divided by the summed squared window ("same" alignment, as in Vocos: Siuzdak 2023, arXiv:2306.00814).
Twin of the inverse: runtime/inverse-stft.ts.
"""

import torch
from torch.nn import functional as F

from .constants import constant


def window(size: int) -> torch.Tensor:
    return torch.hann_window(size, periodic=True)


def spectrum(pcm: torch.Tensor, size: int, hop: int) -> torch.Tensor:
    """pcm [B, N] -> complex [B, size/2 + 1, ceil(N / hop)]"""
    left = (size - hop) // 2
    frames = -(-pcm.shape[-1] // hop)
    right = (frames - 1) * hop + size - left - pcm.shape[-1]
    padded = F.pad(pcm, (left, max(0, right)))
    w = constant(window, size, device=pcm.device)
    return torch.stft(padded, size, hop, window=w, center=False, return_complex=True)[..., :frames]


def magnitude(pcm: torch.Tensor, size: int, hop: int) -> torch.Tensor:
    return spectrum(pcm, size, hop).abs()


def inverse(spec: torch.Tensor, size: int, hop: int) -> torch.Tensor:
    """spec complex [B, F, size/2 + 1] -> pcm [B, F * hop]"""
    count = spec.shape[1]
    w = constant(window, size, device=spec.device)
    blocks = torch.fft.irfft(spec, size, dim=-1) * w  # (B, F, size)
    length = (count - 1) * hop + size
    total = fold(blocks, length, hop)
    weight = fold((w * w).expand(1, count, size), length, hop)
    left = (size - hop) // 2
    return (total / weight.clamp_min(1e-8))[:, left : left + count * hop]


def fold(blocks: torch.Tensor, length: int, hop: int) -> torch.Tensor:
    """Overlap-add. (B, F, size) -> (B, length)"""
    out = F.fold(blocks.transpose(1, 2), (1, length), (1, blocks.shape[-1]), stride=(1, hop))
    return out[:, 0, 0]
