"""The judge: a small convolutional listener, trained on sounds from seeds that nothing else was trained on.

    pcm f32 [B, N] at 32 kHz, N up to 3.2 s  ->  log-mel [B, F, 64] at 100 Hz, silence is 0
      ->  Opinion: families [B, 57], presence [B, F/4, 57] at 25 Hz, spaces [B, 5] (all logits), embedding [B, 256]

B batch, F STFT frames. What follows the sound's last loud moment does not count for the clip's outputs, so a clip may be filled
up with silence. Sounds are heard at one loudness; in training they are tilted, blurred, shifted, pierced and lifted on a noise
floor, so that the judge listens for the sound and not for the codec's colour. It never hears the codec.
Run:  python -m training.make_data --set judge --first-seed 1000000 --clips 10000 --out training/data/judge
      python -m training.judge --data training/data/judge --out training/runs/judge --minutes 8
      8 minutes on 2 cores; accuracy on the last 400 clips should pass 0.9
"""

import argparse
import itertools
import pathlib
import time
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import checkpoint, make_data, stft
from .codec_losses import mel_matrix
from .constants import constant
from .progress import Progress
from .spec import SPACES
from .synthesis import FAMILIES

NAMES = tuple(FAMILIES)
BANDS, HOP, FRAME_RATE, STRIDE = 64, 320, 100, 4
LONGEST, LOOP_FRAMES, LATEST_START = 320, 200, 10  # STFT frames
FLOOR = 1e-2


class Opinion(NamedTuple):
    families: torch.Tensor  # [B, 57] logits
    presence: torch.Tensor  # [B, F/4, 57] logits
    spaces: torch.Tensor  # [B, 5] logits
    embedding: torch.Tensor  # [B, 256]


def features(pcm: torch.Tensor) -> torch.Tensor:
    """pcm [B, N] -> [B, F, 64]; the loudest 50 ms of every sound are brought to one level, silence is 0"""
    power = F.avg_pool1d(pcm[:, None].square(), 1600, 160, padding=800)[:, 0]
    pcm = 0.1 * pcm / power.amax(1, keepdim=True).sqrt().clamp_min(1e-5)
    mel = stft.magnitude(pcm, 1024, HOP).transpose(1, 2) @ constant(mel_matrix, 1024, BANDS, device=pcm.device)
    return torch.log1p(mel / FLOOR) / 2


def active(x: torch.Tensor) -> torch.Tensor:
    """features [B, F, 64] -> f32 [B, F/4]: 1 up to the last STFT frame that is within 40 dB of the loudest"""
    level = torch.expm1(2 * x).mean(2)
    loud = (level > 0.01 * level.amax(1, keepdim=True)).float()
    until_last = loud.flip(1).cummax(1).values.flip(1)
    until_last[:, 0] = 1
    return F.max_pool1d(until_last[:, None], STRIDE, ceil_mode=True)[:, 0]


class Judge(nn.Module):
    def __init__(self, width: int = 192):
        super().__init__()
        widths, strides = (1, 24, 48, 96), ((2, 2), (2, 2), (1, 2))  # (time, bands)
        self.images = nn.ModuleList(
            nn.Conv2d(a, b, 3, stride, 1, bias=False) for (a, b), stride in zip(itertools.pairwise(widths), strides)
        )
        self.image_norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths[1:])
        self.join = nn.Linear(widths[-1] * BANDS // 8, width)
        self.times = nn.ModuleList(nn.Conv1d(width, width, 3, padding=d, dilation=d, bias=False) for d in (1, 3, 6))
        self.time_norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in self.times)
        self.embed = nn.Linear(2 * width, 256)
        self.families, self.spaces = nn.Linear(256, len(NAMES)), nn.Linear(256, len(SPACES))
        self.presence = nn.Linear(width, len(NAMES))
        nn.init.constant_(self.presence.bias, -4.0)

    def forward(self, x: torch.Tensor, sounding: torch.Tensor) -> Opinion:
        """features [B, F, 64], active [B, F/4]; F a multiple of 4"""
        h = self.trunk(x)  # (B, width, F/4)
        embedding = F.gelu(self.embed(self.pooled(h, sounding)))
        dropped = F.dropout(embedding, 0.3, self.training)
        return Opinion(self.families(dropped), self.presence(h.transpose(1, 2)), self.spaces(dropped), embedding)

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        h = x[:, None]
        for layer, norm in zip(self.images, self.image_norms):
            h = F.relu(norm(layer(h)))  # (B, 96, F/4, 8) at last
        h = F.relu(self.join(h.transpose(1, 2).flatten(2))).transpose(1, 2)
        for layer, norm in zip(self.times, self.time_norms):
            h = h + F.relu(norm(layer(h)))
        return h

    def pooled(self, h: torch.Tensor, sounding: torch.Tensor) -> torch.Tensor:
        """trunk [B, width, F/4] -> mean and maximum over what sounds [B, 2 * width]"""
        mean = (h * sounding[:, None]).sum(2) / sounding.sum(1, keepdim=True)
        return torch.cat((mean, (h - 1e4 * (1 - sounding[:, None])).amax(2)), 1)

    @torch.no_grad()
    def listen(self, pcm: torch.Tensor) -> Opinion:
        """pcm [B, N] -> Opinion"""
        x = features(pcm)
        x = F.pad(x, (0, 0, 0, -x.shape[1] % STRIDE))
        return self(x, active(x))


class Material:
    """The clips of a data set as features, f16 [F, 64] each, and what is known of them."""

    def __init__(self, folder: pathlib.Path):
        audio, self.labels = make_data.load(folder)
        clips = Progress(self.labels, len(self.labels), "clips")
        self.x = [features(torch.from_numpy(make_data.clip_pcm(audio, label)[None]))[0].half() for label in clips]
        self.family = torch.tensor([NAMES.index(label["events"][0]["family"]) for label in self.labels])
        self.single = torch.tensor([label["relation"] == "single" for label in self.labels])
        self.space = torch.tensor([SPACES.index(label["space"]) for label in self.labels])

    def order(self, rng: np.random.Generator, count: int, batch: int) -> list[np.ndarray]:
        """The first `count` clips in batches of like length, in random order"""
        lengths = np.array([LOOP_FRAMES if label["loop"] else len(x) for label, x in zip(self.labels[:count], self.x)])
        ranked = np.argsort(lengths * rng.uniform(0.8, 1.25, count))
        batches = [ranked[i : i + batch] for i in range(0, count, batch)]
        return [batches[i] for i in rng.permutation(len(batches))]

    def batch(self, clips: np.ndarray, rng: np.random.Generator, train: bool) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """features [B, F, 64]; presence and its weight [B, F/4, 57]"""
        leads = rng.integers(0, LATEST_START + 1, len(clips)) if train else np.zeros(len(clips), int)
        pieces = [self.piece(clip, rng, train) for clip in clips]
        length = max(len(piece) + int(lead) for (piece, _), lead in zip(pieces, leads))
        length += -length % STRIDE
        x = torch.zeros(len(clips), length, BANDS)
        presence = torch.zeros(len(clips), length // STRIDE, len(NAMES))
        weight = torch.ones_like(presence)
        for i, (clip, (piece, begin), lead) in enumerate(zip(clips, pieces, leads)):
            x[i, lead : lead + len(piece)] = piece
            mark(self.labels[clip], lead - begin, lead, lead + len(piece), presence[i], weight[i])
        return x, presence, weight

    def piece(self, clip: int, rng: np.random.Generator, train: bool) -> tuple[torch.Tensor, int]:
        """features [F, 64] and the STFT frame of the clip where they begin: loops are read from anywhere"""
        x = self.x[clip][:LONGEST]
        if not self.labels[clip]["loop"]:
            return x, 0
        begin = int(rng.integers(len(x) - LOOP_FRAMES + 1)) if train and len(x) > LOOP_FRAMES else 0
        return x[begin : begin + LOOP_FRAMES], begin


def mark(label: dict, shift: int, first: int, last: int, presence: torch.Tensor, weight: torch.Tensor) -> None:
    """Writes when the events sound into presence [F/4, 57]; a bed in the background may be heard or not: weight 0."""
    for event in label["events"]:
        begin, end = (round(FRAME_RATE * event[key]) + shift for key in ("onset", "end"))
        begin, end = max(first, begin), max(begin + STRIDE, min(last, end))
        presence[max(0, round(begin / STRIDE)) : -(-end // STRIDE), NAMES.index(event["family"])] = 1
    if label["background"]:
        weight[:, NAMES.index(label["background"])] = 0


def augment(x: torch.Tensor) -> torch.Tensor:
    """Tilt, blur in time and in frequency, ripple, a raised noise floor, one gap in time and one in frequency. [B, F, 64]"""
    b = len(x)
    x = x + (x > 0.02) * 0.4 * torch.randn(b, 1, 1) * torch.linspace(-1, 1, BANDS)
    for dim in (1, 2):
        share = 0.3 * torch.rand(b, 1, 1) * (torch.rand(b, 1, 1) < 0.5)
        x = (1 - 2 * share) * x + share * (x.roll(1, dim) + x.roll(-1, dim))
    x = x + 0.15 * torch.rand(b, 1, 1) * torch.randn_like(x) * (x > 0.1)
    x = torch.maximum(x, 1.2 * torch.rand(b, 1, 1) ** 2 + 0.1 * torch.randn_like(x)).clamp_min(0)
    begin, band = int(torch.randint(0, x.shape[1], ())), int(torch.randint(0, 56, ()))
    x[:, begin : begin + int(torch.randint(0, 12, ()))] = 0
    x[:, :, band : band + int(torch.randint(0, 8, ()))] = 0
    return x


def loss_of(judge: Judge, material: Material, clips: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    x, presence, weight = material.batch(clips, rng, train=True)
    said = judge(augment(x), active(x))
    single = material.single[clips]
    family = F.cross_entropy(said.families[single], material.family[clips][single], label_smoothing=0.05)
    frames = F.binary_cross_entropy_with_logits(said.presence, presence, weight, reduction="none").sum(2).mean()
    return family + 0.5 * frames + 0.3 * F.cross_entropy(said.spaces, material.space[clips])


@torch.no_grad()
def accuracy(judge: Judge, material: Material, clips: np.ndarray) -> tuple[float, float, float]:
    """Of families (single events), of spaces, and the F1 of presence at 0.5"""
    judge.eval()
    right, spaces, hits, wrong, rng = [], [], 0.0, 0.0, np.random.default_rng(0)
    for i in range(0, len(clips), 50):
        part = clips[i : i + 50]
        x, presence, weight = material.batch(part, rng, train=False)
        said, single = judge(x, active(x)), material.single[part]
        right.append((said.families.argmax(1) == material.family[part])[single])
        spaces.append(said.spaces.argmax(1) == material.space[part])
        heard = (said.presence > 0).float()
        hits += float((heard * presence * weight).sum())
        wrong += float(((heard - presence).abs() * weight).sum())
    return float(torch.cat(right).float().mean()), float(torch.cat(spaces).float().mean()), 2 * hits / (2 * hits + wrong)


def train(args: argparse.Namespace) -> Judge:
    torch.manual_seed(0)
    material, rng = Material(args.data), np.random.default_rng(0)
    count = len(material.x) - args.held_out
    judge, started, step = Judge(), time.time(), 0
    optimizer = torch.optim.AdamW(judge.parameters(), 2e-3, weight_decay=0.03)
    while (share := max((time.time() - started) / (60 * args.minutes), step / args.steps)) < 1:
        for clips in material.order(rng, count, 48):
            share = max((time.time() - started) / (60 * args.minutes), step / args.steps)
            if share >= 1:
                break
            optimizer.param_groups[0]["lr"] = 3e-3 * min(1, (step + 1) / 100, 1.02 - share)
            loss = loss_of(judge.train(), material, clips, rng)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            if step % 200 == 0:
                report(judge, material, count, f"step {step}  loss {float(loss):.3f}")
    report(judge, material, count, f"done at step {step}")
    checkpoint.save(args.out / "judge.pt", {"judge": judge}, step, time.time() - started)
    return judge


def report(judge: Judge, material: Material, count: int, text: str) -> None:
    family, space, f1 = accuracy(judge, material, np.arange(count, len(material.x)))
    print(f"{text}  families {family:.3f}  spaces {space:.3f}  presence F1 {f1:.3f}", flush=True)


def load_judge(run: pathlib.Path) -> Judge:
    state = checkpoint.load(run / "judge.pt")
    if state is None:
        raise FileNotFoundError(f"judge: no judge.pt in {run}. Run training.judge with --out {run} first.")
    judge = Judge()
    judge.load_state_dict(state["judge"])
    return judge.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--held-out", type=int, default=400, help="clips at the end of the data set, for the accuracy")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
