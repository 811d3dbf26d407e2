"""Recordings with captions as clips: a folder of WAV and FLAC files, at any rate and channel count, and a manifest.

    read(manifest) -> one per file: pcm int16 [samples] mono 32 kHz, full scale 32767, whole codec frames of 640 samples; label

    manifest      columns or keys                                                   file, beside it or in audio/ or wav/
    AudioCaps     audiocap_id, youtube_id, start_time, caption                      <youtube_id>_<start_time>, or either id
    Clotho        file_name, caption_1 .. caption_5                                 <file_name>
    WavCaps       {"data": [{"id", "caption"}, ...]}                                <id>
    JSON lines    file, audio, path, file_name or id; caption, or captions [...]    as named; .wav or .flac may be left out
    CSV           file, audio, path, file_name or id; caption                       likewise

Of each file the loudest 3.2 s that begin at an onset are kept, within its first 60 s; rows of one file give several captions.
A one-shot starts within 20 ms, is brought to −14 dBFS, fades out over 30 ms and ends in 0.1 s of silence. 3.2 s whose 0.2 s
blocks lie within 12 dB of each other are a loop: −20 dBFS and not faded. Both loudnesses are those of synthesis/render.py.
What cannot be used is skipped and named on standard error.

Run:  python -m training.make_data --out training/data/recorded --clips 0 --recordings FOLDER/captions.csv
      10 s files at 44.1 kHz, stereo: about 14 files a second on one core
"""

import csv
import io
import itertools
import json
import math
import os
import pathlib
import re
import sys
import unicodedata
from collections.abc import Iterator

import numpy as np
import soundfile
from scipy import signal

from . import dsp
from .synthesis.render import LONGEST, end_in_silence, level

FILE_KEYS = ("file", "audio", "path", "file_name", "id")
FOLDERS, SUFFIXES = ("", "audio", "wav"), (".wav", ".flac", ".WAV", ".FLAC")
UNDERSTOOD = (
    'CSV with a header, JSON lines or {"data": [...]} that name a file (file, audio, path, file_name, id or youtube_id) '
    "and its caption (caption, captions or caption_1, caption_2, ...)"
)
LONGEST_READ, SHORTEST = 60, 0.05  # seconds
SAMPLE_RATES = range(4000, 384001)  # of files
SILENT = 0.001  # peak, −60 dBFS
LINES = 20  # about single files on standard error


class UnusableError(Exception):
    """Why a file or row is skipped."""


class Report:
    """Counts what was read and skipped; names the first of the skipped ones on standard error."""

    def __init__(self, manifest: pathlib.Path):
        self.manifest, self.read, self.skipped = manifest, 0, set()

    def skip(self, name: str, reason: Exception) -> None:
        if name in self.skipped:
            return
        self.skipped.add(name)
        if len(self.skipped) <= LINES:
            print(f"recordings: skipped {plain(name)}: {plain(str(reason))}", file=sys.stderr)

    def finish(self) -> None:
        if len(self.skipped) > LINES:
            print(f"recordings: skipped {len(self.skipped) - LINES} more", file=sys.stderr)
        print(f"recordings: {self.read} read, {len(self.skipped)} skipped", file=sys.stderr)
        if not self.read:
            raise ValueError(
                f"recordings: nothing of {self.manifest} could be read, {len(self.skipped)} files skipped. "
                f"Put the WAV or FLAC files that it names beside it, or into audio/ or wav/ there."
            )


def read(manifest: pathlib.Path) -> Iterator[tuple[np.ndarray, dict]]:
    """A manifest that is not understood raises here, before the first clip."""
    folder, report = pathlib.Path(os.path.abspath(manifest.parent)), Report(manifest)
    return clips(folder, gather(rows_of(manifest), folder, report), report)


def clips(folder: pathlib.Path, captions: dict, report: Report) -> Iterator[tuple[np.ndarray, dict]]:
    for path, texts in captions.items():
        name = path.relative_to(folder).as_posix()
        try:
            if not texts:
                raise UnusableError("it has no caption")
            x, loop = clip(load(path))
        except UnusableError as reason:
            report.skip(name, reason)
            continue
        report.read += 1
        yield np.round(x * 32767).astype(np.int16), label(name, loop, texts)
    report.finish()


def label(name: str, loop: bool, captions: list[str]) -> dict:
    heard = {"relation": "single", "space": "", "distance": 0.0, "events": [], "loop": loop}
    return {"seed": None, "set": "recordings"} | heard | {"file": name, "captions": captions}


# The manifest


def rows_of(manifest: pathlib.Path) -> list[dict]:
    try:
        text = manifest.read_text("utf-8-sig")
        rows = json_rows(text) if text.lstrip()[:1] in ("{", "[") else csv_rows(text)
    except (OSError, UnicodeDecodeError, csv.Error, RecursionError) as error:
        raise ValueError(f"recordings: the manifest {manifest} cannot be read, {error}. Give {UNDERSTOOD}, in UTF-8.") from error
    columns = list(dict.fromkeys(key for row in rows for key in row))
    if not any(key in (*FILE_KEYS, "youtube_id") for key in columns) or not any(is_caption(key) for key in columns):
        found = ", ".join(plain(key) for key in columns[:20]) or "none"
        raise ValueError(f"recordings: the layout of {manifest} is unknown, its columns are: {found}. Give {UNDERSTOOD}.")
    return rows


def csv_rows(text: str) -> list[dict]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    return [{key: value for key, value in row.items() if key} for row in reader]


def json_rows(text: str) -> list[dict]:
    """One JSON value or one a line; {} for what is not an object."""
    try:
        whole = json.loads(text)
        rows = whole.get("data", [whole]) if isinstance(whole, dict) else whole
    except ValueError:
        rows = [json_line(line) for line in text.split("\n") if line.strip()]
    return [row if isinstance(row, dict) else {} for row in (rows if isinstance(rows, list) else [])]


def json_line(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def is_caption(key: str) -> bool:
    return re.fullmatch(r"captions?|caption_\d+", key) is not None


def captions_in(row: dict) -> list[str]:
    values = itertools.chain(*(value if isinstance(value, list) else [value] for key, value in row.items() if is_caption(key)))
    return [text for text in (plain(value) for value in values if isinstance(value, str)) if text]


def plain(text: str) -> str:
    """On one line, without control characters, at most 256 characters."""
    visible = "".join(c for c in text if c.isspace() or not unicodedata.category(c).startswith("C"))
    return " ".join(visible.split())[:256].rstrip()


# The files


def gather(rows: list[dict], folder: pathlib.Path, report: Report) -> dict[pathlib.Path, list[str]]:
    """path -> its captions, of the files that are there, in the manifest's order"""
    captions = {}
    for number, row in enumerate(rows, 1):
        names = names_in(row)
        try:
            texts = captions.setdefault(find(folder, names), [])
            texts += [text for text in dict.fromkeys(captions_in(row)) if text not in texts]
        except UnusableError as reason:
            report.skip(names[0] if names else f"row {number}", reason)
    return captions


def names_in(row: dict) -> list[str]:
    """What the row's file may be called, most telling first."""
    row = {key: str(value).strip() for key, value in row.items() if isinstance(value, str | int)}
    youtube, start = row.get("youtube_id", ""), row.get("start_time", "")
    names = [f"{youtube}_{start}" if youtube and start else "", row.get("audiocap_id", ""), youtube]
    return [name for name in (*names, *(row.get(key, "") for key in FILE_KEYS)) if name]


def find(folder: pathlib.Path, names: list[str]) -> pathlib.Path:
    if not names:
        raise UnusableError("it names no file")
    inside = [name for name in names if pathlib.Path(os.path.normpath(folder / name)).is_relative_to(folder)]
    for name, place in itertools.product(inside, FOLDERS):
        stem = name[: -len(pathlib.Path(name).suffix)] if name.endswith(SUFFIXES) else name
        for path in (folder / place / name, *(folder / place / (stem + suffix) for suffix in SUFFIXES)):
            if path.suffix and os.path.isfile(path):
                return pathlib.Path(os.path.normpath(path))
    raise UnusableError("there is no such file" if inside else "its path leaves the folder of the manifest")


def load(path: pathlib.Path) -> np.ndarray:
    """f64 [samples] mono at 32 kHz"""
    if path.suffix.lower() not in SUFFIXES:
        raise UnusableError("it is neither WAV nor FLAC, convert it")
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            if rate not in SAMPLE_RATES:
                raise UnusableError(f"its sample rate is {rate} Hz")
            x = file.read(LONGEST_READ * rate, dtype="float32", always_2d=True)  # (samples, channels)
    except (soundfile.SoundFileError, OSError) as error:
        raise UnusableError(f"it is broken, {getattr(error, 'error_string', error)}") from error
    if not len(x) or not np.isfinite(x).all():
        raise UnusableError("it has samples that are no numbers" if len(x) else "it is empty")
    divisor = math.gcd(rate, dsp.SAMPLE_RATE)
    return signal.resample_poly(x.mean(1, dtype=np.float64), dsp.SAMPLE_RATE // divisor, rate // divisor)


# The sound


def clip(x: np.ndarray) -> tuple[np.ndarray, bool]:
    """A recording's part to keep, as loud as a synthesised clip; is it a loop?"""
    x = dsp.highpass(x - x.mean(), 25)
    if np.abs(x).max() < SILENT:
        raise UnusableError("it is silent")
    x = cut_silence(x)
    if len(x) < dsp.samples(SHORTEST):
        raise UnusableError(f"it sounds for {1000 * len(x) / dsp.SAMPLE_RATE:.0f} ms only")
    x = loudest_part(x, dsp.samples(LONGEST))
    loop = is_steady(x)
    x = level(x, loop)
    return 0.95 * np.tanh((x if loop else end_in_silence(x)) / 0.95), loop


def cut_silence(x: np.ndarray) -> np.ndarray:
    """From 5 ms before the first sample that is less than 45 dB below the peak."""
    first = int(np.argmax(np.abs(x) > 10 ** (-45 / 20) * np.abs(x).max()))
    return x[max(0, first - dsp.samples(0.005)) :]


def loudest_part(x: np.ndarray, length: int) -> np.ndarray:
    """The loudest `length` samples that begin 5 ms before an onset; anywhere in a sound without onsets."""
    if len(x) <= length:
        return x
    block = dsp.samples(0.01)
    power = np.mean(x[: len(x) // block * block].reshape(-1, block) ** 2, 1)  # (samples) -> (blocks)
    total = np.concatenate(([0.0], np.cumsum(power)))
    starts = onsets(power) if onsets(power).size else np.arange(len(power) - length // block + 1)
    energy = total[np.minimum(starts + length // block, len(power))] - total[starts]
    start = int(starts[np.argmax(energy)]) * block - dsp.samples(0.005)
    return fade_in(x[start : start + length]) if start > 0 else x[:length]


def onsets(power: np.ndarray) -> np.ndarray:
    """Blocks 6 dB above each of the five before them, and at most 20 dB below the loudest one."""
    before = np.lib.stride_tricks.sliding_window_view(np.pad(power, (5, 0)), 5)[:-1].max(1)
    return np.nonzero((power > 4 * before) & (power > 0.01 * power.max()))[0]


def is_steady(x: np.ndarray) -> bool:
    """As long as a loop, and its quietest 0.2 s within 12 dB of its loudest."""
    if len(x) < dsp.samples(LONGEST):
        return False
    power = np.mean(x.reshape(-1, dsp.samples(0.2)) ** 2, 1)
    return bool(power.min() > 10 ** (-12 / 10) * power.max())


def fade_in(x: np.ndarray) -> np.ndarray:
    """Over 2 ms: no click where a cut falls into a sound."""
    m = dsp.samples(0.002)
    return np.concatenate((x[:m] * np.linspace(0, 1, m), x[m:]))
