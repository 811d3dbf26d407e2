"""A clip's specification to audio: events in time, then distance, space and one loudness per kind.

    render(clip) -> pcm f32 [samples] at 32 kHz, full scale ±1; onset and end of every event in seconds, without its reverberation

A one-shot starts within 20 ms and is as long as it sounds, at most 3.2 s; a loop is 3.2 s, or as long as asked, without
fade-in. One-shots are brought to −14 dBFS (RMS of their loudest 50 ms), loops to −20 dBFS (of the whole). Then intensity moves
the level by ±4.5 dB and distance by up to −9 dB: nothing else does.
"""

import numpy as np

from .. import dsp
from ..spec import ClipSpec, SoundSpec
from . import FAMILIES

LONGEST = 3.2
ONE_SHOT_DBFS, LOOP_DBFS, BED_DBFS = -14.0, -20.0, -34.0
# space: reverberation time at low and at high frequencies in seconds, level of the reverberation
ROOMS = {"room": (0.35, 0.2, 0.16), "hall": (1.6, 0.8, 0.2), "cave": (2.8, 0.9, 0.28), "outdoors": (0.5, 0.15, 0.05)}


def render(clip: ClipSpec, loop_seconds: float = LONGEST) -> tuple[np.ndarray, list[tuple[float, float]]]:
    rng = np.random.default_rng([clip.seed, 2])
    loop = is_loop(clip)
    x, spans = arrange(rng, clip, loop_seconds if loop else LONGEST)
    if clip.background:
        bed = sound(SoundSpec(clip.background, seed=int(rng.integers(1 << 31)), distance=0.5), len(x))
        x = level(x, False) + level(bed, True) * 10 ** ((BED_DBFS - LOOP_DBFS) / 20)
    if clip.distance > 0.3:
        x = dsp.lowpass(x, 14000 * (1 - clip.distance) ** 1.8 + 700, 1)
    if not loop and not clip.background:
        x = np.concatenate((x, np.zeros(dsp.samples(tail_of(clip)))))[: dsp.samples(LONGEST)]
    x = reverberate(rng, x, clip.space, clip.distance)
    x = level(dsp.highpass(x, 25), loop)
    intensity = np.mean([event.intensity for event in clip.events])
    x = x * 10 ** ((9 * (intensity - 0.5) - 9 * clip.distance) / 20)
    if not loop:
        x = end_in_silence(x)
    return (0.95 * np.tanh(x / 0.95)).astype(np.float32), spans


def is_loop(clip: ClipSpec) -> bool:
    """It goes on for ever: no event of it begins or ends."""
    return all(FAMILIES[event.family].loop for event in clip.events) and clip.relation != "then"


def arrange(rng: np.random.Generator, clip: ClipSpec, longest: float) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """The events in time, dry and near, and their spans."""
    if len(clip.events) == 1:
        event = clip.events[0]
        whole = occurrences(rng, event, longest)
        whole = whole if FAMILIES[event.family].loop else trim(whole)
        return whole, [span(0.0, whole, longest)]
    if clip.relation == "then":
        return in_turn(rng, clip)
    parts = [level(occurrences(rng, event, longest), FAMILIES[event.family].loop) for event in clip.events]
    starts = [0.0, float(rng.uniform(0, 0.15))]
    out = np.zeros(dsp.samples(longest))
    for part, start, gain in zip(parts, starts, (clip.snr_db / 2, -clip.snr_db / 2)):
        dsp.place(out, part, start, 10 ** (gain / 20))
    endless = [FAMILIES[event.family].loop for event in clip.events]
    spans = [span(start, part if loop else trim(part), longest) for start, part, loop in zip(starts, parts, endless)]
    return (out if is_loop(clip) else trim(out)), spans


def span(start: float, part: np.ndarray, longest: float = LONGEST) -> tuple[float, float]:
    """Onset and end in seconds, within the longest clip."""
    return round(start, 3), round(min(longest, start + len(part) / dsp.SAMPLE_RATE), 3)


def in_turn(rng: np.random.Generator, clip: ClipSpec) -> tuple[np.ndarray, list[tuple[float, float]]]:
    longest = 1.25 if len(clip.events) == 2 else 0.85
    out, start, spans = np.zeros(dsp.samples(LONGEST)), 0.0, []
    for event in clip.events:
        part = level(fade_end(trim(occurrences(rng, event, longest)), 0.06), False)
        dsp.place(out, part, start)
        spans.append(span(start, part))
        start += len(part) / dsp.SAMPLE_RATE + float(rng.uniform(0.04, 0.25))
    return trim(out), spans


def occurrences(rng: np.random.Generator, event: SoundSpec, seconds: float) -> np.ndarray:
    """The event as often as it happens, the later ones a little softer or louder."""
    n = dsp.samples(seconds)
    if event.count == 1:
        return sound(event, n)
    gap = (0.62 - 0.34 * event.speed) * float(rng.uniform(0.9, 1.1))
    out = np.zeros(n)
    for i in range(event.count):
        again = SoundSpec(**{**event.__dict__, "seed": event.seed + (i if rng.random() < 0.5 else 0)})
        one = fade_end(dsp.normalise(trim(sound(again, n))[: dsp.samples(max(0.12, 1.4 * gap))]), 0.02)
        dsp.place(out, one, i * gap * float(rng.uniform(0.97, 1.03)), float(rng.uniform(0.75, 1.0)))
    return out


def sound(event: SoundSpec, n: int) -> np.ndarray:
    return FAMILIES[event.family].recipe(np.random.default_rng([event.seed, 3]), event, n)


def trim(x: np.ndarray) -> np.ndarray:
    """Cuts what lies 50 dB and more below the loudest 10 ms, at the end."""
    block = dsp.samples(0.01)
    levels = np.sqrt(np.mean(x[: len(x) // block * block].reshape(-1, block) ** 2, 1))
    loud = np.nonzero(levels > 0.003 * levels.max())[0]
    return fade_end(x[: (int(loud[-1]) + 2) * block], 0.01) if len(loud) else x[: 4 * block]


def fade_end(x: np.ndarray, seconds: float) -> np.ndarray:
    m = min(len(x), dsp.samples(seconds))
    out = x.copy()
    out[len(x) - m :] *= np.linspace(1, 0, m)
    return out


def end_in_silence(x: np.ndarray) -> np.ndarray:
    """As long as it sounds, then 0.1 s of silence; whole codec frames of 640 samples."""
    quiet = np.concatenate((fade_end(trim(x), 0.03), np.zeros(dsp.samples(0.1))))
    return np.pad(quiet, (0, -len(quiet) % 640))


def tail_of(clip: ClipSpec) -> float:
    return ROOMS[clip.space][0] if clip.space in ROOMS else 0.0


def reverberate(rng: np.random.Generator, x: np.ndarray, space: str, distance: float) -> np.ndarray:
    """Early taps and two decaying noise bands; the farther, the more of it."""
    if space not in ROOMS:
        return x
    t60_low, t60_high, wet_level = ROOMS[space]
    n = dsp.samples(min(2.0, t60_low))
    dull = dsp.lowpass(dsp.noise(rng, n), 1200) * dsp.decay(n, t60_low)
    tail = dull + 0.6 * dsp.highpass(dsp.noise(rng, n), 1200) * dsp.decay(n, t60_high)
    tail[: dsp.samples(0.008)] = 0
    for _ in range(6):
        dsp.place(tail, np.ones(1), rng.uniform(0.004, 0.04), rng.uniform(1.0, 3.0))
    tail /= np.sqrt(np.sum(tail**2)) + 1e-9
    return x + dsp.convolve(x, tail) * (0.5 + 2.0 * distance) * wet_level * 4


def level(x: np.ndarray, loop: bool) -> np.ndarray:
    if loop:
        return x * (10 ** (LOOP_DBFS / 20) / (np.std(x) + 1e-9))
    block = dsp.samples(0.05)
    power = (
        np.convolve(np.pad(x, (0, block)) ** 2, np.ones(block) / block, mode="valid") if len(x) < block else block_power(x, block)
    )
    return x * (10 ** (ONE_SHOT_DBFS / 20) / (np.sqrt(power.max()) + 1e-9))


def block_power(x: np.ndarray, block: int) -> np.ndarray:
    total = np.concatenate(([0.0], np.cumsum(x**2)))
    return np.maximum(total[block:] - total[:-block], 0) / block
