"""Struck things: wood, metal, stone, glass and a body. Modal synthesis.

Constants: van den Doel, Kry, Pai 2001; Wildes and Richards 1988 (internal friction: decay rate = pi f tan(phi));
free bar and plate ratios from Fletcher and Rossing, The Physics of Musical Instruments.
The material says how long and how bright a thing rings; its shape says which modes it has and how it falls.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family

BAR = np.array([1, 2.756, 5.404, 8.933, 13.34, 18.64, 24.81])
SPHERE = np.array([1, 1.5, 1.93, 2.31, 2.75])


def plate_ratios(rng: np.random.Generator, count: int) -> np.ndarray:
    aspect = rng.uniform(1.05, 1.9)
    m, k = np.meshgrid(np.arange(1, 9), np.arange(1, 9))
    ratios = np.sort((m**2 + (aspect * k) ** 2).ravel())
    return ratios[:count] / ratios[0]


def modes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Mode ratios of a random solid: bar-like or plate-like, detuned by 3 %."""
    ratios = plate_ratios(rng, count)
    if rng.random() < 0.5:
        bar = np.concatenate([BAR * s for s in (1.0, rng.uniform(1.2, 1.7), rng.uniform(1.8, 2.6), rng.uniform(0.7, 0.95))])
        ratios = np.sort(bar)[:count] / bar.min()
    return ratios * (1 + 0.03 * rng.standard_normal(len(ratios)))


def strike(rng, spec: SoundSpec, n: int, f0: float, loss: float, count: int, hardness: float, t60_cap: float) -> np.ndarray:
    """A solid hit once: modes excited by a contact pulse, plus the contact click.

    loss: tan(phi), the internal friction. hardness 0..1: short contact, bright spectrum. t60_cap in seconds.
    """
    ratios = modes(rng, count)
    f = f0 * ratios
    contact = 0.006 * (1 - hardness) ** 2 + 0.00025
    gains = np.exp(-((f * contact) ** 2) * 2.0) * np.abs(rng.standard_normal(len(f)) + 0.3) / ratios**0.35
    t60s = np.clip(6.91 / (np.pi * f * loss + 3.0), 0.015, t60_cap)
    body = dsp.modal(n, f, t60s, gains, rng.uniform(0, 0.6, len(f)))
    return mix(n, dsp.normalise(body), (0.15 + 0.35 * hardness) * click(rng, contact))


def click(rng, contact: float) -> np.ndarray:
    """The noise of a contact that lasts `contact` seconds."""
    t60 = 0.008 + 2 * contact
    m = dsp.samples(1.3 * t60)
    return dsp.normalise(dsp.lowpass(dsp.noise(rng, m) * dsp.decay(m, t60), 1.2 / contact))


def mix(n: int, *parts: np.ndarray) -> np.ndarray:
    """The sum of sounds that begin together, cut or padded to n samples."""
    out = np.zeros(n)
    for part in parts:
        dsp.place(out, part, 0.0)
    return out


def thump(rng, f: float, t60: float) -> np.ndarray:
    """A low push: a sine that falls by a third of its pitch."""
    m = dsp.samples(1.1 * t60)
    fall = f * (1 + 0.5 * dsp.decay(m, 0.06))
    return np.sin(2 * np.pi * np.cumsum(fall) / dsp.SAMPLE_RATE + rng.uniform(0.2, 0.8)) * dsp.decay(m, t60)


def burst(rng, low: float, high: float, t60: float) -> np.ndarray:
    """A short decaying band of noise, peak 1."""
    m = dsp.samples(1.2 * t60)
    return dsp.normalise(dsp.bandpass(dsp.noise(rng, m), low, high) * dsp.decay(m, t60))


class Material(NamedTuple):
    """Lowest mode of a big and of a small plate in Hz, range of tan(phi), longest t60 in seconds, hardness, tilt of the gains."""

    big: float
    small: float
    loss: tuple[float, float]
    cap: float
    hardness: float
    tilt: float


class Shape(NamedTuple):
    """Mode ratios, pitch and length against a plate, level of the low thump, and how it falls:
    hits, first gap in seconds, ratio of gaps, gain from hit to hit, jitter."""

    ratios: Callable[[np.random.Generator], np.ndarray]
    pitch: float
    length: float
    thump: float
    hits: tuple[int, int]
    gap: float
    shrink: float
    soften: float
    jitter: float


MATERIALS = {
    "wood": Material(130, 700, (0.03, 0.08), 0.33, 0.6, 0.45),
    "metal": Material(260, 1400, (0.0004, 0.0016), 1.7, 0.88, 0.0),
    "stone": Material(650, 2400, (0.08, 0.2), 0.07, 0.8, 0.3),
    "glass": Material(1500, 4200, (0.0007, 0.002), 0.65, 0.9, 0.4),
}


def hollow(rng) -> np.ndarray:
    """A body of three panels around one cavity."""
    panels = [s * plate_ratios(rng, 7) for s in (1.0, rng.uniform(1.2, 1.6), rng.uniform(1.8, 2.4))]
    return np.concatenate([[rng.uniform(0.5, 0.65)], *panels]) * (1 + 0.02 * rng.standard_normal(22))


def rod(rng) -> np.ndarray:
    return np.concatenate([BAR[:5], BAR[:4] * rng.uniform(1.004, 1.02)])


SHAPES = {
    "crate": Shape(hollow, 0.75, 0.7, 0.9, (2, 4), 0.2, 0.6, 0.45, 0.25),
    "bottle": Shape(hollow, 1.0, 0.8, 0.1, (2, 5), 0.18, 0.65, 0.5, 0.15),
    "plate": Shape(lambda rng: plate_ratios(rng, 22), 1.0, 1.0, 0.2, (6, 11), 0.2, 0.78, 0.8, 0.04),
    "rod": Shape(rod, 1.25, 1.0, 0.1, (5, 9), 0.16, 0.8, 0.72, 0.3),
    "ball": Shape(lambda rng: SPHERE * (1 + 0.02 * rng.standard_normal(5)), 2.3, 0.5, 0.25, (5, 9), 0.36, 0.72, 0.62, 0.01),
}


class Solid(NamedTuple):
    """One thing: mode frequencies in Hz and their t60 in seconds, gains; it may be hit many times."""

    f: np.ndarray
    t60s: np.ndarray
    gains: np.ndarray
    thump: float


def solid(rng, spec: SoundSpec, material: Material, shape: Shape) -> Solid:
    small = np.clip(1 - spec.size + 0.06 * rng.standard_normal(), 0, 1)
    f0 = shape.pitch * material.big * (material.small / material.big) ** small
    f = f0 * shape.ratios(rng)
    loss = np.exp(rng.uniform(*np.log(material.loss)))
    longer = shape.length * (0.65 + 0.7 * spec.size) * (0.8 + 0.4 * spec.intensity)
    t60s = np.clip(6.91 / (np.pi * f * loss + 3.0) * longer, 0.012, material.cap)
    return Solid(f, t60s, np.abs(rng.standard_normal(len(f)) + 1.0) / (f / f0) ** material.tilt, shape.thump * spec.size)


def ring(rng, thing: Solid, hardness: float, contacts: list[tuple[float, float]]) -> np.ndarray:
    """The thing touched at `contacts` (seconds, gain): the modes that the contact time lets through, and the click."""
    contact = 0.003 * (1 - hardness) ** 2 + 0.00006
    gains = thing.gains * np.exp(-2 * (thing.f * contact) ** 2) * rng.uniform(0.5, 1.0, len(thing.f))
    m = dsp.samples(1.05 * thing.t60s.max() + 0.02)
    body = dsp.normalise(dsp.modal(m, thing.f, thing.t60s, gains, rng.uniform(0.2, 0.8, len(thing.f))))
    body = mix(m, body, (0.1 + 0.4 * hardness) * click(rng, contact + 0.0002))
    out = np.zeros(m + dsp.samples(contacts[-1][0]))
    for start, gain in contacts:
        dsp.place(out, body, start, gain)
    return out


def contacts_of(rng, spec: SoundSpec) -> list[tuple[float, float]]:
    """A clean touch, a chatter of a few touches, or a rough one of many: the harder the hit, the more of them. Taps clink."""
    if spec.action == "tap":
        return [(0.0, 1.0), (float(rng.uniform(0.03, 0.08)), float(rng.choice((0.0, 0.5))))]
    style = rng.choice(("clean", "chatter", "rough"), p=(0.6, 0.25, 0.15))
    if style == "clean":
        return [(0.0, 1.0)]
    count = int(rng.integers(2, 4)) + int(2 * spec.intensity) + 3 * (style == "rough")
    starts = np.sort(rng.uniform(0.002, 0.035 if style == "rough" else 0.06, count))
    return [(0.0, 1.0), *((float(t), float(rng.uniform(0.25, 0.7) * np.exp(-t / 0.03))) for t in starts)]


def surroundings(rng, spec: SoundSpec, material: str, thing: Solid, hardness: float) -> list[np.ndarray]:
    """What sounds beside the modes: the thud of the ground, grit, the clash of hard faces."""
    low = (0.25 + 0.75 * thing.thump) * thump(rng, rng.uniform(70, 110) * (1.5 - 0.7 * spec.size), 0.08 + 0.14 * spec.size)
    if material == "wood":
        return [0.9 * low, 0.35 * hardness * burst(rng, 300, 900 + 2500 * hardness, 0.03)]
    if material == "stone":
        top = (1500 + 6000 * spec.intensity) * (1.3 - 0.6 * spec.size)
        grit = dsp.poisson_impulses(rng, dsp.samples(0.1), 500 * dsp.decay(dsp.samples(0.1), 0.09), 0.5)
        dust = dsp.bandpass(grit, 900, top) * (0.3 + 0.7 * spec.intensity)
        return [0.5 * low, 0.9 * burst(rng, 350, top, 0.035 + 0.04 * spec.size), 0.7 * dsp.normalise(dust)]
    if material == "metal":
        return [0.4 * thing.thump * low, 0.5 * hardness * burst(rng, 2000, 5000 + 6000 * spec.intensity, 0.05)]
    blow = (0.1 if spec.action == "tap" else 0.5) * burst(rng, 900, 4000, 0.03)
    return [0.2 * thing.thump * low, hardness * blow, 0.35 * hardness * burst(rng, 4500, 11000, 0.02)]


def impact(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Hit once; or dropped: hit, then bounces closer and softer, as the shape has it. Soft bounces are duller."""
    name = spec.family.split("_")[1]
    material, source = MATERIALS[name], spec.source or str(rng.choice(("plate", "rod")))
    shape = SHAPES[source]
    thing = solid(rng, spec, material, shape)
    hardness = float(np.clip(material.hardness + 0.9 * (spec.intensity - 0.6), 0.05, 1))
    touches = contacts_of(rng, spec)
    first = mix(n, ring(rng, thing, hardness, touches), *surroundings(rng, spec, name, thing, hardness))
    return first if spec.action != "drop" else fall(rng, spec, first, thing, shape, hardness)


def fall(rng, spec: SoundSpec, first: np.ndarray, thing: Solid, shape: Shape, hardness: float) -> np.ndarray:
    out, start, gain = first.copy(), 0.0, 1.0
    ends = [first, ring(rng, thing, 0.8 * hardness, [(0.0, 1.0)]) * np.abs(first).max()]
    gap = shape.gap * rng.uniform(0.8, 1.2) * (0.6 + 0.5 * spec.size + 0.3 * spec.intensity)
    shrink, soften = min(0.85, shape.shrink * rng.uniform(0.93, 1.07)), min(0.85, shape.soften * rng.uniform(0.85, 1.1))
    for i in range(1, int(rng.integers(*shape.hits)) + 1):
        start, gap, gain = start + gap * (1 + shape.jitter * rng.uniform(-1, 1)), gap * shrink, gain * soften
        dsp.place(out, ends[i % 2], start, gain)
    return out


def punch(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A fist on a body: a dull thud and a slap of skin or cloth, in one of three blends."""
    style = rng.choice(("body", "face", "film"), p=(0.4, 0.3, 0.3))
    deep = 1.6 - 0.9 * spec.size
    thud = thump(rng, rng.uniform(55, 80) * deep, 0.12 + 0.14 * spec.size)
    flesh = burst(rng, 120 * deep, (350 + 500 * spec.intensity) * deep, 0.07 + 0.07 * spec.size)
    top = 1500 * 4**spec.intensity * rng.uniform(0.85, 1.15)
    slap = burst(rng, 700 * deep, top, rng.uniform(0.025, 0.04) + 0.03 * spec.intensity)
    hard = 0.15 + 0.85 * spec.intensity
    if style == "body":
        return mix(n, thud, 0.8 * flesh, 0.35 * hard * slap)
    if style == "face":
        return mix(n, 0.6 * thud, 0.6 * flesh, 0.9 * hard * slap)
    crunch = np.zeros(dsp.samples(0.16))
    for _ in range(3 + int(5 * spec.intensity)):
        dsp.place(crunch, burst(rng, 500, top, 0.02), rng.uniform(0.0, 0.06), rng.uniform(0.2, 0.6))
    return dsp.saturate(mix(n, thud, 0.8 * flesh, 0.6 * hard * slap, 0.5 * hard * crunch), 2.0)


def phrases(material: str, noun: str, free: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Wordings that every material shares, `free` ones added; material: "wood", noun: "wooden"."""
    hits = (
        f"impact of a {{adj}} {material} {{source}}",
        f"{{adj}} {material} {{source}} impact",
        f"a {{adj}} {noun} {{source}} is hit",
        f"{{adj}} hit on a {noun} {{source}}",
        *(f"{{adj}} impact of a {material} {{source}} on {ground}" for ground in ("stone", "wood", "metal")),
        f"something collides with a {{adj}} {noun} {{source}}",
    )
    drops = (
        f"a {{adj}} {noun} {{source}} drops on the floor",
        f"{{adj}} {material} {{source}} falls and bounces",
        f"dropping a {{adj}} {noun} {{source}}",
        f"{noun} {{source}} drop, {{adj}}",
        f"a {{adj}} {material} {{source}} lands on the ground",
        f"a {{adj}} {noun} {{source}} slips from somebody's grasp",
    )
    shared = {"hit": hits, "drop": drops, "tap": ()}
    return {action: shared[action] + words for action, words in free.items()}


# fmt: off
SOLIDS = {"crate": ("crate", "box"), "plate": ("plate", "sheet", "panel"), "rod": ("rod", "bar", "pipe"),
          "ball": ("ball", "sphere")}
GLASSES = {"bottle": ("bottle", "jar"), "plate": ("pane", "sheet"), "rod": ("rod", "tube"), "ball": ("ball", "marble")}
BOTH = frozenset({"size", "intensity"})
WOOD = phrases("wood", "wooden", {
    "hit": ("{adj} wood impact", "{adj} wooden thud", "a {adj} thud on an oak table", "{adj} thunk of solid hardwood",
            "a mallet comes down on a {adj} bench", "{adj} bump against a cupboard", "a club hits a {adj} tree trunk",
            "{adj} clunk of bamboo", "baseball bat hit", "dull thud of hollow plywood", "{adj} clack of a toy block",
            "an axe handle bumps a stump", "a fist comes down on a {adj} desk", "a carpenter hits pine",
            "a cart bumps into a {adj} barrel"),
    "drop": ("{adj} wood falls on the floor", "dropped {adj} piece of wood", "a {adj} stool tips over",
             "firewood tossed onto the hearth", "a {adj} bowl rolls off a shelf", "{adj} stick clatters to the ground",
             "broomstick falling over", "a {adj} pallet is thrown from a truck", "somebody lets a {adj} bat fall",
             "bouncing {adj} block of pine", "furniture topples", "a {adj} tray slips out of a hand",
             "{adj} hardwood tumbles down the stairs", "a walking cane clatters and comes to rest"),
})
METAL = phrases("metal", "metal", {
    "hit": ("{adj} metal impact", "{adj} metallic clang", "{adj} clank of a wrench on a railing", "a shovel hits a {adj} girder",
            "{adj} ringing aluminium", "a {adj} frying pan gets hit", "{adj} armour takes a blow",
            "a robot bumps into scaffolding", "{adj} clonk on a car bonnet", "crowbar against a radiator",
            "a {adj} hit on a ship hull", "{adj} brass clang with a resonant tail", "a {adj} dustbin gets kicked",
            "industrial clank", "copper kettle hit by a ladle"),
    "drop": ("{adj} metal clatters on the floor", "dropped {adj} piece of metal", "a {adj} spanner falls on the workshop floor",
             "a mechanic drops a {adj} tool", "a {adj} saucepan falls off the stove", "bucket kicked down the stairs",
             "toolbox hits the ground", "a {adj} car part lands in the garage", "somebody throws {adj} scrap on a heap",
             "{adj} aluminium tray bounces and rings", "crowbar slips and clangs on tiles", "a {adj} candlestick topples over",
             "helmet falls off and rolls away", "a {adj} ladder tips over with a clang", "discarded {adj} shield clatters"),
})
STONE = phrases("stone", "stone", {
    "hit": ("{adj} stone impact", "{adj} rock strikes rock", "{adj} clack of pebbles", "{adj} pickaxe hit on rock",
            "a chisel on {adj} sandstone", "dull thud of a {adj} boulder", "flint against flint", "a statue gets a {adj} blow",
            "{adj} clunk of a gravestone", "{adj} hit on a slate tile", "a miner hits the quarry wall",
            "cobbles clacking together", "{adj} collision of boulders", "a golem hits a pillar",
            "{adj} catapult shot hits a castle wall"),
    "drop": ("a {adj} stone drops on the ground", "dropped {adj} rock", "a {adj} boulder bounces downhill",
             "pebble skips over flagstones", "a {adj} tile falls off the roof", "somebody lets a {adj} cobble fall",
             "{adj} flint tossed on the pavement", "a {adj} statue topples over", "thrown rock hits the street",
             "a {adj} block of sandstone tumbles", "gravestone tipping over", "a climber drops a {adj} rock down the cliff",
             "a {adj} lump of ore hits the cellar floor", "a child throws a {adj} pebble", "rolling {adj} rock comes to rest"),
})
GLASS = phrases("glass", "glass", {
    "hit": ("{adj} glass impact", "{adj} glass is hit without breaking", "{adj} clonk of a beer mug",
            "a {adj} potion flask is hit", "a {adj} tumbler gets hit but stays whole", "wine glass hit by a fork",
            "{adj} ding of a carafe", "a {adj} beaker bumps the tabletop", "an ashtray is set down", "{adj} glassware collides",
            "unbroken {adj} glass rings", "a bartender sets down a {adj} mug", "pebble pings off a {adj} lantern",
            "laboratory flask bumps into a shelf", "bumping a {adj} decanter"),
    "tap": ("a {adj} glass {source} is tapped", "{adj} clink of a glass {source}", "tapping on a {adj} glass {source}",
            "{adj} glass clink", "{adj} glasses clink together", "{adj} tap on a glass {source}", "fingernail on a {adj} tumbler",
            "{adj} tinkle of ornaments", "{adj} ting of a test tube", "a pencil taps a {adj} beaker",
            "a waiter carries {adj} clinking glassware", "flicking a {adj} wine glass", "ice cubes clink in a drink",
            "a {adj} ring taps on a carafe", "{adj} potion vials chink", "a knife dings against a {adj} decanter",
            "clinking on a bar shelf", "a jeweller taps a {adj} lens"),
})
PUNCH = ("a {adj} punch", "{adj} punch to the body", "a {adj} fist hits a body", "{adj} body blow", "punching somebody, {adj}",
         "{adj} fist fight punch", "a {adj} kick in the stomach", "{adj} punch hit", "{adj} smack of knuckles on a cheek",
         "{adj} slap in the face", "a thug gets a {adj} whack", "{adj} hook to the ribs", "a {adj} haymaker connects",
         "karate strike", "{adj} kung fu hit", "a hero socks the villain", "{adj} thwack of flesh",
         "enemy takes a {adj} melee hit", "an elbow rams into a chest", "{adj} knee to the belly", "headbutt",
         "{adj} hit while sparring with gloves", "a {adj} clout on the chin", "{adj} thump on the back",
         "the bully hits his victim", "bare hands wallop an opponent", "action film punch", "a wrestler takes a blow",
         "{adj} hit in the gut", "ninja kicks an attacker", "{adj} smack on the nose", "a bouncer clobbers a drunk",
         "a punchbag takes a {adj} hit", "a shoulder charges into somebody", "combat game damage")
UNHEARD_WOOD = ("a timber beam gets struck", "lumber knocks against a log", "a plank whacks a board")
UNHEARD_METAL = ("an anvil is hammered", "a tin can is struck", "steel bangs against iron")
UNHEARD_STONE = ("a marble slab is struck", "granite bangs", "a brick thumps onto concrete")
UNHEARD_GLASS = ("a crystal goblet is touched with a spoon", "toasting with champagne flutes", "a vase is knocked gently")
UNHEARD_PUNCH = ("a boxer lands a jab", "an uppercut to the jaw", "somebody gets beaten in a brawl")
FAMILIES = (
    Family("impact_wood", impact, WOOD, UNHEARD_WOOD, BOTH, sources=SOLIDS, unseen=frozenset({"ball"})),
    Family("impact_metal", impact, METAL, UNHEARD_METAL, BOTH, sources=SOLIDS, unseen=frozenset({"ball"})),
    Family("impact_stone", impact, STONE, UNHEARD_STONE, BOTH, sources=SOLIDS, unseen=frozenset({"rod"})),
    Family("impact_glass", impact, GLASS, UNHEARD_GLASS, BOTH, sources=GLASSES, unseen=frozenset({"plate"})),
    Family("punch", punch, {"": PUNCH}, UNHEARD_PUNCH, BOTH, countable=True),
)
# fmt: on
