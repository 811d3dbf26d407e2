"""Partials: sines that ring through, which neither noise nor a single STFT frame can carry.

    gain [B, F, C], frequency [B, F, C] Hz  ->  added to a spectrum real, imag [B, F, bins]

B batch, F STFT frames, C channels, one partial each. A channel's phase runs on from STFT frame to STFT frame, so a bell rings
instead of hissing, and every partial fills the bins around it as a Hann window would:

    X_k += 2 gain H(kappa - k) (-1)^k exp(i theta),   kappa = frequency * size / sample_rate,   |kappa - k| < 4
    theta_t = theta_(t-1) + pi hop (frequency_t + frequency_(t-1)) / sample_rate
    H(x) = sinc(x) / (2 - 2 x^2)

theta is the phase at the middle of the STFT frame. Serra and Smith 1990 (sines plus noise), Rodet and Depalle 1992 (sines by
inverse FFT). Twins: assemblyscript/partials.ts, test/reference/partials.ts.
"""

from typing import NamedTuple

import torch
from torch.nn import functional as F

from . import stft
from .constants import constant

CHANNELS = 96
LOWEST, HIGHEST = 30.0, 14000.0
#: bins on each side of a partial
REACH = 3


def channel_grid(channels: int = CHANNELS) -> tuple[torch.Tensor, torch.Tensor]:
    """Centre and half width of every channel in Hz, [C] each; equally spaced in mel, neighbours overlap by half."""
    mel = torch.linspace(*(2595 * torch.log10(1 + torch.tensor(f) / 700) for f in (LOWEST, HIGHEST)), channels + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    return edges[1:-1], (edges[2:] - edges[:-2]) / 2


def frequency_of(offset: torch.Tensor, centre: torch.Tensor, width: torch.Tensor) -> torch.Tensor:
    """offset [..., C], any real -> Hz within the channel; the grid comes as constants, so that a traced graph holds it as such"""
    return centre + width * torch.tanh(offset)


def lobe(x: torch.Tensor) -> torch.Tensor:
    """Transform of a Hann window, 1 at x = 0 after doubling: sinc(x) / (1 - x^2)"""
    near = (x.abs() - 1).abs() < 1e-3
    return torch.where(near, torch.full_like(x, 0.5), torch.sinc(x) / (1 - torch.where(near, torch.zeros_like(x), x) ** 2))


def phases(frequency: torch.Tensor, hop: int, sample_rate: int) -> torch.Tensor:
    """[B, F, C] Hz -> radians in the middle of every STFT frame, 0 in the first"""
    turns = (frequency[:, 1:] + frequency[:, :-1]) * (0.5 * hop / sample_rate)
    turns = F.pad(turns - turns.detach().round(), (0, 0, 1, 0))
    total = torch.cumsum(turns.double(), 1)
    return (2 * torch.pi * (total - total.detach().round())).to(frequency.dtype)


def add_partials(real, imag, gain, frequency, size: int, hop: int, sample_rate: int) -> tuple[torch.Tensor, torch.Tensor]:
    theta = phases(frequency, hop, sample_rate)[..., None]  # (B, F, C, 1)
    kappa = (frequency * (size / sample_rate))[..., None]
    bins = kappa.detach().round() + torch.arange(-REACH, REACH + 1, device=kappa.device)  # (B, F, C, 2 REACH + 1)
    height = gain[..., None] * lobe(kappa - bins) * (1 - 2 * (bins % 2))
    index = bins.long().clamp(0, real.shape[-1] - 1).flatten(2)
    real = real.scatter_add(2, index, (height * torch.cos(theta)).flatten(2))
    return real, imag.scatter_add(2, index, (height * torch.sin(theta)).flatten(2))


class Measured(NamedTuple):
    """What the channels of a sound hold, each [B, F, C]."""

    frequency: torch.Tensor  # of the strongest partial, Hz
    gain: torch.Tensor  # of it, where this channel is the nearest, else 0
    loudness: torch.Tensor  # of the whole channel, 0..1
    steadiness: torch.Tensor  # 1 for a tone that holds its frequency over 50 ms, 0 for noise


@torch.no_grad()
def measure(pcm: torch.Tensor, hop: int, sample_rate: int, size: int = 2048) -> Measured:
    """pcm [B, N] -> Measured. Phase steps between STFT frames tell every bin's frequency; a channel's is their weighted mean."""
    x = stft.spectrum(pcm, size, hop).transpose(1, 2)  # (B, F, bins)
    hertz = torch.arange(x.shape[-1], device=pcm.device) * (sample_rate / size)
    centre, width = constant(channel_grid, device=pcm.device)
    nearness = (1 - (hertz - centre[:, None]).abs() / width.clamp_min(sample_rate / size)[:, None]).clamp_min(0)  # (C, bins)
    power = x.real**2 + x.imag**2
    strength = power**2
    mean = (strength * bin_frequency(x, hop, sample_rate, size)) @ nearness.T / (strength @ nearness.T).clamp_min(1e-12)
    loud = (power @ nearness.T).sqrt()
    owned = ((mean - centre).abs() < 0.5 * width).to(pcm.dtype)
    frequency = torch.clamp(mean, centre - width, centre + width)
    gain = owned * LOBE * loud * (1024 / size)
    loudness = (loud / loud.amax((1, 2), keepdim=True).clamp_min(1e-3)) ** 0.5
    return Measured(frequency, gain, loudness, steadiness(mean))


#: a Hann lobe's peak against the root of its power, for a channel as wide as the lobe
LOBE = 0.98


def bin_frequency(x: torch.Tensor, hop: int, sample_rate: int, size: int) -> torch.Tensor:
    """Instantaneous frequency of every bin, [B, F, bins] Hz, within ±sample_rate / (2 hop) of the bin's own."""
    bins = torch.arange(x.shape[-1], device=x.device)
    expected = 2 * torch.pi * ((bins * hop) % size) / size
    step = torch.angle(x * F.pad(x, (0, 0, 1, 0))[:, :-1].conj()) - expected
    step = torch.remainder(step + torch.pi, 2 * torch.pi) - torch.pi
    return bins * (sample_rate / size) + step * (sample_rate / (2 * torch.pi * hop))


def steadiness(frequency: torch.Tensor, lag: int = 5, bend: int = 3) -> torch.Tensor:
    """[B, F, C] Hz -> 0..1: 1 where it stays for `lag` STFT frames, before or after, or glides evenly for `bend` both ways"""
    moved = (frequency[:, lag:] - frequency[:, :-lag]).abs()
    before, after = F.pad(moved, (0, 0, lag, 0), value=1e4), F.pad(moved, (0, 0, 0, lag), value=1e4)
    bent = (frequency[:, 2 * bend :] - 2 * frequency[:, bend:-bend] + frequency[:, : -2 * bend]).abs()
    least = torch.minimum(torch.minimum(before, after), F.pad(bent, (0, 0, bend, bend), value=1e4))
    return torch.exp(-((least / (3 + 0.002 * frequency)) ** 2))


def partial_loss(gain: torch.Tensor, frequency: torch.Tensor, truth: Measured) -> torch.Tensor:
    """Distance of the partials from the sound's: frequency in channel widths, gain in nepers, steady tones first. Scalar."""
    width = constant(channel_grid, device=gain.device)[1]
    weight = truth.loudness * (0.05 + truth.steadiness)
    weight[:, 0] = 0  # no STFT frame before it
    error = F.smooth_l1_loss(frequency / width, truth.frequency / width, reduction="none", beta=0.2)
    steady_gain = truth.gain * truth.steadiness**2
    miss = (torch.log(gain + FLOOR) - torch.log(steady_gain + FLOOR)).abs()
    return ((weight * error).sum() + 0.3 * (weight * miss).sum()) / weight.sum().clamp_min(1e-6)


def hiss_loss(noise: torch.Tensor, pcm: torch.Tensor, truth: Measured, size: int, hop: int, sample_rate: int) -> torch.Tensor:
    """How much louder than what the sound holds between its steady partials the noise beside them is, in nepers. Scalar.

    Ten times the mean over all bins, most of which no partial is near.
    noise [B, F, bins] magnitude. Spectral losses alone are content with a band of hiss where a tone should be.
    """
    valley = between_partials(pcm, size, hop)
    centre = (truth.frequency * (size / sample_rate)).round().long().clamp(0, noise.shape[2] - 1)  # (B, F, C)
    prominence = (torch.log((truth.gain + FLOOR) / (valley.gather(2, centre) + FLOOR)) - PROMINENT).clamp(0, 1)
    weight = torch.zeros_like(noise).scatter_reduce_(2, centre, truth.steadiness * truth.loudness * prominence, "amax")
    weight = F.max_pool1d(weight, 2 * BESIDE + 1, 1, BESIDE)
    excess = F.relu(torch.log(noise + FLOOR) - torch.log(2 * valley + FLOOR))
    return 10 * (weight * excess).mean()


@torch.no_grad()
def between_partials(pcm: torch.Tensor, size: int, hop: int) -> torch.Tensor:
    """pcm [B, N] -> [B, F, size/2 + 1]: magnitudes with every peak narrower than VALLEY bins taken off"""
    power = stft.magnitude(pcm, 2 * size, hop) ** 2  # (B, 2 bins - 1, F): lobes half as wide
    steady = F.avg_pool1d(power, 5, 1, 2, count_include_pad=False).transpose(1, 2)
    lowest = -F.max_pool1d(-steady, VALLEY, 1, VALLEY // 2)
    opened = F.max_pool1d(lowest, VALLEY, 1, VALLEY // 2)
    return (opened[..., ::2] / 2).sqrt()


#: bins of `size` on each side of a partial that its lobe fills; bins of twice the size that a peak is narrower than; nepers above
#: the valley from which on a peak is no chance of noise
BESIDE, VALLEY, PROMINENT = 2, 11, 1.5
#: gains below this are not heard
FLOOR = 0.05
