"""What sounds now, what is still to come, and how: asked of the language model while it trains, forgotten afterwards.

    hidden [B, S, C] of the model's middle  ->  sounding [B, T, F], coming [B, T, F] (logits), traits [B, T, 5]

Most of a code's nats are noise that no caption explains, and the codes so far tell the family by themselves: a wrong caption
costs a tenth of a nat of three. The plan is what only the text tells: at the first step which family sounds and how, before the
second event which one is still to come. Labels are the specification's; clips without one, recordings, are not asked.
B batch, S steps, T codec frames, C width, F families, E events of a clip. Caruana 1997 (multitask learning).
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .spec import GRADED
from .synthesis import FAMILIES

NAMES, TRAITS = tuple(FAMILIES), (*GRADED, "distance")
MOST_EVENTS, FRAME_RATE, ENDLESS = 3, 50, 1 << 20
SOUNDING_WEIGHT, COMING_WEIGHT, TRAIT_WEIGHT = 0.1, 0.1, 4.0


class Targets(NamedTuple):
    """-1 where unknown"""

    sounding: torch.Tensor  # f32 [B, T, F], 0 or 1
    coming: torch.Tensor  # f32 [B, T, F], 0 or 1
    traits: torch.Tensor  # f32 [B, 5], 0..1


class Labels(NamedTuple):
    """Of N clips, at most E = 3 events each; -1 where there is none or nothing is known"""

    families: torch.Tensor  # int64 [N, E]
    onsets: torch.Tensor  # int64 [N, E], codec frames
    ends: torch.Tensor  # int64 [N, E]
    beds: torch.Tensor  # int64 [N], the family in the background
    traits: torch.Tensor  # f32 [N, 5]

    @staticmethod
    def of_clips(labels: list[dict], device: torch.device) -> "Labels":
        families, onsets, ends = np.full((3, len(labels), MOST_EVENTS), -1)
        for i, label in enumerate(labels):
            for e, event in enumerate(label.get("events", ())):
                families[i, e] = NAMES.index(event["family"])
                onsets[i, e], end = round(FRAME_RATE * event["onset"]), round(FRAME_RATE * event["end"])
                ends[i, e] = ENDLESS if label["loop"] else max(onsets[i, e] + 1, end)
        beds = [NAMES.index(label["background"]) if label.get("background") else -1 for label in labels]
        arrays = (families, onsets, ends, np.array(beds), np.stack([traits_of(label) for label in labels]))
        return Labels(*(torch.from_numpy(array).to(device) for array in arrays))

    @staticmethod
    def of_parts(parts: "list[Labels]") -> "Labels":
        return Labels(*map(torch.cat, zip(*parts)))

    def targets(self, clips: torch.Tensor, begins: torch.Tensor, frames: int) -> Targets:
        """clips, begins int64 [B]: which ones, and the codec frame of the clip that comes first"""
        families, onsets, ends = (x[clips][..., None] for x in (self.families, self.onsets, self.ends))  # (B, E, 1)
        t = begins[:, None, None] + torch.arange(frames, device=begins.device)  # (B, 1, T)
        which = (families == torch.arange(len(NAMES), device=begins.device)).float()  # (B, E, F)
        sounding = (((onsets <= t) & (t < ends)).float().mT @ which).clamp_max(1)
        coming = ((onsets > t).float().mT @ which).clamp_max(1)
        known = (self.families[clips, 0] >= 0)[:, None, None]
        bed = self.beds[clips][:, None, None] == torch.arange(len(NAMES), device=begins.device)
        return Targets(sounding.where(known & ~bed, -1), coming.where(known, -1), self.traits[clips])


def traits_of(label: dict) -> np.ndarray:
    """Of a single event, those that the caption speaks of; -1 for the others"""
    traits = np.full(len(TRAITS), -1.0, np.float32)
    if label.get("relation") != "single" or not label.get("events"):
        return traits
    event = label["events"][0]
    shaped = FAMILIES[event["family"]].shapes
    for i, name in enumerate(GRADED):
        if name in event["mentioned"] and name in shaped:
            traits[i] = event[name]
    if "distance" in label["mentioned"]:
        traits[-1] = label["distance"]
    return traits


class Plan(nn.Module):
    """What is asked of the model's middle"""

    def __init__(self, width: int):
        super().__init__()
        self.norm, self.traits = nn.LayerNorm(width), nn.Linear(width, len(TRAITS))
        self.sounding, self.coming = nn.Linear(width, len(NAMES)), nn.Linear(width, len(NAMES))
        for head in (self.sounding, self.coming):
            nn.init.constant_(head.bias, -4.0)
        nn.init.zeros_(self.traits.weight), nn.init.constant_(self.traits.bias, 0.5)

    def forward(self, hidden: torch.Tensor, targets: Targets) -> torch.Tensor:
        """hidden [B, S, C], step s about codec frame s -> weighted loss, []"""
        h = self.norm(hidden[:, : targets.sounding.shape[1]])
        sounding, coming = (
            masked_mean(F.binary_cross_entropy_with_logits(head(h).float(), truth.clamp_min(0), reduction="none"), truth >= 0)
            for head, truth in ((self.sounding, targets.sounding), (self.coming, targets.coming))
        )
        truth = targets.traits[:, None].expand(*h.shape[:2], -1)
        heard = (targets.sounding.amax(2, keepdim=True) > 0) & (truth >= 0)
        traits = ((self.traits(h).float() - truth).square() * heard).sum(2).mean()  # few are known: no mean over those alone
        return len(NAMES) * (SOUNDING_WEIGHT * sounding + COMING_WEIGHT * coming) + TRAIT_WEIGHT * traits


def masked_mean(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """0 where nothing is masked in"""
    return (x * mask).sum() / mask.sum().clamp_min(1)
