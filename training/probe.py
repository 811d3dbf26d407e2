"""What can a linear probe read from the frozen text encoder's token states? Size, intensity, distance, family, order.

    memory [B, M, C] = LayerNorm(mean of the states, then every state) + position     as the language model sees the text
    attention probe:  softmax(memory q) memory -> Linear        mean probe:  LayerNorm(mean) -> Linear
    two looks:        what the first look sees moves the query of a second look, as from block to block of the language model
    text block:       the tokens look at each other before the probe looks at them, as in the language model

B captions, M memory rows (1 + tokens), C width, P probes: each has its own query and its own linear layer; they train side
by side. A label is what the caption says; -1 where the question makes no sense. Accuracies are of captions never trained on.
Goal: 95 % each with attention. Belinkov 2022 (probing classifiers), arXiv:2102.12452.
Run:  python -m training.probe   # minutes on one core; --variants attention "layer 3" "text block" tries other memories
"""

import argparse
import re

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .captions import DISTANCE, GRADES, SPACE_WORDS, captions, event_phrase
from .draw_spec import draw_clip
from .language_model import TEXT_POSITIONS, LanguageModelConfig, TextBlock
from .spec import ClipSpec
from .synthesis import FAMILIES
from .text_encoder import LAYERS, load_text_encoder, load_tokenizer, padded_ids

SAID = {"size": GRADES["size"], "intensity": GRADES["intensity"], "distance": DISTANCE}  # none 0, low 1, high 2
CLASSES = {"size": 3, "intensity": 3, "distance": 3, "family": len(FAMILIES), "first family": len(FAMILIES), "told in order": 2}
HELD_OUT_SEED = 1 << 24
Table = dict[str, dict[str, float]]  # variant -> probe -> accuracy
#: name -> which layers' states lie side by side, whether positions are added, how many looks at the memory (0: the mean alone),
#: how many text blocks before
VARIANTS = {
    "mean": ((LAYERS,), False, 0, 0),
    "attention": ((LAYERS,), True, 1, 0),
    "two looks": ((LAYERS,), True, 2, 0),
    "no positions": ((LAYERS,), False, 1, 0),
    "word embeddings": ((LAYERS, 0), True, 1, 0),
    "layer 3": ((3,), True, 1, 0),
    "layer 3, two looks": ((3,), True, 2, 0),
    "layers 3 and 6": ((3, LAYERS), True, 1, 0),
    "text block": ((3, LAYERS), True, 1, 1),
}


def search(words: tuple[str, ...], text: str) -> bool:
    return re.search(rf"\b({'|'.join(words)})\b", text) is not None


def fixed_wordings() -> tuple[str, ...]:
    """Pieces of wordings that hold a graded word of its own: "light rain", "door close", "in a large hall"."""
    phrases = [text for family in FAMILIES.values() for texts in family.phrases.values() for text in texts]
    pieces = [piece.strip(" ,") for text in phrases for piece in re.split(r"\{\w+\}", text)]
    pieces += [text for texts in SPACE_WORDS.values() for text in texts]
    graded = tuple(word for sides in SAID.values() for side in sides for word in side)
    return tuple(sorted({piece for piece in pieces if search(graded, piece)}, key=len, reverse=True))


FIXED = fixed_wordings()


def said(text: str, sides: tuple[tuple[str, ...], tuple[str, ...]]) -> int:
    """0 where `text` says neither side, 1 low (small, soft, close), 2 high (large, hard, far), -1 both"""
    text = re.sub(rf"\b({'|'.join(FIXED)})\b", "", text.lower())
    low, high = (search(words, text) for words in sides)
    return -1 if low and high else low + 2 * high


def is_told_in_order(clip: ClipSpec, text: str) -> bool:
    """Whether the event that sounds first is told first."""
    rng = np.random.default_rng([clip.seed, 4])
    # an opening phrase may have lost its article: found nowhere, -1, it still counts as the first
    first, second = (text.lower().find(event_phrase(event, rng).lower()) for event in clip.events)
    return first < second


def labels_of(clip: ClipSpec, text: str) -> list[int]:
    """One class per probe, in the order of CLASSES."""
    family = list(FAMILIES).index(clip.events[0].family)
    pair = clip.relation == "then" and len(clip.events) == 2
    order = [family, int(is_told_in_order(clip, text))] if pair else [-1, -1]
    return [*(said(text, sides) for sides in SAID.values()), family if clip.relation == "single" else -1, *order]


def draw(seed: int, count: int) -> tuple[list[str], torch.Tensor]:
    """Captions, every second one of events in order, and labels [count, P]"""
    clips = [draw_clip(seed + i, relation="then" if i % 2 else None) for i in range(count)]
    texts = [captions(clip, 1)[0] for clip in clips]
    return texts, torch.tensor([labels_of(clip, text) for clip, text in zip(clips, texts)])


@torch.no_grad()
def states_after(layers: int, texts: list[str]) -> list[torch.Tensor]:
    """States [L, 384] of each caption after so many layers of the encoder; 0 gives the word embeddings with their positions"""
    encoder, tokens = load_text_encoder(), [encoding.ids for encoding in load_tokenizer().encode_batch(texts)]
    states, by_length = [torch.empty(0)] * len(texts), sorted(range(len(texts)), key=lambda i: len(tokens[i]))
    for at in range(0, len(texts), 128):
        batch = by_length[at : at + 128]
        for i, rows in zip(batch, encoder.layer_states(*padded_ids([tokens[i] for i in batch]))[layers]):
            states[i] = rows[: len(tokens[i])].clone()
    return states


def memory_of(layers: tuple[int, ...], texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Memory [N, M, C], mask [N, M]: the mean, then the tokens, each layer's states normalised on their own"""
    parts = []
    for layer in layers:
        rows = [torch.cat((x.mean(0, keepdim=True), x)) for x in states_after(layer, texts)]  # (L + 1, 384)
        parts.append(nn.utils.rnn.pad_sequence([F.layer_norm(x, x.shape[-1:]) for x in rows], batch_first=True))
    lengths = torch.tensor([len(x) for x in rows])
    return torch.cat(parts, -1), torch.arange(parts[0].shape[1]) < lengths[:, None]


class Probes(nn.Module):
    """All probes side by side, each with a query and a linear layer of its own."""

    def __init__(self, width: int, positions: bool, looks: int, text_blocks: int):
        super().__init__()
        config = LanguageModelConfig(heads=8)
        self.inside = nn.Linear(width, config.width) if text_blocks else nn.Identity()
        self.blocks = nn.ModuleList(TextBlock(config) for _ in range(text_blocks))
        width = config.width if text_blocks else width
        self.queries = nn.Parameter(0.02 * torch.randn(len(CLASSES), width))
        self.moves = nn.ParameterList(0.2 / width * torch.randn(len(CLASSES), width, width) for _ in range(looks - 1))
        self.positions = nn.Parameter(0.02 * torch.randn(TEXT_POSITIONS, width)) if positions else None
        self.heads = nn.ModuleList(nn.Linear(width, classes) for classes in CLASSES.values())
        self.looks = looks

    def forward(self, memory: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """memory [B, M, C], mask [B, M] -> logits [B, classes] of each probe"""
        if self.looks == 0:
            return [head(memory[:, 0]) for head in self.heads]
        memory = self.inside(memory)
        if self.positions is not None:
            memory = memory + self.positions[: memory.shape[1]]
        for block in self.blocks:
            memory = block(memory, (~mask * -1e9)[:, None, None])
        seen, queries = self.look(memory, mask, self.queries), self.queries
        for move in self.moves:
            queries = queries + torch.einsum("bpc,pcd->bpd", seen, move)
            seen = self.look(memory, mask, queries)
        return [head(seen[:, i]) for i, head in enumerate(self.heads)]

    @staticmethod
    def look(memory: torch.Tensor, mask: torch.Tensor, queries: torch.Tensor) -> torch.Tensor:
        """queries [P, C] or [B, P, C] -> what each sees [B, P, C]"""
        scores = queries @ memory.transpose(1, 2)  # (B, P, M)
        return torch.softmax(scores.masked_fill(~mask[:, None], -1e9), -1) @ memory


def train(probes: Probes, memory: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, epochs: int) -> None:
    optimizer = torch.optim.AdamW(probes.parameters(), lr=3e-3, weight_decay=0.01)
    steps = epochs * -(-len(memory) // 128)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    for _ in range(epochs):
        for batch in torch.randperm(len(memory)).split(128):
            longest = int(mask[batch].sum(1).max())
            logits = probes(memory[batch, :longest], mask[batch, :longest])
            loss = sum(F.cross_entropy(x, labels[batch, i], ignore_index=-1, reduction="sum") for i, x in enumerate(logits))
            optimizer.zero_grad()
            (loss / len(batch)).backward()
            optimizer.step()
            schedule.step()


@torch.no_grad()
def accuracies(probes: Probes, memory: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor) -> dict[str, float]:
    hits = [(x.argmax(1) == labels[:, i])[labels[:, i] >= 0] for i, x in enumerate(probes(memory, mask))]
    return {name: hit.float().mean().item() for name, hit in zip(CLASSES, hits)}


def majority(labels: torch.Tensor) -> dict[str, float]:
    """What the commonest class of each probe would score."""
    columns = [column[column >= 0] for column in labels.T]
    return {name: (column.bincount().max() / len(column)).item() for name, column in zip(CLASSES, columns)}


def probe(names: tuple[str, ...] = ("mean", "attention"), count: int = 4000, held_out: int = 1500, epochs: int = 20) -> Table:
    """Accuracy 0..1 of guessing the commonest class and of every variant asked for, on captions never trained on."""
    torch.manual_seed(0)
    (texts, labels), (new_texts, new_labels) = draw(0, count), draw(HELD_OUT_SEED, held_out)
    table, memories = {"majority": majority(new_labels)}, {}
    for name in names:
        layers, positions, looks, text_blocks = VARIANTS[name]
        if layers not in memories:
            memories[layers] = memory_of(layers, texts + new_texts)
        memory, mask = memories[layers]
        probes = Probes(memory.shape[-1], positions, looks, text_blocks)
        train(probes, memory[:count], mask[:count], labels, epochs)
        table[name] = accuracies(probes, memory[count:], mask[count:], new_labels)
    return table


def show(table: Table) -> str:
    lines = [" " * 14 + "".join(f"{name:>24}" for name in table)]
    return "\n".join(lines + [f"{key:14}" + "".join(f"{row[key]:24.1%}" for row in table.values()) for key in CLASSES])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captions", type=int, default=4000)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--variants", nargs="*", default=["mean", "attention"], choices=list(VARIANTS))
    args = parser.parse_args()
    torch.set_num_threads(1)
    print(show(probe(tuple(args.variants), args.captions, epochs=args.epochs)))


if __name__ == "__main__":
    main()
