"""Sounds that go on: fire, rain, wind, engines; and water drops. Recipes: (rng, spec, n) -> f64 [n], no fade-in.

Sources: Farnell 2010 (fire, wind, engines); van den Doel 2005 (bubbles: f0 = 3/r, damping 0.13/r + 0.0072 r^-1.5).
"""

import numpy as np
from scipy import signal

from .. import dsp
from ..spec import SoundSpec


def fire(rng, spec: SoundSpec, n: int) -> np.ndarray:
    lapping = dsp.bandpass(dsp.coloured_noise(rng, n, 1.0), 30, 140 + 160 * spec.size) * dsp.smooth_curve(rng, n, 0.15, 0.3, 1.0)
    hiss = dsp.highpass(dsp.noise(rng, n), 1500) * dsp.smooth_curve(rng, n, 0.25, 0.1, 1.0) ** 2
    crackle = np.zeros(n)
    rate = 8 + 45 * spec.intensity
    hits = dsp.poisson_impulses(rng, n, rate * dsp.smooth_curve(rng, n, 0.4, 0.3, 1.5), 0.9)
    for _ in range(3):
        m = dsp.samples(rng.uniform(0.002, 0.02))
        burst = dsp.resonate(dsp.noise(rng, m), rng.uniform(1500, 9000), 1.5) * dsp.decay(m, m / dsp.SAMPLE_RATE)
        crackle += dsp.convolve(hits * (rng.random(n) < 0.4), dsp.normalise(burst))
    return (0.25 + 0.5 * spec.size) * dsp.normalise(lapping) + 0.10 * dsp.normalise(hiss) + 0.9 * dsp.normalise(crackle)


def rain(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A bed of shaped noise and the drops one can tell apart."""
    heavy = spec.intensity * 0.5 + (0.5 if spec.action == "heavy" else 0.0)
    rate = 60 * 30**heavy
    bed = dsp.highpass(dsp.coloured_noise(rng, n, 0.6 + 0.5 * rng.random()), 500 - 250 * heavy)
    bed *= dsp.smooth_curve(rng, n, 0.8, 0.75, 1.0)
    drops = np.zeros(n)
    for _ in range(3):
        m = dsp.samples(rng.uniform(0.002, 0.012))
        drop = dsp.resonate(dsp.noise(rng, m), rng.uniform(2000, 8000), 1.2) * dsp.decay(m, m / dsp.SAMPLE_RATE)
        drops += dsp.convolve(dsp.poisson_impulses(rng, n, rate / 3, 0.7), dsp.normalise(drop))
    return (0.25 + 0.6 * heavy) * bed / np.std(bed) + (1.0 - 0.5 * heavy) * 1.2 * drops / (np.std(drops) + 1e-9)


def wind(rng, spec: SoundSpec, n: int) -> np.ndarray:
    gust = dsp.smooth_curve(rng, n, 0.5 + 1.2 * (1 - spec.speed), 0.25, 1.0)
    source = dsp.coloured_noise(rng, n, 0.7)
    bed = dsp.lowpass(source, 350 + 500 * spec.intensity)
    centre = 250 * 2 ** (1.8 * spec.pitch)
    howl = np.zeros(n)
    for k in range(4):
        ratio = 0.8 + 0.2 * k
        weight = np.exp(-(((gust - (0.3 + 0.2 * k)) / 0.2) ** 2))
        howl += weight * dsp.resonate(source, centre * ratio, rng.uniform(6, 25))
    return dsp.normalise(bed) * gust**1.5 + (0.4 + 0.9 * spec.intensity) * dsp.normalise(howl) * gust**2


def engine(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A pulse train at the firing rate through an exhaust comb; uneven cylinders."""
    rpm = (700 + 900 * spec.speed) if spec.action == "idle" else (1800 + 4200 * spec.speed)
    cylinders = int(rng.choice([2, 4, 4, 6]))
    firing = rpm / 60 * cylinders / 2 * (1.25 - 0.5 * spec.size)
    rate = firing * dsp.smooth_curve(rng, n, 0.6, 0.97, 1.03)
    phase = np.cumsum(rate) / dsp.SAMPLE_RATE
    index = np.floor(phase).astype(int)
    gains = rng.uniform(0.6, 1.0, cylinders)[index % cylinders]
    x = phase - index
    pulse = np.exp(-x * rng.uniform(6, 12)) * np.sin(2 * np.pi * x * rng.uniform(1.0, 2.2)) * gains
    delay = dsp.samples(rng.uniform(0.002, 0.007) * (0.7 + 0.6 * spec.size))
    b, a = np.array([1.0]), np.concatenate([[1.0], np.zeros(delay - 1), [0.45]])
    exhaust = signal.lfilter(b, a, pulse)
    breath = dsp.bandpass(dsp.noise(rng, n), 300, 2500) * (0.4 + gains * np.exp(-x * 4))
    whine = 0.08 * rng.random() * np.sin(2 * np.pi * np.cumsum(rate * rng.uniform(9, 14)) / dsp.SAMPLE_RATE)
    return dsp.lowpass(dsp.normalise(exhaust), 1800 + 3000 * spec.intensity) + 0.12 * dsp.normalise(breath) + whine


def bubble(rng, radius: float) -> np.ndarray:
    """radius in metres, 0.0004 to 0.008."""
    m = dsp.samples(0.25)
    t = dsp.times(m)
    f0 = 3.26 / radius
    damping = 0.13 / radius + 0.0072 * radius**-1.5
    f = f0 * (1 + rng.uniform(0.0, 0.12) * damping * t)
    return np.sin(2 * np.pi * np.cumsum(f) / dsp.SAMPLE_RATE) * np.exp(-damping * t)


def water_drop(rng, spec: SoundSpec, n: int) -> np.ndarray:
    out, start = np.zeros(n), 0.0
    gap = 1.1 - 0.85 * spec.speed
    while start < n / dsp.SAMPLE_RATE:
        radius = 0.0011 * 5 ** (0.7 * spec.size + 0.3 * (1 - spec.pitch)) * rng.uniform(0.85, 1.15)
        dsp.place(out, bubble(rng, radius), start + 0.012, 1.0)
        if rng.random() < 0.6:
            dsp.place(out, bubble(rng, radius * rng.uniform(0.5, 0.8)), start + rng.uniform(0.03, 0.09), 0.5)
        m = dsp.samples(0.006)
        dsp.place(out, dsp.highpass(dsp.noise(rng, m), 2500) * dsp.decay(m, 0.004), start, 0.12)
        if spec.action == "drip":
            break
        start += gap * rng.uniform(0.6, 1.4)
    return out
