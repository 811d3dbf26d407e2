"""Footsteps on wood, gravel, metal and snow: a ground-reaction force curve drives a surface texture.

Source: Farnell 2010 (heel, roll, ball); grains after Cook 1997 (PhISEM). Recipes: (rng, spec, n) -> f64 [n].
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .impacts import strike


def force(rng, length: int, crisp: float) -> np.ndarray:
    """Heel then ball, 0..1, heel within the first milliseconds."""
    t = dsp.times(length) / (length / dsp.SAMPLE_RATE)
    heel = np.exp(-t / (0.10 + 0.05 * crisp))
    ball_at, width = rng.uniform(0.4, 0.6), rng.uniform(0.10, 0.16)
    return heel + rng.uniform(0.35, 0.8) * np.exp(-(((t - ball_at) / width) ** 2))


def grains(rng, curve: np.ndarray, rate: float, low: float, high: float, length: float) -> np.ndarray:
    """Many tiny collisions, as dense and loud as the force, each a short band of noise."""
    hits = dsp.poisson_impulses(rng, len(curve), rate * curve, 0.8) * curve
    out = np.zeros(len(curve))
    for _ in range(3):
        f = np.exp(rng.uniform(np.log(low), np.log(high)))
        m = dsp.samples(length * rng.uniform(0.6, 1.6))
        grain = dsp.resonate(dsp.noise(rng, m), f, 2.0) * dsp.decay(m, length)
        out += dsp.convolve(hits * (rng.random(len(curve)) < 0.5), dsp.normalise(grain))
    return out


def one_step(rng, spec: SoundSpec) -> np.ndarray:
    length = dsp.samples(rng.uniform(0.22, 0.38) * (1.25 - 0.5 * spec.speed))
    curve = force(rng, length, 1 - spec.intensity)
    weight = 0.3 + 0.7 * spec.size
    thud = np.sin(2 * np.pi * rng.uniform(55, 95) * dsp.times(length)) * dsp.decay(length, 0.1) * weight
    surface = spec.family.split("_")[1]
    if surface == "gravel":
        return grains(rng, curve, 900 + 900 * spec.size, 1200, 6000, 0.012) + 0.4 * thud
    if surface == "snow":
        crunch = dsp.lowpass(grains(rng, np.sqrt(curve), 3500, 500, 2600, 0.02), 3800)
        return crunch + 0.5 * thud * crunch.std()
    if surface == "metal":
        ring = strike(rng, spec, length * 3, rng.uniform(220, 600), 10 ** rng.uniform(-2.6, -1.9), 24, 0.8, 0.9)
        out = ring * 0.8
        tap = strike(rng, spec, length, rng.uniform(400, 900), 0.01, 18, 0.85, 0.3)
        dsp.place(out, tap, 0.55 * length / dsp.SAMPLE_RATE, 0.5)
        return out
    out = strike(rng, spec, length, rng.uniform(90, 240), 0.12, 12, 0.3 + 0.3 * spec.intensity, 0.16) + thud
    tap = strike(rng, spec, length, rng.uniform(150, 420), 0.12, 10, 0.4, 0.1)
    dsp.place(out, tap, rng.uniform(0.09, 0.15), rng.uniform(0.25, 0.6))
    return out


def footsteps(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "step":
        out = np.zeros(n)
        dsp.place(out, one_step(rng, spec), 0.0)
        return out
    out, start, gap = np.zeros(n), 0.0, 0.75 - 0.45 * spec.speed
    while start < n / dsp.SAMPLE_RATE:
        dsp.place(out, dsp.normalise(one_step(rng, spec)), start, rng.uniform(0.7, 1.0))
        start += gap * rng.uniform(0.95, 1.05)
    return out
