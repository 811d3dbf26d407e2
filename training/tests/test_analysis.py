"""Run: python -m pytest training/tests/test_analysis.py"""

import math

import torch

from training import analysis, partials
from training.codec import Codec, CodecConfig

HOP, RATE = 320, 32000


def tone(hertz: float) -> torch.Tensor:
    return 0.3 * torch.sin(2 * math.pi * hertz * torch.arange(32000) / RATE)[None]


def test_a_tone_shows_in_its_channel_and_says_how_it_is_tuned():
    centre, width = partials.channel_grid()
    hertz = float(centre[50] + 0.3 * width[50])
    found = analysis.features(tone(hertz), HOP, RATE)[0, 25]
    assert found.shape == (analysis.FEATURES,)
    assert int(found[analysis.LEVEL].argmax()) == 50
    assert abs(float(found[analysis.TUNING][50]) / analysis.WEIGHTS["tuning"] - 0.3) < 0.05


def test_an_attack_shows_in_the_change_and_in_the_quarters():
    pcm = torch.zeros(1, 32000)
    pcm[:, 640 * 20 + 480 :] = 0.3 * torch.randn(32000 - 640 * 20 - 480)
    found = analysis.features(pcm, HOP, RATE)[0]
    quarters = found[20, analysis.ATTACK].view(analysis.QUARTERS, analysis.BANDS).mean(1)
    assert quarters[3] > quarters[0] + 1
    assert found[20, analysis.CHANGE].mean() > found[30, analysis.CHANGE].abs().mean()


def test_silence_has_no_tuning_and_one_level():
    found = analysis.features(torch.zeros(1, 6400), HOP, RATE)
    assert found[..., analysis.TUNING].abs().max() < 1e-3
    assert torch.allclose(found[..., analysis.LEVEL], torch.tensor(math.log(analysis.FLOOR)), atol=1e-4)


def test_channels_to_bins_keeps_a_constant_level():
    assert torch.allclose(analysis.channels_to_bins(1024, RATE).sum(1), torch.ones(513), atol=1e-5)
    assert torch.allclose(analysis.spreading(1024, RATE).sum(0), torch.ones(partials.CHANNELS), atol=1e-5)


def test_a_fitted_codec_has_the_right_spectrum_before_its_first_step():
    torch.manual_seed(0)
    sounds = [torch.stack([tone(200 * 1.35**i)[0] + 0.05 * torch.randn(32000) for i in range(8)]) for _ in range(4)]
    codec = Codec(CodecConfig()).eval()
    codec.fit(sounds)
    pcm = sounds[0]
    made = codec.decode(codec.encode(pcm))
    levels = [codec.encoder.features(sound)[:, 5:-5, analysis.LEVEL] for sound in (made, pcm)]
    assert (levels[0] - levels[1]).abs().mean() < 0.8
