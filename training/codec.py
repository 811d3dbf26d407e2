"""The codec of foley-tiny: spectra -> latents at 50 Hz -> residual vector quantizer -> ConvNeXt -> inverse STFT.

    pcm [B, N]  ->  latents [B, T, 64]  ->  codes [B, 4, T]  ->  spectrum [B, 2T, 513]  ->  pcm [B, N],  N = 640 T

The decoder works at codec-frame rate and at twice that; every convolution is causal but the first, which looks 3 codec
frames ahead, and the inverse STFT adds half a codec frame: 70 ms in all, so the decoder can stream.
The encoder is for training only. ConvNeXt blocks and the head after Vocos (Siuzdak 2023, arXiv:2306.00814), the
quantizer after SoundStream; AudioGen (Kreuk et al. 2023, arXiv:2209.15352) for the two-stage system.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from . import stft
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
    decoder_hidden: int = 512
    stft_size: int = 1024
    stft_hop: int = 320


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
    """pcm [B, N] -> latents [B, N / 640, latent_dim]. A fine spectrum (200 Hz) for attacks, a coarse one for pitch."""

    def __init__(self, config: CodecConfig):
        super().__init__()
        d = config.encoder_dim
        self.hop = config.samples_per_codec_frame
        self.fine = nn.Linear(257, d // 2)
        self.fine_block = ConvNeXtBlock(d // 2, d, causal=False)
        self.halve = nn.Linear(d, d)
        self.half_block = ConvNeXtBlock(d, 2 * d, causal=False)
        self.quarter = nn.Linear(2 * d, d)
        self.coarse = nn.Linear(1025, d)
        self.blocks = nn.Sequential(*(ConvNeXtBlock(d, 3 * d, causal=False) for _ in range(4)))
        self.norm = nn.LayerNorm(d)
        self.out = nn.Linear(d, config.latent_dim)

    def forward(self, pcm: torch.Tensor) -> torch.Tensor:
        fine = self.log_spectrum(pcm, 512, self.hop // 4)
        coarse = self.log_spectrum(pcm, 2048, self.hop)
        x = self.fine_block(self.fine(fine))  # (B, 4T, d/2)
        x = self.half_block(self.halve(x.reshape(len(x), -1, 2 * x.shape[-1])))  # (B, 2T, d)
        x = self.quarter(x.reshape(len(x), -1, 2 * x.shape[-1])) + self.coarse(coarse)  # (B, T, d)
        return self.out(self.norm(self.blocks(x)))

    @staticmethod
    def log_spectrum(pcm: torch.Tensor, size: int, hop: int) -> torch.Tensor:
        """(B, N) -> (B, N / hop, size/2 + 1), about zero mean and unit spread"""
        with torch.no_grad():
            return ((torch.log(stft.magnitude(pcm.float(), size, hop) + 1e-3) + 3.0) / 2.5).transpose(1, 2)


class Decoder(nn.Module):
    """latents [B, T, latent_dim] -> real, imaginary, noise magnitude [B, 2T, 513]

    Rain, wind and gravel are noise, which no code can spell out: the head says how much of it each bin holds, and random
    numbers fill it in (`add_noise`).
    """

    def __init__(self, config: CodecConfig):
        super().__init__()
        d, hidden = config.decoder_dim, config.decoder_hidden
        self.ahead = nn.Conv1d(config.latent_dim, d, 7, padding=3)
        self.norm_in = nn.LayerNorm(d)
        self.slow = nn.Sequential(*(ConvNeXtBlock(d, hidden, causal=True) for _ in range(3)))
        self.upsample = nn.Linear(d, 2 * d)
        self.fast = nn.Sequential(*(ConvNeXtBlock(d, hidden, causal=True) for _ in range(3)))
        self.norm_out = nn.LayerNorm(d)
        self.head = nn.Linear(d, 3 * (config.stft_size // 2 + 1))

    def forward(self, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        x = self.slow(self.norm_in(self.ahead(z.transpose(1, 2)).transpose(1, 2)))  # (B, T, d)
        x = self.upsample(x)
        x = x.reshape(x.shape[0], -1, x.shape[2] // 2)  # (B, 2T, d)
        magnitude, phase, noise = self.head(self.norm_out(self.fast(x)).float()).chunk(3, -1)
        magnitude, noise = torch.exp(magnitude.clamp(-16.0, 6.0)), torch.exp(noise.clamp(-16.0, 6.0))
        return magnitude * torch.cos(phase), magnitude * torch.sin(phase), noise


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

    def forward(self, pcm: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """pcm [B, N] -> two reconstructions that differ in their noise [2, B, N], codes [B, K, T], commitment loss"""
        with autocast(pcm.device, self.training):
            z = self.encoder(pcm)
        z_q, codes, commitment = self.quantizer(z.float())
        with autocast(pcm.device, self.training):
            parts = self.decoder(z_q)
        return torch.stack((self.to_pcm(*parts), self.to_pcm(*parts))), codes, commitment

    def to_pcm(self, real: torch.Tensor, imag: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        return stft.inverse(add_noise(real, imag, noise), self.config.stft_size, self.config.stft_hop)

    @torch.no_grad()
    def encode(self, pcm: torch.Tensor) -> torch.Tensor:
        """pcm [B, N] -> codes [B, K, T]"""
        return self.quantizer(self.encoder(pcm))[1]

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """codes [B, K, T] -> pcm [B, 640 T]"""
        return self.to_pcm(*self.decoder(self.quantizer.decode(codes)))
