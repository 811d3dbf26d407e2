"""The codec of foley-tiny: spectra -> latents at 50 Hz -> residual vector quantizer -> ConvNeXt -> inverse STFT.

    pcm [B, N]  ->  latents [B, T, 64]  ->  codes [B, 4, T]  ->  Parts at 100 Hz  ->  pcm [B, N],  N = 640 T

The decoder works at codec-frame rate and at twice that, and says how each STFT frame sounds in three ways: bins of given magnitude
and phase (attacks), noise of given magnitude (rain, wind, gravel), and partials that ring on from frame to frame (bells,
engines: `partials.py`). Every convolution is causal but the first, which looks 3 codec frames ahead, and the inverse STFT
adds half a codec frame: 70 ms in all, so the decoder can stream.
The encoder is for training only. ConvNeXt blocks and the head after Vocos (Siuzdak 2023, arXiv:2306.00814), the
quantizer after SoundStream; AudioGen (Kreuk et al. 2023, arXiv:2209.15352) for the two-stage system.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from . import partials, stft
from .precision import autocast
from .rvq import ResidualVectorQuantizer


@dataclass(frozen=True)
class CodecConfig:
    sample_rate: int = 32000
    samples_per_codec_frame: int = 640
    num_codebooks: int = 4
    codebook_size: int = 1024
    latent_dim: int = 64
    encoder_dim: int = 256
    decoder_dim: int = 192
    decoder_hidden: int = 448
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
    """pcm [B, N] -> latents [B, N / 640, latent_dim]

    Reads a fine spectrum (200 Hz) for attacks, a coarse one (50 Hz) for pitch, and what the partials' channels hold (100 Hz).
    """

    def __init__(self, config: CodecConfig):
        super().__init__()
        d = config.encoder_dim
        self.config = config
        self.fine = nn.Linear(257, d // 2)
        self.fine_block = ConvNeXtBlock(d // 2, d, causal=False)
        self.partials = nn.Linear(2 * partials.CHANNELS, d)
        self.halve = nn.Linear(d, d)
        self.half_block = ConvNeXtBlock(d, 2 * d, causal=False)
        self.quarter = nn.Linear(2 * d, d)
        self.coarse = nn.Linear(1025, d)
        self.blocks = nn.Sequential(*(ConvNeXtBlock(d, 2 * d, causal=False) for _ in range(4)))
        self.norm = nn.LayerNorm(d)
        self.out = nn.Linear(d, config.latent_dim)

    def forward(self, pcm: torch.Tensor) -> torch.Tensor:
        hop = self.config.samples_per_codec_frame
        fine, coarse = log_spectrum(pcm, 512, hop // 4), log_spectrum(pcm, 2048, hop)
        x = self.fine_block(self.fine(fine))  # (B, 4T, d/2)
        x = self.halve(x.reshape(len(x), -1, 2 * x.shape[-1])) + self.partials(self.partial_features(pcm))  # (B, 2T, d)
        x = self.half_block(x)
        x = self.quarter(x.reshape(len(x), -1, 2 * x.shape[-1])) + self.coarse(coarse)  # (B, T, d)
        z = self.out(self.norm(self.blocks(x)))
        return F.layer_norm(z.float(), z.shape[-1:])  # one size, or the commitment loss would shrink the latents to nothing

    def partial_features(self, pcm: torch.Tensor) -> torch.Tensor:
        """(B, N) -> (B, 2T, 2C): loudness of every channel, and its frequency where it is loud"""
        frequency, weight = partials.measure(pcm.float(), self.config.stft_hop, self.config.sample_rate)
        centre, width = (a.to(pcm.device) for a in partials.channel_grid())
        return torch.cat((4 * weight - 1, 2 * weight * (frequency - centre) / width), -1)


def log_spectrum(pcm: torch.Tensor, size: int, hop: int) -> torch.Tensor:
    """(B, N) -> (B, N / hop, size/2 + 1), about zero mean and unit spread"""
    with torch.no_grad():
        return ((torch.log(stft.magnitude(pcm.float(), size, hop) + 1e-3) + 3.0) / 2.5).transpose(1, 2)


class Decoder(nn.Module):
    """latents [B, T, latent_dim] -> Parts with 2T STFT frames"""

    def __init__(self, config: CodecConfig):
        super().__init__()
        d, hidden = config.decoder_dim, config.decoder_hidden
        self.bins = config.stft_size // 2 + 1
        self.ahead = nn.Conv1d(config.latent_dim, d, 7, padding=3)
        self.norm_in = nn.LayerNorm(d)
        self.slow = nn.Sequential(*(ConvNeXtBlock(d, hidden, causal=True) for _ in range(3)))
        self.upsample = nn.Linear(d, 2 * d)
        self.fast = nn.Sequential(*(ConvNeXtBlock(d, hidden, causal=True) for _ in range(3)))
        self.norm_out = nn.LayerNorm(d)
        self.head = nn.Linear(d, 3 * self.bins + 2 * partials.CHANNELS)
        with torch.no_grad():  # begin with something quiet
            self.head.bias[: 3 * self.bins + partials.CHANNELS] = -3.0
            self.head.bias[self.bins : 2 * self.bins] = 0.0

    def forward(self, z: torch.Tensor) -> Parts:
        x = self.slow(self.norm_in(self.ahead(z.transpose(1, 2)).transpose(1, 2)))  # (B, T, d)
        x = self.upsample(x)
        x = x.reshape(x.shape[0], -1, x.shape[2] // 2)  # (B, 2T, d)
        sizes = [self.bins] * 3 + [partials.CHANNELS] * 2
        magnitude, phase, noise, gain, offset = self.head(self.norm_out(self.fast(x)).float()).split(sizes, -1)
        magnitude, noise, gain = (torch.exp(part.clamp(-16.0, 6.0)) for part in (magnitude, noise, gain))
        return Parts(magnitude * torch.cos(phase), magnitude * torch.sin(phase), noise, gain, partials.frequency_of(offset))


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
        with autocast(pcm.device, self.training):
            z = self.encoder(pcm)
        z_q, _, commitment = self.quantizer(z.float())
        with autocast(pcm.device, self.training):
            parts = self.decoder(z_q)
        return self.to_pcm(parts, draws=2), parts, commitment

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
