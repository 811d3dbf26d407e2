"""The token language model: a causal transformer over delayed codes that listens to the text by cross-attention.

    delayed codes [B, K, S], text states [B, L, E]  ->  logits [B, K, S, V]

B batch, K codebooks, S steps, L text tokens, E text width, V codebook size, C width, H heads. Input column 0 is all special
(id V); step s reads column s and predicts, for codebook k, the code of codec frame s - k. Attention sees the last `window` steps
through rotary positions, so cost and memory do not grow with duration. Before the cross-attention the text's tokens look at
each other once: that tells each whether its event comes first, which no single frozen state does (LOG.md). The null condition
of guidance is a text of zeros: keys and values have no bias, so its cross-attention output is exactly zero.
Kreuk et al. 2023 (AudioGen), arXiv:2209.15352; Copet et al. 2023, arXiv:2306.05284; Su et al. 2021 (rotary), arXiv:2104.09864.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from .text_encoder import STATE_WIDTH

TEXT_POSITIONS = 65
#: share of the text's features that training hides: wordings never seen are understood better (LOG.md)
TEXT_DROPOUT = 0.3


@dataclass(frozen=True)
class LanguageModelConfig:
    num_codebooks: int = 4
    codebook_size: int = 1024
    layers: int = 6
    heads: int = 6
    head_dim: int = 32
    window: int = 128
    dropout: float = 0.0
    text_layers: int = 1
    text_width: int = STATE_WIDTH

    @property
    def width(self) -> int:
        return self.heads * self.head_dim


def rotary_frequencies(head_dim: int, device: torch.device | str = "cpu") -> torch.Tensor:
    """f32 [D/2], radians a step"""
    half = head_dim // 2
    return 10000.0 ** (-torch.arange(half, dtype=torch.float32, device=device) / half)


def rotate(x: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """Rotary positions. x [B, H, S, D], positions f32 [S]; halves (first, second) turn together."""
    angles = positions[:, None] * rotary_frequencies(x.shape[-1], x.device)  # (S, D/2)
    cos, sin = torch.cos(angles).to(x.dtype), torch.sin(angles).to(x.dtype)
    first, second = x.chunk(2, -1)
    return torch.cat((first * cos - second * sin, first * sin + second * cos), -1)


class Block(nn.Module):
    """Pre-norm: self-attention, cross-attention, feed-forward; no biases."""

    def __init__(self, config: LanguageModelConfig):
        super().__init__()
        c = config.width
        self.heads, self.dropout = config.heads, config.dropout
        self.norm_self, self.norm_cross, self.norm_feed = nn.LayerNorm(c), nn.LayerNorm(c), nn.LayerNorm(c)
        self.qkv, self.self_out = nn.Linear(c, 3 * c, bias=False), nn.Linear(c, c, bias=False)
        self.cross_query, self.cross_out = nn.Linear(c, c, bias=False), nn.Linear(c, c, bias=False)
        self.cross_key_value = nn.Linear(c, 2 * c, bias=False)
        self.up, self.down = nn.Linear(c, 4 * c, bias=False), nn.Linear(4 * c, c, bias=False)

    def split(self, x: torch.Tensor) -> torch.Tensor:
        """(B, S, C) -> (B, H, S, C/H)"""
        return x.reshape(x.shape[0], -1, self.heads, x.shape[2] // self.heads).transpose(1, 2)

    def self_projections(self, x: torch.Tensor, positions: torch.Tensor) -> tuple[torch.Tensor, ...]:
        q, k, v = (self.split(part) for part in self.qkv(self.norm_self(x)).chunk(3, -1))
        return rotate(q, positions), rotate(k, positions), v

    def cross_keys_values(self, text: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        k, v = self.cross_key_value(text).chunk(2, -1)
        return self.split(k), self.split(v)

    def finish(self, x, attended, cross_k, cross_v, cross_mask) -> torch.Tensor:
        """From the self-attention's result to the block's output; attended [B, H, S, D]."""
        x = x + self.drop(self.self_out(self.join(attended)))
        q = self.split(self.cross_query(self.norm_cross(x)))
        x = x + self.drop(self.cross_out(self.join(attend(q, cross_k, cross_v, cross_mask))))
        return x + self.drop(self.down(F.gelu(self.up(self.norm_feed(x)))))

    def drop(self, x: torch.Tensor) -> torch.Tensor:
        return F.dropout(x, self.dropout, self.training)

    @staticmethod
    def join(x: torch.Tensor) -> torch.Tensor:
        return x.transpose(1, 2).reshape(x.shape[0], -1, x.shape[1] * x.shape[3])


class TextBlock(nn.Module):
    """Pre-norm self-attention over the text and feed-forward; adds nothing before it has learned. (B, M, C) -> (B, M, C)"""

    def __init__(self, config: LanguageModelConfig):
        super().__init__()
        c = config.width
        self.heads = config.heads
        self.norm_self, self.norm_feed = nn.LayerNorm(c), nn.LayerNorm(c)
        self.qkv, self.out = nn.Linear(c, 3 * c, bias=False), nn.Linear(c, c, bias=False)
        self.up, self.down = nn.Linear(c, 2 * c, bias=False), nn.Linear(2 * c, c, bias=False)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """mask [B, 1, 1, M] is added to the scores"""
        parts = self.qkv(self.norm_self(x)).chunk(3, -1)
        q, k, v = (part.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2) for part in parts)
        x = x + self.out(Block.join(attend(q, k, v, mask)))
        return x + self.down(F.gelu(self.up(self.norm_feed(x))))


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    """mask is added to the scores, broadcast over [B, H, S, keys]"""
    scores = q @ k.transpose(2, 3) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = scores + mask
    return torch.softmax(scores, -1) @ v


class LanguageModel(nn.Module):
    def __init__(self, config: LanguageModelConfig):
        super().__init__()
        self.config = config
        c, special = config.width, config.codebook_size + 1
        self.embeddings = nn.ModuleList(nn.Embedding(special, c) for _ in range(config.num_codebooks))
        self.text_norm, self.text_in = nn.LayerNorm(config.text_width), nn.Linear(config.text_width, c)
        self.text_positions = nn.Parameter(0.02 * torch.randn(TEXT_POSITIONS, c))
        self.text_blocks = nn.ModuleList(TextBlock(config) for _ in range(config.text_layers))
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm_out = nn.LayerNorm(c)
        self.heads = nn.Linear(c, config.num_codebooks * config.codebook_size, bias=False)
        self.reset()

    @torch.no_grad()
    def reset(self) -> None:
        """Truncated normal, 1 / sqrt(inputs); what adds to the stream is scaled down with depth."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=module.in_features**-0.5)
            if isinstance(module, nn.Embedding):
                nn.init.trunc_normal_(module.weight, std=0.25)
        for i, block in enumerate(self.blocks):
            for layer in (block.self_out, block.cross_out, block.down):
                layer.weight.mul_((2 * (i + 1)) ** -0.5)
        for block in self.text_blocks:
            block.out.weight.zero_(), block.down.weight.zero_()
        self.heads.weight.mul_(0.2)

    def text_memory(self, states: torch.Tensor, mask: torch.Tensor, cross_mask: torch.Tensor) -> torch.Tensor:
        """states [B, L, E], mask [B, L] -> [B, L + 1, C]: the mean in front, then every token; cross_mask [B, 1, 1, L + 1]"""
        weight = mask.to(states)[..., None]
        mean = (states * weight).sum(1, keepdim=True) / weight.sum(1, keepdim=True).clamp_min(1)
        all_states = torch.cat((mean, states), 1)
        normalised = self.text_norm(all_states)
        if self.training:  # the same features of all tokens
            normalised = normalised * F.dropout(torch.ones_like(normalised[:, :1]), TEXT_DROPOUT)
        memory = self.text_in(normalised) + self.text_positions[: all_states.shape[1]]
        for block in self.text_blocks:
            memory = block(memory, cross_mask)
        return memory

    def embed(self, columns: torch.Tensor) -> torch.Tensor:
        """columns [B, K, S] -> (B, S, C)"""
        return sum(embedding(columns[:, k]) for k, embedding in enumerate(self.embeddings))

    def forward(self, delayed, states, mask, keep, shown=None) -> torch.Tensor:
        """delayed [B, K, S] targets; mask [B, L], 1 for a token; keep [B], 0 where the text is dropped; shown [B, L], 0 for
        tokens that are hidden but count for the mean -> logits [B, S, K, V]"""
        return self.logits(self.hidden(delayed, states, mask, keep, shown)[1])

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """[B, S, C] -> [B, S, K, V]"""
        return self.heads(self.norm_out(hidden)).view(*hidden.shape[:2], self.config.num_codebooks, -1)

    def hidden(self, delayed, states, mask, keep, shown=None) -> tuple[torch.Tensor, torch.Tensor]:
        """What the middle block and the last one leave, [B, S, C] each"""
        steps = delayed.shape[2]
        columns = F.pad(delayed[..., :-1], (1, 0), value=self.config.codebook_size)
        x = self.embed(columns)
        cross_mask = F.pad((1 - (mask if shown is None else shown).to(x)) * -1e9, (1, 0))[:, None, None]
        memory = self.text_memory(states, mask, cross_mask) * keep.to(x)[:, None, None]
        positions = torch.arange(steps, dtype=torch.float32, device=x.device)
        lag = positions[:, None] - positions
        self_mask = torch.where((lag >= 0) & (lag < self.config.window), 0.0, -1e9).to(x)
        left = []
        for block in self.blocks:
            q, k, v = block.self_projections(x, positions)
            attended = F.scaled_dot_product_attention(q, k, v, self_mask.to(q))
            x = block.finish(x, attended, *block.cross_keys_values(memory), cross_mask)
            left.append(x)
        return left[(len(left) - 1) // 2], x

    def prefill(self, states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """states [L, E] -> cross keys and values, each [layers, 1, H, L + 1, D]"""
        mask = torch.ones_like(states[None, :, 0])
        memory = self.text_memory(states[None], mask, F.pad(1 - mask, (1, 0))[:, None, None])
        keys, values = zip(*(block.cross_keys_values(memory) for block in self.blocks))
        return torch.stack(keys), torch.stack(values)

    def step(self, tokens, position, past_keys, past_values, past_mask, cross_keys, cross_values):
        """One step from a ring of window - 1 past keys (already rotated), in any order.

        tokens [B, K], position [1], past_* [layers, B, H, W, D], past_mask [W] (0 or -1e9), cross_* [layers, B, H, L, D]
        -> logits [B, K, V], new keys and values [layers, B, H, 1, D]
        """
        x = self.embed(tokens[:, :, None])
        mask = torch.cat((past_mask, past_mask.new_zeros(1)))
        new_keys, new_values = [], []
        for i, block in enumerate(self.blocks):
            q, k, v = block.self_projections(x, position.to(torch.float32))
            attended = attend(q, torch.cat((past_keys[i], k), 2), torch.cat((past_values[i], v), 2), mask)
            x = block.finish(x, attended, cross_keys[i], cross_values[i], None)
            new_keys.append(k), new_values.append(v)
        logits = self.heads(self.norm_out(x)).reshape(-1, self.config.num_codebooks, self.config.codebook_size)
        return logits, torch.stack(new_keys), torch.stack(new_values)
