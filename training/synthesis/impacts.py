"""Struck things: wood, metal, stone, glass, bells, doors, breaking glass. Modal synthesis.

Recipes and constants: van den Doel, Kry, Pai 2001; Wildes and Richards 1988 (internal friction: decay rate = pi f tan(phi));
free bar, plate and membrane ratios from Fletcher and Rossing, The Physics of Musical Instruments.
Each recipe: (rng, spec, n) -> f64 [n], onset in the first milliseconds.
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec

BAR = np.array([1, 2.756, 5.404, 8.933, 13.34, 18.64, 24.81])
RISSET = (  # ratio, gain, relative length
    (0.56, 1.0, 1.0), (0.562, 0.67, 0.9), (0.92, 1.0, 0.65), (0.923, 1.8, 0.55), (1.19, 2.67, 0.325), (1.7, 1.67, 0.35),
    (2.0, 1.46, 0.25), (2.74, 1.33, 0.2), (3.0, 1.33, 0.15), (3.76, 1.0, 0.1), (4.07, 1.33, 0.075),
)  # fmt: skip


def plate_ratios(rng: np.random.Generator, count: int) -> np.ndarray:
    aspect = rng.uniform(1.05, 1.9)
    m, k = np.meshgrid(np.arange(1, 9), np.arange(1, 9))
    ratios = np.sort((m**2 + (aspect * k) ** 2).ravel())
    return ratios[:count] / ratios[0]


def modes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Mode ratios of a random solid: bar-like or plate-like, detuned by 3 %."""
    ratios = plate_ratios(rng, count)
    if rng.random() < 0.5:
        bar = np.concatenate([BAR * s for s in (1.0, rng.uniform(1.2, 1.7), rng.uniform(1.8, 2.6), rng.uniform(0.7, 0.95))])
        ratios = np.sort(bar)[:count] / bar.min()
    return ratios * (1 + 0.03 * rng.standard_normal(len(ratios)))


def strike(rng, spec: SoundSpec, n: int, f0: float, loss: float, count: int, hardness: float, t60_cap: float) -> np.ndarray:
    """A solid hit once: modes excited by a contact pulse, plus the contact click.

    loss: tan(phi), the internal friction. hardness 0..1: short contact, bright spectrum. t60_cap in seconds.
    """
    ratios = modes(rng, count)
    f = f0 * ratios
    contact = 0.006 * (1 - hardness) ** 2 + 0.00025
    gains = np.exp(-((f * contact) ** 2) * 2.0) * np.abs(rng.standard_normal(len(f)) + 0.3) / ratios**0.35
    t60s = np.clip(6.91 / (np.pi * f * loss + 3.0), 0.015, t60_cap)
    body = dsp.modal(n, f, t60s, gains, rng.uniform(0, 0.6, len(f)))
    click = dsp.lowpass(dsp.noise(rng, n) * dsp.decay(n, 0.008 + contact * 2), 1.2 / contact)
    return dsp.normalise(body) + (0.15 + 0.35 * hardness) * dsp.normalise(click)


def bounces(rng, spec: SoundSpec, n: int, hit) -> np.ndarray:
    """A dropped thing: a hit, then a few softer ones closer and closer together."""
    out = np.zeros(n)
    start, gap, gain = 0.0, rng.uniform(0.12, 0.3) * (0.7 + 0.6 * spec.size), 1.0
    for _ in range(int(rng.integers(2, 6))):
        dsp.place(out, hit(), start, gain)
        start, gap, gain = start + gap, gap * rng.uniform(0.5, 0.75), gain * rng.uniform(0.35, 0.7)
    return out


def material_hit(rng, spec: SoundSpec, n: int) -> np.ndarray:
    material = spec.family.split("_")[1]
    low, high, loss, count, cap = {
        "wood": (90, 700, rng.uniform(0.04, 0.12), 14, 0.35),
        "metal": (180, 1400, 10 ** rng.uniform(-3.0, -2.0), 28, 2.2),
        "stone": (350, 2200, rng.uniform(0.06, 0.2), 12, 0.12),
        "glass": (900, 4200, 10 ** rng.uniform(-2.7, -2.1), 12, 0.9),
    }[material]
    f0 = low * (high / low) ** np.clip(1 - spec.size + 0.08 * rng.standard_normal(), 0, 1)
    hardness = {"wood": 0.45, "metal": 0.8, "stone": 0.75, "glass": 0.85}[material] + 0.25 * (spec.intensity - 0.5)
    hit = strike(rng, spec, n, f0, loss, count, float(np.clip(hardness, 0.1, 1)), cap)
    if material == "stone":
        grit = dsp.bandpass(dsp.noise(rng, n), 600, 5000) * dsp.decay(n, rng.uniform(0.04, 0.12))
        hit = hit + 0.8 * dsp.normalise(grit)
    if material == "wood":
        thud = np.sin(2 * np.pi * rng.uniform(60, 120) * dsp.times(n)) * dsp.decay(n, 0.12)
        hit = hit + (0.2 + 0.8 * spec.size) * thud
    return hit


def impact(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "drop":
        state = int(rng.integers(1 << 31))
        return bounces(rng, spec, n, lambda: material_hit(np.random.default_rng(state), spec, n))
    return material_hit(rng, spec, n)


def bell(rng, spec: SoundSpec, n: int) -> np.ndarray:
    low, high = (140, 520) if spec.action == "church" else (900, 3200)
    f0 = low * (high / low) ** (0.5 * (1 - spec.size) + 0.5 * spec.pitch)
    length = (2.8 if spec.action == "church" else 1.2) * rng.uniform(0.7, 1.3)
    ratios, gains, lengths = zip(*RISSET)
    return dsp.modal(n, f0 * np.array(ratios), length * np.maximum(lengths, 0.15), np.array(gains) * rng.uniform(0.6, 1.4, 11))


def glass_break(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """One crack, then a rain of shards: small glass hits at a falling Poisson rate."""
    out = dsp.highpass(dsp.noise(rng, n), 1500) * dsp.decay(n, rng.uniform(0.08, 0.2)) * 0.8
    shards = int(25 + 60 * spec.size)
    for _ in range(shards):
        start = rng.exponential(0.12 + 0.25 * spec.size)
        m = dsp.samples(rng.uniform(0.05, 0.25))
        f0 = rng.uniform(1800, 7000) * (1.25 - 0.5 * spec.size)
        shard = dsp.modal(m, f0 * np.array([1, 1.51, 2.13]), rng.uniform(0.03, 0.25, 3), [1, 0.6, 0.4])
        dsp.place(out, shard, start, 0.35 * rng.exponential(1.0) * np.exp(-start * 2))
    return out


def door(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "creak":
        return creak(rng, spec, n)
    if spec.action == "knock":
        return knock(rng, spec, n)
    slam = strike(rng, spec, n, rng.uniform(55, 110) * (1.4 - 0.6 * spec.size), 0.12, 16, 0.25 + 0.4 * spec.intensity, 0.5)
    boom = dsp.lowpass(dsp.noise(rng, n), 220) * dsp.decay(n, rng.uniform(0.2, 0.5))
    latch = np.zeros(n)
    for _ in range(2):
        m = dsp.samples(0.08)
        click = strike(rng, spec, m, rng.uniform(900, 2200), 0.02, 8, 0.9, 0.08)
        dsp.place(latch, click, rng.uniform(0.0, 0.07), rng.uniform(0.15, 0.35))
    return slam + 1.2 * dsp.normalise(boom) * (0.5 + spec.size) + latch


def knock(rng, spec: SoundSpec, n: int) -> np.ndarray:
    out = np.zeros(n)
    gap = 0.34 - 0.2 * spec.speed
    f0 = rng.uniform(110, 260)
    for i in range(int(rng.integers(2, 5))):
        hit = strike(rng, spec, dsp.samples(0.3), f0 * rng.uniform(0.97, 1.03), 0.1, 12, 0.45, 0.2)
        dsp.place(out, hit, i * gap * rng.uniform(0.94, 1.06), rng.uniform(0.7, 1.0))
    return out


def creak(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Stick-slip: a jittered pulse train, rising and falling in rate, into wooden modes (Farnell 2010)."""
    length = min(n, dsp.samples(rng.uniform(0.8, 2.2)))
    rate = dsp.smooth_curve(rng, length, 0.4, 25, 60 + 160 * spec.pitch)
    phase = np.cumsum(rate * (1 + 0.15 * rng.standard_normal(length))) / dsp.SAMPLE_RATE
    pulses = np.diff(np.floor(phase), prepend=0) * rng.uniform(0.5, 1.0, length)
    f0 = rng.uniform(250, 600) * (1.3 - 0.6 * spec.size)
    ring = dsp.modal(dsp.samples(0.06), f0 * np.array([1, 1.8, 2.9, 4.3, 6.1]), np.full(5, 0.04), [1, 0.8, 0.6, 0.5, 0.3])
    out = np.zeros(n)
    out[:length] = dsp.convolve(pulses, ring) * dsp.smooth_curve(rng, length, 0.3, 0.3, 1.0)
    return out
