"""From what was heard to the table: every measure as {value, ceiling, floor}.

value    the sounds that the pack made; None without a pack
ceiling  held-out originals through the codec
floor    the same sounds held against the captions of others: the mean over all of them, not one shuffle
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from .held_out import SWEEP, WORDS, Item
from .judge import NAMES
from .listener import Answer, Heard
from .measures import best_threshold, frechet, is_in_order, nearest, spearman, spread
from .spec import SPACES

IMPACTS = ("impact_wood", "impact_metal", "impact_stone", "impact_glass", "punch", "knock", "gunshot")
#: attribute -> (descriptor, direction): the one that follows it best on originals. With the rest of a sound free to vary
#: these reach 0.65, 0.71 and 0.73; the share of high frequencies only 0.49 and 0.48, told apart as `_timbre_rho`
TRACKED = {"size": ("centroid", -1), "intensity": ("level", 1), "distance": ("level", -1)}
TIMBRE = {"intensity": ("high", 1), "distance": ("high", -1)}
Measure = dict[str, float | None]


class Results:
    """Items and answers by group."""

    def __init__(self, items: list[Item], answers: list[Answer]):
        self.groups = defaultdict(list)
        for item, answer in zip(items, answers):
            self.groups[item.group].append((item, answer))

    def heard(self, group: str, version: str) -> list[tuple[Item, Heard]]:
        """Of one version: made, rebuilt or original"""
        pairs = ((item, getattr(answer, version)) for item, answer in self.groups[group])
        return [(item, heard) for item, heard in pairs if heard is not None]


def measure(value: float | None, ceiling: float | None = None, floor: float | None = None) -> Measure:
    numbers = {"value": value, "ceiling": ceiling, "floor": floor}
    return {name: None if x is None or not np.isfinite(x) else round(float(x), 4) for name, x in numbers.items()}


def mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def family_of(item: Item) -> str:
    return item.key if isinstance(item.key, str) else item.key[0]


def accuracy(pairs: list[tuple[Item, Heard]]) -> float | None:
    return mean([NAMES[heard.family] == family_of(item) for item, heard in pairs])


def shuffled(pairs: list[tuple[Item, Heard]], score: Callable[[object, Heard], float]) -> float | None:
    """Mean score of every sound against every other item's key"""
    return mean([score(other.key, heard) for i, (_, heard) in enumerate(pairs) for j, (other, _) in enumerate(pairs) if i != j])


def against_all(results: Results, group: str, score: Callable[[object, Heard], float]) -> Measure:
    made, rebuilt = results.heard(group, "made"), results.heard(group, "rebuilt")
    own = [mean([score(item.key, heard) for item, heard in pairs]) for pairs in (made, rebuilt)]
    return measure(*own, shuffled(made or rebuilt, score))


def is_family(key: object, heard: Heard) -> float:
    return float(NAMES[heard.family] == key)


def per_family(pairs: list[tuple[Item, Heard]]) -> dict[str, float]:
    grouped = by_family(pairs)
    return {family: round(accuracy(grouped[family]), 4) for family in NAMES if family in grouped}


def by_family(pairs: list[tuple[Item, Heard]]) -> dict[str, list[tuple[Item, Heard]]]:
    grouped = defaultdict(list)
    for item, heard in pairs:
        grouped[family_of(item)].append((item, heard))
    return grouped


def order(results: Results) -> dict[str, Measure | float]:
    """Also apart for the two surface orders; the threshold is chosen on original sequences of other families and seeds"""
    tuning = results.heard("tuning", "original")
    pairs = [tuple(NAMES.index(name) for name in item.key[:2]) for item, _ in tuning]
    threshold = best_threshold([heard.presence for _, heard in tuning], pairs)

    def share(version: str, surface: str = "", swapped: bool = False) -> float | None:
        chosen = [
            (i.key[1::-1] if swapped else i.key[:2], h) for i, h in results.heard("sequences", version) if surface in i.key[2]
        ]
        return mean([is_in_order(h.presence, NAMES.index(a), NAMES.index(b), threshold) for (a, b), h in chosen])

    told = {f"order_accuracy{'_' * bool(s)}{s}": (share("made", s), share("rebuilt", s)) for s in ("", "forward", "backward")}
    floor = share("made", swapped=True)
    floor = share("rebuilt", swapped=True) if floor is None else floor
    return {name: measure(*pair, floor) for name, pair in told.items()} | {"order_threshold": threshold}


def rho(results: Results, attribute: str, descriptor: str, sign: int) -> Measure:
    """Rank correlation of word and descriptor within each family, averaged"""

    def of(version: str) -> float | None:
        grouped = by_family(results.heard(attribute, version)).values()
        columns = [zip(*((item.key[1], heard.descriptors[descriptor]) for item, heard in pairs)) for pairs in grouped]
        return mean([sign * spearman(*map(np.array, pair)) for pair in columns])

    return measure(of("made"), of("rebuilt"), 0.0)


def synonym_gap(results: Results) -> Measure:
    seen, unseen = (accuracy(results.heard(group, "made")) for group in ("plain", "unseen"))
    return measure(None if seen is None else seen - unseen, 0.0, seen)


def prompt_spread(pairs: list[tuple[Item, Heard]]) -> float | None:
    """Spread of the takes of one prompt, averaged over prompts"""
    takes = defaultdict(list)
    for item, heard in pairs:
        takes[item.key].append(heard.embedding)
    return mean([spread(np.array(group)) for group in takes.values() if len(group) > 1])


def guidance(results: Results) -> dict[str, object]:
    with_guidance, without = (accuracy(results.heard(group, "made")) for group in ("plain", "guidance_1"))
    sweep = {}
    for scale in sorted({*SWEEP, 3}):
        pairs = results.heard("plain" if scale == 3 else f"guidance_{scale}", "made")
        first = [(item, heard) for item, heard in pairs if item.key[1] == 0]
        sweep[str(scale)] = {"accuracy": accuracy(first), "diversity": prompt_spread(first)}
    gain = None if with_guidance is None else with_guidance - without
    return {"guidance_gain": measure(gain, None, 0.0), "guidance_sweep": sweep}


def family_frechet(results: Results) -> Measure:
    """Against other originals of the family; floor: against those of another family"""
    real, names = {f: stacked(p) for f, p in by_family(results.heard("references", "original")).items()}, list(NAMES)

    def of(version: str, shift: int = 0) -> float | None:
        sounds = {family: stacked(pairs) for family, pairs in by_family(results.heard("families", version)).items()}
        other = {family: names[(i + shift) % len(names)] for i, family in enumerate(names)}
        return mean([frechet(sounds[family], real[other[family]]) for family in sounds])

    floor = of("made", len(names) // 2)
    return measure(of("made"), of("rebuilt"), of("rebuilt", len(names) // 2) if floor is None else floor)


def stacked(pairs: list[tuple[Item, Heard]]) -> np.ndarray:
    return np.array([heard.embedding for _, heard in pairs])


def copies(results: Results, trained: np.ndarray) -> Measure:
    """Distance to the nearest training clip; a copy has 0"""
    distances = [nearest(stacked(pairs), trained) for pairs in (results.heard("families", v) for v in ("made", "original"))]
    return measure(*(mean(list(d)) for d in distances), 0.0)


def codec_measures(results: Results) -> dict[str, Measure]:
    answers = [(item, answer) for item, answer in results.groups["families"] if answer.spectral is not None]
    late = [1000 * abs(a.rebuilt.attack - a.original.attack) for item, a in answers if item.key in IMPACTS]
    attack = float(np.median(late)) if late else None
    return {"attack_ms": measure(attack, 0.0), "codec_log_mel": measure(mean([a.spectral for _, a in answers]), 0.0)}


def table(results: Results) -> dict[str, object]:
    made, rebuilt = (per_family(results.heard("families", version)) for version in ("made", "rebuilt"))
    worst = [min(shares.values()) if shares else None for shares in (made, rebuilt)]
    timbre = {f"{name}_timbre_rho": rho(results, name, *how) for name, how in TIMBRE.items()}
    ordered, spreads = order(results), [prompt_spread(results.heard("plain", version)) for version in ("made", "rebuilt")]
    return {
        "family_accuracy": against_all(results, "families", is_family),
        "family_accuracy_worst": measure(*worst, 0.0),
        **{name: value for name, value in ordered.items() if name != "order_threshold"},
        "synonym_gap": synonym_gap(results),
        "unseen_source_accuracy": against_all(results, "sources", is_family),
        **{f"{name}_rho": rho(results, name, *TRACKED[name]) for name in WORDS},
        **timbre,
        "space_accuracy": against_all(results, "spaces", lambda key, heard: float(SPACES[heard.space] == key)),
        "count_error": against_all(results, "counts", lambda key, heard: abs(heard.onsets - key)),
        "diversity": measure(*spreads, 0.0),
        "frechet": family_frechet(results),
        **codec_measures(results),
        **guidance(results),
        "order_threshold": ordered["order_threshold"],
        "judge_accuracy_on_originals": accuracy(results.heard("families", "original")),
        "families": {name: {"value": made.get(name), "ceiling": rebuilt.get(name)} for name in NAMES},
    }
