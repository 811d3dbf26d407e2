"""Codes and caption states of one data set or several, in batches for the language model.

    batch(clips, rng) -> Batch, all on the device

Clips of like length share a batch; T + K - 1 is a multiple of 16 and L is 47 or 63, so that few shapes occur. A shorter clip is
filled up with silence, whose codes count little (`SILENCE_WEIGHT`): the model learns that it stays silent, not to be good at it.
Two loops of three are read whole, past the model's window, so that it learns how one goes on; the third from anywhere. One-shots
are read from their start. Long loops, of three windows and more, share batches of fewer clips (`LONG_SHARE`): where nothing is
ever seen beyond the window, the model falls silent there. What a batch needs from the host crosses in one transfer that nothing
waits for.
"""

import json
import pathlib
from typing import NamedTuple

import numpy as np
import torch

from .plan import Labels, Targets
from .text_encoder import MAX_TOKENS

SILENCE_WEIGHT = 0.1
LONGEST, LOOP_FRAMES, LONG_LOOP = 173, 110, 429  # codec frames
#: share of the batches that hold long loops, where there are any, and of the clips of others that such a batch holds
LONG_SHARE, LONG_CLIPS = 0.12, 3 / 8
SHORT_TEXT = 47  # tokens, of nearly all captions


class Batch(NamedTuple):
    codes: torch.Tensor  # int64 [B, K, T]; -1 where nothing is known
    weights: torch.Tensor  # f32 [B, T]
    states: torch.Tensor  # f32 [B, L, 768]
    mask: torch.Tensor  # f32 [B, L], 1 for a token
    in_turn: torch.Tensor  # bool [B]: events one after the other
    plan: Targets


class Part(NamedTuple):
    """One folder; N clips, T codec frames of all of them"""

    codes: torch.Tensor  # i16 [K, T]
    silence: torch.Tensor  # i16 [K]
    states: torch.Tensor  # f16 [rows, 768]
    captions: np.ndarray  # [captions of all clips, 2]: first and last + 1 row of the states
    caption_count: np.ndarray  # [N]
    frames: np.ndarray  # [N]
    loop: np.ndarray  # bool [N]
    in_turn: np.ndarray  # bool [N]
    labels: Labels

    def to(self, device: torch.device) -> "Part":
        labels = Labels(*(column.to(device) for column in self.labels))
        codes, silence, states = (x.to(device) for x in (self.codes, self.silence, self.states))
        return self._replace(codes=codes, silence=silence, states=states, labels=labels)


def is_ready(folder: pathlib.Path) -> bool:
    """Encoded and its captions read? `encode_data` writes the silence last."""
    return all((folder / name).exists() for name in ("captions.json", "silence.npy"))


def read(folder: pathlib.Path, device: torch.device) -> Part:
    codes, silence = (torch.from_numpy(np.load(folder / f"{name}.npy")).to(device) for name in ("codes", "silence"))
    states = torch.from_numpy(np.load(folder / "caption_states.npy", mmap_mode="c")).to(device)
    labels, spans = json.loads((folder / "clips.json").read_text()), json.loads((folder / "captions.json").read_text())
    return Part(
        codes, silence, states, np.array([spans[text] for label in labels for text in label["captions"]]),
        *(np.array(column) for column in zip(*map(of_clip, labels))), Labels.of_clips(labels, device),
    )  # fmt: skip


def of_clip(label: dict) -> tuple[int, int, bool, bool]:
    """Its captions, its codec frames, is it a loop, are its events in turn?"""
    return len(label["captions"]), label["samples"] // 640, label["loop"], label.get("relation") == "then"


def merged(parts: list[Part]) -> Part:
    offsets = np.cumsum([0] + [len(part.states) for part in parts])
    return Part(
        torch.cat([part.codes for part in parts], 1), parts[-1].silence, torch.cat([part.states for part in parts]),
        np.concatenate([offset + part.captions for offset, part in zip(offsets, parts)]),
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("caption_count", "frames", "loop", "in_turn")),
        Labels.of_parts([part.labels for part in parts]),
    )  # fmt: skip


class TokenData:
    """Of every folder codes.npy i16 [K, T of all clips], clips.json, caption_states.npy; the last `held_out` clips of the last
    folder are for validation, also when others join.

    Clips of events in turn, the hardest to learn, are drawn `sequence_share` times as often as others.
    """

    part: Part | None = None

    def __init__(
        self, folders: list[pathlib.Path], held_out: int = 320, device: torch.device | str = "cpu", sequence_share: int = 1
    ):
        self.device, self.held_out, self.sequence_share = torch.device(device), held_out, sequence_share
        self.join([read(folder, self.device) for folder in folders])

    def join(self, parts: list[Part]) -> None:
        """More data, before what there is, so that the same clips stay held out"""
        self.part = part = merged([*(part.to(self.device) for part in parts), *([self.part] if self.part else [])])
        self.codes, self.silence, self.states, self.labels = part.codes, part.silence, part.states, part.labels
        self.captions, self.caption_count, self.frames = part.captions, part.caption_count, part.frames
        self.loop, self.in_turn = part.loop, part.in_turn
        self.starts = np.cumsum(self.frames) - self.frames
        self.first_caption = np.cumsum(self.caption_count) - self.caption_count
        self.train_count = len(self.frames) - self.held_out
        part_of_loop = self.loop & (np.arange(len(self.frames)) % 3 == 0)
        long = self.loop & (self.frames > LONGEST)
        self.lengths = np.minimum(self.frames, np.where(long, LONG_LOOP, np.where(part_of_loop, LOOP_FRAMES, LONGEST)))
        self.long = np.nonzero(long[: self.train_count])[0]
        by_length = np.argsort(self.lengths[: self.train_count], kind="stable")
        by_length = by_length[~long[by_length]]
        self.by_length = np.repeat(by_length, np.where(self.in_turn[by_length], self.sequence_share, 1))

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Clips of like length, [size]; fewer where they are long"""
        if len(self.long) and (rng.random() < LONG_SHARE or not len(self.by_length)):
            return rng.choice(self.long, max(1, round(LONG_CLIPS * size)))
        span = min(len(self.by_length), 12 * size)
        first = int(rng.integers(len(self.by_length) - span + 1))
        return rng.choice(self.by_length[first : first + span], size, replace=len(self.by_length) < size)

    def batch(self, clips: np.ndarray, rng: np.random.Generator) -> Batch:
        begins, lengths = self.pieces(clips, rng)
        chosen = self.captions[self.first_caption[clips] + rng.integers(self.caption_count[clips])]
        longest = int(lengths.max())
        whole = LONGEST if rng.random() < 0.1 else min(LONGEST, longest + int(rng.integers(0, 12)))
        whole = max(whole, longest)
        whole += -(whole + len(self.codes) - 1) % 16
        tokens = SHORT_TEXT if np.max(chosen[:, 1] - chosen[:, 0]) <= SHORT_TEXT else MAX_TOKENS - 1
        row = (begins, lengths, self.starts[clips], clips, self.loop[clips], self.in_turn[clips], *chosen.T)
        begins, lengths, starts, which, loop, in_turn, first, end = sent(np.stack(row).astype(np.int64), self.device)
        index, inside = count_up(begins, lengths, whole)
        codes = self.codes[:, index].transpose(0, 1).long()  # (B, K, T)
        after = torch.where(loop[:, None, None] > 0, -1, self.silence.long()[:, None])  # a loop would go on: nothing is known
        weights = torch.where(inside, 1.0, SILENCE_WEIGHT)
        plan = self.labels.targets(which, begins - starts, whole)
        texts = self.texts(first, end - first, tokens)
        return Batch(torch.where(inside[:, None], codes, after), weights, *texts, in_turn > 0, plan)

    def pieces(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """First codec frame and number of codec frames of each, [B]"""
        room = np.where(self.loop[clips], self.frames[clips] - self.lengths[clips], 0)
        return self.starts[clips] + rng.integers(room + 1), self.lengths[clips]

    def texts(self, first: torch.Tensor, lengths: torch.Tensor, tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Rows of the states of one caption each: states f32 [B, L, 768], mask f32 [B, L]"""
        index, inside = count_up(first, lengths, tokens)
        return self.states[index].float() * inside[..., None], inside.float()


def sent(numbers: np.ndarray, device: torch.device) -> torch.Tensor:
    """To the device; the host does not wait for it."""
    tensor = torch.from_numpy(numbers)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor


def count_up(begins: torch.Tensor, lengths: torch.Tensor, whole: int) -> tuple[torch.Tensor, torch.Tensor]:
    """begins, lengths [B] -> index int64 [B, whole] counting up from each begin, and bool [B, whole]: within the length?"""
    steps = torch.arange(whole, device=begins.device)
    inside = steps < lengths[:, None]
    return torch.where(inside, begins[:, None] + steps, 0), inside
