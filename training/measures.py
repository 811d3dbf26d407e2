"""What is measured on sounds and on what the judge says of them: pure functions of numpy arrays.

pcm f32 [N] at 32 kHz;  embeddings f32 [n, 256];  presence f32 [T], 0..1, at 25 Hz;  spans (onset, end) in seconds
"""

import numpy as np
from scipy.signal import find_peaks
from scipy.stats import rankdata

SAMPLE_RATE, PRESENCE_RATE = 32000, 25
ENVELOPE_RATE = 200
Span = tuple[float, float]


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation, -1..1; 0 where one of them does not vary"""
    ranks = [rankdata(x) - (len(x) + 1) / 2 for x in (a, b)]
    scale = np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum())
    return float((ranks[0] * ranks[1]).sum() / scale) if scale else 0.0


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    """Fréchet distance of two sets of embeddings [n, D], [m, D], as Gaussians with diagonal covariance"""
    spread_gap = ((a.std(0) - b.std(0)) ** 2).sum()
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + spread_gap)


def spread(embeddings: np.ndarray) -> float:
    """Mean distance of all pairs, [n, D], n at least 2"""
    gaps = np.linalg.norm(embeddings[:, None] - embeddings[None], axis=-1)
    return float(gaps.sum() / (len(gaps) * (len(gaps) - 1)))


def nearest(embeddings: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each [n, D] to the nearest of the others [m, D] -> [n]"""
    return np.array([np.linalg.norm(others - one, axis=1).min() for one in embeddings])


def segments(presence: np.ndarray, threshold: float, gap: int = 3) -> list[Span]:
    """Where presence [T] reaches the threshold, as spans in seconds; pauses of up to `gap` values are bridged."""
    found: list[list[int]] = []
    for t in np.nonzero(presence >= threshold)[0]:
        if found and t - found[-1][1] <= gap:
            found[-1][1] = int(t) + 1
        else:
            found.append([int(t), int(t) + 1])
    return [(begin / PRESENCE_RATE, end / PRESENCE_RATE) for begin, end in found]


def event_span(presence: np.ndarray, threshold: float) -> Span | None:
    """From the first to the last moment of an event, or None where it is not detected. Where it is surely heard, weaker hints
    elsewhere are not taken for it: they must reach half of its highest presence."""
    peak = float(presence.max())
    found = segments(presence, max(threshold, peak / 2)) if peak >= threshold else []
    return (found[0][0], found[-1][1]) if found else None


def in_order(first: Span | None, second: Span | None) -> bool:
    """Both are there, the first begins first, and they share less than half of the shorter one.

    The rule of STEAM: Xie et al. 2024, arXiv:2407.02857.
    """
    if first is None or second is None:
        return False
    shorter = min(first[1] - first[0], second[1] - second[0])
    return first[0] < second[0] and first[1] - second[0] < 0.5 * shorter


def is_in_order(presence: np.ndarray, first: int, second: int, threshold: float) -> bool:
    """presence [T, families] of one sound"""
    return in_order(*(event_span(presence[:, family], threshold) for family in (first, second)))


def best_threshold(sounds: list[np.ndarray], pairs: list[tuple[int, int]]) -> float:
    """The detection threshold at which most of these sequences, presence [T, families] each, are in order."""
    choices = np.arange(0.1, 0.65, 0.05)
    scores = [np.mean([is_in_order(x, *pair, threshold) for x, pair in zip(sounds, pairs)]) for threshold in choices]
    return round(float(np.median(choices[np.array(scores) >= max(scores) - 1e-9])), 3)


def envelope(pcm: np.ndarray, milliseconds: float = 10) -> np.ndarray:
    """Power at 200 Hz, averaged over a centred window -> [N / 160]"""
    hop, size = SAMPLE_RATE // ENVELOPE_RATE, int(SAMPLE_RATE * milliseconds / 1000)
    total = np.concatenate(([0.0], np.cumsum(np.pad(pcm.astype(np.float64), (size // 2, size)) ** 2)))
    starts = np.arange(0, len(pcm), hop)
    return np.maximum(total[starts + size] - total[starts], 0) / size


def count_onsets(pcm: np.ndarray) -> int:
    """How often something begins: peaks of the envelope, 6 dB above the dip before, within 15 dB of the loudest, 0.2 s apart"""
    power = envelope(pcm, 40)
    level = 10 * np.log10(power / (power.max() + 1e-12) + 1e-4)
    level = np.concatenate((np.full(20, -40.0), level, np.full(20, -40.0)))
    return len(find_peaks(level, height=-15, prominence=6, distance=ENVELOPE_RATE // 5)[0])


def attack_seconds(pcm: np.ndarray) -> float:
    """When the power over 3 ms first reaches half of its maximum"""
    size = 96
    power = np.convolve(np.asarray(pcm, np.float64) ** 2, np.ones(size) / size, "same")
    return int(np.argmax(power >= 0.5 * power.max())) / SAMPLE_RATE


def power_spectrum(pcm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies and mean power of blocks of 1024 samples, from 60 Hz on; loud blocks count most"""
    blocks = np.pad(pcm, (0, -len(pcm) % 1024)).reshape(-1, 1024) * np.hanning(1024)
    frequency = np.fft.rfftfreq(1024, 1 / SAMPLE_RATE)
    return frequency[2:], (np.abs(np.fft.rfft(blocks)) ** 2).mean(0)[2:] + 1e-12


def log_centroid(pcm: np.ndarray) -> float:
    """Centre of the spectrum on a logarithmic scale, in octaves above 1 Hz"""
    frequency, power = power_spectrum(pcm)
    weight = np.sqrt(power) / frequency
    return float((weight * np.log2(frequency)).sum() / weight.sum())


def high_share(pcm: np.ndarray) -> float:
    """Level above 3 kHz relative to that below, in dB"""
    frequency, power = power_spectrum(pcm)
    return float(10 * np.log10(power[frequency >= 3000].sum() / power[frequency < 3000].sum()))


def sounding_seconds(pcm: np.ndarray) -> float:
    """How long it is within 30 dB of its loudest moment"""
    power = envelope(pcm)
    return float((power > 1e-3 * power.max()).sum() / ENVELOPE_RATE)


def loudness(pcm: np.ndarray) -> float:
    """dB of the loudest 50 ms"""
    return float(10 * np.log10(envelope(pcm, 50).max() + 1e-12))


#: name -> descriptor of a sound
DESCRIPTORS = {"centroid": log_centroid, "high": high_share, "length": sounding_seconds, "level": loudness}
