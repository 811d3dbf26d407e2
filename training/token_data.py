"""Codes and caption states of a data set, in batches for the language model.

    batch(rng, size) -> codes int64 [B, K, T], weights f32 [B, T], states f32 [B, L, 384], mask f32 [B, L]

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
    """DATA/codes.npy i16 [K, T of all clips], clips.json, caption_states.npy; the last `held_out` clips are for validation."""

    def __init__(self, folder: pathlib.Path, held_out: int = 320):
        self.codes = np.load(folder / "codes.npy")
        self.silence = np.load(folder / "silence.npy")  # i16 [K]
        labels = json.loads((folder / "clips.json").read_text())
        self.loop = np.array([label["loop"] for label in labels])
        self.captions = [label["captions"] for label in labels]
        self.frames = np.array([label["samples"] // 640 for label in labels])
        self.starts = np.cumsum(self.frames) - self.frames
        self.states = np.load(folder / "caption_states.npy", mmap_mode="r")
        self.spans = json.loads((folder / "captions.json").read_text())
        self.train_count = len(labels) - held_out
        lengths = np.where(self.loop, np.minimum(self.frames, LOOP_FRAMES), self.frames)
        self.by_length = np.argsort(lengths[: self.train_count], kind="stable")

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Clips of like length, [size]"""
        span = min(len(self.by_length), 12 * size)
        first = int(rng.integers(len(self.by_length) - span + 1))
        return rng.choice(self.by_length[first : first + span], size, replace=len(self.by_length) < size)

    def batch(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, ...]:
        pieces = [self.piece(clip, rng) for clip in clips]
        longest = max(piece.shape[1] for piece in pieces)
        length = LONGEST if rng.random() < 0.1 else min(LONGEST, longest + int(rng.integers(0, 12)))
        codes = np.repeat(self.silence[None, :, None], len(clips), 0).repeat(length, 2).astype(np.int64)
        weights = np.full((len(clips), length), SILENCE_WEIGHT, np.float32)
        for i, (clip, piece) in enumerate(zip(clips, pieces)):
            codes[i, :, : piece.shape[1]], weights[i, : piece.shape[1]] = piece, 1
            if self.loop[clip]:  # it would go on: nothing is known of what follows
                codes[i, :, piece.shape[1] :] = -1
        return torch.from_numpy(codes), torch.from_numpy(weights), *self.texts(clips, rng)

    def piece(self, clip: int, rng: np.random.Generator) -> np.ndarray:
        """i16 [K, T]"""
        begin, length = int(self.starts[clip]), min(int(self.frames[clip]), LONGEST)
        if self.loop[clip]:
            length = min(length, LOOP_FRAMES)
            begin += int(rng.integers(self.frames[clip] - length + 1))
        return self.codes[:, begin : begin + length]

    def texts(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """One caption each: states f32 [B, L, 384], mask f32 [B, L]"""
        spans = [self.spans[str(rng.choice(self.captions[clip]))] for clip in clips]
        length = max(end - begin for begin, end in spans)
        states, mask = np.zeros((len(clips), length, 384), np.float32), np.zeros((len(clips), length), np.float32)
        for i, (begin, end) in enumerate(spans):
            states[i, : end - begin], mask[i, : end - begin] = self.states[begin:end], 1
        return torch.from_numpy(states), torch.from_numpy(mask)
