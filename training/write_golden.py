"""Writes what the engines must reproduce: arrays of one model pack, computed by onnxruntime in Python.

    test/golden/PACK.json   prompts with token ids, text embedding, first logits, greedy and sampled codes, PCM
                            arrays as {"shape", "f32": base64 of little-endian float32}; codes as nested lists

Run:  python -m training.write_golden --pack models/foley-tiny --out test/golden/foley-tiny.json
"""

import argparse
import base64
import json
import pathlib

import numpy as np

from .pack_model import PackModel
from .sampler import SamplingOptions

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
        **golden_partials(pack, codes),
        "pcm": pack_array(pack.decode(codes)[::4]),
    }


def golden_partials(pack: PackModel, codes: np.ndarray) -> dict:
    """Gain [F, C / 8] and frequency [F, C] of the sampled codes; nothing from a pack without partials"""
    found = pack.run("codec-decoder", codes=codes.astype(np.int64))[3:]
    if not found:
        return {}
    gain, frequency = found
    return {"partialGain": pack_array(gain[:, ::8]), "partialFrequency": pack_array(frequency)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    pack = PackModel(args.pack)
    cases = [golden_case(pack, prompt, 3 + i) for i, prompt in enumerate(PROMPTS)]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({
        "note": "textEmbedding: every 16th column; firstLogits: every 8th of V; partialGain: every 8th of C; pcm: every 4th",
        "codecFrames": CODEC_FRAMES, "sampling": pack.card["sampling"], "cases": cases,
    }) + "\n")  # fmt: skip


if __name__ == "__main__":
    main()
