"""Places: surf and forest. Recipes: (rng, spec, n) -> f64 [n].

Sources: Farnell 2010 (sea: noise whose cutoff and level swell together; leaves: high-passed noise gated by gusts).
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .birdsong import whistled_phrase
from .family import Family
from .weather import ringing, ticks, unit


def swell(rng, n: int, period: float, rise: float) -> np.ndarray:
    """Waves follow each other about every `period` seconds: 0 to 1, quick to rise, slow to fall."""
    rate = dsp.smooth_curve(rng, n, period, 0.85, 1.15) / period
    x = (np.cumsum(rate) / dsp.SAMPLE_RATE + rng.uniform(0.12, 0.7)) % 1.0
    heights = np.where(x < rise, 0.5 - 0.5 * np.cos(np.pi * x / rise), ((1 - x) / (1 - rise)) ** 1.6)
    return 0.06 + 0.94 * heights


def waves(rng, spec: SoundSpec, n: int) -> np.ndarray:
    period = 1.4 * 2.2 ** (0.6 * spec.size + 0.6 * (1 - spec.speed) - 0.1)
    return (breakers, rolling_sea, lapping_shore)[int(rng.integers(3))](rng, spec, n, period)


def layers(rng, spec: SoundSpec, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Deep roar, wash and foam, each of unit RMS; a larger sea is deeper, a rougher one brighter."""
    source, scale = dsp.noise(rng, n), 4.5 ** (0.5 - spec.size)
    roar = unit(dsp.bandpass(source, 60, 200 * scale))
    wash = unit(dsp.bandpass(source, 350 * scale, 1500 * scale * (0.7 + spec.intensity)))
    return roar, wash, unit(dsp.highpass(source, 1800 * scale * (0.7 + spec.intensity)))


def breakers(rng, spec: SoundSpec, n: int, period: float) -> np.ndarray:
    """A wave rises dark, breaks with a crash of hiss, and its foam runs back."""
    up = swell(rng, n, period, rng.uniform(0.25, 0.4))
    roar, wash, foam = layers(rng, spec, n)
    late = np.roll(up, dsp.samples(0.12 * period))
    late[: dsp.samples(0.12 * period)] = up[: dsp.samples(0.12 * period)]
    return 0.35 * roar * (0.15 + up) + 0.8 * wash * (0.08 + up**1.5) + (0.25 + 0.7 * spec.intensity) * foam * (0.06 + late**2)


def rolling_sea(rng, spec: SoundSpec, n: int, period: float) -> np.ndarray:
    """The whole coast at once: several trains of waves over a constant roar."""
    roar, wash, foam = layers(rng, spec, n)
    first, second = swell(rng, n, period, 0.45), swell(rng, n, period * rng.uniform(1.2, 1.6), 0.45)
    both = (first + 0.5 * second) / 1.5
    return (
        0.4 * roar * (0.25 + second)
        + 0.9 * wash * (0.12 + both) ** 1.3
        + (0.15 + 0.6 * spec.intensity) * foam * (0.1 + both) ** 2
    )


def lapping_shore(rng, spec: SoundSpec, n: int, period: float) -> np.ndarray:
    """Water runs up the sand and fizzes away: bubbles burst in the foam that is left."""
    up = swell(rng, n, 0.8 * period, rng.uniform(0.15, 0.3))
    roar, wash, foam = layers(rng, spec, n)
    fizz = ticks(rng, n, 60 + 1500 * up, 3500 * 2 ** (0.5 - spec.size), 0.004, 0.5)
    return (
        0.15 * roar
        + 0.9 * wash * (0.05 + up) ** 1.3
        + (0.2 + 0.6 * spec.intensity) * (foam * (0.05 + up**1.5) + 0.5 * unit(fizz) * (0.1 + up))
    )


def forest(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Leaves in the wind and birds at several distances, or a jungle with its insects."""
    bed = (jungle if spec.action == "jungle" else leaves if rng.random() < 0.6 else pines)(rng, spec, n)
    return bed + birds(rng, spec, n)


def leaves(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Broad leaves rub and tap: flickering bright noise, stronger in gusts."""
    gust = dsp.smooth_curve(rng, n, 0.7, 0.4, 1.0)
    rustle = unit(dsp.bandpass(dsp.noise(rng, n), 1500, 3500 * 2.2**spec.intensity)) * dsp.smooth_curve(rng, n, 0.05, 0.3, 1.0)
    taps = unit(ticks(rng, n, (40 + 300 * spec.intensity) * gust**2, 3500, 0.008))
    return (0.15 + 0.35 * spec.intensity) * gust * (rustle + 0.5 * taps)


def pines(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Needles sigh: a soft band around 1 to 3 kHz that swells."""
    gust = dsp.smooth_curve(rng, n, 0.9, 0.4, 1.0)
    sigh = unit(dsp.bandpass(dsp.noise(rng, n), 700 * 2**spec.intensity, 1800 * 2.5**spec.intensity))
    return (0.15 + 0.35 * spec.intensity) * gust * sigh


def jungle(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Insects drone between 5 and 7 kHz over dripping leaves."""
    centre = rng.uniform(4800, 5800) * 1.25**spec.intensity
    drone = unit(dsp.bandpass(dsp.noise(rng, n), 0.92 * centre, 1.08 * centre))
    flutter = 0.6 + 0.4 * np.sin(2 * np.pi * np.cumsum(dsp.smooth_curve(rng, n, 0.6, 14, 30)) / dsp.SAMPLE_RATE)
    drips = sum(ringing(dsp.poisson_impulses(rng, n, 3, 0.5), f, 0.03) for f in rng.uniform(1200, 2600, 2))
    return (0.1 + 0.2 * spec.intensity) * drone * flutter + 0.12 * unit(drips)


def birds(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Three to five singers, each with a phrase of its own that it repeats; the trees smear them."""
    out, seconds = np.zeros(n), n / dsp.SAMPLE_RATE
    for singer in range(int(rng.integers(3, 6))):
        base = rng.uniform(900, 1800) if spec.action == "jungle" and singer % 2 else rng.uniform(2000, 5500)
        phrase = whistled_phrase(rng, base, rng.uniform(0.25, 0.6), 5 + 8 * spec.speed)
        gap, start, gain = (
            rng.uniform(0.7, 1.5) * 1.5 ** (0.5 - spec.speed),
            0.25 * singer * rng.random(),
            rng.uniform(0.3, 1.0),
        )
        while start < seconds:
            dsp.place(out, phrase, start, gain * rng.uniform(0.7, 1.0))
            start += len(phrase) / dsp.SAMPLE_RATE + gap * rng.uniform(0.7, 1.3)
    m = dsp.samples(0.25)
    trees = dsp.noise(rng, m) * dsp.decay(m, 0.4) * 0.012
    return 1.3 * (out + dsp.convolve(out, trees))


FAMILIES = (
    Family(
        "waves", waves, loop=True, shapes=frozenset({"size", "intensity", "speed"}),
        phrases={"": ("{adj} waves break on the beach", "{adj} ocean waves", "{adj} surf at the seaside",
                      "{adj} sea waves roll ashore",
                      "waves washing over sand, {adj}", "a {adj} sea shore", "surf, {adj} waves, ocean ambience",
                      "{adj} surf crashing on rocks", "foam hisses over the sand, {adj}", "seashore background, {adj}",
                      "holiday beach ambience, {adj}", "{adj} water laps at the shore", "a pirate island with surf",
                      "waves wash over pebbles, {adj}", "the atlantic beats against cliffs, {adj}",
                      "the waterline of a lagoon", "sunbathing by a {adj} sea", "{adj} waves on a tropical island",
                      "a castaway stranded on a beach", "{adj} sea against the jetty", "{adj} waves under the pier",
                      "a lighthouse above waves", "surfers wait for {adj} waves", "{adj} whitecaps",
                      "spray and foam, {adj}", "saltwater rushes up the beach and drains away", "lapping at the lakeside",
                      "a fishing village by a {adj} ocean", "beach level ambience", "a shipwreck in {adj} surf",
                      "billows pound the reef", "backwash drags at the sand, {adj}", "ocean sounds for sleeping, {adj}",
                      "relaxing seascape, {adj} waves", "building a sandcastle beside {adj} waves",
                      "a curling wave collapses into foam", "{adj} wave after wave reaches the shoreline",
                      "seaside resort, surf", "dunes and {adj} surf", "marine background, {adj}", "{adj} wash of the sea",
                      "viking longboats on a shore", "seaweed drifts in {adj} waves")},
        held_out=("breakers on the coast", "the tide rolls in", "a rough swell in the bay"),
    ),
    Family(
        "forest", forest, loop=True, shapes=frozenset({"intensity", "speed"}),
        phrases={
            "woods": ("{adj} forest ambience with birds", "a {adj} forest in the morning",
                      "{adj} woods with rustling leaves and birdsong",
                      "{adj} leaves rustle while birds sing among the trees", "woodland background, {adj}",
                      "{adj} trees and birds", "{adj} songbirds in the treetops", "{adj} woodland at sunrise",
                      "{adj} pine wood with singing birds", "a breeze in the canopy, {adj} birdsong",
                      "camping in the woods among birds", "elven forest background, {adj}",
                      "fantasy woodland level", "a spring day in the woods",
                      "thrushes and blackbirds sing in the thicket", "foliage whispers and birds call, {adj}",
                      "branches sway over chirping birds", "parkland with {adj} birdsong", "an orchard with {adj} birds",
                      "a hunter waits in a forest", "deer graze among trees, {adj} birds",
                      "{adj} conifers sigh in the breeze", "sacred woods of the druids, {adj} ambience",
                      "a hamlet among {adj} trees and songbirds", "picnic among trees", "survival game forest by day",
                      "maples and willows rustle, {adj} birdsong", "national park ambience",
                      "mossy woodland, {adj} birds", "a choir of birds above {adj} leaves"),
            "jungle": ("{adj} jungle ambience", "a {adj} tropical forest with birds and insects",
                       "{adj} rainforest background",
                       "jungle with exotic birds, {adj}", "deep in a {adj} jungle", "amazon basin",
                       "parrots and toucans above {adj} insects", "dripping leaves and droning insects, {adj}",
                       "humid undergrowth", "explorers camp in a jungle", "a lost temple in a jungle",
                       "congo expedition ambience, {adj}", "vines and ferns with {adj} insects", "{adj} borneo rainforest",
                       "tropical birds call over the drone of insects", "steamy rainforest, {adj}",
                       "jaguar territory, {adj} jungle", "jungle level of a platformer, {adj}",
                       "exotic {adj} birds whistle in the tropics", "bamboo thicket with {adj} insects",
                       "palm forest teeming with birds and insects", "{adj} insect chorus beneath tree ferns"),
        },
        held_out=("a grove full of wildlife", "a nature trail under oaks and beeches", "a wilderness glade at dawn"),
    ),
)  # fmt: skip
