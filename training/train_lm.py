"""Trains the token language model on codes and cached caption states.

Cross-entropy over the delayed codes, earlier codebooks weighted more, and the plan (`plan.py`). The text is dropped for 10 % of
the samples, one by one, for guidance, and some of its tokens are hidden, so that no single word carries the meaning; now and then
codes of the past are hidden, so that they do not either. Muon for the blocks' matrices (Jordan et al. 2024), AdamW for the rest;
cosine schedule; averaged weights. On a GPU whole steps are recorded and replayed
(`recorded.py`).
Run:  python -m training.train_lm --data training/data/train --out training/runs/lm --minutes 40
      torchrun --nproc-per-node 2 -m training.train_lm ...    # several processes, each with its own batches (DDP)
      resumes from OUT/lm.pt; ends by time or by steps, whichever comes first, with a cosine learning rate over either.
      Prints nats per code of each codebook, and the gap: what a wrong caption costs. Text steers when the gap is well above 0.
"""

import argparse
import dataclasses
import pathlib
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import checkpoint, distributed
from .delay_pattern import delay_codes
from .language_model import LanguageModel, LanguageModelConfig
from .muon import Muon
from .plan import Plan, Targets
from .precision import allow_tf32, autocast, best_device
from .quantize import module_state
from .recorded import Recorded, own_stream
from .schedule import schedule
from .token_data import Batch, TokenData, is_ready, read

CODEBOOK_WEIGHTS = (2.0, 1.0, 0.7, 0.5)
#: share of the samples without text
NO_TEXT = 0.1
#: share of the samples with only the text's mean, and of the tokens hidden in the others: of single sounds; of events in turn, as
#: no mean tells their order
MEAN_ALONE, HIDDEN_TOKENS = (0.4, 0.1), (0.25, 0.1)
#: share of the samples with a hidden past, and the most of its steps that are hidden
HIDDEN_PASTS, HIDDEN_STEPS = 0.2, 0.6


def code_losses(model: LanguageModel, codes, weights, states, mask, keep) -> torch.Tensor:
    """Weighted mean cross-entropy of each codebook, [K], in nats; codes below 0 are unknown and count for nothing"""
    delayed = delay_codes(codes, -1)
    logits = model(delayed.where(delayed >= 0, model.config.codebook_size), states, mask, keep)
    return nats(logits, delayed, weights)


def nats(logits: torch.Tensor, delayed: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """logits [B, S, K, V], delayed codes [B, K, S], weights of codec frames [B, T] -> [K]"""
    count = delayed.shape[1]
    weight = delay_codes(weights[:, None].expand(-1, count, -1), 0) * (delayed >= 0)
    each = F.cross_entropy(logits.flatten(0, 2).float(), delayed.clamp_min(0).transpose(1, 2).flatten(), reduction="none")
    weight = weight.transpose(1, 2)  # (B, S, K)
    return (each.view_as(weight) * weight).sum((0, 1)) / weight.sum((0, 1))


class Learner(nn.Module):
    """The model and what it is asked while it trains; in one module, for DDP."""

    def __init__(self, model: LanguageModel):
        super().__init__()
        self.model, self.plan = model, Plan(model.config.width)

    def forward(self, batch: Batch, keep: torch.Tensor, shown: torch.Tensor, past: torch.Tensor) -> torch.Tensor:
        """keep [B] and shown [B, L] as the model takes them; past bool [B, S], False for hidden steps -> loss, []"""
        delayed = delay_codes(batch.codes, -1)
        given = delayed.where((delayed >= 0) & past[:, None], self.model.config.codebook_size)
        middle, last = self.model.hidden(given, batch.states, batch.mask, keep, shown)
        losses = nats(self.model.logits(last), delayed, batch.weights).unbind(0)
        shares = CODEBOOK_WEIGHTS[: len(losses)]
        return sum(share / sum(shares) * loss for share, loss in zip(shares, losses)) + self.plan(middle, batch.plan)


@torch.no_grad()
def validate(model: LanguageModel, data: TokenData, size: int) -> tuple[np.ndarray, float]:
    """nats of each codebook on held-out clips with their caption, and how much a wrong caption adds to the mean"""
    model.eval()
    rng, right, wrong = np.random.default_rng(0), [], []
    for i in range(data.train_count, len(data.frames) - size + 1, size):
        codes, weights, states, mask = data.batch(np.arange(i, i + size), rng)[:4]
        keep = torch.ones(size, device=codes.device)
        right.append(code_losses(model, codes, weights, states, mask, keep).cpu().numpy())
        wrong.append(code_losses(model, codes, weights, states.roll(1, 0), mask.roll(1, 0), keep).cpu().numpy())
    return np.mean(right, 0), float(np.mean(wrong) - np.mean(right))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, nargs="+", required=True, help="one folder or several")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=20, help="clips a step and process")
    parser.add_argument("--learning-rate", type=float, default=1.2e-3, help="of AdamW and Muon alike")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--heads", type=int, default=6, help="of 32: the width is 32 times this")
    parser.add_argument("--text-layers", type=int, default=1, help="looks that the text's tokens take at each other")
    parser.add_argument(
        "--sequence-share", type=int, default=2, help="how often clips of events in turn are drawn, against others"
    )
    parser.add_argument("--start", type=pathlib.Path, help="run or model pack whose weights this one begins with")
    parser.add_argument("--start-rate", type=float, default=0.1, help="their share of the learning rate")
    parser.add_argument("--later", type=pathlib.Path, nargs="*", default=[], help="folders that join once they are encoded")
    parser.add_argument("--no-graphs", action="store_true", help="launch every kernel of every step")
    parser.add_argument("--report", type=int, default=500, help="steps from one validation and checkpoint to the next")
    parser.add_argument("--held-out", type=int, default=320, help="clips at the end of the data set, for validation")
    parser.add_argument("--device", default=None, help="cpu or cuda; the best there is by default")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def optimizers(
    learner: Learner, learning_rate: float, learned: frozenset[str] = frozenset(), share: float = 0.1
) -> list[torch.optim.Optimizer]:
    """Muon for the blocks' matrices; AdamW for embeddings, heads, norms. What has `learned` already gets a share of the rate."""
    groups, device = defaultdict(list), next(learner.parameters()).device
    for name, p in learner.named_parameters():
        p.grad = torch.zeros_like(p)  # one place for all steps, recorded or not
        name = name.removeprefix("model.")
        inside = name.startswith(("blocks.", "text_blocks.")) and p.dim() == 2
        groups[inside, learning_rate * (share if name in learned else 1.0), 0.1 if p.dim() == 2 else 0.0].append(p)
    muon, adamw = (
        [
            {"params": ps, "lr": torch.tensor(rate, device=device), "weight_decay": decay}
            for (inside, rate, decay), ps in groups.items()
            if inside == wanted
        ]
        for wanted in (True, False)
    )
    gpu = device.type == "cuda"
    return [Muon(muon, learning_rate), torch.optim.AdamW(adamw, learning_rate, (0.9, 0.95), fused=True, capturable=gpu)]


def start_from(model: LanguageModel, run: pathlib.Path) -> frozenset[str]:
    """Takes over the averaged weights of a run, or a pack's; returns their names. What they lack begins new."""
    weights = module_state(run, "lm") if (run / "model.json").exists() else load_state(run)["ema"]["state"]
    model.load_state_dict(weights, strict=False)
    return frozenset(weights)


def train(args: argparse.Namespace) -> list[float]:
    """Returns the weighted losses, one a step."""
    rank, world = distributed.start()
    device = args.device or best_device()
    allow_tf32(device)
    torch.manual_seed(args.seed)
    data = TokenData(args.data, args.held_out, device, args.sequence_share)
    config = LanguageModelConfig(layers=args.layers, heads=args.heads, text_layers=args.text_layers)
    model = LanguageModel(config).to(device)
    learned = start_from(model, args.start) if args.start else frozenset()
    learner = Learner(model).to(device)
    makers, ema = optimizers(learner, args.learning_rate, learned, args.start_rate), checkpoint.Ema(model)
    peaks = [[float(group["lr"]) for group in maker.param_groups] for maker in makers]
    keep = {"model": model, "plan": learner.plan, "muon": makers[0], "adamw": makers[1], "ema": ema}
    step, spent = checkpoint.resume(args.out / "lm.pt", keep)
    for maker, peak in zip(makers, peaks):
        for group, lr in zip(maker.param_groups, peak):
            group["lr"] = torch.tensor(lr, device=device)
    keep["config"] = dataclasses.asdict(model.config)
    shared = distributed.wrap(learner)
    own_stream(device)
    recording = not args.no_graphs and world == 1 and torch.device(device).type == "cuda"
    move, coming = Step(shared, makers, recording), Coming(args.later, data)
    if rank == 0:
        print(
            f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} million parameters, {world} processes, {device}", flush=True
        )
    losses, mean, started, reported = [], None, time.time(), time.time()
    while True:
        elapsed = spent + time.time() - started
        share = distributed.agree(min(1.0, max(elapsed / (60 * args.minutes), step / args.steps)))
        if share >= 1:
            break
        if coming.join():
            print(f"step {step}  {len(data.frames)} clips", flush=True)
        rate = schedule(step, max(1, min(250, args.steps // 8)), share)
        for maker, peak in zip(makers, peaks):
            for group, lr in zip(maker.param_groups, peak):
                group["lr"].fill_(lr * rate)
        rng = np.random.default_rng([args.seed, step, rank])
        checkpoint.seed_step(args.seed + 7919 * rank, step)
        losses.append(move(data.batch(data.draw(rng, args.batch), rng)))
        ema.update(model)
        step += 1
        mean = losses[-1] if mean is None else 0.98 * mean + 0.02 * losses[-1]
        if rank == 0 and time.time() - reported > 30:
            print(f"step {step}  {elapsed / 60:.1f} min  loss {float(mean):.4f}  rate {rate:.2f}", flush=True)
            reported = time.time()
        if rank == 0 and step % args.report == 0:
            report(model, data, args.batch, step)
            checkpoint.save(args.out / "lm.pt", keep, step, spent + time.time() - started)
    if rank == 0:
        checkpoint.save(args.out / "lm.pt", keep, step, spent + time.time() - started)
        report(load_language_model(args.out).to(device), data, args.batch, step)
    distributed.stop()
    return [float(loss) for loss in losses]


class Step:
    """Gradients, then the optimizers; recorded on a GPU. Returns the loss, still on the device: nothing waits for it."""

    def __init__(self, learner: nn.Module, makers: list[torch.optim.Optimizer], recording: bool):
        self.learner, self.makers = learner.train(), makers
        self.parameters = [p for p in learner.parameters() if p.requires_grad]
        self.gradients, self.optimize = Recorded(self.of_batch, recording), Recorded(self.take, recording)

    def __call__(self, batch: Batch) -> torch.Tensor:
        self.learner.train()
        loss = self.gradients(*batch[:-1], *batch.plan).clone()
        self.optimize()
        return loss

    def of_batch(self, *tensors: torch.Tensor) -> torch.Tensor:
        """The fields of a batch and of its plan"""
        count = len(Batch._fields) - 1
        batch = Batch(*tensors[:count], Targets(*tensors[count:]))
        keep = (torch.rand_like(batch.mask[:, 0]) >= NO_TEXT).float()
        torch._foreach_zero_([p.grad for p in self.parameters])
        with autocast(batch.codes.device):
            loss = self.learner(batch, keep, shown_tokens(batch.mask, batch.in_turn), shown_past(batch.codes))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        return loss.detach()

    def take(self) -> None:
        for maker in self.makers:
            maker.step()


class Coming:
    """Folders that are still being made: read beside the training once they are encoded, then part of its data."""

    def __init__(self, folders: list[pathlib.Path], data: TokenData):
        self.folders, self.data, self.reading, self.asked = list(folders), data, None, 0.0
        self.reader = ThreadPoolExecutor(1)

    def join(self) -> bool:
        """Whether one has joined. Looks twice a second."""
        if time.time() - self.asked < 0.5 or not (self.folders or self.reading):
            return False
        self.asked = time.time()
        if self.reading is None and is_ready(self.folders[0]):
            self.reading = self.reader.submit(read, self.folders.pop(0), "cpu")
        if self.reading is None or not self.reading.done():
            return False
        self.data.join([self.reading.result()])
        self.reading = None
        return True


def shown_tokens(mask: torch.Tensor, in_turn: torch.Tensor) -> torch.Tensor:
    """mask [B, L], in_turn bool [B] -> which tokens are shown, [B, L]: of some texts none, of the others most"""
    hidden, alone = (torch.where(in_turn[:, None], *reversed(shares)) for shares in (HIDDEN_TOKENS, MEAN_ALONE))
    return mask * (torch.rand_like(mask) >= hidden) * (torch.rand_like(mask[:, :1]) >= alone)


def shown_past(codes: torch.Tensor) -> torch.Tensor:
    """codes [B, K, T] -> bool [B, T + K - 1]: which steps of the past the model sees, in most samples all"""
    batch, count, frames = codes.shape
    draw = torch.rand(batch, 2, device=codes.device)
    share = torch.where(draw[:, 0] < HIDDEN_PASTS, HIDDEN_STEPS * draw[:, 1], 0.0)
    return torch.rand(batch, frames + count - 1, device=codes.device) >= share[:, None]


def report(model: LanguageModel, data: TokenData, size: int, step: int) -> None:
    nats, gap = validate(model, data, size)
    print(f"step {step}  held-out nats {np.round(nats, 3)}  gap of a wrong caption {gap:.3f}", flush=True)


def load_state(run: pathlib.Path) -> dict:
    state = checkpoint.load(run / "lm.pt")
    if state is None:
        raise FileNotFoundError(f"train_lm: no lm.pt in {run}. Run training.train_lm with --out {run} first.")
    return state


def load_language_model(run: pathlib.Path) -> LanguageModel:
    """The averaged weights of a run, ready to use."""
    state = load_state(run)
    model = LanguageModel(LanguageModelConfig(**state["config"]))
    model.load_state_dict(state["ema"]["state"])
    return model.eval()


if __name__ == "__main__":
    train(parse_arguments())
