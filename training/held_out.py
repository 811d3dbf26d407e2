"""The held-out material of the evaluation: what is asked, and the specification of the original that it is held against.

    material(quick) -> list of Item, in groups; seeds from 2,000,000 on, which no training set uses

    families     16 seen captions of every family, as training draws them
    references   8 more originals of every family
    plain        2 seen wordings of every family without attributes, 2 takes; guidance_1 to guidance_5: at another scale
    unseen       the wordings that training never sees, 4 takes a family
    sources      family x source pairs never trained
    sequences    "A then B" and "B after A", ordered pairs never trained; tuning: originals of trained pairs
    size, intensity, distance    20 families, each word low, unmentioned and high, 3 takes
    spaces       20 families in 5 spaces
    counts       once to four times

`key` says what an item is judged by: the family asked for, the pair, (family, level), the space or the count.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .captions import COUNT_WORDS, SPACE_WORDS, THEN, captions, event_phrase, phrase_of
from .draw_spec import draw_clip, is_held_out_pair
from .spec import GRADED, SPACES, ClipSpec
from .synthesis import FAMILIES

FIRST_SEED = 2_000_000
ONE_SOUND, SEQUENCE = 2.0, 3.2  # seconds
SWEEP = (1, 2, 4, 5)
LEVELS = (0.1, 0.5, 0.9)
WORDS = {"size": ("tiny", "", "huge"), "intensity": ("soft", "", "hard"), "distance": ("close", "", "far away")}
FORWARD = tuple(text for text in THEN if text.index("{first}") < text.index("{second}"))
BACKWARD = tuple(text for text in THEN if text not in FORWARD)


@dataclass(frozen=True)
class Item:
    """One prompt and its original. `made` by the model, `rebuilt` by the codec from the original, where asked."""

    group: str
    key: Any
    prompt: str
    clip: ClipSpec
    take: int = 0
    seconds: float = ONE_SOUND
    guidance: float | None = None  # None: as the pack says
    made: bool = True
    rebuilt: bool = True
    original: bool = False


def material(quick: bool = False) -> list[Item]:
    share = 4 if quick else 1
    groups = (
        families(16 // share), references(8 // share), plain(quick), unseen(4 // min(share, 2)), sources(8 // share),
        sequences(120 // share, "sequences"), sequences(120 // share, "tuning"), spaces(20 // share), counts(quick),
        *(graded(name, 20 // share) for name in WORDS),
    )  # fmt: skip
    return [item for group in groups for item in group]


def one(seed: int, family: str, mentioned: frozenset = frozenset(), **changes: Any) -> ClipSpec:
    """A single event, once, nothing mentioned but what is asked; `changes` of the event, except distance and space of the clip"""
    clip = draw_clip(FIRST_SEED + seed, family=family, relation="single")
    place = {name: changes[name] for name in ("space", "distance") if name in changes}
    changes = {name: value for name, value in changes.items() if name != "space"}
    event = dataclasses.replace(clip.events[0], **{"count": 1, "mentioned": mentioned} | changes)
    return dataclasses.replace(clip, events=(event,), background="", mentioned=frozenset(), **place)


def first_kind(family: str) -> dict[str, str]:
    """The family's first action and its first trained source"""
    chosen = FAMILIES[family]
    return {"action": next(iter(chosen.phrases)), "source": next(s for s in chosen.sources if s not in chosen.unseen)}


def spaced(names: list[str], count: int) -> list[str]:
    """`count` of the names, evenly spread"""
    return [names[i * len(names) // count] for i in range(min(count, len(names)))]


def families(count: int) -> Iterator[Item]:
    for f, family in enumerate(FAMILIES):
        for i in range(count):
            clip = draw_clip(FIRST_SEED + 100 * f + i, family=family, relation="single")
            yield Item("families", family, captions(clip, 1)[0], clip, 100 * f + i, original=True)


def references(count: int) -> Iterator[Item]:
    for f, family in enumerate(FAMILIES):
        for i in range(count):
            clip = draw_clip(FIRST_SEED + 10_000 + 100 * f + i, family=family, relation="single")
            yield Item("references", family, "", clip, made=False, rebuilt=False, original=True)


def plain(quick: bool) -> Iterator[Item]:
    """Two wordings, two takes each; at the other guidance scales the first wording only, at scale 1 both"""
    for f, family in enumerate(FAMILIES):
        actions = list(FAMILIES[family].phrases)
        for w in range(1 if quick else 2):
            seed = 20_000 + 100 * f + 10 * w
            kind = first_kind(family) | {"action": actions[w % len(actions)]}
            prompt = phrase_of(one(seed, family, **kind).events[0], np.random.default_rng(seed), "")
            for take in range(2):
                item = Item("plain", (family, w), prompt, one(seed + take, family, action=kind["action"]), seed + take)
                yield item
                scales = SWEEP if w == 0 else SWEEP[:1]
                yield from (dataclasses.replace(item, group=f"guidance_{s}", guidance=float(s), rebuilt=False) for s in scales)


def unseen(count: int) -> Iterator[Item]:
    for f, family in enumerate(FAMILIES):
        wordings = FAMILIES[family].held_out
        for i in range(count):
            clip = one(30_000 + 100 * f + i, family)
            yield Item("unseen", family, wordings[i % len(wordings)], clip, 30_000 + 100 * f + i, rebuilt=False)


def sources(count: int) -> Iterator[Item]:
    for f, family in enumerate(name for name in FAMILIES if FAMILIES[name].unseen):
        for i in range(count):
            clip = draw_clip(FIRST_SEED + 40_000 + 100 * f + i, family=family, relation="single", unseen_sources=True)
            yield Item("sources", family, captions(clip, 1)[0], clip, 40_000 + 100 * f + i)


def sequences(count: int, group: str) -> Iterator[Item]:
    """Two events in turn; every other prompt names the second one first."""
    tuning = group == "tuning"
    for i in range(count):
        seed = (60_000 if tuning else 50_000) + i
        clip = pair(FIRST_SEED + 10 * seed, held_out=not tuning)
        rng = np.random.default_rng(seed)
        first, second = (event_phrase(event, rng) for event in clip.events)
        prompt = str(rng.choice((FORWARD, BACKWARD)[i % 2])).format(first=first, second=second)
        key = (*(event.family for event in clip.events), ("forward", "backward")[i % 2])
        yield Item(group, key, prompt, clip, seed, SEQUENCE, made=not tuning, rebuilt=not tuning, original=tuning)


def pair(seed: int, held_out: bool) -> ClipSpec:
    """The first clip from `seed` on that has two events"""
    clips = (draw_clip(s, relation="then", held_out_pairs=held_out) for s in range(seed, seed + 10))
    clip = next(clip for clip in clips if len(clip.events) == 2)
    assert is_held_out_pair(*(event.family for event in clip.events)) == held_out
    return clip


def graded(name: str, count: int) -> Iterator[Item]:
    """Low, unmentioned, high; what is not mentioned varies as in training"""
    able = [family for family in FAMILIES if name == "distance" or name in FAMILIES[family].shapes]
    first = 70_000 + 10_000 * list(WORDS).index(name)
    for f, family in enumerate(spaced(able, count)):
        for level, (value, word) in enumerate(zip(LEVELS, WORDS[name])):
            for take in range(3):
                seed = first + 100 * f + 10 * level + take
                clip = one(seed, family, **first_kind(family), **{name: value})
                phrase = phrase_of(clip.events[0], np.random.default_rng(first + f), word if name in GRADED else "")
                prompt = phrase if name in GRADED or not word else f"{phrase}, {word}"
                yield Item(name, (family, level), prompt, clip, seed)


def spaces(count: int) -> Iterator[Item]:
    able = [family for family in FAMILIES if not FAMILIES[family].loop]
    for f, family in enumerate(spaced(able, count)):
        for s, space in enumerate(SPACES):
            seed = 100_000 + 100 * f + s
            clip = one(seed, family, **first_kind(family), space=space)
            phrase = phrase_of(clip.events[0], np.random.default_rng(seed), "")
            yield Item("spaces", space, f"{phrase}, {SPACE_WORDS[space][0]}", clip, seed)


def counts(quick: bool) -> Iterator[Item]:
    able = [family for family in FAMILIES if FAMILIES[family].countable]
    for f, family in enumerate(able[:: 4 if quick else 1]):
        for count, words in COUNT_WORDS.items():
            seed = 110_000 + 100 * f + count
            clip = one(seed, family, **first_kind(family), space="dry", count=count)
            phrase = phrase_of(clip.events[0], np.random.default_rng(seed), "")
            yield Item("counts", count, f"{phrase} {words[0]}", clip, seed, SEQUENCE)
