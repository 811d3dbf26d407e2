"""Turns the clips of a data set into codes with a trained codec.

    DATA/codes.npy     int16 [K, codec frames of all clips, one after the other]
    DATA/silence.npy   int16 [K], the codes of silence

Run:  python -m training.encode_data --data training/data/train --codec training/runs/codec
      about 3 minutes on 2 cores for 16,000 clips
"""

import argparse
import pathlib

import numpy as np
import torch

from . import make_data
from .precision import best_device
from .progress import Progress
from .train_codec import load_codec


def encode(data: pathlib.Path, codec, batch: int = 16) -> np.ndarray:
    """Clips of like length together: codes [K, T]"""
    device = next(codec.parameters()).device
    audio, labels = make_data.load(data)
    order = np.argsort([label["samples"] for label in labels], kind="stable")
    codes: list[np.ndarray] = [np.zeros(0)] * len(labels)
    groups = [order[i : i + batch] for i in range(0, len(order), batch)]
    for group in Progress(groups, len(groups), "batches"):
        longest = max(labels[i]["samples"] for i in group)
        pcm = np.stack([make_data.clip_pcm(audio, labels[i], longest) for i in group])
        for i, row in zip(group, codec.encode(torch.from_numpy(pcm).to(device)).to(torch.int16).cpu().numpy()):
            codes[i] = row[:, : labels[i]["samples"] // 640]
    return np.concatenate(codes, 1)


def silent_codes(codec) -> np.ndarray:
    """i16 [K], from the middle of a second of silence"""
    device = next(codec.parameters()).device
    return codec.encode(torch.zeros(1, 32000, device=device))[0, :, 25].to(torch.int16).cpu().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--codec", type=pathlib.Path, required=True)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--device", default=None, help="cpu or cuda; the best there is by default")
    args = parser.parse_args()
    codec = load_codec(args.codec).to(args.device or best_device())
    codes = encode(args.data, codec, args.batch)
    np.save(args.data / "codes.npy", codes)
    np.save(args.data / "silence.npy", silent_codes(codec))
    for k, row in enumerate(codes):
        share = np.bincount(row, minlength=1024) / row.size
        perplexity = np.exp(-(share * np.log(share + 1e-12)).sum())
        print(f"codebook {k}: perplexity {perplexity:.0f}, used {(share > 0).mean():.2f} of 1024")


if __name__ == "__main__":
    main()
