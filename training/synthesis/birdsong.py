"""Songs and calls of birds, for the birds themselves and for the forest.

Sources: Farnell 2010 (one or two sines with contours: up, down, arch, warble), Suthers 1990 (two voices of one syrinx).
"""

import numpy as np

from .. import dsp


def hump(m: int, attack: float, power: float = 1.0) -> np.ndarray:
    """Rises within `attack` seconds, falls along a cosine to nothing at the end."""
    fall = np.cos(0.5 * np.pi * np.linspace(0, 1, m)) ** power
    return fall * np.minimum(1, (np.arange(m) + 1) / dsp.samples(attack))


def syllable(rng, base: float, seconds: float) -> np.ndarray:
    """One element of birdsong: a sine that sweeps up, down, over an arch, or warbles."""
    m = dsp.samples(seconds)
    t = np.linspace(0, 1, m)
    depth = rng.uniform(0.25, 0.8)
    contour = (t - 0.5, 0.5 - t, 4 * t * (1 - t) - 0.5, 0.5 * np.sin(2 * np.pi * t * max(2.0, seconds * rng.uniform(18, 35))),
               0.6 * np.exp(-5 * t) - 0.1)[int(rng.integers(5))]  # fmt: skip
    phase = 2 * np.pi * np.cumsum(base * 2 ** (depth * contour)) / dsp.SAMPLE_RATE
    tone = np.sin(phase) + rng.uniform(0.03, 0.2) * np.sin(2 * phase)
    return tone * np.sin(np.pi * np.minimum(1, (t + 0.03) / 1.03)) ** rng.uniform(0.4, 1.0) * np.minimum(1, np.arange(m) / 100)


def whistled_phrase(rng, base: float, seconds: float, rate: float) -> np.ndarray:
    """Several syllables, some repeated: one bird's phrase."""
    m, start = dsp.samples(seconds), 0.0
    out = np.zeros(m)
    while start < seconds - 0.04:
        element = syllable(rng, base * 2 ** rng.uniform(-0.3, 0.3), rng.uniform(0.5, 0.9) / rate)
        for _ in range(int(rng.integers(1, 4))):
            if start + len(element) / dsp.SAMPLE_RATE <= seconds:
                dsp.place(out, element, start, rng.uniform(0.7, 1.0))
            start += len(element) / dsp.SAMPLE_RATE + 0.25 / rate
    return out


def chirp(rng, base: float, longer: float) -> np.ndarray:
    """One to three quick tweets."""
    element = syllable(rng, base, rng.uniform(0.07, 0.16) * longer)
    out, gap = np.zeros(3 * len(element) + dsp.samples(0.3)), len(element) / dsp.SAMPLE_RATE + rng.uniform(0.03, 0.07) * longer
    for i in range(int(rng.integers(1, 4))):
        dsp.place(out, element, i * gap, rng.uniform(0.8, 1.0))
    return out


def rasp(rng, base: float, longer: float) -> np.ndarray:
    """A scolding call: both sides of the syrinx beat against each other."""
    m = dsp.samples(rng.uniform(0.14, 0.3) * longer)
    bend = 2 ** (rng.uniform(-0.4, 0.4) * np.linspace(-0.5, 0.5, m))
    beat = dsp.oscillator(rng.uniform(70, 160) * np.ones(m))
    return np.sin(2 * np.pi * np.cumsum(base * bend) / dsp.SAMPLE_RATE + 1.5 * beat) * (0.6 + 0.4 * beat) * hump(m, 0.006, 0.6)


def warble(rng, base: float, seconds: float, rate: float) -> np.ndarray:
    """Ever new syllables: robin, blackbird."""
    return whistled_phrase(rng, base, seconds, rate)


def trill(rng, base: float, seconds: float, rate: float) -> np.ndarray:
    """One syllable again and again, faster towards the end: canary, finch."""
    element = syllable(rng, base, 0.55 / rate)
    out, count = np.zeros(dsp.samples(seconds)), max(3, int(seconds * rate))
    starts = seconds * 0.97 * np.linspace(0, 1, count, endpoint=False) ** rng.uniform(0.85, 1.0)
    for i, start in enumerate(starts):
        dsp.place(out, element, start, 1 - 0.5 * i / count)
    return out


def flute(rng, base: float, seconds: float, rate: float) -> np.ndarray:
    """Long pure tones in steps: chickadee, oriole."""
    out, start = np.zeros(dsp.samples(seconds)), 0.0
    while start < seconds - 0.1:
        m = dsp.samples(min(seconds - start, rng.uniform(0.9, 1.8) / rate + 0.05))
        f = base * 2 ** (rng.choice((-4, -2, 0, 3, 5)) / 12) * (1 + 0.008 * np.sin(2 * np.pi * 6 * dsp.times(m)))
        dsp.place(out, dsp.oscillator(f) * hump(m, 0.008, 0.4), start)
        start += m / dsp.SAMPLE_RATE + 0.02
    return out
