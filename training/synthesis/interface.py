"""Coins and interface blips. Recipes: (rng, spec, n) -> f64 [n]. After sfxr (Pettersson 2007)."""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .impacts import strike


def coin(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Either the arcade's two-note pick-up, or real coins that ring and bounce."""
    if rng.random() < 0.55:
        f0 = 700 * 2 ** (1.2 * spec.pitch)
        first = dsp.samples(rng.uniform(0.05, 0.09))
        length = min(n, first + dsp.samples(rng.uniform(0.25, 0.6)))
        f = np.where(np.arange(length) < first, f0, f0 * rng.choice([4 / 3, 3 / 2, 5 / 4]))
        shape = ("square", "sine", "triangle")[int(rng.integers(3))]
        out = np.zeros(n)
        envelope = dsp.attack_decay(length, 0.001, 0.5)
        envelope[first:] = dsp.attack_decay(length - first, 0.001, 0.45)
        out[:length] = dsp.lowpass(dsp.oscillator(f, shape), 8000) * envelope
        return out
    out, start = np.zeros(n), 0.0
    f0 = rng.uniform(3200, 5200) * (0.8 + 0.4 * spec.pitch)
    for i in range(int(rng.integers(1, 6))):
        ring = dsp.modal(
            dsp.samples(0.6),
            f0 * np.array([1, 1.31, 1.88, 2.3]) * rng.uniform(0.99, 1.01),
            [0.5, 0.4, 0.3, 0.2],
            [1, 0.7, 0.5, 0.3],
        )
        click = strike(rng, spec, dsp.samples(0.05), 3000, 0.02, 6, 0.95, 0.05)
        dsp.place(out, ring, start, 0.8**i)
        dsp.place(out, click, start, 0.4 * 0.8**i)
        start += rng.uniform(0.04, 0.16)
    return out


def ui_blip(rng, spec: SoundSpec, n: int) -> np.ndarray:
    out = np.zeros(n)
    if spec.action == "click":
        m = dsp.samples(0.05)
        tick = strike(rng, spec, m, 900 * 2 ** (1.6 * spec.pitch), 0.05, 6, 0.9, 0.03)
        dsp.place(out, tick, 0.0)
        return out
    f0 = 380 * 2 ** (1.5 * spec.pitch)
    step = rng.choice([5 / 4, 4 / 3, 3 / 2]) if spec.action == "confirm" else rng.choice([3 / 4, 2 / 3, 4 / 5])
    notes = int(rng.integers(2, 4))
    length = dsp.samples(0.05 + 0.07 * (1 - spec.speed))
    shape = ("sine", "triangle", "square")[int(rng.integers(3))]
    for i in range(notes):
        tail = length if i < notes - 1 else 2 * length
        note = dsp.oscillator(np.full(tail, f0 * step**i), shape) * dsp.attack_decay(tail, 0.002, 0.06 + tail / dsp.SAMPLE_RATE)
        note *= np.minimum(1, (tail - np.arange(tail)) / dsp.samples(0.008))
        dsp.place(out, dsp.lowpass(note, 6000), i * length / dsp.SAMPLE_RATE, 0.9)
    return out
