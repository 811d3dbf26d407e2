"""SEANet: the codec of the AudioGen paper. Strided convolutions and an LSTM down to latents, the mirror image back up.

    pcm [B, N]  ->  latents [B, T, D]  ->  codes [B, K, T]  ->  pcm [B, S T],  T = ceil(N / S)

B batch, N samples, S samples per codec frame (the product of the strides), T codec frames, D latent dim, K codebooks.
No convolution is causal. Every padding is zeros; where the total is odd the left side gets one more. A window at the end
that is not full is filled up, so no sample is lost and the decoder gives back whole codec frames.
Kreuk et al. 2023 (AudioGen), arXiv:2209.15352; Defossez et al. 2022 (EnCodec), arXiv:2210.13438: one residual unit a stride,
half the channels inside it, weight normalisation, no dropout of codebooks.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from .precision import autocast
from .rvq import ResidualVectorQuantizer

STRIDES = {32: (2, 2, 2, 4), 64: (2, 2, 4, 4), 128: (2, 4, 4, 4), 320: (8, 5, 4, 2), 640: (8, 5, 4, 4)}
PAPER_FACTORS = (32, 64, 128)
PAPER_SIZES = {1: 2048, 2: 1024, 4: 512}  # codebook size by number of streams


@dataclass(frozen=True)
class SeanetConfig:
    sample_rate: int = 32000
    strides: tuple[int, ...] = STRIDES[320]  # the encoder takes them from the smallest up, the decoder from the largest down
    num_codebooks: int = 4
    codebook_size: int = 1024
    filters: int = 16  # channels at the sample rate; every stride doubles them
    dilations: tuple[int, ...] = (1,)  # one residual unit each
    lstm_layers: int = 2  # 0 is none
    latent_dim: int = 128

    @classmethod
    def of_factor(cls, factor: int, streams: int) -> "SeanetConfig":
        """Samples per codec frame and codebooks. Of the paper: (32, 1), (64, 2) and (128, 4), 11, 10, 9 kbps."""
        if factor not in STRIDES or streams not in PAPER_SIZES:
            known = f"Take a factor of {list(STRIDES)} and {list(PAPER_SIZES)} streams."
            raise ValueError(f"seanet: no such codec, got factor {factor} with {streams} streams. {known}")
        size = PAPER_SIZES[streams] if factor in PAPER_FACTORS else 1024
        return cls(strides=STRIDES[factor], num_codebooks=streams, codebook_size=size)

    @property
    def samples_per_codec_frame(self) -> int:
        return math.prod(self.strides)

    @property
    def codec_frame_rate(self) -> float:
        return self.sample_rate / self.samples_per_codec_frame


class Conv(nn.Module):
    """(B, C, N) -> (B, C', ceil(N / stride))"""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, dilation: int = 1):
        super().__init__()
        self.stride = stride
        total = (kernel - 1) * dilation + 1 - stride
        self.left, self.right = total - total // 2, total // 2
        self.conv = weight_norm(nn.Conv1d(inputs, outputs, kernel, stride, dilation=dilation))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(F.pad(x, (self.left, self.right + -x.shape[-1] % self.stride)))


def upsample(channels: int, stride: int) -> nn.Module:
    """(B, C, T) -> (B, C / 2, stride T). The ends cut off: (stride + 1) // 2 samples on the left, stride // 2 on the right."""
    left, odd = (stride + 1) // 2, stride % 2
    return weight_norm(nn.ConvTranspose1d(channels, channels // 2, 2 * stride, stride, padding=left, output_padding=odd))


class ResidualUnit(nn.Module):
    """Two convolutions beside the identity. (B, C, N) -> (B, C, N)"""

    def __init__(self, channels: int, dilation: int):
        super().__init__()
        wide, point = Conv(channels, channels // 2, 3, dilation=dilation), Conv(channels // 2, channels, 1)
        self.layers = nn.Sequential(nn.ELU(), wide, nn.ELU(), point)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x)


class SkipLstm(nn.Module):
    """Runs forwards in time, in float32, beside the identity. (B, C, T) -> (B, C, T)"""

    def __init__(self, channels: int, layers: int):
        super().__init__()
        self.lstm = nn.LSTM(channels, channels, layers, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with autocast(x.device, enabled=False):
            return x + self.lstm(x.float().transpose(1, 2))[0].transpose(1, 2)


def residual_units(channels: int, config: SeanetConfig) -> list[nn.Module]:
    return [ResidualUnit(channels, dilation) for dilation in config.dilations]


def lstm(channels: int, config: SeanetConfig) -> list[nn.Module]:
    return [SkipLstm(channels, config.lstm_layers)] if config.lstm_layers else []


class Encoder(nn.Module):
    """pcm [B, N] -> latents [B, T, D]"""

    def __init__(self, config: SeanetConfig):
        super().__init__()
        channels = config.filters
        layers = [Conv(1, channels, 7)]
        for stride in sorted(config.strides):
            layers += [*residual_units(channels, config), nn.ELU(), Conv(channels, 2 * channels, 2 * stride, stride)]
            channels *= 2
        self.layers = nn.Sequential(*layers, *lstm(channels, config), nn.ELU(), Conv(channels, config.latent_dim, 7))

    def forward(self, pcm: torch.Tensor) -> torch.Tensor:
        return self.layers(pcm[:, None]).transpose(1, 2)  # (B, 1, N) -> (B, D, T) -> (B, T, D)


class Decoder(nn.Module):
    """latents [B, T, D] -> pcm [B, S T], not clamped"""

    def __init__(self, config: SeanetConfig):
        super().__init__()
        channels = config.filters * 2 ** len(config.strides)
        layers = [Conv(config.latent_dim, channels, 7), *lstm(channels, config)]
        for stride in sorted(config.strides, reverse=True):
            layers += [nn.ELU(), upsample(channels, stride), *residual_units(channels // 2, config)]
            channels //= 2
        self.layers = nn.Sequential(*layers, nn.ELU(), Conv(channels, 1, 7))

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return self.layers(z.transpose(1, 2))[:, 0]  # (B, T, D) -> (B, D, T) -> (B, 1, S T) -> (B, S T)


class Seanet(nn.Module):
    def __init__(self, config: SeanetConfig):
        super().__init__()
        self.config = config
        self.encoder, self.decoder = Encoder(config), Decoder(config)
        self.quantizer = ResidualVectorQuantizer(config.num_codebooks, config.codebook_size, config.latent_dim, dropout=0.0)

    def forward(self, pcm: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """pcm [B, N] -> reconstruction [B, N], codes [B, K, T], commitment loss"""
        with autocast(pcm.device, self.training):
            z = self.encoder(pcm)
        z_q, codes, commitment = self.quantizer(z.float())
        with autocast(pcm.device, self.training):
            made = self.decoder(z_q)
        return made[:, : pcm.shape[1]].float(), codes, commitment

    @torch.no_grad()
    def encode(self, pcm: torch.Tensor) -> torch.Tensor:
        """pcm [B, N] -> codes [B, K, T]"""
        return self.quantizer(self.encoder(pcm))[1]

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """codes [B, K, T] -> pcm [B, S T]"""
        return self.decoder(self.quantizer.decode(codes))
