"""Run: python -m pytest training/tests/test_partials.py"""

import math

import pytest
import torch

from training import partials, stft

RATE, SIZE, HOP = 32000, 1024, 320


def render(gain: torch.Tensor, frequency: torch.Tensor) -> torch.Tensor:
    """[1, F, C] twice -> pcm [HOP F]"""
    zeros = torch.zeros(1, gain.shape[1], SIZE // 2 + 1)
    return stft.inverse(torch.complex(*partials.add_partials(zeros, zeros.clone(), gain, frequency, SIZE, HOP, RATE)), SIZE, HOP)[
        0
    ]


@pytest.mark.parametrize("hertz", [61.0, 440.0, 1921.3, 9876.5])
def test_a_steady_partial_is_a_pure_tone_of_its_frequency(hertz):
    gain, frequency = torch.full((1, 120, 1), 100.0), torch.full((1, 120, 1), hertz)
    pcm = render(gain, frequency)[3200 : 3200 + 32000]
    power = torch.fft.rfft(pcm * torch.hann_window(32000)).abs() ** 2
    peak = int(power.argmax())
    assert abs(peak - hertz) < 1.5
    outside = power.sum() - power[max(0, peak - 4) : peak + 5].sum()
    assert 10 * math.log10(outside / power.sum()) < -35
    assert pcm.abs().max() == pytest.approx(2 * 100 / (SIZE / 2), rel=0.05)


def test_measure_finds_frequency_and_gain_of_what_was_made():
    time = torch.arange(32000) / RATE
    pcm = (torch.sin(2 * math.pi * 707 * time) + 0.5 * torch.sin(2 * math.pi * 3333 * time))[None]
    held = partials.measure(pcm, HOP, RATE)
    centre, _ = partials.channel_grid()
    for hertz, amplitude in ((707, 1.0), (3333, 0.5)):
        channel = int((centre - hertz).abs().argmin())
        assert abs(float(held.frequency[0, 50, channel]) - hertz) < 2
        assert held.loudness[0, 50, channel] > 0.5 and held.steadiness[0, 50, channel] > 0.95
        assert float(held.gain[0, 50].clone()[channel - 1 : channel + 2].sum()) == pytest.approx(amplitude * SIZE / 4, rel=0.1)
    assert held.loudness[0, 50, int((centre - 8000).abs().argmin())] < 0.05


def test_noise_is_not_steady():
    torch.manual_seed(0)
    held = partials.measure(torch.randn(2, 32000), HOP, RATE)
    assert held.steadiness[:, 5:-5, 20:].mean() < 0.4


def test_the_loss_is_small_at_the_truth_and_pulls_towards_it():
    time = torch.arange(32000) / RATE
    pcm = torch.sin(2 * math.pi * 707 * time)[None]
    truth = partials.measure(pcm, HOP, RATE)
    at_truth = partials.partial_loss(truth.gain * truth.steadiness**2, truth.frequency, truth)
    assert float(at_truth) < 1e-5
    frequency, gain = (truth.frequency + 5).requires_grad_(), (0.1 * truth.gain + 1e-3).requires_grad_()
    loss = partials.partial_loss(gain, frequency, truth)
    loss.backward()
    channel = int((partials.channel_grid()[0] - 707).abs().argmin())
    assert loss > 0.1 and frequency.grad[0, 50, channel] > 0 and gain.grad[0, 50, channel] < 0


def test_hiss_beside_a_tone_is_too_much_and_elsewhere_is_not():
    time = torch.arange(32000) / RATE
    torch.manual_seed(0)
    pcm = (0.3 * torch.sin(2 * math.pi * 1000 * time) + 0.003 * torch.randn(32000))[None]
    truth, quiet = partials.measure(pcm, HOP, RATE), torch.full((1, 100, 513), 0.01)
    losses = []
    for bins in (slice(0, 0), slice(31, 34), slice(200, 300)):
        noise = quiet.clone()
        noise[..., bins] = 20.0
        losses.append(float(partials.hiss_loss(noise, pcm, truth, SIZE, HOP, RATE)))
    assert losses[0] == 0 and losses[1] > 0.1 and losses[2] < 0.1 * losses[1], losses
    between = partials.between_partials(pcm, SIZE, HOP)[0, 20:80]
    assert between[:, 28:37].max() < 1  # the tone's lobe is 77 high


def test_frequencies_stay_in_their_channels():
    offset = torch.tensor([-50.0, 0.0, 50.0])[:, None].expand(3, partials.CHANNELS)
    centre, width = partials.channel_grid()
    made = partials.frequency_of(offset, centre, width)
    assert torch.allclose(made[1], centre) and torch.allclose(made[2] - made[0], 2 * width, rtol=1e-4)
    assert (made[1].diff() > 0).all()
