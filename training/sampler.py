"""From logits to codes, in the order the pack's engines use: guidance, temperature, top-k, top-p, draw.

    logits f32 [B, K, V]  ->  codes int64 [K];   B is 2 with guidance (row 0 the prompt, row 1 the null condition), else 1

Ties go to the lowest index, the draw is philox.uniform(seed, step, codebook) against probabilities in falling order.
Twin: runtime/sampler.ts.
"""

from dataclasses import dataclass

import numpy as np

from .philox import uniform


@dataclass(frozen=True)
class SamplingOptions:
    guidance_scale: float = 3.0
    temperature: float = 1.0
    top_k: int = 128
    top_p: float = 0.0
    seed: int = 0


def guide(logits: np.ndarray, scale: float) -> np.ndarray:
    """[B, K, V] -> [K, V]"""
    return logits[0] if len(logits) == 1 else logits[1] + (logits[0] - logits[1]) * np.float32(scale)


def sample(logits: np.ndarray, options: SamplingOptions, step: int) -> np.ndarray:
    mixed = guide(logits.astype(np.float32), options.guidance_scale)
    if options.temperature == 0:
        return mixed.argmax(-1)
    return np.array([draw(row / np.float32(options.temperature), options, step, k) for k, row in enumerate(mixed)])


def draw(row: np.ndarray, options: SamplingOptions, step: int, codebook: int) -> int:
    order = np.argsort(-row, kind="stable")
    if options.top_k:
        order = order[: options.top_k]
    p = np.exp(row[order] - row[order[0]])
    p /= p.sum()
    if 0 < options.top_p < 1:
        count = int(np.searchsorted(np.cumsum(p), options.top_p)) + 1
        order, p = order[:count], p[:count] / p[:count].sum()
    index = np.searchsorted(np.cumsum(p), uniform(options.seed, step, codebook), side="right")
    return int(order[min(index, len(order) - 1)])
