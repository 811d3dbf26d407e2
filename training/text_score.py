r"""The judge's text side: how well a sound fits the words it was asked for with.

    sound  judge's pooled trunk [B, 384] ── tower ──▶ heard [B, 128]
    text   mean of the token states [B, 768] ── tower ──▶ meant [B, 128]       both of length 1
    score [B, B] = sigmoid(scale * heard · meant + bias): the probability that the two belong together, where half of the pairs do

B batch. Every clip of the judge's data is heard whole and twice cut and coloured; the judge itself stays as it is, and never
hears the codec: with a part of the clips heard through it the scores of made sounds were worse (LOG.md).
Sigmoid loss over all pairs of a batch: Zhai et al. 2023 (SigLIP), arXiv:2303.15343.
Run:  python -m training.text_score --data training/data/judge --judge training/runs/judge --pack models/foley-tiny \
          --out training/runs/judge
      15 minutes on 2 cores, of which 2 train; what was heard and read is kept in OUT/material.npz
"""

import argparse
import math
import pathlib
import time
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import checkpoint, make_data
from .captions import captions
from .judge import LONGEST, NAMES, STRIDE, Judge, active, augment, features, load_judge
from .make_data import spec_of
from .progress import Progress
from .text_encoder import STATE_WIDTH, load_tokenizer, padded_ids, text_encoder_of_pack

POOLED, HIDDEN, DIRECTIONS = 384, 256, 128
COLOURED = 2  # times that every clip is heard cut and coloured
SHORTEST = 24  # STFT frames


class Tower(nn.Module):
    def __init__(self, inputs: int, dropout: float = 0.2):
        super().__init__()
        self.norm = nn.BatchNorm1d(inputs, affine=False)
        self.up, self.out = nn.Linear(inputs, HIDDEN), nn.Linear(HIDDEN, DIRECTIONS)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[B, inputs] -> [B, 128] of length 1"""
        h = self.dropout(F.gelu(self.up(self.dropout(self.norm(x)))))
        return F.normalize(self.out(h), dim=1)


class TextScore(nn.Module):
    def __init__(self):
        super().__init__()
        self.heard, self.meant = Tower(POOLED), Tower(STATE_WIDTH)
        self.scale, self.bias = nn.Parameter(torch.tensor(math.log(10.0))), nn.Parameter(torch.tensor(-8.0))
        self.register_buffer("prior", torch.tensor(0.0))  # log odds against a pair of the batches that it was trained on

    def forward(self, heard: torch.Tensor, meant: torch.Tensor) -> torch.Tensor:
        """[A, 384], [B, 768] -> logits [A, B] among the pairs of a training batch"""
        return self.scale.exp() * self.heard(heard) @ self.meant(meant).T + self.bias

    @torch.no_grad()
    def scores(self, heard: torch.Tensor, meant: torch.Tensor) -> torch.Tensor:
        """[A, 384], [B, 768] -> [A, B], 0..1"""
        return torch.sigmoid(self(heard, meant) + self.prior)


class Material(NamedTuple):
    heard: np.ndarray  # f16 [N, 1 + COLOURED, 384]
    texts: np.ndarray  # f16 [T, 768]
    captions: np.ndarray  # [N, C] rows of texts


@torch.no_grad()
def hear(judge: Judge, pcm: torch.Tensor) -> torch.Tensor:
    """pcm [B, N] -> [B, 384]"""
    return hear_features(judge, features(pcm)[:, :LONGEST])


@torch.no_grad()
def hear_features(judge: Judge, x: torch.Tensor) -> torch.Tensor:
    x = F.pad(x, (0, 0, 0, -x.shape[1] % STRIDE))
    return judge.pooled(judge.trunk(x), active(x))


@torch.no_grad()
def read(encoder: nn.Module, token_ids: list[list[int]]) -> torch.Tensor:
    """Mean of each text's token states, [B, 768]"""
    ids, mask = padded_ids(token_ids)
    return (encoder(ids, mask) * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def hear_clips(judge: Judge, audio: np.ndarray, labels: list[dict], rng: np.random.Generator) -> np.ndarray:
    """f16 [N, 1 + COLOURED, 384]; single events are cut too when they are coloured"""
    found = np.zeros((len(labels), 1 + COLOURED, POOLED), np.float16)
    for i, label in enumerate(Progress(labels, len(labels), "clips heard")):
        x = features(torch.from_numpy(make_data.clip_pcm(audio, label)[None]))[:, :LONGEST]
        found[i, 0] = hear_features(judge, x)[0].numpy()
        for k in range(COLOURED):
            share = rng.uniform(0.35, 1) if label["relation"] == "single" else 1
            found[i, 1 + k] = hear_features(judge, augment(x[:, : max(SHORTEST, int(share * x.shape[1]))]))[0].numpy()
    return found


def read_captions(pack: pathlib.Path, labels: list[dict], count: int) -> tuple[np.ndarray, np.ndarray]:
    """As they are worded today. texts f16 [T, 768], rows [N, count]"""
    wordings = [captions(spec_of(label["seed"], label["set"]), count) for label in labels]
    texts = sorted({text for some in wordings for text in some}, key=len)
    encoder, tokenizer, rows = text_encoder_of_pack(pack), load_tokenizer(pack), []
    batches = [texts[i : i + 128] for i in range(0, len(texts), 128)]
    for batch in Progress(batches, len(batches), "batches of captions"):
        rows.append(read(encoder, [e.ids for e in tokenizer.encode_batch(batch)]).half().numpy())
    place = {text: i for i, text in enumerate(texts)}
    return np.concatenate(rows), np.array([[place[text] for text in some] for some in wordings])


def gather(args: argparse.Namespace) -> Material:
    path = args.out / "material.npz"
    if path.exists():
        return Material(**np.load(path))
    audio, labels = make_data.load(args.data)
    judge, rng = load_judge(args.judge), np.random.default_rng(0)
    torch.manual_seed(0)
    texts, rows = read_captions(args.pack, labels, args.captions)
    material = Material(hear_clips(judge, audio, labels, rng), texts, rows)
    args.out.mkdir(parents=True, exist_ok=True)
    np.savez(path, **material._asdict())
    return material


def pairs(material: Material, count: int, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the first `count` clips some, each once: heard [B, 384], meant [B, 768]"""
    clips = torch.randperm(count)[:batch].numpy()
    passes = torch.randint(0, material.heard.shape[1], (len(clips),)).numpy()
    wording = torch.randint(0, material.captions.shape[1], (len(clips),)).numpy()
    meant = material.texts[material.captions[clips, wording]]
    return torch.from_numpy(material.heard[clips, passes]).float(), torch.from_numpy(meant).float()


def loss_of(model: TextScore, heard: torch.Tensor, meant: torch.Tensor) -> torch.Tensor:
    logits = model(heard, meant)
    return -F.logsigmoid((2 * torch.eye(len(logits)) - 1) * logits).sum() / len(logits)


def train(args: argparse.Namespace) -> TextScore:
    material = gather(args)
    torch.manual_seed(0)
    model, count, started = TextScore(), len(material.heard) - args.held_out, time.time()
    model.prior.fill_(math.log(args.batch - 1))
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.05)
    for step in range(args.steps):
        optimizer.param_groups[0]["lr"] = 2e-3 * min(1, (step + 1) / 100) * (0.51 + 0.49 * math.cos(math.pi * step / args.steps))
        loss = loss_of(model, *pairs(material, count, args.batch))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (step + 1) % 500 == 0:
            print(f"step {step + 1}  loss {float(loss.detach()):.3f}", flush=True)
    report(model.eval(), material, args)
    checkpoint.save(args.out / "text_score.pt", {"text_score": model}, args.steps, time.time() - started)
    return model


def report(model: TextScore, material: Material, args: argparse.Namespace) -> None:
    """On clips that nothing here was trained on: matching captions against those of other families"""
    labels = make_data.load(args.data)[1][-args.held_out :]
    heard = torch.from_numpy(material.heard[-args.held_out :, 0]).float()
    meant = torch.from_numpy(material.texts[material.captions[-args.held_out :, 0]]).float()
    scores, family = model.scores(heard, meant), torch.tensor([NAMES.index(label["events"][0]["family"]) for label in labels])
    others = scores[family[:, None] != family]
    print(f"held-out clips: {area_under_curve(scores.diagonal(), others):.4f} of pairs told apart", flush=True)


def area_under_curve(matching: torch.Tensor, others: torch.Tensor) -> float:
    """The share of (matching, other) pairs in which the matching one has the higher score; half of those that are equal"""
    others = others.sort().values
    below = torch.searchsorted(others, matching.contiguous()) + torch.searchsorted(others, matching.contiguous(), right=True)
    return float(below.double().mean() / 2 / len(others))


def load_text_score(run: pathlib.Path) -> TextScore:
    state = checkpoint.load(run / "text_score.pt")
    if state is None:
        raise FileNotFoundError(f"text_score: no text_score.pt in {run}. Run training.text_score with --out {run} first.")
    model = TextScore()
    model.load_state_dict(state["text_score"])
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--judge", type=pathlib.Path, required=True, help="run of training.judge")
    parser.add_argument("--pack", type=pathlib.Path, required=True, help="model pack, for its text encoder")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--captions", type=int, default=4, help="wordings of every clip")
    parser.add_argument("--held-out", type=int, default=400, help="clips at the end of the data set that are not trained on")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
