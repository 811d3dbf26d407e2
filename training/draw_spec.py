"""Draws the specification of clip `seed`. Which set a clip belongs to decides what may occur in it.

    draw_clip(seed)                       training: nothing that is held out
    draw_clip(seed, unseen_sources=True)  only source x family pairs that training never sees
    draw_clip(seed, family=..., relation="single")   for tests and the judge

Held out: `Family.unseen` sources, `Family.held_out` wordings, and one in ten ordered pairs of families (`is_held_out_pair`).
"""

import zlib

import numpy as np

from .spec import GRADED, RELATIONS, SPACES, ClipSpec, SoundSpec
from .synthesis import FAMILIES

RELATION_SHARES = (0.7, 0.2, 0.1)
SPACE_SHARES = (0.55, 0.18, 0.11, 0.07, 0.09)
BACKGROUNDS = tuple(name for name in ("rain", "wind", "fire", "stream", "engine", "electric_hum") if name in FAMILIES)


def is_held_out_pair(first: str, second: str) -> bool:
    """One in ten ordered pairs, the same for ever."""
    return zlib.crc32(f"{first}>{second}".encode()) % 10 == 0


def draw_event(rng: np.random.Generator, family: str, distance: float, mention: float, unseen_sources: bool) -> SoundSpec:
    chosen = FAMILIES[family]
    allowed = [s for s in chosen.sources if (s in chosen.unseen) == unseen_sources] or list(chosen.sources)
    count = int(rng.integers(2, 5)) if chosen.countable and rng.random() < 0.35 else 1
    seed, action, source = int(rng.integers(1 << 31)), str(rng.choice(list(chosen.phrases))), str(rng.choice(allowed))
    mentioned = frozenset(name for name in (*GRADED, "source") if rng.random() < mention)
    if unseen_sources:
        mentioned |= {"source"}
    grades = {name: float(rng.random()) for name in GRADED}
    return SoundSpec(family, seed, action, source, count, distance=distance, mentioned=mentioned, **grades)


def draw_families(rng: np.random.Generator, count: int, first: str | None, held_out_pairs: bool) -> list[str]:
    """Different families; every ordered pair of neighbours is of the set that was asked for."""
    families = [first or str(rng.choice(list(FAMILIES)))]
    while len(families) < count:
        options = [f for f in FAMILIES if f not in families and is_held_out_pair(families[-1], f) == held_out_pairs]
        if not options:
            return draw_families(rng, count, first, held_out_pairs)
        families.append(str(rng.choice(options)))
    return families


def draw_clip(
    seed: int, family: str | None = None, relation: str | None = None, unseen_sources: bool = False, held_out_pairs: bool = False
) -> ClipSpec:
    rng = np.random.default_rng([seed, 1])
    relation = relation or str(rng.choice(RELATIONS, p=RELATION_SHARES))
    count = {"single": 1, "while": 2}.get(relation) or int(rng.choice((2, 3), p=(0.8, 0.2)))
    if held_out_pairs:
        count = min(count, 2)
    families = draw_families(rng, count, family, held_out_pairs)
    distance = float(rng.random() ** 2)
    mention = 0.45 if count == 1 else 0.15
    events = tuple(draw_event(rng, name, distance, mention, unseen_sources) for name in families)
    bed = relation == "single" and not FAMILIES[families[0]].loop and rng.random() < 0.05
    return ClipSpec(
        seed=seed, events=events, relation=relation, space=str(rng.choice(SPACES, p=SPACE_SHARES)), distance=distance,
        snr_db=float(rng.uniform(-5, 5)), background=str(rng.choice(BACKGROUNDS)) if bed and BACKGROUNDS else "",
        mentioned=frozenset(name for name in ("space", "distance") if rng.random() < (0.45 if count == 1 else 0.2)),
    )  # fmt: skip
