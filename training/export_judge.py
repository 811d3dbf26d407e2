"""Writes the judge and its text side as a small pack: int8 weights for the kernels, and what says how to read them.

    OUT/judge.json          name, licence, the text encoder whose states it reads, scale and bias of the score, sha256 of:
    OUT/judge.safetensors   images.0..2, join, times.0..2 (normalisation folded in), heard.up, heard.out, meant.up, meant.out
                            each NAME.weight I8 [outputs, inputs], NAME.weight.scale F32 [outputs], NAME.bias F32 [outputs]

Inputs of a convolution lie in the order (time, band, channel), as bake/quality-gate/patches.ts lays them out.
Run:  python -m training.export_judge --judge training/runs/judge --text-score training/runs/judge --out models/foley-judge \\
          --golden test/golden/foley-judge.json
      2 s; prints how far int8 weights are from those of training
"""

import argparse
import hashlib
import json
import math
import pathlib
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from . import engine_weights
from .judge import BANDS, Judge, features, load_judge
from .quantize import dequantize_rows, quantize_rows
from .text_encoder import TextEncoderConfig
from .text_score import TextScore, Tower, hear, load_text_score

FILE = "judge.safetensors"


def layers(judge: Judge, score: TextScore) -> Iterator[tuple[str, nn.Module, nn.Module | None, nn.Module | None]]:
    """name, layer, the normalisation after it, the normalisation before it"""
    for kind, norms in (("images", judge.image_norms), ("times", judge.time_norms)):
        for i, (layer, norm) in enumerate(zip(getattr(judge, kind), norms)):
            yield f"{kind}.{i}", layer, norm, None
    yield "join", judge.join, None, None
    for name in ("heard", "meant"):
        tower: Tower = getattr(score, name)
        yield f"{name}.up", tower.up, None, tower.norm
        yield f"{name}.out", tower.out, None, None


def factors(norm: nn.Module) -> tuple[torch.Tensor, torch.Tensor]:
    """norm(x) = x * factor + shift"""
    factor = 1 / (norm.running_var + norm.eps).sqrt()
    if norm.affine:
        factor = factor * norm.weight
        return factor, norm.bias - norm.running_mean * factor
    return factor, -norm.running_mean * factor


def neutralise(norm: nn.Module, bias: torch.Tensor | None = None) -> None:
    """From now on norm(x) = x (+ bias)"""
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    if norm.affine:
        norm.weight.fill_(1)
        norm.bias.copy_(bias)


@torch.no_grad()
def put_on_grid(judge: Judge, score: TextScore) -> None:
    """Folds every normalisation into its layer and rounds the weights to int8, in place: what is left is what is exported."""
    for _, layer, after, before in layers(judge, score):
        weight = layer.weight.clone()
        if after is not None:
            factor, shift = factors(after)
            weight *= factor.view(-1, *([1] * (weight.dim() - 1)))
            neutralise(after, shift)
        if before is not None:
            factor, shift = factors(before)
            layer.bias += weight @ shift
            weight *= factor
            neutralise(before)
        layer.weight.copy_(dequantize_rows(*quantize_rows(weight)))


@torch.no_grad()
def tensors_of(judge: Judge, score: TextScore) -> dict[str, np.ndarray]:
    found = {}
    for name, layer, after, _ in layers(judge, score):
        weight = layer.weight
        if weight.dim() == 4:
            weight = weight.permute(0, 2, 3, 1)  # (out, time, band, channel)
        elif weight.dim() == 3:
            weight = weight.permute(0, 2, 1)  # (out, time, channel)
        elif name == "join":
            weight = weight.reshape(len(weight), -1, BANDS // 8).permute(0, 2, 1)  # (out, band, channel)
        bias = layer.bias if after is None else after.bias
        found |= engine_weights.split(f"{name}.weight", weight.reshape(len(weight), -1))
        found[f"{name}.bias"] = bias.float().numpy()
    return found


def describe(path: pathlib.Path, score: TextScore) -> dict:
    encoder, data = TextEncoderConfig(), path.read_bytes()
    return {
        "formatVersion": 1,
        "name": "foley-judge",
        "version": "0.1.0",
        "licence": "MIT",
        "sampleRate": 32000,
        "textEncoder": {"name": encoder.name, "width": encoder.state_width},
        "scale": float(score.scale.detach().exp()),
        "bias": float(score.bias.detach() + score.prior),
        "files": {path.name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}},
    }


def tones(samples: int, seed: int) -> np.ndarray:
    """f32 [samples]: a struck thing that any language can compute. Twin: test/bake/quality-gate/tones.ts"""
    n = np.arange(samples)
    partials = sum(np.sin(0.01 * (seed + 1) * (k + 1) ** 1.5 * n + k) / (k + 1) for k in range(8))
    return (0.3 * partials * np.exp(-n / (2000 * (seed + 1)))).astype(np.float32)


def states(seed: int) -> np.ndarray:
    """f32 [768]: what a text's mean states might be"""
    return (0.5 * np.sin(np.arange(768) * (seed + 1.3))).astype(np.float32)


@torch.no_grad()
def golden(judge: Judge, score: TextScore) -> list[dict]:
    """What TypeScript must find in the same sounds and texts"""
    cases = []
    for seed, samples in enumerate((3200, 10001, 40000)):
        pcm = torch.from_numpy(tones(samples, seed))[None]
        heard, meant = hear(judge, pcm), torch.from_numpy(states(seed))[None]
        cases.append({
            "seed": seed, "samples": samples, "logMel": rounded(features(pcm)[0, :10]), "heard": rounded(score.heard(heard)[0]),
            "meant": rounded(score.meant(meant)[0]), "score": float(score.scores(heard, meant)),
        })  # fmt: skip
    return cases


def rounded(x: torch.Tensor) -> list[float]:
    return [round(float(value), 6) for value in x.flatten()]


@torch.no_grad()
def drift(judge: Judge, score: TextScore, exact: tuple[Judge, TextScore]) -> float:
    """Largest angle, in radians, between what is heard with int8 weights and with those of training"""
    sounds = [torch.from_numpy(tones(samples, seed))[None] for seed, samples in enumerate((3200, 10001, 40000, 100000))]
    cosines = [float((score.heard(hear(judge, pcm)) * exact[1].heard(hear(exact[0], pcm))).sum()) for pcm in sounds]
    return math.acos(min(1.0, min(cosines)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", type=pathlib.Path, required=True, help="run of training.judge")
    parser.add_argument("--text-score", type=pathlib.Path, required=True, help="run of training.text_score")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--golden", type=pathlib.Path, help="file of what TypeScript must find")
    args = parser.parse_args()
    judge, score = load_judge(args.judge), load_text_score(args.text_score)
    put_on_grid(judge, score)
    args.out.mkdir(parents=True, exist_ok=True)
    path = args.out / FILE
    engine_weights.write(path, tensors_of(judge, score))
    (args.out / "judge.json").write_text(json.dumps(describe(path, score), indent=1) + "\n")
    if args.golden:
        args.golden.write_text(json.dumps(golden(judge, score)) + "\n")
    angle = drift(judge, score, (load_judge(args.judge), load_text_score(args.text_score)))
    print(f"{path}: {path.stat().st_size} bytes, int8 turns what is heard by at most {angle:.3f} radians")


if __name__ == "__main__":
    main()
