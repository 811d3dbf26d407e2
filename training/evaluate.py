"""Listens to a model pack with the judge: does it make what it was asked for?

Held-out captions (seeds nobody was trained on), every family in turn, sounds made by the shipped graphs as shipped.
Run:  python -m training.evaluate --pack models/foley-tiny --judge training/runs/judge --codec training/runs/codec \\
          --data training/data/held-out --out models/foley-tiny/evaluation.json
      about 4 minutes on 2 cores for 220 sounds. Writes each measure as {value, ceiling, floor}:
      ceiling: held-out sounds through the codec; floor: sounds of other captions.
"""

import argparse
import json
import pathlib

import numpy as np
import torch

from . import make_data
from .captions import HELD_OUT
from .codec_losses import spectral_loss
from .judge import Judge, features, load_judge
from .pack_model import PackModel
from .sampler import SamplingOptions
from .spec import FAMILIES
from .train_codec import load_codec

SECONDS = 2.0


@torch.no_grad()
def hear(judge: Judge, pcm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """pcm [B, N] -> family indices [B], embeddings [B, 256]"""
    x = features(torch.from_numpy(pcm))
    return judge(x).argmax(1).numpy(), judge.embedding(x).numpy()


def choose_clips(labels: list[dict], per_family: int) -> list[int]:
    """The first `per_family` held-out clips of every family, in the order of FAMILIES."""
    return [i for family in FAMILIES for i in [j for j, label in enumerate(labels) if label["family"] == family][:per_family]]


def make_sounds(pack: PackModel, prompts: list[str], first_seed: int = 0) -> np.ndarray:
    """[len(prompts), samples]"""
    s = pack.card["sampling"]
    sounds = []
    for i, prompt in enumerate(prompts):
        options = SamplingOptions(s["guidanceScale"], s["temperature"], s["topK"], s["topP"], first_seed + i)
        sounds.append(pack.generate(prompt, SECONDS, options)[1])
        print(f"\r{i + 1}/{len(prompts)} {prompt[:50]:50s}", end="", flush=True)
    print()
    return np.stack(sounds)


def by_family(heard: np.ndarray, asked: np.ndarray) -> dict[str, float]:
    return {family: round(float((heard[asked == f] == f).mean()), 3) for f, family in enumerate(FAMILIES) if (asked == f).any()}


def spread(embeddings: np.ndarray) -> float:
    """Mean pairwise distance of embeddings, [n, 256]"""
    gaps = np.linalg.norm(embeddings[:, None] - embeddings[None], axis=-1)
    return float(gaps.sum() / max(1, len(gaps) * (len(gaps) - 1)))


def family_spread(embeddings: np.ndarray, asked: np.ndarray) -> float:
    return float(np.mean([spread(embeddings[asked == f]) for f in range(len(FAMILIES)) if (asked == f).sum() > 1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--judge", type=pathlib.Path, required=True)
    parser.add_argument("--codec", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--per-family", type=int, default=10)
    parser.add_argument("--guidance-scale", type=float)
    parser.add_argument("--temperature", type=float)
    parser.add_argument("--top-k", type=int)
    args = parser.parse_args()
    table = evaluate(args)
    print(json.dumps(table, indent=2))
    if args.out:
        args.out.write_text(json.dumps(table, indent=2) + "\n")


def evaluate(args: argparse.Namespace) -> dict:
    pack, judge, codec = PackModel(args.pack, threads=2), load_judge(args.judge), load_codec(args.codec)
    overrides = {"guidanceScale": args.guidance_scale, "temperature": args.temperature, "topK": args.top_k}
    pack.card["sampling"] |= {key: value for key, value in overrides.items() if value is not None}
    audio, labels = make_data.load(args.data)
    chosen = choose_clips(labels, args.per_family)
    asked = np.array([FAMILIES.index(labels[i]["family"]) for i in chosen])
    real = audio[chosen, : round(SECONDS * 32000)].astype(np.float32) / 32767
    with torch.no_grad():
        x = torch.from_numpy(real)
        rebuilt = torch.cat([codec.decode(codec.encode(x[i : i + 20])) for i in range(0, len(x), 20)])
        codec_loss = float(spectral_loss(rebuilt, x))
    made = make_sounds(pack, [labels[i]["captions"][0] for i in chosen])
    unseen = make_sounds(pack, [text for family in FAMILIES for text in HELD_OUT[family]], 5000)
    unseen_asked = np.repeat(np.arange(len(FAMILIES)), [len(HELD_OUT[family]) for family in FAMILIES])
    heard, embeddings = hear(judge, made)
    ceiling, _ = hear(judge, rebuilt.numpy())
    clean, clean_embeddings = hear(judge, real)
    families, ceilings = by_family(heard, asked), by_family(ceiling, asked)
    return {
        "sounds": len(made),
        "sampling": pack.card["sampling"],
        "family_accuracy": measure(
            (heard == asked).mean(), (ceiling == asked).mean(), (heard == np.roll(asked, args.per_family)).mean()
        ),
        "family_accuracy_worst": measure(min(families.values()), min(ceilings.values()), 0.0),
        "judge_accuracy_on_originals": round(float((clean == asked).mean()), 4),
        "held_out_wording_accuracy": round(float((hear(judge, unseen)[0] == unseen_asked).mean()), 4),
        "diversity": measure(family_spread(embeddings, asked), family_spread(clean_embeddings, asked), 0.0),
        "codec_spectral_loss": round(codec_loss, 4),
        "families": {name: {"value": families[name], "ceiling": ceilings[name]} for name in families},
    }


def measure(value: float, ceiling: float, floor: float) -> dict[str, float]:
    return {"value": round(float(value), 4), "ceiling": round(float(ceiling), 4), "floor": round(float(floor), 4)}


if __name__ == "__main__":
    main()
