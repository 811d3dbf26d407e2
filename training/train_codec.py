"""Trains the codec: spectral energy distance, and discriminators for the last share of the run where asked for.

B batch, N samples of a crop. Most crops start where the clip starts, so that attacks are seen often.
Run:  python -m training.train_codec --data training/data/train --out training/runs/codec --minutes 60
      resumes from OUT/codec.pt; ends by time or by steps, whichever comes first, with a cosine learning rate over either.
      The paper's own shape: --shape seanet --factor 128 --streams 4 (factor 32, 64, 128 or 320; 1, 2 or 4 streams).
      --finish training/runs/codec --adversarial-from 0 goes on with the decoder of another run: the codes stay as they are, so
      a language model trained on them stays right.
"""

import argparse
import pathlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import nn

from . import checkpoint, make_data, partials
from .balancer import Balancer
from .codec import Codec, CodecConfig
from .codec_losses import Discriminators, discriminator_loss, distance, energy_distance, generator_loss, spectra
from .precision import best_device
from .schedule import schedule
from .seanet import Seanet, SeanetConfig

CROP = 32000  # one second
WEIGHTS = {"spectral": 1.0, "adversarial": 0.25, "matching": 0.5}
TOTAL_NORM = 0.15  # of the gradient of one clip: what the spectral loss has by itself with a batch of 8
PARTIAL_WEIGHT, HISS_WEIGHT, COMMITMENT_WEIGHT = 1.0, 2.0, 0.25


def draw_batch(audio: np.ndarray, labels: list[dict], batch: int, rng: np.random.Generator, crop: int) -> torch.Tensor:
    """(B, crop) f32, random gain of ±6 dB; short clips follow each other, so that silence does not use up the codebooks"""
    crops = []
    for _ in range(batch):
        pieces, missing = [], crop
        while missing > 0:
            pieces.append(draw_piece(audio, labels[int(rng.integers(len(labels)))], rng, missing))
            missing -= len(pieces[-1])
        crops.append(np.concatenate(pieces))
    return torch.from_numpy(np.stack(crops).astype(np.float32))


def draw_piece(audio: np.ndarray, label: dict, rng: np.random.Generator, longest: int) -> np.ndarray:
    pcm = make_data.clip_pcm(audio, label)
    start = 0 if rng.random() < 0.6 else int(rng.integers(max(0, len(pcm) - longest) + 1))
    return pcm[start : start + longest] * 10 ** (rng.uniform(-6, 6) / 20)


def ahead(make: Callable[[int], torch.Tensor], step: int) -> Iterator[torch.Tensor]:
    """make(step), make(step + 1) ..., the next ones being made meanwhile"""
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(make, step + i) for i in range(3)]
        while True:
            step += 1
            waiting.append(pool.submit(make, step + 2))
            yield waiting.pop(0).result()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--adversarial-from", type=float, default=1.0, help="share of the run, 0..1; 1 is never")
    parser.add_argument("--report", type=int, default=200, help="steps from one checkpoint to the next")
    parser.add_argument("--finish", type=pathlib.Path, help="run whose decoder is trained on; encoder and codebooks stay")
    parser.add_argument("--fit", type=int, default=60, help="batches that latents and codebooks start from")
    parser.add_argument("--device", default=None, help="cpu or cuda; the best there is by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shape", choices=("vocos", "seanet"), default="vocos", help="the shipped one, or the paper's")
    parser.add_argument("--factor", type=int, default=128, help="seanet: samples per codec frame")
    parser.add_argument("--streams", type=int, default=4, help="seanet: codebooks")
    return parser.parse_args()


def make_codec(shape: str, factor: int, streams: int) -> nn.Module:
    return Codec(CodecConfig()) if shape == "vocos" else Seanet(SeanetConfig.of_factor(factor, streams))


def train(args: argparse.Namespace) -> list[float]:
    """Returns the spectral losses, one a step."""
    torch.manual_seed(args.seed)
    device = args.device or best_device()
    audio, labels = make_data.load(args.data)
    codec, judges = make_codec(args.shape, args.factor, args.streams).to(device), Discriminators().to(device)
    if args.finish:
        codec.load_state_dict(load_codec(args.finish).state_dict())
        codec.encoder.requires_grad_(False)
    elif isinstance(codec, Codec) and not (args.out / "codec.pt").exists():
        rng = np.random.default_rng([args.seed, 1 << 20])
        codec.fit(draw_batch(audio, labels, args.batch, rng, CROP).to(device) for _ in range(args.fit))
    trained = [p for p in codec.parameters() if p.requires_grad]
    maker = torch.optim.AdamW(trained, args.learning_rate, (0.8, 0.99), weight_decay=0.01)
    critic = torch.optim.AdamW(judges.parameters(), 4e-4, (0.5, 0.9), weight_decay=0.01)
    ema, balancer = checkpoint.Ema(codec), Balancer(WEIGHTS, TOTAL_NORM)
    keep = {"codec": codec, "judges": judges, "maker": maker, "critic": critic, "balancer": balancer, "ema": ema}
    step, spent = checkpoint.resume(args.out / "codec.pt", keep)
    losses, mean, started, reported = [], None, time.time(), time.time()
    batches = ahead(lambda i: draw_batch(audio, labels, args.batch, np.random.default_rng([args.seed, i]), CROP), step)
    for x in batches:
        elapsed = spent + time.time() - started
        share = min(1.0, max(elapsed / (60 * args.minutes), step / args.steps))
        if share >= 1:
            break
        checkpoint.seed_step(args.seed, step)
        rate = args.learning_rate * schedule(step, max(1, min(300, args.steps // 8)), share)
        for group in maker.param_groups:
            group["lr"] = rate
        codec.train()
        if args.finish:
            codec.quantizer.eval()
        codec.quantizer.share = quantized_share(share)
        loss = one_step(codec, judges, maker, critic, balancer, x.to(device), adversarial=share > args.adversarial_from)
        ema.update(codec)
        step += 1
        losses.append(loss)
        mean = loss if mean is None else 0.98 * mean + 0.02 * loss
        if time.time() - reported > 20:
            usage = " ".join(f"{codebook.usage():.2f}" for codebook in codec.quantizer.codebooks)
            print(f"step {step}  {elapsed / 60:.1f} min  loss {float(mean):.4f}  usage {usage}  rate {rate:.1e}", flush=True)
            reported = time.time()
        if step % args.report == 0:
            checkpoint.save(args.out / "codec.pt", keep, step, spent + time.time() - started)
    checkpoint.save(args.out / "codec.pt", keep, step, spent + time.time() - started)
    batches.close()
    print(f"done at step {step}, loss {mean if mean is None else float(mean)}", flush=True)
    return [float(loss) for loss in losses]


def quantized_share(share: float) -> float:
    """Three clips of four are quantized, all of them in the last part of the run."""
    return 0.75 if share < 0.7 else 1.0


def one_step(codec, judges, maker, critic, balancer, x: torch.Tensor, adversarial: bool) -> torch.Tensor:
    """Returns the spectral loss, still on the device: nothing waits for it."""
    made, parts, commitment = codec(x)
    apart = COMMITMENT_WEIGHT * commitment
    if isinstance(codec, Seanet):
        made = made[..., : x.shape[-1]]
        spectral = distance(spectra(made), spectra(x))
        losses, first = {"spectral": spectral + (made - x).abs().mean()}, made
    else:
        energy, spectral = energy_distance(made, x)
        size, hop, rate = codec.config.stft_size, codec.config.stft_hop, codec.config.sample_rate
        truth = partials.measure(x, hop, rate)
        apart = apart + PARTIAL_WEIGHT * partials.partial_loss(parts.gain, parts.frequency, truth)
        apart = apart + HISS_WEIGHT * partials.hiss_loss(parts.noise, x, truth, size, hop, rate)
        losses, first = {"spectral": energy}, made[0]
    if adversarial:
        part = max(1, len(x) // 2)
        losses["adversarial"], losses["matching"] = generator_loss(judges(x[:part]), judges(first[:part]))
    maker.zero_grad(set_to_none=True)
    balancer.backward(losses, made, apart)
    nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
    maker.step()
    if adversarial:
        critic.zero_grad(set_to_none=True)
        discriminator_loss(judges(x[:part]), judges(first[:part].detach())).backward()
        critic.step()
    return spectral.detach()


def load_codec(run: pathlib.Path) -> nn.Module:
    """The averaged weights of a run, ready to use; the codebooks are the newest."""
    state = checkpoint.load(run / "codec.pt")
    if state is None:
        raise FileNotFoundError(f"train_codec: no codec.pt in {run}. Run training.train_codec with --out {run} first.")
    codec = Codec(CodecConfig())
    codec.load_state_dict(state["ema"]["state"])
    return codec.eval()


if __name__ == "__main__":
    train(parse_arguments())
