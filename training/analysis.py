"""What the encoder starts from: the sound's levels and tones, measured, not learned.

    pcm [B, N]  ->  features [B, T, FEATURES] at 50 Hz,  T = N / 640

B batch, T codec frames, C channels of partials (equally spaced in mel). Per codec frame, in this order:
    level   C   log level of each channel, mean of the two STFT frames (100 Hz)
    change  C   half of how it changes from the first to the second
    attack  32  log level of 8 wide bands in each of 4 quarters (200 Hz), against their mean
    tuning  C   where in its channel a steady, prominent partial lies, -1..1; 0 elsewhere
Each group is weighted by how much of it can be heard (`WEIGHTS`). An encoder that learns all this from spectra was tried first:
after 2,000 steps its latents told levels and hardly a pitch.
"""

import torch
from torch.nn import functional as F

from . import partials, stft
from .constants import constant

C = partials.CHANNELS
BANDS, QUARTERS = 8, 4
FEATURES = 3 * C + BANDS * QUARTERS
WEIGHTS = {"level": 1.0, "change": 0.8, "attack": 0.6, "tuning": 4.0}
#: magnitude below which nothing is heard
FLOOR = 0.02
LEVEL, CHANGE, ATTACK, TUNING = (slice(0, C), slice(C, 2 * C), slice(2 * C, 2 * C + 32), slice(2 * C + 32, FEATURES))


@torch.no_grad()
def features(pcm: torch.Tensor, hop: int, sample_rate: int) -> torch.Tensor:
    held = partials.measure(pcm, hop, sample_rate)
    level = channel_levels(pcm, hop, sample_rate)  # (B, 2T, C)
    first, second = level[:, 0::2], level[:, 1::2]
    tuning = F.avg_pool1d((tuning_of(held, level)).transpose(1, 2), 2).transpose(1, 2)
    groups = {"level": (first + second) / 2, "change": (second - first) / 2, "attack": attack(pcm, hop // 2), "tuning": tuning}
    return torch.cat([WEIGHTS[name] * group for name, group in groups.items()], -1)


def channel_levels(pcm: torch.Tensor, hop: int, sample_rate: int, size: int = 1024) -> torch.Tensor:
    """(B, N) -> (B, 2T, C) log of the root-mean-square magnitude of the bins in each channel"""
    power = stft.magnitude(pcm, size, hop).transpose(1, 2) ** 2
    return 0.5 * torch.log(power @ constant(spreading, size, sample_rate, device=pcm.device) + FLOOR**2)


def spreading(size: int, sample_rate: int) -> torch.Tensor:
    """[bins, C] triangles around the channels' centres, each summing to 1"""
    centre, width = partials.channel_grid()
    hertz = torch.arange(size // 2 + 1)[:, None] * (sample_rate / size)
    near = (1 - (hertz - centre).abs() / width.clamp_min(sample_rate / size)).clamp_min(0)
    return near / near.sum(0)


def attack(pcm: torch.Tensor, hop: int) -> torch.Tensor:
    """(B, N) -> (B, T, BANDS * QUARTERS)"""
    magnitude = stft.magnitude(pcm, 256, hop)[:, 1:].unflatten(1, (BANDS, -1)).mean(2).transpose(1, 2)  # (B, 4T, bands)
    quarters = torch.log(magnitude + FLOOR).unflatten(1, (-1, QUARTERS))  # (B, T, quarters, bands)
    return (quarters - quarters.mean(2, keepdim=True)).flatten(2)


def tuning_of(held: partials.Measured, level: torch.Tensor) -> torch.Tensor:
    """(B, 2T, C)"""
    centre, width = constant(partials.channel_grid, device=level.device)
    around = F.avg_pool1d(level, 9, 1, 4, count_include_pad=False)
    prominence = ((level - around) / 1.5).clamp(0, 1)
    return (held.frequency - centre) / width * held.steadiness * prominence


def channels_to_bins(size: int, sample_rate: int) -> torch.Tensor:
    """[bins, C]: from the channels' log levels to every bin's, linear between centres"""
    centre, _ = partials.channel_grid()
    hertz = torch.arange(size // 2 + 1) * (sample_rate / size)
    right = torch.bucketize(hertz, centre).clamp(1, C - 1)
    share = ((hertz - centre[right - 1]) / (centre[right] - centre[right - 1])).clamp(0, 1)
    matrix = torch.zeros(len(hertz), C)
    matrix.scatter_add_(1, (right - 1)[:, None], (1 - share)[:, None])
    return matrix.scatter_add_(1, right[:, None], share[:, None])
