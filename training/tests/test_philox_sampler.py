"""Run: python -m pytest training/tests/test_philox_sampler.py"""

import numpy as np

from training.philox import NOISE_KEY, philox_4x32, spectral_noise, uniform
from training.sampler import SamplingOptions, sample


def test_philox_gives_the_published_answers():
    assert philox_4x32((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    ones = 0xFFFFFFFF
    assert philox_4x32((ones,) * 4, (ones, ones)) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    pi = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)
    assert philox_4x32(pi, (0xA4093822, 0x299F31D0)) == (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)


def test_draws_are_uniform():
    draws = np.array([uniform(7, step, k) for step in range(1000) for k in range(4)])
    assert draws.min() >= 0 and draws.max() < 1
    assert np.abs(np.histogram(draws, 10, (0, 1))[0] - 400).max() < 80


def test_spectral_noise_has_variance_one_half_and_follows_its_counters():
    noise = spectral_noise(40, 513)
    assert noise.shape == (2, 40, 513)
    assert abs(noise.var() - 0.5) < 0.01 and abs(noise.mean()) < 0.01
    words = philox_4x32((3, 7, 0, 0), (NOISE_KEY, 0))
    expected = [((word >> 8) / 2**24 - 0.5) * 6**0.5 for word in words]
    assert np.allclose([noise[0, 7, 6], noise[1, 7, 6], noise[0, 7, 7], noise[1, 7, 7]], expected, atol=1e-6)


def test_temperature_zero_takes_the_likeliest_code_of_the_guided_logits():
    logits = np.zeros((2, 1, 4), np.float32)
    logits[0, 0], logits[1, 0] = [0, 1, 2, 0], [0, 0, 2.5, 0]
    assert sample(logits, SamplingOptions(guidance_scale=3, temperature=0), 0)[0] == 1
    assert sample(logits[:1], SamplingOptions(guidance_scale=1, temperature=0), 0)[0] == 2


def test_top_k_and_top_p_leave_only_the_likeliest():
    logits = np.log(np.array([[[0.5, 0.3, 0.15, 0.05]]], np.float32))
    for options, allowed in (
        (SamplingOptions(1, 1, 2, 0), {0, 1}),
        (SamplingOptions(1, 1, 0, 0.4), {0}),
        (SamplingOptions(1, 1, 0, 0.9), {0, 1, 2}),
    ):
        drawn = {int(sample(logits, options, step)[0]) for step in range(200)}
        assert drawn == allowed


def test_frequencies_follow_the_probabilities():
    p = np.array([0.5, 0.3, 0.15, 0.05])
    logits = np.log(p)[None, None].astype(np.float32)
    counts = np.bincount([sample(logits, SamplingOptions(1, 1, 0, 0), s)[0] for s in range(4000)], minlength=4)
    assert (((counts - 4000 * p) ** 2) / (4000 * p)).sum() < 16.3  # chi-square, 3 degrees of freedom, 0.1 %
