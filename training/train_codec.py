"""Trains the codec with the spectral energy distance; discriminators join for a last share of the run where asked for.

B batch, N samples of a crop. Most crops start where the clip starts, so that attacks are seen often.
Run:  python -m training.train_codec --data training/data/train --out training/runs/codec --minutes 60
      resumes from OUT/codec.pt; ends by time or by steps, whichever comes first, with a cosine learning rate over either.
      Expect a spectral distance near 0.46 after 60 minutes on 2 cores; codebook usage near 0.5.
"""

import argparse
import math
import pathlib
import time

import numpy as np
import torch

from . import checkpoint, make_data
from .codec import Codec, CodecConfig
from .codec_losses import Discriminators, discriminator_loss, energy_distance, generator_loss

CROP = 50  # codec frames: one second


def draw_batch(audio: np.ndarray, batch: int, rng: np.random.Generator, crop: int) -> torch.Tensor:
    """(B, crop) f32, random gain of ±6 dB"""
    clips = rng.integers(len(audio), size=batch)
    starts = np.where(rng.random(batch) < 0.6, 0, rng.integers(audio.shape[1] - crop + 1, size=batch))
    crops = np.stack([audio[c, s : s + crop] for c, s in zip(clips, starts)]).astype(np.float32) / 32767
    return torch.from_numpy(crops * 10 ** (rng.uniform(-6, 6, (batch, 1)) / 20).astype(np.float32))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=6e-4)
    parser.add_argument("--adversarial-from", type=float, default=1.0, help="share of the run, 0..1; 1 is never")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    train(args)


def train(args: argparse.Namespace) -> list[float]:
    """Returns the spectral losses, one a step."""
    torch.manual_seed(args.seed)
    audio, _ = make_data.load(args.data)
    codec, judges = Codec(CodecConfig()), Discriminators()
    maker = torch.optim.AdamW(codec.parameters(), args.learning_rate, (0.8, 0.99), weight_decay=0.01)
    critic = torch.optim.AdamW(judges.parameters(), 4e-4, (0.5, 0.9), weight_decay=0.01)
    ema = checkpoint.Ema(codec)
    step, spent, losses = 0, 0.0, []
    saved = checkpoint.load(args.out / "codec.pt")
    if saved:
        codec.load_state_dict(saved["codec"]), judges.load_state_dict(saved["judges"])
        maker.load_state_dict(saved["maker"]), critic.load_state_dict(saved["critic"])
        ema.state, ema.steps, step, spent = saved["ema"], saved["step"], saved["step"], saved["spent"]
    warm_up = max(1, min(300, args.steps // 8))
    mean, started, reported = None, time.time(), time.time()
    while True:
        elapsed = spent + time.time() - started
        share = min(1.0, max(elapsed / (60 * args.minutes), step / args.steps))
        if share >= 1:
            break
        rng = np.random.default_rng([args.seed, step])
        x = draw_batch(audio, args.batch, rng, CROP * 640)
        rate = args.learning_rate * min(1, (step + 1) / warm_up) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * share)))
        for group in maker.param_groups:
            group["lr"] = rate
        loss = one_step(codec, judges, maker, critic, x, adversarial=share > args.adversarial_from)
        ema.update(codec)
        step += 1
        losses.append(loss)
        mean = loss if mean is None else 0.98 * mean + 0.02 * loss
        if time.time() - reported > 20:
            usage = " ".join(f"{codebook.usage():.2f}" for codebook in codec.quantizer.codebooks)
            print(f"step {step}  {elapsed / 60:.1f} min  loss {mean:.4f}  usage {usage}  rate {rate:.1e}", flush=True)
            reported = time.time()
        if step % 200 == 0:
            save(args.out, codec, judges, maker, critic, ema, step, spent + time.time() - started)
    save(args.out, codec, judges, maker, critic, ema, step, spent + time.time() - started)
    print(f"done at step {step}, loss {mean}", flush=True)
    return losses


def one_step(codec, judges, maker, critic, x: torch.Tensor, adversarial: bool) -> float:
    codec.train()
    made, _, commitment = codec(x)
    x_hat = made[0]
    energy, spectral = energy_distance(made, x)
    loss = energy + 0.25 * commitment
    if adversarial:
        part = max(1, len(x) // 3)
        scored, real = judges(x_hat[:part]), judges(x[:part])
        pull, matching = generator_loss(real, scored)
        loss = loss + 0.06 * pull + 0.15 * matching
    maker.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
    maker.step()
    if adversarial:
        critic.zero_grad(set_to_none=True)
        discriminator_loss(judges(x[:part]), judges(x_hat[:part].detach())).backward()
        critic.step()
    return float(spectral)


def save(out, codec, judges, maker, critic, ema, step: int, spent: float) -> None:
    state = {
        "codec": codec.state_dict(),
        "judges": judges.state_dict(),
        "maker": maker.state_dict(),
        "critic": critic.state_dict(),
    }
    checkpoint.save(out / "codec.pt", state | {"ema": ema.state, "step": step, "spent": spent})


def load_codec(run: pathlib.Path) -> Codec:
    """The averaged weights of a run, ready to use; the codebooks are the newest."""
    state = checkpoint.load(run / "codec.pt")
    if state is None:
        raise FileNotFoundError(f"train_codec: no codec.pt in {run}. Run training.train_codec with --out {run} first.")
    codec = Codec(CodecConfig())
    codec.load_state_dict(state["ema"])
    return codec.eval()


if __name__ == "__main__":
    main()
