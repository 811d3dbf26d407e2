"""The codec of foley-tiny: spectra -> latents at 50 Hz -> residual vector quantizer -> ConvNeXt -> inverse STFT.

    pcm [B, N]  ->  latents [B, T, 72]  ->  codes [B, 4, T]  ->  Parts at 100 Hz  ->  pcm [B, N],  N = 640 T

The decoder works at codec-frame rate and at twice that, and says how each STFT frame sounds in three ways: bins of given
magnitude and phase (attacks), noise of given magnitude (rain, wind, gravel), and partials that ring on from frame to frame
(bells, engines: `partials.py`). Every convolution is causal but the first, which looks 3 codec frames ahead, and the inverse
STFT adds half a codec frame: 70 ms in all, so the decoder can stream.
The encoder is for training only. ConvNeXt blocks and the head after Vocos (Siuzdak 2023, arXiv:2306.00814), the
quantizer after SoundStream; AudioGen (Kreuk et al. 2023, arXiv:2209.15352) for the two-stage system.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from . import analysis, partials, stft
from .precision import autocast
from .rvq import ResidualVectorQuantizer


@dataclass(frozen=True)
class CodecConfig:
    sample_rate: int = 32000
    samples_per_codec_frame: int = 640
    num_codebooks: int = 4
    codebook_size: int = 1024
    latent_dim: int = 72
    encoder_dim: int = 256
    decoder_dim: int = 192
    decoder_hidden: int = 384
    stft_size: int = 1024
    stft_hop: int = 320


class Parts(NamedTuple):
    """One sound as the decoder describes it; F STFT frames, C channels of partials."""

    real: torch.Tensor  # [B, F, bins]
    imag: torch.Tensor  # [B, F, bins]
    noise: torch.Tensor  # [B, F, bins] magnitude
    gain: torch.Tensor  # [B, F, C]
    frequency: torch.Tensor  # [B, F, C] Hz


class ConvNeXtBlock(nn.Module):
    """Depthwise convolution over time, then two linear layers, with a skip. (B, T, C) -> (B, T, C)"""

    def __init__(self, dim: int, hidden: int, causal: bool, kernel: int = 7):
        super().__init__()
        self.pad = (kernel - 1, 0) if causal else (kernel // 2, kernel // 2)
        self.depthwise = nn.Conv1d(dim, dim, kernel, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=1e-5)
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)
        self.scale = nn.Parameter(torch.full((dim,), 0.2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.depthwise(F.pad(x.transpose(1, 2), self.pad)).transpose(1, 2)
        return x + self.scale * self.down(F.gelu(self.up(self.norm(y))))


class Encoder(nn.Module):
    """pcm [B, N] -> latents [B, T, latent_dim]: principal components of what `analysis.py` measures, and a learned correction."""

    def __init__(self, config: CodecConfig):
        super().__init__()
        d = config.encoder_dim
        self.config = config
        self.register_buffer("mean", torch.zeros(analysis.FEATURES))
        self.register_buffer("basis", torch.zeros(analysis.FEATURES, config.latent_dim))
        self.register_buffer("ready", torch.zeros((), dtype=torch.bool))
        self.inside = nn.Linear(analysis.FEATURES, d)
        self.blocks = nn.Sequential(*(ConvNeXtBlock(d, 2 * d, causal=False) for _ in range(4)))
        self.norm = nn.LayerNorm(d)
        self.out = nn.Linear(d, config.latent_dim)
        nn.init.zeros_(self.out.weight), nn.init.zeros_(self.out.bias)

    def features(self, pcm: torch.Tensor) -> torch.Tensor:
        return analysis.features(pcm.float(), self.config.stft_hop, self.config.sample_rate)

    def forward(self, pcm: torch.Tensor) -> torch.Tensor:
        centred = self.features(pcm) - self.mean
        with autocast(pcm.device, self.training):
            learned = self.blocks(self.inside(centred))
        return centred @ self.basis + self.out(self.norm(learned.float()))

    @torch.no_grad()
    def fit(self, features: torch.Tensor) -> None:
        """features [N, FEATURES] of many sounds: their mean and principal directions"""
        self.mean.copy_(features.mean(0))
        directions = torch.linalg.svd(features - self.mean, full_matrices=False)[2]
        self.basis.copy_(directions[: self.basis.shape[1]].T)
        self.ready.fill_(True)


class Decoder(nn.Module):
    """latents [B, T, latent_dim] -> Parts with 2T STFT frames"""

    def __init__(self, config: CodecConfig):
        super().__init__()
        d, hidden = config.decoder_dim, config.decoder_hidden
        self.config, self.bins = config, config.stft_size // 2 + 1
        for name, part in zip(("centre", "width"), partials.channel_grid()):
            self.register_buffer(name, part.clone(), persistent=False)
        self.ahead = nn.Conv1d(config.latent_dim, d, 7, padding=3)
        self.norm_in = nn.LayerNorm(d)
        self.slow = nn.Sequential(*(ConvNeXtBlock(d, hidden, causal=True) for _ in range(3)))
        self.upsample = nn.Linear(d, 2 * d)
        self.fast = nn.Sequential(*(ConvNeXtBlock(d, hidden, causal=True) for _ in range(3)))
        self.norm_out = nn.LayerNorm(d)
        self.head = nn.Linear(d, 3 * self.bins + 2 * partials.CHANNELS)
        self.direct = nn.Linear(config.latent_dim, 2 * (self.bins + 2 * partials.CHANNELS))  # past all blocks
        with torch.no_grad():  # begin with something quiet
            self.head.bias[: 2 * self.bins] = torch.tensor([-3.0, 0.0]).repeat_interleave(self.bins)
            self.head.weight[2 * self.bins :] *= 0.1
            self.head.bias[2 * self.bins :] = 0

    def forward(self, z: torch.Tensor) -> Parts:
        with autocast(z.device, self.training):  # not what comes after: frequencies and phases need their digits
            x = self.slow(self.norm_in(self.ahead(z.transpose(1, 2)).transpose(1, 2)))  # (B, T, d)
            x = self.upsample(x)
            x = self.fast(x.reshape(x.shape[0], -1, x.shape[2] // 2))  # (B, 2T, d)
        direct = self.direct(z)
        direct = direct.reshape(x.shape[0], -1, direct.shape[2] // 2)  # (B, 2T, bins + 2C)
        learned = self.head(self.norm_out(x.float()))
        magnitude, phase, rest = learned.split([self.bins, self.bins, self.bins + 2 * partials.CHANNELS], -1)
        noise, gain, offset = (rest + direct).split([self.bins, partials.CHANNELS, partials.CHANNELS], -1)
        magnitude, noise, gain = (torch.exp(part.clamp(-16.0, 6.0)) for part in (magnitude, noise, gain))
        return Parts(
            magnitude * torch.cos(phase),
            magnitude * torch.sin(phase),
            noise,
            gain,
            partials.frequency_of(offset, self.centre, self.width),
        )

    @torch.no_grad()
    def start(self, encoder: Encoder) -> None:
        """The direct way at first: noise as loud as the measured levels, partials tuned as measured, faint."""
        to_bins = analysis.channels_to_bins(self.config.stft_size, self.config.sample_rate).to(self.direct.weight)
        c, weights = partials.CHANNELS, analysis.WEIGHTS
        level, change = (
            encoder.basis[part] / weights[name] for part, name in ((analysis.LEVEL, "level"), (analysis.CHANGE, "change"))
        )
        mean_level, mean_change = (
            encoder.mean[analysis.LEVEL] / weights["level"],
            encoder.mean[analysis.CHANGE] / weights["change"],
        )
        tuning = encoder.basis[analysis.TUNING] / weights["tuning"]
        for half, sign in enumerate((-1, 1)):
            rows = slice(half * (self.bins + 2 * c), (half + 1) * (self.bins + 2 * c))
            self.direct.weight[rows] = torch.cat((to_bins @ (level + sign * change), 0.5 * (level + sign * change), tuning))
            quiet = mean_level.new_full((c,), -3.0)
            self.direct.bias[rows] = torch.cat((to_bins @ (mean_level + sign * mean_change), quiet, mean_level.new_zeros(c)))


def add_noise(real: torch.Tensor, imag: torch.Tensor, magnitude: torch.Tensor) -> torch.Tensor:
    """Complex spectrum: the determined part plus noise of the given root-mean-square magnitude, uniform in both parts."""
    draws = (torch.rand(2, *magnitude.shape, device=magnitude.device) - 0.5) * 6**0.5
    return torch.complex(real + magnitude * draws[0], imag + magnitude * draws[1])


class Codec(nn.Module):
    def __init__(self, config: CodecConfig):
        super().__init__()
        self.config = config
        self.encoder, self.decoder = Encoder(config), Decoder(config)
        self.quantizer = ResidualVectorQuantizer(config.num_codebooks, config.codebook_size, config.latent_dim)

    def forward(self, pcm: torch.Tensor) -> tuple[torch.Tensor, Parts, torch.Tensor]:
        """pcm [B, N] -> two reconstructions that differ in their noise [2, B, N], what they are made of, commitment loss"""
        z_q, _, commitment = self.quantizer(self.encoder(pcm))
        parts = self.decoder(z_q)
        return self.to_pcm(parts, draws=2), parts, commitment

    @torch.no_grad()
    def fit(self, sounds: Iterable[torch.Tensor]) -> None:
        """Before the first step: principal directions of the sounds' features, codebooks by k-means, the direct way."""
        features = torch.cat([self.encoder.features(pcm).flatten(0, 1) for pcm in sounds])
        self.encoder.fit(features)
        self.quantizer.start((features - self.encoder.mean) @ self.encoder.basis)
        self.decoder.start(self.encoder)

    def to_pcm(self, parts: Parts, draws: int = 1) -> torch.Tensor:
        """-> pcm [draws, B, N], which differ in their noise"""
        c = self.config
        real, imag = partials.add_partials(*parts[:2], parts.gain, parts.frequency, c.stft_size, c.stft_hop, c.sample_rate)
        return torch.stack([stft.inverse(add_noise(real, imag, parts.noise), c.stft_size, c.stft_hop) for _ in range(draws)])

    @torch.no_grad()
    def encode(self, pcm: torch.Tensor) -> torch.Tensor:
        """pcm [B, N] -> codes [B, K, T]"""
        return self.quantizer(self.encoder(pcm))[1]

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """codes [B, K, T] -> pcm [B, 640 T]"""
        return self.to_pcm(self.decoder(self.quantizer.decode(codes)))[0]
