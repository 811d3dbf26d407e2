"""Explosions, thunder, whooshes, lasers. Recipes: (rng, spec, n) -> f64 [n].

Sources: Friedlander 1946 (blast wave); Ribner and Roy 1982 (thunder as N-waves along a tortuous path); Farnell 2010.
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .impacts import strike


def explosion(rng, spec: SoundSpec, n: int) -> np.ndarray:
    t = dsp.times(n)
    length = 0.5 + 1.8 * spec.size
    blast_time = 0.004 + 0.02 * spec.size
    blast = (1 - t / blast_time) * np.exp(-1.5 * t / blast_time)
    roar = dsp.coloured_noise(rng, n, 1.0) * dsp.attack_decay(n, 0.004, length)
    dark = dsp.lowpass(roar, 350 + 500 * (1 - spec.size))
    bright = dsp.lowpass(roar * dsp.decay(n, 0.25 * length), 2500 + 4000 * spec.intensity)
    sub = np.sin(2 * np.pi * np.cumsum(30 + 60 * np.exp(-t * 6)) / dsp.SAMPLE_RATE) * dsp.decay(n, 0.8 * length)
    out = 1.0 * blast + 1.4 * dsp.normalise(dark) + 0.8 * dsp.normalise(bright) + 0.9 * sub
    for _ in range(int(rng.integers(0, 12))):
        debris = strike(rng, spec, dsp.samples(0.15), rng.uniform(200, 1500), 0.1, 8, 0.6, 0.1)
        dsp.place(out, debris, rng.uniform(0.2, 0.4 + length), rng.uniform(0.03, 0.12))
    return dsp.saturate(out, 1.5 + 2.5 * spec.intensity)


def n_wave(length: int) -> np.ndarray:
    return np.linspace(1, -1, max(3, length))


def thunder(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Near: a crack, then rumble. Far: rumble alone."""
    out = np.zeros(n)
    spread = 0.15 + 1.4 * rng.random() + 0.6 * spec.distance
    for _ in range(int(rng.integers(60, 160))):
        delay = rng.gamma(1.3, spread / 2)
        wave = n_wave(dsp.samples(rng.uniform(0.003, 0.014) * (0.6 + spec.size)))
        dsp.place(out, wave, delay * rng.random(), rng.exponential(1.0) / (1 + 2.0 * delay))
    rumble = dsp.lowpass(dsp.coloured_noise(rng, n, 1.6), 160) * dsp.smooth_curve(rng, n, 0.25, 0.1, 1.0)
    rumble *= dsp.attack_decay(n, 0.02, 2.2 + 2.5 * rng.random())
    crack = dsp.highpass(dsp.noise(rng, n), 700) * dsp.decay(n, 0.12 + 0.2 * rng.random())
    near = (1 - spec.distance) ** 1.5
    return dsp.normalise(dsp.lowpass(out, 500 + 4000 * near)) + 1.1 * dsp.normalise(rumble) + 0.7 * near * dsp.normalise(crack)


def whoosh(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Noise through a band that rises and falls with the speed of what passes by."""
    length = min(n, dsp.samples(0.18 + 0.9 * (1 - spec.speed) * rng.uniform(0.7, 1.2)))
    t = np.linspace(0, 1, length)
    peak = rng.uniform(0.25, 0.5)
    bump = np.exp(-(((t - peak) / np.where(t < peak, 0.16, 0.26)) ** 2))
    top = (700 + 2600 * spec.pitch) * (1.3 - 0.6 * spec.size)
    source, out = dsp.noise(rng, length), np.zeros(length)
    for k in range(5):
        low = top * (0.25 + 0.19 * k)
        weight = np.exp(-(((bump - (0.15 + 0.2 * k)) / 0.25) ** 2))
        out += weight * dsp.bandpass(source, low * 0.75, low * 1.35)
    result = np.zeros(n)
    result[:length] = out * (0.03 + bump) ** 1.5 * np.minimum(1, t * 40)
    return result


def laser(rng, spec: SoundSpec, n: int) -> np.ndarray:
    length = min(n, dsp.samples(0.14 + 0.45 * (1 - spec.speed)))
    t = dsp.times(length)
    top = 900 * 2 ** (2.3 * spec.pitch)
    bottom = top * rng.uniform(0.06, 0.25)
    sweep = bottom + (top - bottom) * np.exp(-t * rng.uniform(5, 14) / (length / dsp.SAMPLE_RATE) / 2)
    shape = ("square", "saw", "triangle", "sine")[int(rng.integers(4))]
    tone = dsp.oscillator(sweep, shape, rng.uniform(0.2, 0.5))
    if rng.random() < 0.4:
        tone = tone * (1 + 0.6 * np.sin(2 * np.pi * rng.uniform(30, 90) * t))
    tone = dsp.lowpass(tone, 9000) * dsp.attack_decay(length, 0.001, 0.25 + length / dsp.SAMPLE_RATE)
    delay = dsp.samples(rng.uniform(0.001, 0.004))
    flanged = tone + 0.5 * np.concatenate([np.zeros(delay), tone])[:length]
    out = np.zeros(n)
    out[:length] = flanged * np.minimum(1, (length - np.arange(length)) / dsp.samples(0.02))
    return out
