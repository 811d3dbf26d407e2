"""The judge: a small convolutional classifier of sound families, trained on synthesised sounds nobody else was trained on.

    pcm f32 [B, N] at 32 kHz  ->  log-mel [B, 1, 64, 200]  ->  logits [B, families]

It hears the first 2 seconds at one loudness, with random tilt, noise floor and gaps in training, so that it listens for
the sound and not for its level or the codec's colour.
Run:  python -m training.judge --data training/data/judge --out training/runs/judge
      about 4 minutes on 2 cores; accuracy on the last 400 clips should pass 0.9
"""

import argparse
import itertools
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import checkpoint, make_data, stft
from .codec_losses import mel_matrix
from .spec import FAMILIES

SAMPLES = 64000
BANDS = 64


def features(pcm: torch.Tensor) -> torch.Tensor:
    """pcm [B, N] -> [B, 1, 64, 200]; shorter sounds are filled with silence"""
    pcm = F.pad(pcm, (0, max(0, SAMPLES - pcm.shape[1])))[:, :SAMPLES]
    pcm = pcm / pcm.abs().amax(1, keepdim=True).clamp_min(1e-4)
    mel = stft.magnitude(pcm, 1024, 320).transpose(1, 2) @ mel_matrix(1024, BANDS)
    return ((torch.log(mel + 3e-3) + 3) / 2).transpose(1, 2)[:, None]


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        widths = (1, 24, 48, 96, 128)
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in itertools.pairwise(widths))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths[1:])
        self.out = nn.Linear(2 * widths[-1], len(FAMILIES))

    def embedding(self, x: torch.Tensor) -> torch.Tensor:
        """features -> [B, 256]: mean and maximum over time and bands"""
        for layer, norm in zip(self.layers, self.norms):
            x = F.max_pool2d(F.relu(norm(layer(x))), 2)
        return torch.cat((x.mean((2, 3)), x.amax((2, 3))), 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(F.dropout(self.embedding(x), 0.3, self.training))


def augment(x: torch.Tensor) -> torch.Tensor:
    """Spectral tilt, a raised noise floor, one gap in time and one in frequency."""
    tilt = torch.randn(len(x), 1, 1, 1) * torch.linspace(-0.5, 0.5, BANDS)[:, None]
    floor = -1.0 + 0.8 * torch.rand(len(x), 1, 1, 1)
    x = torch.maximum(x + tilt, floor)
    begin, band = int(torch.randint(0, 180, ())), int(torch.randint(0, 56, ()))
    x[:, :, :, begin : begin + int(torch.randint(0, 20, ()))] = -0.9
    x[:, :, band : band + int(torch.randint(0, 8, ()))] = -0.9
    return x


def load_features(folder: pathlib.Path) -> tuple[torch.Tensor, torch.Tensor]:
    audio, labels = make_data.load(folder)
    blocks = [features(torch.from_numpy(audio[i : i + 64].astype(np.float32) / 32767)) for i in range(0, len(labels), 64)]
    return torch.cat(blocks), torch.tensor([FAMILIES.index(label["family"]) for label in labels])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=1400)
    args = parser.parse_args()
    torch.manual_seed(0)
    x, y = load_features(args.data)
    train_count = len(x) - 400
    judge = Judge()
    optimizer = torch.optim.AdamW(judge.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, args.steps)
    for step in range(args.steps):
        picks = torch.randint(0, train_count, (32,))
        loss = F.cross_entropy(judge.train()(augment(x[picks].clone())), y[picks], label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 200 == 199:
            print(
                f"step {step + 1}  loss {loss:.3f}  accuracy {accuracy(judge, x[train_count:], y[train_count:]):.3f}", flush=True
            )
    checkpoint.save(args.out / "judge.pt", judge.state_dict())


@torch.no_grad()
def accuracy(judge: Judge, x: torch.Tensor, y: torch.Tensor) -> float:
    return float((judge.eval()(x).argmax(1) == y).float().mean())


def load_judge(run: pathlib.Path) -> Judge:
    state = checkpoint.load(run / "judge.pt")
    if state is None:
        raise FileNotFoundError(f"judge: no judge.pt in {run}. Run training.judge with --out {run} first.")
    judge = Judge()
    judge.load_state_dict(state)
    return judge.eval()


if __name__ == "__main__":
    main()
