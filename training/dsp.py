"""Signal building blocks of the synthesiser. Every function takes its own random generator or none.

Shapes: n samples. Times in seconds, frequencies in Hz, SAMPLE_RATE Hz, signals f32/f64 [n] full scale about ±1.
Sources: Farnell 2010 (Designing Sound); van den Doel, Kry, Pai 2001 (FoleyAutomatic); Cook 1997 (PhISEM).
"""

import numpy as np
from scipy import signal

SAMPLE_RATE = 32000


def samples(seconds: float) -> int:
    return max(1, round(seconds * SAMPLE_RATE))


def times(n: int) -> np.ndarray:
    return np.arange(n) / SAMPLE_RATE


def silence(seconds: float) -> np.ndarray:
    return np.zeros(samples(seconds))


def noise(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.standard_normal(n)


def coloured_noise(rng: np.random.Generator, n: int, exponent: float) -> np.ndarray:
    """Power falls as 1/f^exponent; unit RMS."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    f = np.maximum(np.fft.rfftfreq(n, 1 / SAMPLE_RATE), 20.0)
    shaped = np.fft.irfft(spectrum * f ** (-exponent / 2), n)
    return shaped / (np.std(shaped) + 1e-12)


def smooth_curve(rng: np.random.Generator, n: int, period: float, low: float, high: float) -> np.ndarray:
    """A smooth random control curve between low and high that turns about every `period` seconds; made at 500 Hz."""
    position = np.arange(n // 64 + 2) / (500 * period)
    index = position.astype(int)
    knots, x = rng.random(index[-1] + 2), position - index
    curve = knots[index] + (knots[index + 1] - knots[index]) * x * x * (3 - 2 * x)
    return low + (high - low) * np.interp(np.arange(n), 64 * np.arange(len(position)), curve)


def lowpass(x: np.ndarray, cutoff: float, order: int = 2) -> np.ndarray:
    return _butter(x, min(cutoff, 0.48 * SAMPLE_RATE), "low", order)


def highpass(x: np.ndarray, cutoff: float, order: int = 2) -> np.ndarray:
    return _butter(x, min(cutoff, 0.48 * SAMPLE_RATE), "high", order)


def bandpass(x: np.ndarray, low: float, high: float, order: int = 1) -> np.ndarray:
    high = min(high, 0.48 * SAMPLE_RATE)
    return _butter(x, [min(low, 0.9 * high), high], "band", order)


def _butter(x: np.ndarray, cutoff, kind: str, order: int) -> np.ndarray:
    return signal.sosfilt(signal.butter(order, cutoff, kind, fs=SAMPLE_RATE, output="sos"), x)


def resonate(x: np.ndarray, frequency: float, q: float) -> np.ndarray:
    """A resonant peak, 0 dB at its top."""
    b, a = signal.iirpeak(min(frequency, 0.45 * SAMPLE_RATE), q, fs=SAMPLE_RATE)
    return signal.lfilter(b, a, x)


def decay(n: int, t60: float) -> np.ndarray:
    """Exponential decay that falls 60 dB in t60 seconds."""
    return np.exp(-6.91 / t60 * times(n))


def attack_decay(n: int, attack: float, t60: float) -> np.ndarray:
    a = samples(attack)
    envelope = decay(n, t60)
    ramp = min(a, n)
    envelope[:ramp] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(ramp) / a)
    return envelope


def modal(n: int, frequencies, t60s, gains, phases=None) -> np.ndarray:
    """Sum of decaying sines; frequencies above 0.46 of the sample rate are left out.

    z^(256 i + j) = z^(256 i) z^j: one matrix product for all modes instead of one long exponential each.
    """
    f, t60, g = (np.asarray(a, float) for a in np.broadcast_arrays(frequencies, t60s, gains))
    phase = np.zeros_like(f) if phases is None else np.asarray(phases, float)
    keep = f < 0.46 * SAMPLE_RATE
    exponent = (-6.91 / t60[keep] + 2j * np.pi * f[keep]) / SAMPLE_RATE
    block = 256
    coarse = np.exp(np.outer(np.arange(-(-n // block)) * block, exponent)) * (g * np.exp(1j * phase))[keep]
    fine = np.exp(np.outer(exponent, np.arange(block)))
    return (coarse @ fine).imag.ravel()[:n]


def oscillator(frequency: np.ndarray, shape: str = "sine", duty: float = 0.5) -> np.ndarray:
    """frequency: Hz at every sample. Shapes sine, square, saw, triangle."""
    phase = np.cumsum(frequency) / SAMPLE_RATE % 1.0
    if shape == "square":
        return np.where(phase < duty, 1.0, -1.0)
    if shape == "saw":
        return 2 * phase - 1
    if shape == "triangle":
        return 4 * np.abs(phase - 0.5) - 1
    return np.sin(2 * np.pi * phase)


def poisson_impulses(rng: np.random.Generator, n: int, rate, spread: float = 1.0) -> np.ndarray:
    """Impulses at `rate` a second (a number or a curve [n]) with log-normal heights."""
    hits = rng.random(n) < np.asarray(rate) / SAMPLE_RATE
    out = np.zeros(n)
    count = int(hits.sum())
    out[hits] = np.exp(spread * rng.standard_normal(count)) * rng.choice([-1, 1], count)
    return out


def place(target: np.ndarray, sound: np.ndarray, start: float, gain: float = 1.0) -> None:
    """Adds `sound` into `target` from `start` seconds on, in place; what does not fit is cut."""
    begin = int(start * SAMPLE_RATE)
    if begin >= len(target):
        return
    m = min(len(sound), len(target) - begin)
    target[begin : begin + m] += gain * sound[:m]


def convolve(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return signal.fftconvolve(x, kernel)[: len(x)]


def normalise(x: np.ndarray) -> np.ndarray:
    return x / (np.max(np.abs(x)) + 1e-9)


def saturate(x: np.ndarray, drive: float) -> np.ndarray:
    return np.tanh(drive * normalise(x)) / np.tanh(drive)
