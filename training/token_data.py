"""Codes and caption states of a data set, in batches for the language model.

    batch(clips, rng) -> codes int64 [B, K, T], weights f32 [B, T], states f32 [B, L, 768], mask f32 [B, L], all on the device

Clips of like length share a batch. A shorter clip is filled up with silence, whose codes count little (`SILENCE_WEIGHT`): the
model learns that it stays silent, not to be good at it. Loops are read from anywhere, one-shots from their start.
"""

import json
import pathlib

import numpy as np
import torch

SILENCE_WEIGHT = 0.1
LONGEST, LOOP_FRAMES = 165, 110  # codec frames


class TokenData:
    """DATA/codes.npy i16 [K, T of all clips], clips.json, caption_states.npy; the last `held_out` clips are for validation.

    Clips of events in turn, the hardest to learn, are drawn `sequence_share` times as often as others.
    """

    def __init__(self, folder: pathlib.Path, held_out: int = 320, device: torch.device | str = "cpu", sequence_share: int = 1):
        self.device = torch.device(device)
        self.codes = torch.from_numpy(np.load(folder / "codes.npy")).to(device)
        self.silence = torch.from_numpy(np.load(folder / "silence.npy")).to(device)  # i16 [K]
        self.states = torch.from_numpy(np.load(folder / "caption_states.npy", mmap_mode="c")).to(device)
        labels, spans = json.loads((folder / "clips.json").read_text()), json.loads((folder / "captions.json").read_text())
        self.loop = np.array([label["loop"] for label in labels])
        self.frames = np.array([label["samples"] // 640 for label in labels])
        self.starts = np.cumsum(self.frames) - self.frames
        self.captions = np.array([spans[text] for label in labels for text in label["captions"]])  # first and last + 1 state
        self.caption_count = np.array([len(label["captions"]) for label in labels])
        self.first_caption = np.cumsum(self.caption_count) - self.caption_count
        self.train_count = len(labels) - held_out
        lengths = np.where(self.loop, np.minimum(self.frames, LOOP_FRAMES), self.frames)
        by_length = np.argsort(lengths[: self.train_count], kind="stable")
        again = np.array([label.get("relation") == "then" for label in labels])[by_length]
        self.by_length = np.repeat(by_length, np.where(again, sequence_share, 1))

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Clips of like length, [size]"""
        span = min(len(self.by_length), 12 * size)
        first = int(rng.integers(len(self.by_length) - span + 1))
        return rng.choice(self.by_length[first : first + span], size, replace=len(self.by_length) < size)

    def batch(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, ...]:
        begins, lengths = self.pieces(clips, rng)
        whole = LONGEST if rng.random() < 0.1 else min(LONGEST, int(lengths.max()) + int(rng.integers(0, 12)))
        index, inside = count_up(begins, lengths, whole, self.device)
        codes = self.codes[:, index].transpose(0, 1).long()  # (B, K, T)
        loop = torch.from_numpy(self.loop[clips]).to(self.device)[:, None, None]
        after = torch.where(loop, -1, self.silence.long()[:, None])  # a loop would go on: nothing is known of what follows
        weights = torch.where(inside, 1.0, SILENCE_WEIGHT)
        return torch.where(inside[:, None], codes, after), weights, *self.texts(clips, rng)

    def pieces(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """First codec frame and number of codec frames of each, [B]"""
        lengths = np.minimum(self.frames[clips], np.where(self.loop[clips], LOOP_FRAMES, LONGEST))
        room = np.where(self.loop[clips], self.frames[clips] - lengths, 0)
        return self.starts[clips] + rng.integers(room + 1), lengths

    def texts(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """One caption each: states f32 [B, L, 768], mask f32 [B, L]"""
        chosen = self.captions[self.first_caption[clips] + rng.integers(self.caption_count[clips])]
        lengths = chosen[:, 1] - chosen[:, 0]
        index, inside = count_up(chosen[:, 0], lengths, int(lengths.max()), self.device)
        return self.states[index].float() * inside[..., None], inside.float()


def count_up(begins: np.ndarray, lengths: np.ndarray, whole: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """begins, lengths [B] -> index int64 [B, whole] counting up from each begin, and bool [B, whole]: within the length?"""
    steps = torch.arange(whole, device=device)
    begins, lengths = (torch.from_numpy(array).to(device)[:, None] for array in (begins, lengths))
    inside = steps < lengths
    return torch.where(inside, begins + steps, 0), inside
