"""Footsteps on wood, gravel, metal, snow, leaves and in water: a ground-reaction force curve drives a surface.

Sources: Farnell 2010 (heel, roll, ball); grains after Cook 1997 (PhISEM); bubbles after van den Doel 2005.
The shoe says how hard and heavy the contact is, the surface what it excites.
"""

from typing import NamedTuple

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family
from .impacts import burst, mix, strike, thump


class Shoe(NamedTuple):
    """Hardness and weight 0..1, level of the click, seconds from heel to ball at an ordinary pace."""

    hardness: float
    weight: float
    click: float
    roll: float


SHOES = {
    "boot": Shoe(0.55, 1.0, 0.25, 0.15), "shoe": Shoe(0.5, 0.6, 0.45, 0.13),
    "bare foot": Shoe(0.12, 0.5, 0.0, 0.09), "heel": Shoe(0.95, 0.25, 1.0, 0.085),
}  # fmt: skip


class Step(NamedTuple):
    """One step: the shoe with intensity and size in it, and the force on the ground."""

    hardness: float
    weight: float
    shoe: Shoe
    roll: float
    force: np.ndarray


def a_step(rng, spec: SoundSpec) -> Step:
    shoe = SHOES[spec.source or str(rng.choice(("boot", "shoe")))]
    hardness = float(np.clip(shoe.hardness + 0.6 * (spec.intensity - 0.5), 0.03, 1))
    weight = shoe.weight * (0.25 + 0.75 * spec.size) * (0.7 + 0.6 * spec.intensity)
    roll = shoe.roll * (1.35 - 0.6 * spec.speed) * (0.8 + 0.4 * spec.size) * rng.uniform(0.9, 1.1)
    return Step(hardness, weight, shoe, roll, force(rng, roll, shoe))


def force(rng, roll: float, shoe: Shoe) -> np.ndarray:
    """Heel at once, then the ball of the foot, 0..1; for 2.6 times the roll."""
    t = dsp.times(dsp.samples(2.6 * roll)) / roll
    heel = np.exp(-t / (0.45 - 0.25 * shoe.hardness))
    ball = rng.uniform(0.5, 0.9) * np.exp(-(((t - 1.0) / 0.32) ** 2))
    return np.minimum(heel + ball, 1.0) * np.clip((2.6 - t) / 0.4, 0, 1)


def tread(step: Step, n: int, heel: np.ndarray, ball: np.ndarray, softer: float = 0.6) -> np.ndarray:
    """Heel, then ball."""
    out = mix(n, heel)
    dsp.place(out, ball, step.roll, softer)
    return out


def grains(rng, curve: np.ndarray, rate: float, low: float, high: float, length: float, q: float = 2.0) -> np.ndarray:
    """Many tiny collisions, as dense and loud as the force, each a short band of noise; the first one at once."""
    hits = dsp.poisson_impulses(rng, len(curve), rate * curve, 0.7) * curve
    hits[int(rng.integers(0, 60))] = 1.5
    kind, out = rng.integers(0, 4, len(curve)), np.zeros(len(curve))
    for i, f in enumerate(np.geomspace(low, high, 4) * rng.uniform(0.85, 1.18, 4)):
        m = dsp.samples(length * rng.uniform(0.6, 1.6) * 1.2)
        grain = dsp.resonate(dsp.noise(rng, m), f, q) * dsp.decay(m, m / dsp.SAMPLE_RATE)
        out += dsp.convolve(hits * (kind == i), dsp.normalise(grain))
    return dsp.normalise(out)


def thud(rng, step: Step) -> np.ndarray:
    return step.weight * thump(rng, rng.uniform(60, 85) * (1.3 - 0.4 * step.weight), 0.07 + 0.06 * step.weight)


def wood(rng, spec: SoundSpec, step: Step) -> np.ndarray:
    """A hollow deck that booms, or a hard floor that knocks."""
    deck, n = rng.random() < 0.5, dsp.samples(0.5)
    f0 = (rng.uniform(85, 130) if deck else rng.uniform(190, 300)) * (1.5 - 0.8 * spec.size)
    heel = strike(rng, spec, n, f0, 0.09, 12, step.hardness, 0.24 if deck else 0.13)
    ball = strike(rng, spec, n, 1.4 * f0, 0.1, 10, 0.7 * step.hardness, 0.1)
    click = step.shoe.click * (0.3 + 0.7 * spec.intensity) * burst(rng, 900, 2000 + 3500 * step.hardness, 0.02)
    return tread(step, n, mix(n, heel, click), ball, 0.5) + mix(n, (1.0 if deck else 0.5) * thud(rng, step))


def gravel(rng, spec: SoundSpec, step: Step) -> np.ndarray:
    """Loose pebbles that click one by one, or fine grit that crunches."""
    pebbles = rng.random() < 0.5
    rate = (350 if pebbles else 1300) * (0.5 + 0.5 * step.weight + 0.8 * spec.intensity)
    bright = 2.0 ** (1.2 * (spec.intensity - 0.5) - 0.9 * (spec.size - 0.5))
    crunch = grains(rng, step.force, rate, 950 * bright, 4200 * bright, 0.016 if pebbles else 0.007, 5.0 if pebbles else 2.0)
    return mix(dsp.samples(0.6), crunch, 0.5 * thud(rng, step))


def metal(rng, spec: SoundSpec, step: Step) -> np.ndarray:
    """A thin plate that booms and rings, or a grate that rattles."""
    n, grate = dsp.samples(0.9), rng.random() < 0.5
    f0 = (rng.uniform(420, 700) if grate else rng.uniform(150, 280)) * (1.5 - 0.8 * spec.size)
    hardness, cap = 0.4 + 0.6 * step.hardness, (0.45 if grate else 0.7) * (0.7 + 0.4 * spec.size + 0.2 * spec.intensity)
    heel = strike(rng, spec, n, f0, 0.0025, 20, hardness, cap)
    out = tread(step, n, heel, strike(rng, spec, n, f0 * 1.02, 0.003, 18, 0.8 * hardness, 0.8 * cap), 0.5)
    if grate:
        rattle = strike(rng, spec, dsp.samples(0.2), 3.1 * f0, 0.004, 10, hardness, 0.16)
        for _ in range(2 + int(4 * spec.intensity)):
            dsp.place(out, rattle, rng.uniform(0.004, 0.16), rng.uniform(0.1, 0.35))
    click = (0.2 + step.shoe.click) * spec.intensity * burst(rng, 2500, 8000, 0.02)
    return out + mix(n, 0.5 * thud(rng, step), click)


def snow(rng, spec: SoundSpec, step: Step) -> np.ndarray:
    """Crystals break under a growing load: a dense dull crunch; cold snow squeaks on top of it."""
    m = dsp.samples((0.24 + 0.16 * spec.size) * (1.25 - 0.5 * spec.speed) * (step.shoe.roll / 0.15) ** 0.8)
    t = np.linspace(0, 1, m)
    load = (0.55 + 0.45 * np.sin(np.pi * np.minimum(t / 0.9, 1))) * np.clip((1 - t) / 0.25, 0, 1)
    breaks = 0.3 + np.abs(dsp.lowpass(dsp.noise(rng, m), rng.uniform(45, 80))) * 8
    breaks[: dsp.samples(0.012)] = 1.0
    top = 1500 * 2 ** (1.6 * spec.intensity - 0.9 * (spec.size - 0.5))
    crunch = dsp.bandpass(dsp.noise(rng, m), 300, top, 2) * np.minimum(breaks, 1.2) * load
    out = mix(dsp.samples(0.55), dsp.normalise(crunch), 0.25 * thud(rng, step))
    if rng.random() < 0.5:
        rate = dsp.smooth_curve(rng, m, 0.15, 170, 420) * (1.3 - 0.5 * spec.size)
        pulses = np.diff(np.floor(np.cumsum(rate * (1 + 0.3 * rng.standard_normal(m))) / dsp.SAMPLE_RATE), prepend=0.0)
        squeak = dsp.resonate(pulses * load, rng.uniform(900, 1700), 6.0)
        out += mix(len(out), 0.5 * dsp.normalise(squeak))
    return out


def leaves(rng, spec: SoundSpec, step: Step) -> np.ndarray:
    """Dry leaves: sharp sparse crackles over a rustle, or mostly the rustle; hardly any thud."""
    crackling = rng.random() < 0.5
    curve = np.interp(np.linspace(0, 1, int(1.25 * len(step.force))), np.linspace(0, 1, len(step.force)), step.force)
    bright = 2.0 ** (0.9 * (spec.intensity - 0.5) - 0.7 * (spec.size - 0.5))
    ticks = grains(rng, curve, (90 if crackling else 160) * (0.6 + spec.intensity), 3000 * bright, 9500 * bright, 0.004, 1.5)
    flutter = dsp.smooth_curve(rng, len(curve), 0.02, 0.0, 1.0) ** 2
    rustle = dsp.bandpass(dsp.noise(rng, len(curve)), 2500 * bright, 9000 * bright, 2) * curve * flutter
    return mix(dsp.samples(0.7), ticks * (1.0 if crackling else 0.5), dsp.normalise(rustle) * (0.3 if crackling else 0.8))


def bubble(rng, f: float) -> np.ndarray:
    """A bubble in shallow water: a decaying sine that rises."""
    m = dsp.samples(rng.uniform(0.03, 0.06))
    rise = f * (1 + 0.6 * np.arange(m) / m)
    return np.sin(2 * np.pi * np.cumsum(rise) / dsp.SAMPLE_RATE) * dsp.decay(m, m / dsp.SAMPLE_RATE)


def water(rng, spec: SoundSpec, step: Step) -> np.ndarray:
    """A puddle that is slapped, sprays and bubbles; or mud that squelches and sucks at the sole."""
    mud, n = rng.random() < 0.4, dsp.samples(0.8)
    bright, length = 2.0 ** (1.8 * (spec.intensity - 0.5)), 0.16 + 0.16 * spec.size
    slap = burst(rng, 200, 1800 * bright * (0.6 if mud else 1.0), 0.05)
    out = mix(n, slap, 0.4 * thud(rng, step))
    if mud:
        m = dsp.samples(length)
        wet = dsp.resonate(dsp.noise(rng, m) * dsp.smooth_curve(rng, m, 0.02, 0, 1) ** 2, rng.uniform(500, 800) * bright, 2.5)
        dsp.place(out, dsp.normalise(wet * np.sin(np.pi * np.linspace(0, 1, m))), 0.03, 0.8)
    else:
        dsp.place(out, burst(rng, 1500, 6000 * bright, length), 0.012, 0.35)
    low, high = (220, 700) if mud else (500, 2200)
    for _ in range(int(5 + 6 * spec.intensity + 5 * spec.size)):
        f = np.exp(rng.uniform(np.log(low), np.log(high))) * (1.4 - 0.7 * spec.size)
        dsp.place(out, bubble(rng, f), rng.uniform(0.02, 0.05 + 1.3 * length), rng.uniform(0.1, 0.45))
    return out


SURFACES = {"wood": wood, "gravel": gravel, "metal": metal, "snow": snow, "leaves": leaves, "water": water}


def footsteps(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """One step, or a walk of four to six."""
    surface = SURFACES[spec.family.split("_")[1]]
    out = mix(n, surface(rng, spec, a_step(rng, spec)))
    if spec.action == "step":
        return out
    out = dsp.normalise(out)
    gap = (0.68 - 0.41 * spec.speed) * rng.uniform(0.93, 1.07)
    fitting = 1 + int((max(2.0, n / dsp.SAMPLE_RATE) - 0.95) / gap)
    for i in range(1, min(fitting, int(4 + 2 * spec.speed + rng.random()))):
        step = dsp.normalise(surface(rng, spec, a_step(rng, spec)))
        dsp.place(out, step, gap * (i + rng.uniform(-0.04, 0.04)), rng.uniform(0.75, 1.0) * (0.88 if i % 2 else 1.0))
    return out


def phrases(ground: str, floor: str, step: tuple[str, ...], walk: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Wordings that every ground shares: ground "on wood", floor "on a wooden floor"."""
    steps = (
        f"a {{adj}} footstep {ground}",
        f"one {{adj}} {{source}} step {ground}",
        f"single footstep {ground}, {{adj}} {{source}}",
        f"{{adj}} step {floor}",
        f"{{adj}} {{source}} stepping once {floor}",
        f"a foot comes down {ground}",
        f"{{adj}} footfall {floor}",
        f"the player takes a {{adj}} step {ground}",
        f"{{adj}} {{source}} footfall {ground}",
    )
    walks = (
        f"{{adj}} footsteps {ground}",
        f"walking {ground}, {{adj}} {{source}}",
        f"{{adj}} {{source}} footsteps {ground}",
        f"{{adj}} {{source}} walking {floor}",
        f"{{adj}} steps {floor}",
        f"a game character walks {ground}",
        f"{{adj}} footfalls {ground}",
        f"marching {ground}, {{adj}} {{source}}",
        f"{{adj}} {{source}} wandering {floor}",
        f"an approaching person walks {ground}, {{adj}}",
    )
    return {"step": steps + step, "walk": walks + walk}


# fmt: off
WORDS = {
    "wood": phrases(
        "on wood", "on a wooden floor",
        ("a {adj} step on floorboards", "a {adj} step on the porch", "the sole of a foot meets {adj} hardwood",
         "{adj} footfall on the attic stairs", "a sailor sets foot on the gangplank", "{adj} thump of a foot on the stage",
         "hollow {adj} step, cabin floor", "{adj} step onto a jetty", "a {adj} foot on laminate",
         "{adj} {source} on an oak stair"),
        ("somebody walks on a {adj} wooden floor", "{adj} footsteps on wooden planks", "a neighbour walks about upstairs",
         "{adj} footsteps along a pier", "a dancer crosses the stage", "{adj} climb up the cottage stairs",
         "{adj} walk across a hollow footbridge", "{adj} steps in a tavern", "marching up and down the porch",
         "a pirate walks around his ship", "{adj} stride over pine floorboards", "{adj} {source} on laminate, walking"),
    ),
    "gravel": phrases(
        "on gravel", "on pebbles",
        ("a {adj} step crunches gravel", "a {adj} foot grinds grit", "{adj} crunch underfoot on a driveway",
         "a {adj} step on crushed rock", "{adj} scrape of pebbles under a foot", "footfall on a railway bed",
         "a gritty {adj} step", "a soldier steps on ballast", "a foot slides on {adj} scree",
         "{adj} {source} pressed into pebbles"),
        ("walking on a {adj} gravel path", "{adj} steps crunching on gravel", "somebody walks up a driveway",
         "{adj} crunchy walk on a dirt road", "a gardener crosses the yard", "{adj} steps in a quarry",
         "a visitor comes up the garden path", "{adj} walk across a pebble beach", "a ranger wanders along a gravel lane",
         "walking beside the railway on ballast", "{adj} scrunch of grit with every step",
         "{adj} {source} crunching up the drive"),
    ),
    "metal": phrases(
        "on metal", "on a metal grate",
        ("a {adj} step clanks on metal stairs", "a {adj} step on a fire escape", "{adj} clang of a foot on a ladder rung",
         "{adj} footfall on the gangway", "{adj} step onto a truck bed", "ringing step on a spaceship floor",
         "a {adj} step on a manhole cover", "{adj} boom of a foot on a container", "an astronaut sets foot on a hatch",
         "a grille rattles under a foot", "{adj} {source} on a ship ladder"),
        ("walking on a {adj} metal walkway", "{adj} footsteps on metal stairs", "an engineer walks along the gangway",
         "{adj} clanking steps up a fire escape", "somebody climbs a {adj} ladder", "footsteps aboard a submarine",
         "crossing an aluminium bridge", "{adj} walk of a worker on scaffolding", "{adj} walk over a rattling grille",
         "a worker walks around an oil rig", "{adj} steps across a hollow container", "{adj} {source} ringing on a gantry"),
    ),
    "snow": phrases(
        "in snow", "in fresh snow",
        ("a {adj} step crunches snow", "a foot sinks into {adj} snow", "{adj} squeak of cold snow under a foot",
         "a {adj} step breaks the crust", "{adj} footprint pressed in a snowdrift", "a skier puts a foot down",
         "stepping off the porch into {adj} snow", "packed snow gives way under a {adj} foot",
         "a child plants a foot in the snow", "{adj} {source} sinking into a drift"),
        ("walking through {adj} snow", "{adj} footsteps crunch in snow", "walking across the arctic",
         "{adj} squeaking footsteps on a ski slope", "walking up a snowy mountain", "crunchy {adj} walk in december",
         "a postman comes through the snow", "{adj} steps across an alpine meadow", "{adj} footsteps on a white hillside",
         "a polar explorer on the ice cap, {adj} walk", "the snow creaks with each {adj} step",
         "a villager walks home along a snow-covered road", "{adj} {source} crunching on a glacier"),
    ),
    "leaves": phrases(
        "on dry leaves", "in fallen leaves",
        ("a {adj} step rustles leaves", "a {adj} foot on crisp leaves", "{adj} crackle of a step in the undergrowth",
         "a hunter steps on brush", "rustle underfoot", "{adj} step into a leaf pile", "{adj} crunch of brittle oak leaves",
         "dead leaves crumple under a foot", "a {adj} foot disturbs the litter beneath a tree", "a scout sets foot on bracken",
         "{adj} {source} in crunchy leaves"),
        ("walking through {adj} dry leaves", "{adj} footsteps crackle on leaves", "somebody walks in the park in october",
         "{adj} swishing footsteps among beech trees", "a child kicks through leaves", "{adj} shuffling through a leaf heap",
         "{adj} rustling walk in the undergrowth", "a hunter moves through the bushes",
         "a gardener crosses a lawn full of leaves", "{adj} crunching steps under maple trees",
         "steps coming through the thicket", "papery {adj} rustle of steps", "{adj} {source} rustling in the park"),
    ),
    "water": phrases(
        "in water", "in a puddle",
        ("a {adj} step splashes in mud", "a {adj} foot splashes in a rain puddle", "{adj} squelch of a step in a bog",
         "a soggy {adj} step", "{adj} step into the creek", "{adj} foot pulled out of muck", "{adj} step in a flooded gutter",
         "{adj} slap of a foot on wet ground", "a fisherman steps into the sea", "slimy clay squishes under a {adj} foot",
         "{adj} {source} plunged into mud"),
        ("walking through a {adj} puddle", "{adj} footsteps in mud and water", "somebody walks along a flooded street",
         "{adj} sloshing steps in the sewer", "{adj} squelching walk across a marsh", "{adj} splashing along the beach",
         "a farmer walks in mud", "{adj} wet footsteps", "crossing a river ford", "a soldier marches through a muddy trench",
         "{adj} walk through a rice paddy", "a child splashes along the gutter", "{adj} {source} splashing through the creek"),
    ),
}
# fmt: on
HELD_OUT = {
    "wood": ("somebody paces across a parquet", "treading over a timber deck", "strolling along a boardwalk"),
    "gravel": ("a hiker on a stony trail", "treading on shingle", "strolling over loose chippings"),
    "metal": ("stomping up an iron staircase", "a guard paces along a steel catwalk", "treading on a sheet iron roof"),
    "snow": ("trudging in deep powder", "a hiker stomps over an icy winter field", "treading on frost"),
    "leaves": ("a hiker in autumn foliage", "treading on withered leafage in the woods", "stomping over a leafy forest floor"),
    "water": ("wading through a shallow brook", "stomping across a swamp", "treading in slush and mire"),
}
SOURCES = {
    "boot": ("boot", "boots"),
    "shoe": ("shoe", "shoes"),
    "bare foot": ("bare foot", "bare feet"),
    "heel": ("heel", "heels"),
}
UNSEEN = {"snow": {"heel"}, "leaves": {"bare foot"}, "metal": {"bare foot"}}
SHAPES = frozenset({"size", "intensity", "speed"})
FAMILIES = tuple(
    Family(f"footstep_{name}", footsteps, words, HELD_OUT[name], SHAPES, sources=SOURCES, unseen=frozenset(UNSEEN.get(name, ())))
    for name, words in WORDS.items()
)
