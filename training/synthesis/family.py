"""A family of sounds, all in one place: its recipe, its words, and what shapes it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..spec import SoundSpec

Recipe = Callable[[np.random.Generator, SoundSpec, int], np.ndarray]


@dataclass(frozen=True)
class Family:
    """
    recipe      (rng, spec, n) -> f64 [n]; one occurrence, any level, sounding within 10 ms, silent when it is over
    phrases     action -> wordings; {adj} takes adjectives, {source} a word for the source. Lower case, no full stop
    held_out    wordings that training never sees: they test the frozen text encoder
    shapes      the graded attributes that change the sound; elsewhere their words would lie
    loop        goes on for ever: no beginning, no end
    countable   may happen two to four times in a row
    sources     source -> its words
    unseen      sources that training never sees with this family: they test composition
    """

    name: str
    recipe: Recipe
    phrases: dict[str, tuple[str, ...]]
    held_out: tuple[str, ...]
    shapes: frozenset[str]
    loop: bool = False
    countable: bool = False
    sources: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"": ("",)})
    unseen: frozenset[str] = frozenset()
