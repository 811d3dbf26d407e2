"""Turns the clips of a data set into codes with a trained codec.

    DATA/codes.npy   int16 [clips, K, T]

Run:  python -m training.encode_data --data training/data/train --codec training/runs/codec
      about 3 minutes on 2 cores for 14,000 clips
"""

import argparse
import pathlib
import sys

import numpy as np
import torch

from . import make_data
from .train_codec import load_codec


def encode(data: pathlib.Path, codec_run: pathlib.Path, batch: int = 32) -> np.ndarray:
    audio, labels = make_data.load(data)
    codec = load_codec(codec_run)
    codes = []
    for i in range(0, len(labels), batch):
        pcm = torch.from_numpy(audio[i : i + batch].astype(np.float32) / 32767)
        codes.append(codec.encode(pcm).to(torch.int16).numpy())
        sys.stderr.write(f"\r{i}/{len(labels)} clips")
    sys.stderr.write("\n")
    return np.concatenate(codes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--codec", type=pathlib.Path, required=True)
    args = parser.parse_args()
    codes = encode(args.data, args.codec)
    np.save(args.data / "codes.npy", codes)
    for k in range(codes.shape[1]):
        counts = np.bincount(codes[:, k].ravel(), minlength=1024) / codes[:, k].size
        print(f"codebook {k}: perplexity {np.exp(-(counts * np.log(counts + 1e-12)).sum()):.0f} of 1024")


if __name__ == "__main__":
    main()
