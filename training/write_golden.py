"""Writes what the engines must reproduce: arrays of one model pack, computed by onnxruntime in Python.

    test/golden/PACK.json   prompts with token ids, text embedding, first logits, greedy and sampled codes, PCM
                            arrays as {"shape", "f32": base64 of little-endian float32}; codes as nested lists
                            greedy codes of 20 sounds of 5 s

Run:  python -m training.write_golden --pack models/foley-tiny --out test/golden/foley-tiny.json
"""

import argparse
import base64
import json
import pathlib

import numpy as np

from .pack_model import PackModel
from .sampler import SamplingOptions

LONG_PROMPTS = (
    "heavy wooden door slams in a stone hall", "light footsteps on gravel", "rain on a tin roof", "glass breaks on a stone floor",
    "a dog barks twice", "distant thunder rolls", "metal crate hits stone hard", "campfire crackles", "a bell rings",
    "short laser shot", "an engine idles", "wind howls", "a coin is picked up", "water drips in a cave", "sword hits a shield",
    "birds sing in the morning", "an explosion, then debris falls", "a magic spell shimmers", "crickets at night", "a gun shot",
)  # fmt: skip
LONG_SECONDS = 5
PROMPTS = ("heavy wooden door slams in a stone hall", "small coin pickup", "rain")
CODEC_FRAMES = 24


def pack_array(array: np.ndarray) -> dict:
    return {"shape": list(array.shape), "f32": base64.b64encode(array.astype("<f4").tobytes()).decode()}


def golden_case(pack: PackModel, prompt: str, seed: int) -> dict:
    embedding = pack.embed(prompt)
    sampling = pack.card["sampling"]
    greedy = SamplingOptions(sampling["guidanceScale"], 0.0, 0, 0.0, seed)
    sampled = SamplingOptions(sampling["guidanceScale"], sampling["temperature"], sampling["topK"], 0.0, seed)
    steps = list(pack.token_steps(embedding, CODEC_FRAMES, sampled))
    codes = pack.tokens(embedding, CODEC_FRAMES, sampled)
    return {
        "prompt": prompt,
        "seed": seed,
        "tokenIds": pack.tokenizer.encode(prompt).ids,
        "textEmbedding": pack_array(embedding[:, ::16]),
        "firstLogits": pack_array(steps[0][1][:, :, ::8]),
        "greedyCodes": pack.tokens(embedding, CODEC_FRAMES, greedy).tolist(),
        "sampledCodes": codes.tolist(),
        "pcm": pack_array(pack.decode(codes)[::4]),
    }


def long_case(pack: PackModel, prompt: str) -> dict:
    """Greedy codes u16 [K, T] of a long sound, as base64"""
    options = SamplingOptions(pack.card["sampling"]["guidanceScale"], 0.0, 0, 0.0, 0)
    frames = LONG_SECONDS * pack.card["codecFrameRate"]
    codes = pack.tokens(pack.embed(prompt), frames, options)
    return {"prompt": prompt, "u16": base64.b64encode(codes.astype("<u2").tobytes()).decode()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    pack = PackModel(args.pack)
    cases = [golden_case(pack, prompt, 3 + i) for i, prompt in enumerate(PROMPTS)]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({
        "note": "textEmbedding: every 16th column; firstLogits: every 8th of V; pcm: every 4th",
        "codecFrames": CODEC_FRAMES, "sampling": pack.card["sampling"], "cases": cases,
        "longSeconds": LONG_SECONDS, "long": [long_case(pack, prompt) for prompt in LONG_PROMPTS],
    }) + "\n")  # fmt: skip


if __name__ == "__main__":
    main()
