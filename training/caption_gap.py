"""What a wrong caption costs the language model on held-out originals, in nats per code.

    caption_gap(items, codec run, language model run) -> mean cross-entropy with another clip's caption minus with its own

The language model is rounded to the int8 grid that the pack ships; frames after the end of a clip do not count.
"""

import pathlib

import numpy as np
import torch

from .held_out import Item
from .listener import original_of
from .quantize import snap_to_int8
from .synthesis.render import is_loop, render
from .text_encoder import embed, load_text_encoder, load_tokenizer
from .train_codec import load_codec
from .train_lm import code_losses, load_language_model

SAMPLES_PER_CODEC_FRAME = 640


@torch.no_grad()
def caption_gap(items: list[Item], codec_run: pathlib.Path, language_model_run: pathlib.Path, batch: int = 16) -> float:
    codec, model = load_codec(codec_run), snap_to_int8(load_language_model(language_model_run))
    tokenizer = load_tokenizer()
    states = embed(load_text_encoder(), [e.ids for e in tokenizer.encode_batch([item.prompt for item in items])])
    strangers = states[len(states) // 2 :] + states[: len(states) // 2]
    gaps = []
    for i in range(0, len(items), batch):
        codes, weights = coded(items[i : i + batch], codec)
        losses = [
            code_losses(model, codes, weights, *padded(t[i : i + batch]), torch.ones(len(codes))) for t in (states, strangers)
        ]
        gaps += [float((losses[1] - losses[0]).mean())] * len(codes)
    return float(np.mean(gaps))


def coded(items: list[Item], codec) -> tuple[torch.Tensor, torch.Tensor]:
    """codes [B, K, T], weights [B, T]: 1 while the clip lasts"""
    pcm = np.stack([original_of(item) for item in items])
    codes = codec.encode(torch.from_numpy(pcm))
    weights = torch.zeros(len(items), codes.shape[2])
    for i, item in enumerate(items):
        weights[i, : None if is_loop(item.clip) else len(render(item.clip)[0]) // SAMPLES_PER_CODEC_FRAME] = 1
    return codes, weights


def padded(states: list[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """token states [L, 768] each -> [B, longest, 768], mask [B, longest]"""
    longest = max(map(len, states))
    x, mask = torch.zeros(len(states), longest, states[0].shape[1]), torch.zeros(len(states), longest)
    for i, state in enumerate(states):
        x[i, : len(state)], mask[i, : len(state)] = torch.from_numpy(state.astype(np.float32)), 1
    return x, mask
