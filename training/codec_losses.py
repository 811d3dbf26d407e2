"""What the codec is told about its mistakes: spectra at several resolutions, and discriminators.

    energy_distance(made, x)  [2, B, N], [B, N] -> scalar: log-mel bands and compressed magnitudes, six window lengths
    Discriminators            complex STFTs of three window lengths -> scores and features (hinge loss)

Gritsenko et al. 2020, arXiv:2008.01160: the spectral energy distance teaches noise without a discriminator.
Defossez et al. 2022 (EnCodec), arXiv:2210.13438: multi-scale complex-STFT discriminators and feature matching.
"""

import torch
from torch import nn
from torch.nn import functional as F

from . import stft
from .constants import constant
from .precision import autocast

SCALES = (128, 256, 512, 1024, 2048, 4096)
BANDS = (24, 40, 64, 96, 128, 128)


def mel_matrix(size: int, bands: int, sample_rate: int = 32000) -> torch.Tensor:
    """Triangular bands, equally spaced in mel from 40 Hz to half the sample rate. [size/2 + 1, bands]"""
    top, bottom = 2595 * torch.log10(torch.tensor(1 + sample_rate / 2 / 700)), 2595 * torch.log10(torch.tensor(1 + 40 / 700))
    edges = 700 * (10 ** (torch.linspace(float(bottom), float(top), bands + 2) / 2595) - 1)
    f = torch.linspace(0, sample_rate / 2, size // 2 + 1)[:, None]
    rise, fall = (f - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - f) / (edges[2:] - edges[1:-1])
    matrix = torch.minimum(rise, fall).clamp_min(0)
    return matrix / matrix.sum(0).clamp_min(1e-6)


def spectra(x: torch.Tensor, shifts: tuple[float, ...] = (0.0,) * len(SCALES)) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Per scale: log of mel bands and square roots of magnitudes, both [B, STFT frames, ...]

    STFT frames overlap by half; `shifts`, 0..1 of a hop, moves them: what one step does not see in full the next one does.
    """
    pairs = []
    for size, bands, shift in zip(SCALES, BANDS, shifts):
        spectrum = stft.spectrum(x[:, int(shift * size / 2) :], size, size // 2).transpose(1, 2)
        power = (spectrum.real**2 + spectrum.imag**2) * (1024 / size) + 1e-6
        magnitude = power.sqrt()
        pairs.append((torch.log(magnitude @ constant(mel_matrix, size, bands, device=x.device) + 0.02), magnitude.sqrt()))
    return pairs


def distance(a: list, b: list, scale: list | None = None) -> torch.Tensor:
    """Between two sounds' `spectra`; compressed magnitudes relative to those of `scale`, clip by clip."""
    total = a[0][0].new_zeros(())
    for (log_a, root_a), (log_b, root_b), (_, root) in zip(a, b, scale or b):
        total = total + (log_a - log_b).abs().mean()
        total = total + 2.0 * ((root_a - root_b).abs().mean((1, 2)) / (root.mean((1, 2)) + 0.1)).mean()
    return total / len(SCALES)


def energy_distance(made: torch.Tensor, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """made [2, B, N], two draws of the same codes; x [B, N] -> energy distance, and the plain distance of one draw

    2 d(x, y) - d(y, y'): pulls each draw to the sound and pushes the draws apart, so noise stays noise where a plain
    distance would smooth it away. Gritsenko et al. 2020, arXiv:2008.01160.
    """
    shifts = tuple(torch.rand(len(SCALES)).tolist())
    one, two, real = (spectra(sound, shifts) for sound in (*made, x))
    first, second, apart = distance(one, real), distance(two, real), distance(one, two, real)
    return first + second - apart, first.detach()


@torch.no_grad()
def spectral_loss(x_hat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Plain distance, for reports. x_hat, x [B, N]"""
    return distance(spectra(x_hat), spectra(x))


class SpectrumDiscriminator(nn.Module):
    """Real or made? Looks at one complex STFT as an image with two channels."""

    def __init__(self, size: int, channels: int = 12):
        super().__init__()
        self.size = size
        layers = [nn.Conv2d(2, channels, (3, 7), padding=(1, 3), stride=(1, 2))]
        for dilation in (1, 2, 4):
            layers.append(nn.Conv2d(channels, channels, (3, 5), padding=(dilation, 2), dilation=(dilation, 1), stride=(1, 2)))
        self.layers = nn.ModuleList(nn.utils.parametrizations.weight_norm(layer) for layer in layers)
        self.score = nn.Conv2d(channels, 1, (3, 3), padding=1)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """x [B, N] -> scores [B, 1, F, bins/16], features of every layer"""
        spectrum = stft.spectrum(x, self.size, self.size // 4) / self.size**0.5 * 4
        h = torch.stack((spectrum.real, spectrum.imag), 1).transpose(2, 3)  # (B, 2, F, bins)
        features = []
        for layer in self.layers:
            h = F.leaky_relu(layer(h), 0.2)
            features.append(h)
        return self.score(h), features


class Discriminators(nn.Module):
    def __init__(self, sizes: tuple[int, ...] = (1024, 512, 256)):
        super().__init__()
        self.all = nn.ModuleList(SpectrumDiscriminator(size) for size in sizes)

    def forward(self, x: torch.Tensor) -> list[tuple[torch.Tensor, list[torch.Tensor]]]:
        with autocast(x.device):
            return [discriminator(x) for discriminator in self.all]


def discriminator_loss(real, made) -> torch.Tensor:
    """Hinge: real scores above 1, made scores below -1."""
    return sum(F.relu(1 - r[0].float()).mean() + F.relu(1 + m[0].float()).mean() for r, m in zip(real, made)) / len(real)


def generator_loss(real, made) -> tuple[torch.Tensor, torch.Tensor]:
    """adversarial and feature-matching losses"""
    adversarial = sum(F.relu(1 - m[0].float()).mean() for m in made) / len(made)
    matching = [
        (a.float() - b.detach().float()).abs().mean() / (b.detach().float().abs().mean() + 1e-3)
        for r, m in zip(real, made)
        for a, b in zip(m[1], r[1])
    ]
    return adversarial, sum(matching) / len(matching)
