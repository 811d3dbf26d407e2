"""Water: drops, splashes, streams and bubbling. Nearly all of water's sound is ringing air bubbles.

Sources: van den Doel 2005 and Minnaert 1933 (f0 = 3.26 / r, damping 0.13/r + 0.0072 r^-1.5, pitch rises as the bubble nears the
surface); Zheng and James 2009; Farnell 2010.
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .breaking import between, scatter, shortly
from .family import Family
from .impacts import strike

RUN_IN = 0.4  # seconds made and cut off in front of a loop, so that it begins amid its bubbles


def bubble(rng, radius: float, rise: float = 0.1, ring: float = 1.0) -> np.ndarray:
    """radius in metres, 0.0004 to 0.03; rise: how far the pitch climbs; ring: damping is divided by it."""
    damping = (0.13 / radius + 0.0072 * radius**-1.5) / ring
    m = dsp.samples(min(0.5, 6.5 / damping))
    t = dsp.times(m)
    f = 3.26 / radius * (1 + rng.uniform(0.3, 1.0) * rise * damping * t)
    out = np.sin(2 * np.pi * np.cumsum(f) / dsp.SAMPLE_RATE) * np.exp(-damping * t)
    return out * np.minimum(1, np.arange(m)[::-1] / 64)


def bubble_kit(rng, low: float, high: float, count: int, rise: float = 0.1, ring: float = 1.0) -> list:
    """Bubbles of random radius (log-uniform); big ones louder (amplitude grows with r)."""
    radii = low * (high / low) ** rng.random(count)
    return [bubble(rng, r, rise, ring) * (r / low) ** 0.7 / (high / low) ** 0.7 for r in radii]


def drop_radius(rng, spec: SoundSpec) -> float:
    return between(0.0007, 0.0075, 0.5 * spec.size + 0.5 * (1 - spec.pitch)) * rng.uniform(0.92, 1.08)


def tick(rng, seconds: float, cutoff: float) -> np.ndarray:
    m = dsp.samples(seconds)
    return dsp.normalise(dsp.highpass(dsp.noise(rng, m), cutoff) * dsp.decay(m, 0.7 * seconds))


def pool_drop(rng, spec: SoundSpec, radius: float, hurry: float) -> np.ndarray:
    """A drop falls into deep water: a tick, then the bubble it traps, often a second smaller one."""
    out = np.zeros(dsp.samples(0.8))
    dsp.place(out, tick(rng, 0.008, 2500), 0.0, 0.25)
    dsp.place(out, bubble(rng, radius, 0.12, 1.6 * hurry), 0.006, 1.0)
    if rng.random() < 0.6:
        dsp.place(out, bubble(rng, radius * rng.uniform(0.55, 0.8), 0.12, 1.4 * hurry), rng.uniform(0.05, 0.1) * hurry, 0.5)
    return out


def bloop(rng, spec: SoundSpec, radius: float, hurry: float) -> np.ndarray:
    """A drop in a vessel: the cavity closes slowly, so the pitch glides up by an octave."""
    m = dsp.samples(0.13 * hurry * between(0.7, 1.5, spec.size))
    x = np.linspace(0, 1, m)
    f = 2.4 / radius * 2 ** (rng.uniform(-0.9, -0.6) + 1.3 * x**1.5)
    tone = np.sin(2 * np.pi * np.cumsum(f) / dsp.SAMPLE_RATE) * np.minimum(1, x * 20) * np.exp(-4 * x) * (1 - x)
    out = np.zeros(dsp.samples(0.8))
    dsp.place(out, dsp.normalise(tone), 0.002, 1.0)
    dsp.place(out, tick(rng, 0.006, 2000), 0.0, 0.15)
    return out


def splat_drop(rng, spec: SoundSpec, radius: float, hurry: float) -> np.ndarray:
    """A drop on a wet hard floor: a splat of spray with a short thin bubble."""
    out = np.zeros(dsp.samples(0.8))
    splat = dsp.resonate(dsp.noise(rng, dsp.samples(0.06)), 2.2 / radius, 1.5) * dsp.decay(dsp.samples(0.06), 0.03 * hurry)
    dsp.place(out, dsp.normalise(splat), 0.0, 0.7)
    kit = bubble_kit(rng, 0.6 * radius, 1.0 * radius, 3, 0.1, 1.2 * hurry)
    scatter(rng, out, kit, [0.004, rng.uniform(0.02, 0.05) * hurry], [1.0, 0.5])
    return out


def water_drop(rng, spec: SoundSpec, n: int) -> np.ndarray:
    recipe = (pool_drop, bloop, splat_drop)[int(rng.choice(3, p=[0.5, 0.25, 0.25]))]
    radius, hurry = drop_radius(rng, spec), between(1.6, 0.6, spec.speed)
    out = np.zeros(n)
    if spec.action == "drip":
        dsp.place(out, recipe(rng, spec, radius, hurry), 0.0)
        return out
    start, gap = 0.0, between(0.75, 0.13, spec.speed)
    while start < 1.9:
        dsp.place(out, recipe(rng, spec, radius * rng.uniform(0.85, 1.18), 0.8 * hurry), start, rng.uniform(0.6, 1.0))
        start += gap * rng.uniform(0.75, 1.25)
    return out


def slap(rng, spec: SoundSpec, n: int, t60: float) -> np.ndarray:
    """The surface is struck: a burst of noise, darker for big things."""
    top = between(1600, 9000, spec.intensity) * between(1.5, 0.6, spec.size)
    burst = dsp.bandpass(dsp.noise(rng, n), between(500, 120, spec.size), top) * dsp.attack_decay(n, 0.003, t60)
    return dsp.normalise(burst)


def cloud(rng, spec: SoundSpec, out: np.ndarray, start: float, spread: float, count: int, gain: float) -> None:
    """Bubbles under a splash, at an exponentially falling rate."""
    biggest = between(0.004, 0.013, spec.size)
    kit = bubble_kit(rng, biggest * between(0.45, 0.16, spec.intensity), biggest, 24, 0.1, 1.3)
    starts = start + np.minimum(rng.exponential(spread, count), 4 * spread)
    scatter(rng, out, kit, starts, gain * rng.uniform(0.4, 1.0, count) * np.exp(-(starts - start) / (1.6 * spread)))


def plunge(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A body goes under: slap, then a deep cavity bubble and a cloud that boils up."""
    out = 0.8 * slap(rng, spec, n, 0.15 + 0.45 * spec.size)
    cavity = bubble(rng, between(0.008, 0.024, spec.size), 0.15, 1.3)
    dsp.place(out, cavity, 0.03 + 0.07 * spec.size, 0.7)
    cloud(rng, spec, out, 0.03, 0.06 + 0.26 * spec.size, int(40 + 60 * spec.size + 50 * spec.intensity), 0.6)
    return out


def spray(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A flat hit throws water up: slap, hissing crown, then drops that rain back."""
    length = 0.25 + 0.8 * spec.size
    out = slap(rng, spec, n, 0.12 + 0.2 * spec.size)
    crown = dsp.highpass(dsp.noise(rng, n), between(900, 2800, spec.intensity)) * dsp.smooth_curve(rng, n, 0.04, 0.4, 1.0)
    out += (0.25 + 0.3 * spec.intensity) * dsp.normalise(crown * dsp.attack_decay(n, 0.08 * length, length))
    cloud(rng, spec, out, 0.02, 0.2 * length, int(25 + 30 * spec.size), 0.45)
    starts = length * rng.beta(2, 2.5, int(15 + 35 * spec.intensity + 20 * spec.size)) * 1.3
    rain = bubble_kit(rng, between(0.0008, 0.0015, spec.size), between(0.002, 0.004, spec.size), 12, 0.05, 1.2)
    scatter(rng, out, rain, starts, 0.3 * rng.exponential(1.0, len(starts)) * np.exp(-2 * starts / length))
    return out


def plop(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A stone drops in: a short slap, one strong gulp that glides up, a few bubbles."""
    out = 0.5 * slap(rng, spec, n, 0.08 + 0.1 * spec.size)
    m = dsp.samples(between(0.09, 0.26, spec.size))
    x = np.linspace(0, 1, m)
    gulp = (
        np.sin(2 * np.pi * np.cumsum(between(480, 150, spec.size) * 2 ** (1.2 * x)) / dsp.SAMPLE_RATE) * np.sin(np.pi * x) ** 0.7
    )
    dsp.place(out, gulp * np.exp(-2 * x), 0.015, 0.9)
    cloud(rng, spec, out, 0.04, 0.05 + 0.16 * spec.size, int(12 + 20 * spec.size + 30 * spec.intensity), 0.5)
    return out


def splash(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "plop":
        return shortly(plop, rng, spec, n, 1.5)
    return shortly((plunge, spray)[int(rng.integers(2))], rng, spec, n, 2.2)


def bubbling(rng, n: int, kit: list, rate: float, flow_period: float, spread: float = 0.5) -> np.ndarray:
    """Bubbles at `rate` a second that bunches with the flow, already running at the start."""
    m = n + dsp.samples(RUN_IN)
    out = np.zeros(m)
    flow = dsp.smooth_curve(rng, m, flow_period, 0.4, 1.6)
    starts = np.nonzero(rng.random(m) < rate * flow / dsp.SAMPLE_RATE)[0] / dsp.SAMPLE_RATE
    scatter(rng, out, kit, starts, np.exp(spread * rng.standard_normal(len(starts))))
    return out[-n:]


def steady(x: np.ndarray) -> np.ndarray:
    return x / (np.std(x) + 1e-9)


def brook(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Water over stones: a babble of clearly pitched bubbles, little noise."""
    biggest = between(0.0028, 0.0085, spec.size)
    kit = bubble_kit(rng, biggest * between(0.4, 0.13, spec.intensity), biggest, 40, 0.1, 1.3)
    babble = bubbling(rng, n, kit, between(45, 170, spec.intensity), 0.15)
    bed = dsp.bandpass(dsp.noise(rng, n), between(900, 350, spec.size), between(2500, 6000, spec.intensity))
    return steady(babble) + (0.15 + 0.3 * spec.intensity) * steady(bed * dsp.smooth_curve(rng, n, 0.3, 0.6, 1.0))


def river(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A broad rush: noise whose bands drift on their own, with gurgles under it."""
    top = between(1400, 7000, spec.intensity) * between(1.4, 0.7, spec.size)
    rush = np.zeros(n)
    for low, high in ((0.06, 0.2), (0.2, 0.5), (0.5, 1.0)):
        rush += steady(dsp.bandpass(dsp.noise(rng, n), low * top, high * top)) * dsp.smooth_curve(rng, n, 0.25, 0.5, 1.0)
    biggest = between(0.005, 0.014, spec.size)
    gurgle = bubbling(rng, n, bubble_kit(rng, 0.35 * biggest, biggest, 24, 0.12, 1.2), between(35, 80, spec.intensity), 0.3)
    return steady(rush) + between(0.9, 0.45, spec.intensity) * steady(gurgle)


def tap(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A jet into a basin: steady hiss through the basin's two resonances and a dense patter of small bubbles."""
    source = dsp.noise(rng, n + dsp.samples(RUN_IN))
    f0 = between(1500, 520, spec.size) * rng.uniform(0.9, 1.1)
    basin = sum(
        steady(dsp.resonate(source, f0 * r, q))[-n:] * dsp.smooth_curve(rng, n, 0.2, 0.6, 1) for r, q in ((1, 5), (2.3, 4))
    )
    jet = dsp.highpass(source, between(1500, 3500, spec.intensity))[-n:]
    biggest = between(0.0014, 0.004, spec.size)
    patter = bubbling(rng, n, bubble_kit(rng, 0.35 * biggest, biggest, 30, 0.1, 1.0), between(80, 220, spec.intensity), 0.08)
    return 0.5 * steady(basin) + (0.15 + 0.5 * spec.intensity) * steady(jet) + 0.9 * steady(patter)


def stream(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return {"river": river, "tap": tap}.get(spec.action, brook)(rng, spec, n)


def boil(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A pot boils: a dense, even roll of round bubbles over a rumble; the lid of the water pops."""
    biggest = between(0.006, 0.016, spec.size)
    kit = bubble_kit(rng, between(0.7, 0.3, spec.intensity) * biggest, biggest, 30, 0.2, 1.0)
    roll = bubbling(rng, n, kit, between(14, 70, spec.intensity) * between(1.4, 0.7, spec.size), 0.12, 0.3)
    rumble = dsp.lowpass(dsp.noise(rng, n), between(420, 200, spec.size)) * dsp.smooth_curve(rng, n, 0.1, 0.5, 1.0)
    return steady(roll) + 0.25 * steady(rumble)


def bubble_string(rng, spec: SoundSpec, gap: float) -> np.ndarray:
    """Five to nine bubbles, each a little smaller than the last."""
    out = np.zeros(dsp.samples(9 * gap + 0.3))
    radius, shrink = between(0.007, 0.02, spec.size) * rng.uniform(0.8, 1.25), between(0.95, 0.83, spec.intensity)
    for k in range(int(rng.integers(5, 10))):
        dsp.place(out, bubble(rng, radius * shrink**k, 0.2, 1.4), gap * k * rng.uniform(0.9, 1.1), rng.uniform(0.5, 1.0))
    return out


def rising_strings(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Air let out under water: strings of bubbles that climb in pitch, all muffled."""
    m = n + dsp.samples(RUN_IN)
    out, start, gap = np.zeros(m), rng.uniform(0, 0.1), between(0.085, 0.04, spec.intensity)
    strings = [bubble_string(rng, spec, gap) for _ in range(4)]
    while start < m / dsp.SAMPLE_RATE:
        scatter(rng, out, strings, [start], [rng.uniform(0.5, 1.0)])
        start += gap * rng.uniform(5, 9) * between(1.3, 0.7, spec.intensity)
    water = dsp.lowpass(dsp.noise(rng, n), 220) * dsp.smooth_curve(rng, n, 0.5, 0.7, 1.0)
    return steady(dsp.lowpass(out, between(700, 2500, spec.intensity)))[-n:] + 0.3 * steady(water)


def thick_blops(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A cauldron of slime or mud: slow films that stretch, glide up by an octave and burst with a pop."""
    kit, base = [], between(420, 130, spec.size)
    for _ in range(14):
        x = np.linspace(0, 1, dsp.samples(between(0.09, 0.2, spec.size) * rng.uniform(0.7, 1.3)))
        f = base * 2 ** (rng.uniform(-0.4, 0.5) + (0.6 + 1.2 * spec.intensity) * rng.uniform(0.8, 1.2) * x**2)
        blop = np.sin(2 * np.pi * np.cumsum(f) / dsp.SAMPLE_RATE) * np.sin(np.pi * x) ** 0.5
        pop = strike(rng, spec, len(x), base * between(2, 6, spec.intensity), 0.3, 4, 0.2 + 0.5 * spec.intensity, 0.03)
        kit.append(
            blop + np.roll(dsp.normalise(pop), int(0.8 * len(x))) * (x > 0.79) * between(0.2, 1.5, spec.intensity) * (1 - x) * 4
        )
    simmer = dsp.bandpass(dsp.noise(rng, n), base, 4 * base * between(0.7, 2.5, spec.intensity)) * dsp.smooth_curve(
        rng, n, 0.15, 0.4, 1.0
    )
    return steady(bubbling(rng, n, kit, between(9, 26, spec.intensity), 0.25, 0.35)) + 0.22 * steady(simmer)


def bubbles(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return {"underwater": rising_strings, "cauldron": thick_blops}.get(spec.action, boil)(rng, spec, n)


FAMILIES = (
    Family(
        "water_drop",
        water_drop,
        phrases={
            "drip": (
                "a {adj} water drop", "{adj} drip of water", "a single {adj} droplet falls in water",
                "one {adj} drop of water, plink",
                "{adj} water droplet", "a {adj} raindrop plinks into a puddle",
                "{adj} bloop", "{adj} plink of liquid", "a bead of dew falls into a pond", "a tear drops into a glass",
                "a drop lands in a barrel", "a {adj} splat of water on tile", "{adj} plip",
                "a {adj} drop from a pipette", "{adj} drop into a well", "an icicle sheds a {adj} drop",
                "a bead of water rolls off a leaf into a puddle", "cartoon {adj} water drop",
                "a drop strikes the surface, ripples spread",
            ),
            "drips": (
                "{adj} dripping water", "{adj} water drops falling", "water drips, {adj}", "{adj} dripping from the ceiling",
                "{adj} drops drip into a pool", "{adj} water dripping, drip drip drip",
                "{adj} dripping pipe", "{adj} drops plinking on stone", "melting icicles drip, {adj}",
                "thawing snow drips from the eaves", "{adj} plinking drops from a damp rock",
                "rainwater drips from a gutter", "washed laundry dripping on the tiles",
                "condensation falls from a pipe", "{adj} plip, plip, plip", "coffee filter dripping into a pot",
                "{adj} beads of water falling into a bowl", "seeping mossy wall, {adj} drips",
                "liquid dribbles from a bottle", "an oar lifted out of a lake, dripping",
            ),
        },
        held_out=("a leaky faucet drips", "a droplet plops in a bucket", "moisture trickling off a stalactite"),
        shapes=frozenset({"size", "pitch", "speed"}),
    ),
    Family(
        "splash",
        splash,
        phrases={
            "splash": (
                "a {adj} splash", "something {adj} falls into water", "{adj} water splash", "a {adj} body splashes into a lake",
                "jumping into water with a {adj} splash", "{adj} splashing water, impact",
                "{adj} dunk", "a man tumbles overboard",
                "a {adj} barrel is thrown into the harbour", "a hand slaps the surface, {adj} splash",
                "a horse plunges into the river", "{adj} anchor dropped in the ocean",
                "the murderer dumps a body in the lake", "a {adj} crocodile crashes into the swamp", "{adj} belly flop",
                "a boulder crashes into the lake, throwing spray", "the player falls in the water",
                "a {adj} plunge into a canal", "a {adj} crate drops from a boat", "a paddle smacks the river",
            ),
            "plop": (
                "a {adj} stone plops into water", "{adj} plop into the water", "throwing a {adj} rock into a pond",
                "{adj} object dropped in water, plop", "a {adj} plunk in a pond",
                "a {adj} pebble drops into a well", "{adj} gulp of a sinking stone", "an apple falls in a barrel of water",
                "a {adj} plonk", "ice cube dropped in a drink", "{adj} kerplunk", "a boy tosses a {adj} pebble in the lake",
                "a turtle slides off a log into the water", "soap slips into the bathtub with a plop",
                "{adj} bloop as a marble sinks", "an acorn falls in a creek", "an angler's {adj} lead sinker goes under",
            ),
        },
        held_out=("a diver hits the pool", "a fish leaps and lands back in the sea", "somebody cannonballs off the pier"),
        shapes=frozenset({"size", "intensity"}),
        countable=True,
    ),
    Family(
        "stream",
        stream,
        phrases={
            "brook": (
                "a {adj} brook babbles", "{adj} stream of water", "a {adj} creek flows over stones", "{adj} babbling brook",
                "flowing water in a {adj} stream", "{adj} trickling stream loop",
                "a {adj} mountain spring", "water murmuring over pebbles", "{adj} burbling rill", "woodland creek",
                "clear water tumbles between rocks", "meltwater runs through a meadow",
                "a {adj} beck purls in the valley", "{adj} ditch draining a field",
            ),
            "river": (
                "a {adj} river flows", "{adj} river rushing", "{adj} rapids of a river", "rushing {adj} river water",
                "a {adj} waterfall",
                "{adj} river, flowing water ambience",
                "{adj} whitewater", "a cataract pours over a cliff", "{adj} weir", "kayaking down the rapids",
                "floodwater surges through a canyon", "{adj} torrent swollen by snowmelt", "a {adj} dam spills over",
                "salmon swim against a {adj} current",
            ),
            "tap": (
                "{adj} water runs from a tap", "a {adj} running faucet", "{adj} tap water pouring into a sink",
                "pouring {adj} water into a basin", "a {adj} jet of water fills a tub", "{adj} water pouring",
                "filling a {adj} bathtub", "{adj} kitchen sink, water on", "somebody washes their hands at a basin",
                "a jug is emptied into a bowl", "a waiter pours a {adj} drink", "a spout fills a trough",
                "household plumbing, water running", "an open spigot, {adj} flow", "filling a kettle with tap water",
                "tea is poured into a cup",
            ),
        },
        held_out=("a rivulet gurgles along", "a garden fountain", "a shower hose is turned on"),
        shapes=frozenset({"size", "intensity"}),
        loop=True,
    ),
    Family(
        "bubbles",
        bubbles,
        phrases={
            "boil": (
                "{adj} boiling water", "a {adj} pot boils", "{adj} water boiling in a kettle", "bubbling {adj} hot water",
                "{adj} boiling bubbles loop",
                "cooking pasta at a {adj} boil", "a {adj} saucepan boils over", "eggs boil in a pan", "{adj} geyser bubbling",
                "laboratory flask heated over a burner", "a {adj} beaker bubbles in the lab",
                "the chef boils potatoes", "{adj} hot spring", "steam rises from bubbling water",
            ),
            "underwater": (
                "{adj} bubbles underwater", "{adj} air bubbles rise under water", "a {adj} diver breathes out bubbles",
                "{adj} underwater bubbling", "blowing {adj} bubbles in water",
                "a scuba tank vents {adj} bubbles", "a drowning man exhales",
                "blowing through a straw into a milkshake", "submarine ballast released, bubbles rising",
                "{adj} snorkel bubbles", "a sinking bottle fills up, glug glug",
                "a {adj} trail of bubbles climbs to the surface", "{adj} gas seeps from the seabed",
                "a mermaid breathes below the surface", "{adj} jacuzzi",
            ),
            "cauldron": (
                "a {adj} cauldron bubbles", "{adj} bubbling potion", "{adj} bubbling slime", "a {adj} mud pool blubbers",
                "{adj} thick lava bubbling", "bubbling {adj} swamp",
                "the alchemist mixes a bubbling elixir", "a {adj} tar pit", "toxic sludge blubbering",
                "magma swells and pops", "{adj} radioactive goo", "thick porridge heaves in the pot",
                "a {adj} ooze monster burbles", "poisonous bog belching gas", "{adj} gloopy jelly",
                "a {adj} vat of acid bubbles",
            ),
        },
        held_out=("a simmering soup", "an aquarium air pump", "a witch's brew seethes"),
        shapes=frozenset({"size", "intensity"}),
        loop=True,
    ),
)  # fmt: skip
