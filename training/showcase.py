"""For ears and eyes: 24 takes as FLAC, and a spectrogram sheet of every family.

write_examples(folder, pack, judge)        prompt-seed.flac, 16 bit, together under 1.5 MB
write_sheets(folder, pack, judge, codec)   FAMILY.png: original, through the codec, made; log-mel, 80 dB
"""

import importlib.util
import pathlib
import re

import numpy as np
import soundfile
import torch

from . import stft
from .codec_losses import mel_matrix
from .held_out import Item, families, plain, sequences, spaced
from .listener import SAMPLE_RATE, Listener, original_of
from .progress import Progress
from .synthesis.render import trim

BUDGET, SINGLES, SEQUENCES = 1_500_000, 20, 4
LONGEST = {"plain": 1.3, "sequences": 2.4}  # seconds, so that all of them stay within the budget


def examples() -> list[Item]:
    singles = {item.key[0]: item for item in plain(quick=True) if item.group == "plain"}
    return [*spaced(list(singles.values()), SINGLES), *sequences(SEQUENCES, "sequences")]


def slug(prompt: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", prompt.lower()).strip("-")[:48].strip("-")


def write_examples(folder: pathlib.Path, pack: pathlib.Path, judge: pathlib.Path) -> int:
    """Returns the bytes written."""
    folder.mkdir(parents=True, exist_ok=True)
    listener, total, items = Listener(pack, judge, None), 0, examples()
    for item in Progress(items, len(items), "examples"):
        pcm = trim(listener.make(item.prompt, LONGEST[item.group], item.take).astype(np.float64))
        path = folder / f"{slug(item.prompt)}-{item.take}.flac"
        soundfile.write(path, np.clip(pcm, -1, 1), SAMPLE_RATE, "PCM_16")
        total += path.stat().st_size
    if total > BUDGET:
        print(f"showcase: the examples take {total} bytes, more than {BUDGET}. Shorten LONGEST in training/showcase.py.")
    return total


def find_matplotlib() -> None:
    if importlib.util.find_spec("matplotlib") is None:
        raise ModuleNotFoundError("showcase: matplotlib is not installed. pip install matplotlib, or leave out --sheets.")


def write_sheets(folder: pathlib.Path, pack: pathlib.Path | None, judge: pathlib.Path, codec: pathlib.Path | None) -> None:
    find_matplotlib()
    folder.mkdir(parents=True, exist_ok=True)
    listener, items = Listener(pack, judge, codec), list(families(1))
    for item in Progress(items, len(items), "sheets"):
        original = original_of(item)
        sounds = {"original": original}
        if codec:
            sounds["through the codec"] = listener.rebuild(original, item.take)
        if pack:
            sounds["made"] = listener.make(item.prompt, item.seconds, item.take)
        draw(folder / f"{item.key}.png", item.prompt, sounds)


def draw(path: pathlib.Path, prompt: str, sounds: dict[str, np.ndarray]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4 * len(sounds), 3), layout="constrained")
    figure.suptitle(prompt, fontsize=9)
    for axis, (name, pcm) in zip(np.atleast_1d(figure.subplots(1, len(sounds), sharey=True)), sounds.items()):
        image = decibels(pcm)
        axis.imshow(
            image, aspect="auto", origin="lower", vmin=image.max() - 80, extent=(0, len(pcm) / SAMPLE_RATE, 0, len(image))
        )
        axis.set(title=name, xlabel="s")
    figure.savefig(path, dpi=80)


def decibels(pcm: np.ndarray) -> np.ndarray:
    """pcm [N] -> log-mel [128, N / 160]"""
    magnitude = stft.magnitude(torch.from_numpy(np.asarray(pcm, np.float32))[None], 1024, 160)[0]
    return 20 * torch.log10(mel_matrix(1024, 128).T @ magnitude + 1e-5).numpy()
