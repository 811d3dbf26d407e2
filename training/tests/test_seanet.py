"""Run: python -m pytest training/tests/test_seanet.py"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from training import seanet, stft
from training.seanet import Seanet, SeanetConfig


@pytest.fixture(autouse=True)
def one_thread():
    """On cores that others use too, two threads wait for each other: a training step took 2.8 s of CPU against 0.1 s."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def small(factor: int, streams: int, filters: int = 4) -> Seanet:
    torch.manual_seed(0)
    return Seanet(replace(SeanetConfig.of_factor(factor, streams), filters=filters))


@pytest.mark.parametrize("factor", [32, 64, 128, 320, 640])
@pytest.mark.parametrize("streams", [1, 2, 4])
def test_codes_have_the_frame_rate_and_the_streams_of_the_config(factor, streams):
    codec = small(factor, streams, filters=2).eval()
    assert codec.config.samples_per_codec_frame == factor
    assert codec.config.codec_frame_rate == 32000 / factor
    codes = codec.encode(torch.randn(2, 6400))
    assert codes.shape == (2, streams, 6400 // factor) and codes.dtype == torch.int64
    assert codec.decode(codes).shape == (2, 6400)


def test_the_codebooks_are_those_of_the_paper():
    sizes = [SeanetConfig.of_factor(*pair).codebook_size for pair in ((32, 1), (64, 2), (128, 4), (320, 4), (640, 1))]
    assert sizes == [2048, 1024, 512, 1024, 1024]
    bits = [SeanetConfig.of_factor(f, k).codec_frame_rate * k * b for f, k, b in ((32, 1, 11), (64, 2, 10), (128, 4, 9))]
    assert bits == [11000, 10000, 9000]


def test_an_unknown_factor_is_named():
    with pytest.raises(ValueError, match="seanet: no such codec, got factor 100 with 3 streams"):
        SeanetConfig.of_factor(100, 3)


@pytest.mark.parametrize("factor", [32, 128, 320])
def test_any_length_is_kept(factor):
    codec = small(factor, 2).eval()
    for length in (1, factor - 1, factor, factor + 1, 3 * factor + 7, 5000):
        made, codes, commitment = codec(torch.randn(2, length))
        assert made.shape == (2, length)
        assert codes.shape == (2, 2, -(-length // factor))
        assert codec.decode(codes).shape == (2, factor * codes.shape[2])
        assert commitment.shape == ()


@pytest.mark.parametrize("stride", [2, 4, 5, 8])
def test_strides_keep_the_length_and_cut_and_pad_as_stated(stride):
    up = seanet.upsample(2, stride)
    x = torch.randn(1, 2, 7)
    whole = F.conv_transpose1d(x, up.weight, up.bias, stride)
    left, right = (stride + 1) // 2, stride // 2
    assert torch.allclose(up(x), whole[..., left : whole.shape[-1] - right], atol=1e-6)
    assert up(x).shape[-1] == 7 * stride
    down = seanet.Conv(1, 1, 2 * stride, stride)
    assert (down.left, down.right) == (left, right)
    assert [down(torch.zeros(1, 1, n)).shape[-1] for n in (stride, stride + 1, 3 * stride)] == [1, 2, 3]


def test_a_forward_pass_is_decoding_what_was_encoded():
    codec = small(64, 2)
    pcm = torch.randn(2, 6400)
    codec(pcm)  # starts the codebooks
    codec.eval()
    with torch.no_grad():
        made, codes, _ = codec(pcm)
    assert torch.equal(codes, codec.encode(pcm))
    assert torch.allclose(made, codec.decode(codes), atol=1e-5)
    assert len(codes.unique()) > 20


def test_every_parameter_gets_a_gradient():
    codec = small(128, 4)
    made, _, commitment = codec(torch.randn(2, 3200))
    (made.square().mean() + commitment).backward()
    missing = [name for name, p in codec.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert missing == []


def test_the_lstm_can_be_left_out():
    codec = Seanet(replace(SeanetConfig.of_factor(320, 1), filters=2, lstm_layers=0)).eval()
    assert not any("lstm" in name for name, _ in codec.named_parameters())
    assert codec.encode(torch.zeros(1, 640)).shape == (1, 1, 2)


def sines(batch: int, samples: int) -> torch.Tensor:
    """(B, N): 64 harmonics of a pitch, at random phases"""
    rng = np.random.default_rng(0)
    t, harmonic = np.arange(samples) / 32000, np.arange(1, 65)[:, None]
    pitch, phase = rng.uniform(100, 200, (batch, 1, 1)), rng.uniform(0, 2 * np.pi, (batch, 64, 1))
    return torch.tensor(0.1 * np.sin(2 * np.pi * pitch * harmonic * t + phase).sum(1), dtype=torch.float32)


def log_bands(pcm: torch.Tensor, size: int) -> torch.Tensor:
    """(B, N) -> (B, 4 N / size, 16)"""
    magnitude = stft.magnitude(pcm, size, size // 4).transpose(1, 2)
    return torch.log(F.avg_pool1d(magnitude, size // 32) + 0.1)


def distance(made: torch.Tensor, pcm: torch.Tensor) -> torch.Tensor:
    bands = sum((log_bands(made, size) - log_bands(pcm, size)).abs().mean() for size in (128, 512))
    return (made - pcm).abs().mean() + bands


@pytest.mark.parametrize("factor, streams", [(32, 1), (64, 2), (128, 4)])
def test_training_lowers_the_loss(factor, streams):
    codec, pcm, losses = small(factor, streams, filters=8), sines(2, 8000), []
    optimizer = torch.optim.Adam(codec.parameters(), 1e-3, (0.5, 0.9))
    for _ in range(25):
        made, _, commitment = codec(pcm)
        loss = distance(made, pcm)
        optimizer.zero_grad()
        (loss + commitment).backward()
        optimizer.step()
        losses.append(loss.item())
    assert np.isfinite(losses).all()
    assert np.mean(losses[-5:]) < 0.75 * np.mean(losses[:5])
