"""Trains the token language model on codes and cached caption states.

Cross-entropy over the delayed codes, earlier codebooks weighted more; the text is dropped for 10 % of the samples, one by
one, for guidance. One-shots are read from their start, loops from anywhere.
Run:  python -m training.train_lm --data training/data/train --out training/runs/lm --minutes 40
      resumes from OUT/lm.pt; ends by time or by steps, whichever comes first, with a cosine learning rate over either.
      Prints nats per code of each codebook, and the gap: what a wrong caption costs. Text steers when the gap is well above 0.
"""

import argparse
import dataclasses
import json
import math
import pathlib
import time

import numpy as np
import torch
from torch.nn import functional as F

from . import checkpoint
from .delay_pattern import delay_codes
from .language_model import LanguageModel, LanguageModelConfig
from .precision import autocast
from .spec import LOOPS

CODEBOOK_WEIGHTS = (2.0, 1.0, 0.7, 0.5)
CODEC_FRAMES = 128  # of a training sample: 2.56 s


class TokenData:
    """Codes i16 [clips, K, T] and the states of each clip's captions; the last `held_out` clips are for validation."""

    def __init__(self, folder: pathlib.Path, held_out: int = 256):
        self.codes = np.load(folder / "codes.npy")
        self.labels = json.loads((folder / "clips.json").read_text())
        self.states = np.load(folder / "caption_states.npy", mmap_mode="r")
        self.spans = json.loads((folder / "captions.json").read_text())
        self.train_count = len(self.codes) - held_out

    def batch(self, clips: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """codes int64 [B, K, T], states f32 [B, L, 384], mask [B, L]"""
        spare = self.codes.shape[2] - CODEC_FRAMES
        starts = [int(rng.integers(spare + 1)) if self.labels[c]["family"] in LOOPS else 0 for c in clips]
        codes = np.stack([self.codes[c, :, s : s + CODEC_FRAMES] for c, s in zip(clips, starts)]).astype(np.int64)
        texts = [self.spans[str(rng.choice(self.labels[c]["captions"]))] for c in clips]
        length = max(end - begin for begin, end in texts)
        states, mask = np.zeros((len(clips), length, 384), np.float32), np.zeros((len(clips), length), np.float32)
        for i, (begin, end) in enumerate(texts):
            states[i, : end - begin], mask[i, : end - begin] = self.states[begin:end], 1
        return torch.from_numpy(codes), torch.from_numpy(states), torch.from_numpy(mask)


def code_losses(model: LanguageModel, codes, states, mask, keep) -> torch.Tensor:
    """Mean cross-entropy of each codebook, [K], in nats"""
    delayed = delay_codes(codes, -1)
    with autocast(codes.device, model.training):
        logits = model(delayed.where(delayed >= 0, model.config.codebook_size), states, mask, keep)  # (B, S, K, V)
    return torch.stack(
        [
            F.cross_entropy(logits[:, :, k].flatten(0, 1).float(), delayed[:, k].flatten(), ignore_index=-1)
            for k in range(codes.shape[1])
        ]
    )


@torch.no_grad()
def validate(model: LanguageModel, data: TokenData, batch: int) -> tuple[np.ndarray, float]:
    """nats of each codebook on held-out clips with their caption, and how much a wrong caption adds to the mean"""
    model.eval()
    rng, right, wrong = np.random.default_rng(0), [], []
    for i in range(data.train_count, len(data.codes) - batch + 1, batch):
        codes, states, mask = data.batch(np.arange(i, i + batch), rng)
        right.append(code_losses(model, codes, states, mask, torch.ones(batch)).numpy())
        wrong.append(code_losses(model, codes, states.roll(1, 0), mask.roll(1, 0), torch.ones(batch)).numpy())
    return np.mean(right, 0), float(np.mean(wrong) - np.mean(right))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--learning-rate", type=float, default=1.2e-3)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def train(args: argparse.Namespace) -> list[float]:
    """Returns the weighted losses, one a step."""
    torch.manual_seed(args.seed)
    data = TokenData(args.data)
    config = LanguageModelConfig(layers=args.layers, heads=args.heads)
    model = LanguageModel(config)
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, args.learning_rate, (0.9, 0.95))
    ema = checkpoint.Ema(model)
    step, spent, losses = 0, 0.0, []
    saved = checkpoint.load(args.out / "lm.pt")
    if saved:
        model.load_state_dict(saved["model"]), optimizer.load_state_dict(saved["optimizer"])
        ema.state, ema.steps, step, spent = saved["ema"], saved["step"], saved["step"], saved["spent"]
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} million parameters", flush=True)
    weights = torch.tensor(CODEBOOK_WEIGHTS) / sum(CODEBOOK_WEIGHTS)
    warm_up = max(1, min(250, args.steps // 8))
    mean, started, reported = None, time.time(), time.time()
    while True:
        elapsed = spent + time.time() - started
        share = min(1.0, max(elapsed / (60 * args.minutes), step / args.steps))
        if share >= 1:
            break
        rng = np.random.default_rng([args.seed, step])
        torch.manual_seed(args.seed * 1_000_003 + step)
        codes, states, mask = data.batch(rng.integers(data.train_count, size=args.batch), rng)
        keep = torch.from_numpy(rng.random(args.batch) >= 0.1).float()
        rate = args.learning_rate * min(1, (step + 1) / warm_up) * (0.04 + 0.96 * 0.5 * (1 + math.cos(math.pi * share)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        model.train()
        loss = (weights * code_losses(model, codes, states, mask, keep)).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ema.update(model)
        step += 1
        losses.append(float(loss.detach()))
        mean = losses[-1] if mean is None else 0.98 * mean + 0.02 * losses[-1]
        if time.time() - reported > 30:
            print(f"step {step}  {elapsed / 60:.1f} min  loss {mean:.4f}  rate {rate:.1e}", flush=True)
            reported = time.time()
        if step % 500 == 0:
            report(model, data, args.batch, step)
            save(args.out, model, optimizer, ema, step, spent + time.time() - started)
    save(args.out, model, optimizer, ema, step, spent + time.time() - started)
    averaged = load_language_model(args.out)
    report(averaged, data, args.batch, step)
    return losses


def report(model: LanguageModel, data: TokenData, batch: int, step: int) -> None:
    nats, gap = validate(model, data, batch)
    print(f"step {step}  held-out nats {np.round(nats, 3)}  gap of a wrong caption {gap:.3f}", flush=True)


def save(out, model, optimizer, ema, step: int, spent: float) -> None:
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "ema": ema.state, "step": step, "spent": spent}
    checkpoint.save(out / "lm.pt", state | {"config": dataclasses.asdict(model.config)})


def load_language_model(run: pathlib.Path) -> LanguageModel:
    """The averaged weights of a run, ready to use."""
    state = checkpoint.load(run / "lm.pt")
    if state is None:
        raise FileNotFoundError(f"train_lm: no lm.pt in {run}. Run training.train_lm with --out {run} first.")
    model = LanguageModel(LanguageModelConfig(**state["config"]))
    model.load_state_dict(state["ema"])
    return model.eval()


if __name__ == "__main__":
    train(parse_arguments())
