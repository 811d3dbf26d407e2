"""What one worker of the evaluation does with one item: makes the sounds, measures them, lets the judge hear them.

    answer(item) -> Answer: what was heard in the made sound, in the original and in the original through the codec

Without a pack nothing is made; without a codec the original stands in for its reconstruction.
"""

import pathlib
from typing import NamedTuple

import numpy as np
import torch

from . import make_data
from .codec_losses import spectral_loss
from .held_out import Item
from .judge import load_judge
from .measures import DESCRIPTORS, attack_seconds, count_onsets
from .pack_model import PackModel
from .sampler import SamplingOptions
from .synthesis.render import render
from .train_codec import load_codec

SAMPLE_RATE = 32000


class Heard(NamedTuple):
    family: int
    space: int
    embedding: np.ndarray  # [256]
    presence: np.ndarray  # [T, 57], 0..1 at 25 Hz
    descriptors: dict[str, float]
    onsets: int
    attack: float  # seconds


class Answer(NamedTuple):
    made: Heard | None
    rebuilt: Heard | None
    original: Heard | None
    spectral: float | None  # distance of original and reconstruction


class Listener:
    def __init__(self, pack: pathlib.Path | None, judge: pathlib.Path, codec: pathlib.Path | None):
        self.pack, self.judge = pack and PackModel(pack), load_judge(judge)
        self.codec = codec and load_codec(codec)

    def make(self, prompt: str, seconds: float, seed: int, guidance: float | None = None) -> np.ndarray:
        """pcm f32 [samples], sampled as the pack says"""
        s = self.pack.card["sampling"]
        scale = s["guidanceScale"] if guidance is None else guidance
        return self.pack.generate(prompt, seconds, SamplingOptions(scale, s["temperature"], s["topK"], s["topP"], seed))[1]

    def rebuild(self, pcm: np.ndarray, seed: int) -> np.ndarray:
        torch.manual_seed(seed)
        return self.codec.decode(self.codec.encode(torch.from_numpy(pcm)[None]))[0].numpy()

    def hear(self, pcm: np.ndarray) -> Heard:
        said = self.judge.listen(torch.from_numpy(np.asarray(pcm, np.float32))[None])
        return Heard(
            int(said.families[0].argmax()), int(said.spaces[0].argmax()), said.embedding[0].numpy(),
            torch.sigmoid(said.presence[0]).numpy(), {name: measure(pcm) for name, measure in DESCRIPTORS.items()},
            count_onsets(pcm), attack_seconds(pcm),
        )  # fmt: skip

    def answer(self, item: Item) -> Answer:
        made = self.make(item.prompt, item.seconds, item.take, item.guidance) if item.made and self.pack else None
        original = original_of(item) if item.rebuilt or item.original else None
        rebuilt = (self.rebuild(original, item.take) if self.codec else original) if item.rebuilt else None
        compared = item.group == "families" and self.codec is not None
        spectral = float(spectral_loss(*(torch.from_numpy(x)[None] for x in (rebuilt, original)))) if compared else None
        sounds = (made, rebuilt, original if item.original else None)
        return Answer(*(None if x is None else self.hear(x) for x in sounds), spectral)


def original_of(item: Item) -> np.ndarray:
    """pcm f32 of the item's length: cut, or filled up with silence"""
    samples = round(item.seconds * SAMPLE_RATE)
    pcm = render(item.clip)[0][:samples]
    return np.pad(pcm, (0, samples - len(pcm)))


WORKER: dict[str, Listener] = {}  # filled once in every worker process


def start(pack: pathlib.Path | None, judge: pathlib.Path, codec: pathlib.Path | None) -> None:
    torch.set_num_threads(1)
    WORKER["listener"] = Listener(pack, judge, codec)


def answer(item: Item) -> Answer:
    return WORKER["listener"].answer(item)


def embed_clips(task: tuple[pathlib.Path, int, int, int, int]) -> np.ndarray:
    """(data, first, last, step, samples): embeddings [n, 256] of these clips of a data set, as long as the made sounds"""
    folder, first, last, step, samples = task
    audio, labels = make_data.load(folder)
    clips = [make_data.clip_pcm(audio, label, samples) for label in labels[first:last:step]]
    judge = WORKER["listener"].judge
    return torch.cat([judge.listen(torch.from_numpy(pcm)[None]).embedding for pcm in clips]).numpy()
