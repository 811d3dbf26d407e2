"""Specification to audio: recipe by family, then distance, space, and one loudness per kind.

    synthesise(spec, seconds) -> f32 [samples] at 32 kHz, full scale ±1

Sounds start within 10 ms. One-shots are brought to −14 dBFS, loops to −20 dBFS (RMS of the loudest 50 ms, and of the
whole), then intensity moves the level by ±3 dB and distance by up to −6 dB.
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from . import ambience, blasts, footsteps, impacts, interface

RECIPES = {
    "impact_wood": impacts.impact, "impact_metal": impacts.impact, "impact_stone": impacts.impact, "impact_glass": impacts.impact,
    "footstep_wood": footsteps.footsteps, "footstep_gravel": footsteps.footsteps,
    "footstep_metal": footsteps.footsteps, "footstep_snow": footsteps.footsteps,
    "door": impacts.door, "glass_break": impacts.glass_break, "explosion": blasts.explosion, "whoosh": blasts.whoosh,
    "coin": interface.coin, "ui_blip": interface.ui_blip, "laser": blasts.laser, "fire": ambience.fire, "rain": ambience.rain,
    "wind": ambience.wind, "thunder": blasts.thunder, "engine": ambience.engine, "bell": impacts.bell,
    "water_drop": ambience.water_drop,
}  # fmt: skip

# space: reverberation time at low and at high frequencies in seconds, level of the reverberation
ROOMS = {"room": (0.35, 0.2, 0.16), "hall": (1.6, 0.8, 0.2), "cave": (2.8, 0.9, 0.28), "outdoors": (0.5, 0.15, 0.05)}


def reverberate(rng: np.random.Generator, x: np.ndarray, space: str, distance: float) -> np.ndarray:
    """Early taps and two decaying noise bands; the farther, the more of it."""
    if space not in ROOMS:
        return x
    t60_low, t60_high, level = ROOMS[space]
    n = dsp.samples(min(2.0, t60_low))
    tail = dsp.lowpass(dsp.noise(rng, n), 1200) * dsp.decay(n, t60_low) + 0.6 * dsp.highpass(dsp.noise(rng, n), 1200) * dsp.decay(
        n, t60_high
    )
    tail[: dsp.samples(0.008)] = 0
    for _ in range(6):
        dsp.place(tail, np.ones(1), rng.uniform(0.004, 0.04), rng.uniform(1.0, 3.0))
    tail /= np.sqrt(np.sum(tail**2)) + 1e-9
    wet = dsp.convolve(x, tail)
    return x + wet * (0.5 + 2.0 * distance) * level * 4


def level(x: np.ndarray, loop: bool) -> np.ndarray:
    if loop:
        return x * (10 ** (-20 / 20) / (np.std(x) + 1e-9))
    block = dsp.samples(0.05)
    power = np.convolve(x**2, np.ones(block) / block, mode="valid")
    return x * (10 ** (-14 / 20) / (np.sqrt(power.max()) + 1e-9))


def synthesise(spec: SoundSpec, seconds: float) -> np.ndarray:
    rng = np.random.default_rng([spec.seed, 2])
    n = dsp.samples(seconds)
    x = RECIPES[spec.family](rng, spec, n)
    if spec.distance > 0.35:
        x = dsp.lowpass(x, 14000 * (1 - spec.distance) ** 1.6 + 900, 1)
    x = reverberate(rng, x, spec.space, spec.distance)
    x = level(dsp.highpass(x, 25), spec.loop)
    x = x * 10 ** ((6 * (spec.intensity - 0.5) - 6 * spec.distance) / 20)
    if not spec.loop:
        x[-dsp.samples(0.03) :] *= np.linspace(1, 0, dsp.samples(0.03))
    return (0.95 * np.tanh(x / 0.95)).astype(np.float32)
