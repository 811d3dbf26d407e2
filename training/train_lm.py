"""Trains the token language model on codes and cached caption states.

Cross-entropy over the delayed codes, earlier codebooks weighted more; the text is dropped for 10 % of the samples, one by
one, for guidance, and some of its tokens are hidden, so that no single word carries the meaning. Muon for the blocks' matrices
(Jordan et al. 2024), AdamW for the rest; cosine schedule; averaged weights.
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

import numpy as np
import torch
from torch.nn import functional as F

from . import checkpoint, distributed
from .delay_pattern import delay_codes
from .language_model import LanguageModel, LanguageModelConfig
from .muon import Muon
from .precision import autocast, best_device
from .schedule import schedule
from .token_data import TokenData

CODEBOOK_WEIGHTS = (2.0, 1.0, 0.7, 0.5)
#: share of the samples without text, of those with only its mean, and of the tokens hidden in the others
NO_TEXT, MEAN_ALONE, HIDDEN_TOKENS = 0.1, 0.3, 0.2


def code_losses(model, codes, weights, states, mask, keep, shown=None) -> torch.Tensor:
    """Weighted mean cross-entropy of each codebook, [K], in nats; codes below 0 are unknown and count for nothing"""
    unknown = codes < 0
    special = getattr(model, "module", model).config.codebook_size
    delayed = delay_codes(codes, -1)
    weight = delay_codes((weights[:, None].expand_as(codes) * ~unknown).contiguous(), 0)  # (B, K, S)
    with autocast(codes.device, model.training):
        logits = model(delayed.where(delayed >= 0, special), states, mask, keep, shown)  # (B, S, K, V)
    losses = []
    for k, row in enumerate(logits.unbind(2)):
        nats = F.cross_entropy(row.flatten(0, 1).float(), delayed[:, k].clamp_min(0).flatten(), reduction="none")
        losses.append((nats * weight[:, k].flatten()).sum() / weight[:, k].sum())
    return torch.stack(losses)


@torch.no_grad()
def validate(model: LanguageModel, data: TokenData, size: int) -> tuple[np.ndarray, float]:
    """nats of each codebook on held-out clips with their caption, and how much a wrong caption adds to the mean"""
    model.eval()
    rng, right, wrong = np.random.default_rng(0), [], []
    for i in range(data.train_count, len(data.frames) - size + 1, size):
        codes, weights, states, mask = data.batch(np.arange(i, i + size), rng)
        keep = torch.ones(size, device=codes.device)
        right.append(code_losses(model, codes, weights, states, mask, keep).cpu().numpy())
        wrong.append(code_losses(model, codes, weights, states.roll(1, 0), mask.roll(1, 0), keep).cpu().numpy())
    return np.mean(right, 0), float(np.mean(wrong) - np.mean(right))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
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
    parser.add_argument("--start", type=pathlib.Path, help="run whose weights this one begins with, at a tenth of the rate")
    parser.add_argument("--report", type=int, default=500, help="steps from one validation and checkpoint to the next")
    parser.add_argument("--held-out", type=int, default=320, help="clips at the end of the data set, for validation")
    parser.add_argument("--device", default=None, help="cpu or cuda; the best there is by default")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def optimizers(model: LanguageModel, learning_rate: float, learned: frozenset[str] = frozenset()) -> list[torch.optim.Optimizer]:
    """Muon for the blocks' matrices; AdamW for embeddings, heads, norms. What has `learned` already gets a tenth of the rate."""
    groups = defaultdict(list)
    for name, p in model.named_parameters():
        inside = name.startswith(("blocks.", "text_blocks.")) and p.dim() == 2
        groups[inside, learning_rate * (0.1 if name in learned else 1.0), 0.1 if p.dim() == 2 else 0.0].append(p)
    muon, adamw = (
        [{"params": ps, "lr": rate, "weight_decay": decay} for (inside, rate, decay), ps in groups.items() if inside == wanted]
        for wanted in (True, False)
    )
    return [Muon(muon, learning_rate), torch.optim.AdamW(adamw, learning_rate, (0.9, 0.95))]


def start_from(model: LanguageModel, run: pathlib.Path) -> frozenset[str]:
    """Takes over the averaged weights of a run; returns their names. What they lack begins new."""
    weights = load_state(run)["ema"]["state"]
    model.load_state_dict(weights, strict=False)
    return frozenset(weights)


def train(args: argparse.Namespace) -> list[float]:
    """Returns the weighted losses, one a step."""
    rank, world = distributed.start()
    device = args.device or best_device()
    torch.manual_seed(args.seed)
    data = TokenData(args.data, args.held_out, device, args.sequence_share)
    config = LanguageModelConfig(layers=args.layers, heads=args.heads, text_layers=args.text_layers)
    model = LanguageModel(config).to(device)
    learned = start_from(model, args.start) if args.start else frozenset()
    makers, ema = optimizers(model, args.learning_rate, learned), checkpoint.Ema(model)
    peaks = [[group["lr"] for group in maker.param_groups] for maker in makers]
    keep = {"model": model, "muon": makers[0], "adamw": makers[1], "ema": ema}
    step, spent = checkpoint.resume(args.out / "lm.pt", keep)
    keep["config"] = dataclasses.asdict(model.config)
    shared = distributed.wrap(model)
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
        rate = schedule(step, max(1, min(250, args.steps // 8)), share)
        for maker, peak in zip(makers, peaks):
            for group, lr in zip(maker.param_groups, peak):
                group["lr"] = lr * rate
        losses.append(one_step(shared, makers, data, args, step, rank))
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


def one_step(model, makers, data: TokenData, args: argparse.Namespace, step: int, rank: int) -> torch.Tensor:
    """Returns the loss, still on the device: nothing waits for it."""
    rng = np.random.default_rng([args.seed, step, rank])
    checkpoint.seed_step(args.seed + 7919 * rank, step)
    codes, weights, states, mask = data.batch(data.draw(rng, args.batch), rng)
    keep = (torch.rand(len(codes), device=codes.device) >= NO_TEXT).float()
    model.train()
    share = torch.tensor(CODEBOOK_WEIGHTS[: codes.shape[1]], device=codes.device)
    loss = (share / share.sum() * code_losses(model, codes, weights, states, mask, keep, hide(mask))).sum()
    for maker in makers:
        maker.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for maker in makers:
        maker.step()
    return loss.detach()


def hide(mask: torch.Tensor) -> torch.Tensor:
    """mask [B, L] -> which tokens are shown, [B, L]: of some texts none, of the others most"""
    some = torch.rand_like(mask) >= HIDDEN_TOKENS
    any_at_all = torch.rand_like(mask[:, :1]) >= MEAN_ALONE
    return mask * some * any_at_all


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
