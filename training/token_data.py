"""Codes and caption states of one data set or several, in batches for the language model.

    batch(clips, rng) -> Batch, all on the device

Clips of like length share a batch; T + K - 1 and L + 1 are multiples of 16, so that few shapes occur. A shorter clip is filled up
with silence, whose codes count little (`SILENCE_WEIGHT`): the model learns that it stays silent, not to be good at it. Loops are
read from anywhere, one-shots from their start.
"""

import json
import pathlib
from typing import NamedTuple

import numpy as np
import torch

from .plan import Labels, Targets
from .text_encoder import MAX_TOKENS

SILENCE_WEIGHT = 0.1
LONGEST, LOOP_FRAMES = 173, 110  # codec frames


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


class TokenData:
    """Of every folder codes.npy i16 [K, T of all clips], clips.json, caption_states.npy; the last `held_out` clips of the last
    folder are for validation.

    Clips of events in turn, the hardest to learn, are drawn `sequence_share` times as often as others.
    """

    def __init__(
        self, folders: list[pathlib.Path], held_out: int = 320, device: torch.device | str = "cpu", sequence_share: int = 1
    ):
        self.device, self.held_out, self.sequence_share = torch.device(device), held_out, sequence_share
        self.join([read(folder, self.device) for folder in folders])

    def join(self, parts: list[Part]) -> None:
        self.codes, self.silence = torch.cat([part.codes for part in parts], 1), parts[-1].silence
        self.states, self.labels = torch.cat([part.states for part in parts]), Labels.of_parts([part.labels for part in parts])
        offsets = np.cumsum([0] + [len(part.states) for part in parts])
        self.captions = np.concatenate([offset + part.captions for offset, part in zip(offsets, parts)])
        self.caption_count, self.frames, self.loop, self.in_turn = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("caption_count", "frames", "loop", "in_turn")
        )
        self.starts = np.cumsum(self.frames) - self.frames
        self.first_caption = np.cumsum(self.caption_count) - self.caption_count
        self.train_count = len(self.frames) - self.held_out
        lengths = np.where(self.loop, np.minimum(self.frames, LOOP_FRAMES), self.frames)
        by_length = np.argsort(lengths[: self.train_count], kind="stable")
        self.by_length = np.repeat(by_length, np.where(self.in_turn[by_length], self.sequence_share, 1))

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Clips of like length, [size]"""
        span = min(len(self.by_length), 12 * size)
        first = int(rng.integers(len(self.by_length) - span + 1))
        return rng.choice(self.by_length[first : first + span], size, replace=len(self.by_length) < size)

    def batch(self, clips: np.ndarray, rng: np.random.Generator) -> Batch:
        begins, lengths = self.pieces(clips, rng)
        whole = LONGEST if rng.random() < 0.1 else min(LONGEST, int(lengths.max()) + int(rng.integers(0, 12)))
        whole += -(whole + len(self.codes) - 1) % 16
        index, inside = count_up(begins, lengths, whole, self.device)
        codes = self.codes[:, index].transpose(0, 1).long()  # (B, K, T)
        loop, in_turn, first, which = (
            torch.from_numpy(x).to(self.device)
            for x in (self.loop[clips], self.in_turn[clips], begins - self.starts[clips], clips)
        )
        after = torch.where(loop[:, None, None], -1, self.silence.long()[:, None])  # a loop would go on: nothing is known
        weights = torch.where(inside, 1.0, SILENCE_WEIGHT)
        plan = self.labels.targets(which, first, whole)
        return Batch(torch.where(inside[:, None], codes, after), weights, *self.texts(clips, rng), in_turn, plan)

    def pieces(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """First codec frame and number of codec frames of each, [B]"""
        lengths = np.minimum(self.frames[clips], np.where(self.loop[clips], LOOP_FRAMES, LONGEST))
        room = np.where(self.loop[clips], self.frames[clips] - lengths, 0)
        return self.starts[clips] + rng.integers(room + 1), lengths

    def texts(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """One caption each: states f32 [B, L, 768], mask f32 [B, L]"""
        chosen = self.captions[self.first_caption[clips] + rng.integers(self.caption_count[clips])]
        lengths = chosen[:, 1] - chosen[:, 0]
        whole = min(MAX_TOKENS, int(lengths.max()) // 16 * 16 + 15)
        index, inside = count_up(chosen[:, 0], lengths, whole, self.device)
        return self.states[index].float() * inside[..., None], inside.float()


def count_up(begins: np.ndarray, lengths: np.ndarray, whole: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """begins, lengths [B] -> index int64 [B, whole] counting up from each begin, and bool [B, whole]: within the length?"""
    steps = torch.arange(whole, device=device)
    begins, lengths = (torch.from_numpy(array).to(device)[:, None] for array in (begins, lengths))
    inside = steps < lengths
    return torch.where(inside, begins + steps, 0), inside
