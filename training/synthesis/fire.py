"""Fire: steady burning and sudden flames.

Source: Farnell 2010 (fire = lapping of 30 to 140 Hz + hiss above 1 kHz with squared slow modulation
+ Poisson crackles of 1 to 30 ms).
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .breaking import between, scatter, shortly
from .family import Family


def steady(x: np.ndarray) -> np.ndarray:
    return x / (np.std(x) + 1e-9)


def crackle_kit(rng, spec: SoundSpec, count: int) -> list:
    """Snaps of wood and sap: 2 to 20 ms of resonant noise; a few are deep pops."""
    kit = []
    for _ in range(count):
        m = dsp.samples(rng.uniform(0.003, 0.02) * between(0.7, 1.5, spec.size))
        centre = between(900, 3200, 0.6 * spec.intensity + 0.4 * (1 - spec.size)) * 2 ** rng.uniform(-0.8, 1.2)
        snap = dsp.resonate(dsp.noise(rng, m), centre, 1.5) * dsp.decay(m, m / dsp.SAMPLE_RATE)
        kit.append(dsp.normalise(snap))
    return kit


def crackles(rng, spec: SoundSpec, n: int, rate: float) -> np.ndarray:
    """Crackles in bunches: the rate wanders, the loudness is log-normal."""
    curve = rate * dsp.smooth_curve(rng, n, 0.35, 0.2, 1.8)
    starts = np.nonzero(rng.random(n) < curve / dsp.SAMPLE_RATE)[0] / dsp.SAMPLE_RATE
    out = np.zeros(n)
    scatter(rng, out, crackle_kit(rng, spec, 16), starts, np.exp(0.8 * rng.standard_normal(len(starts))))
    return out


def lapping(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Flames licking: a low band that flutters."""
    band = dsp.bandpass(dsp.noise(rng, n), 40, between(420, 150, spec.size))
    return steady(band * dsp.smooth_curve(rng, n, 0.12, 0.25, 1.0))


def campfire(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Logs: crackles in front, lapping and a thin hiss behind."""
    hiss = dsp.highpass(dsp.noise(rng, n), 1500) * dsp.smooth_curve(rng, n, 0.25, 0.1, 1.0) ** 2
    front = crackles(rng, spec, n, between(9, 55, spec.intensity))
    return steady(front) + between(0.15, 0.8, spec.size) * lapping(rng, spec, n) + 0.12 * steady(hiss)


def blaze(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A house burns: a broad roar in gusts, lapping below, crackles spread through it."""
    top = between(350, 1800, spec.intensity) * between(1.4, 0.7, spec.size)
    roar = dsp.bandpass(dsp.noise(rng, n), 70, top) * dsp.smooth_curve(rng, n, 0.2, 0.35, 1.0)
    front = crackles(rng, spec, n, between(12, 60, spec.intensity))
    return (
        steady(roar) + between(0.3, 1.0, spec.size) * lapping(rng, spec, n) + between(0.35, 0.9, spec.intensity) * steady(front)
    )


def torch(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A flame in moving air: it flaps 6 to 14 times a second; few crackles."""
    rate = between(14, 6, spec.size) * dsp.smooth_curve(rng, n, 0.3, 0.7, 1.3)
    flap = np.maximum(0, dsp.oscillator(rate) + dsp.smooth_curve(rng, n, 0.15, -0.4, 0.6)) ** 1.5
    band = dsp.bandpass(dsp.noise(rng, n), between(160, 60, spec.size), between(450, 2000, spec.intensity))
    front = crackles(rng, spec, n, between(5, 25, spec.intensity))
    return steady(band * (0.15 + flap)) + 0.4 * lapping(rng, spec, n) + between(0.3, 0.7, spec.intensity) * steady(front)


def fire(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return {"blaze": blaze, "torch": torch}.get(spec.action, campfire)(rng, spec, n)


def roar(rng, spec: SoundSpec, envelope: np.ndarray, flutter: float) -> np.ndarray:
    """Burning gas: low noise that flutters `flutter` times a second, with a brighter breath on its loud moments."""
    n = len(envelope)
    wobble = dsp.smooth_curve(rng, n, 1 / flutter, 0.25, 1.0)
    low = dsp.bandpass(dsp.noise(rng, n), between(110, 55, spec.size), between(800, 280, spec.size))
    breath = dsp.bandpass(dsp.noise(rng, n), 400, between(1200, 6000, spec.intensity) * between(1.3, 0.8, spec.size))
    return envelope * (steady(low) * wobble + between(0.2, 1.0, spec.intensity) * steady(breath) * wobble**2)


def sparks(rng, spec: SoundSpec, out: np.ndarray, length: float) -> None:
    """Crackles that thin out after the flame."""
    count = int(between(7, 35, spec.intensity))
    starts = length * rng.beta(1.2, 1.8, count)
    scatter(rng, out, crackle_kit(rng, spec, 10), starts, 0.6 * np.exp(0.6 * rng.standard_normal(count)) * np.max(np.abs(out)))


def ignite(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Gas catches: a soft low whoomp within 60 ms, then the flame dies down crackling."""
    length = between(0.4, 1.5, spec.size) * rng.uniform(0.85, 1.15)
    t = dsp.times(n)
    swell = dsp.decay(n, length) * np.minimum(1, 0.2 + t / rng.uniform(0.04, 0.09))
    out = roar(rng, spec, swell, 14)
    thump = np.sin(2 * np.pi * np.cumsum(45 + between(90, 40, spec.size) * np.exp(-t * 9)) / dsp.SAMPLE_RATE)
    out += 1.5 * thump * dsp.decay(n, 0.4 * length) * np.minimum(1, t / 0.04)
    sparks(rng, spec, out, 0.8 * length)
    return out


def fireball(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A ball of flame is hurled: the roar rises, flaps by and falls, trailing crackles."""
    length = between(0.45, 1.5, spec.size) * rng.uniform(0.85, 1.15)
    x = np.minimum(dsp.times(n) / length, 1.0)
    peak = rng.uniform(0.25, 0.4)
    swell = np.where(x < peak, 0.2 + 0.8 * np.sin(np.pi / 2 * x / peak), np.exp(-4.5 * (x - peak)) * (1 - x) / (1 - peak))
    out = roar(rng, spec, swell, between(22, 11, spec.size))
    sparks(rng, spec, out, 0.95 * length)
    return out


def thrower(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A flamethrower: a hiss of fuel and a steady roar under pressure that is cut off and burns out."""
    length = between(0.5, 1.5, spec.size) * rng.uniform(0.85, 1.15)
    t = dsp.times(n)
    envelope = np.minimum(1, 0.25 + t / 0.08) * np.where(t < length, 1.0, np.exp(-18 * (t - length)))
    out = roar(rng, spec, envelope, 25)
    jet = dsp.bandpass(dsp.noise(rng, n), 1800, between(3500, 9000, spec.intensity))
    out += between(0.1, 0.5, spec.intensity) * steady(jet) * envelope * dsp.smooth_curve(rng, n, 0.1, 0.6, 1.0)
    sparks(rng, spec, out, length)
    return out


def flame_burst(rng, spec: SoundSpec, n: int) -> np.ndarray:
    recipe = {"fireball": fireball, "thrower": thrower}.get(spec.action, ignite)
    return shortly(recipe, rng, spec, n, 0.9 + 1.5 * spec.size)


BOTH = frozenset({"size", "intensity"})

FAMILIES = (
    Family(
        "fire",
        fire,
        phrases={
            "campfire": (
                "a {adj} fire crackles", "{adj} campfire", "crackling {adj} logs", "a {adj} fireplace burns",
                "{adj} crackling fire loop",
                "burning {adj} wood",
                "logs pop and snap in the {adj} fire", "embers crackling", "a {adj} wood stove",
                "campers sit around a {adj} fire at night", "twigs smoulder and spit", "{adj} kindling crackles",
                "scouts roast marshmallows over flames", "dry pine branches burn", "charcoal barbecue, {adj} crackle",
                "cosy tavern fireplace", "{adj} sap popping in the flames",
            ),
            "blaze": (
                "a {adj} fire burns", "a {adj} house on fire", "{adj} burning building", "{adj} forest fire",
                "roaring {adj} fire",
                "{adj} raging flames, burning",
                "wildfire spreads through the trees", "a {adj} burning village", "the barn goes up in {adj} flames",
                "flames devour the roof", "firefighters face a {adj} blaze", "{adj} conflagration", "a {adj} furnace roars",
                "burning car wreck", "the pirate ship burns to ashes", "{adj} bushfire",
                "arson, a warehouse in {adj} flames", "hellfire",
            ),
            "torch": (
                "a {adj} torch burns", "{adj} torch flame flutters", "{adj} burning torch loop", "a {adj} flame flickers",
                "flickering {adj} torch fire",
                "an adventurer carries a {adj} torch", "{adj} torch flapping in the breeze",
                "medieval wall sconce burning", "{adj} tiki torch", "waving a {adj} firebrand",
                "a candle gutters in the breeze", "oil lamp sputtering", "the explorer holds a flaming stick",
                "a monk holds up a torch", "{adj} lantern flame wavers",
            ),
        },
        held_out=("a bonfire glows", "an inferno keeps raging", "the hearth is lit and warm"),
        shapes=BOTH,
        loop=True,
    ),
    Family(
        "flame_burst",
        flame_burst,
        phrases={
            "ignite": (
                "a {adj} flame ignites", "{adj} fire ignition", "gas ignites with a {adj} burst of flame",
                "a {adj} fire flares up",
                "{adj} flame burst", "lighting a {adj} fire, whoomp",
                "a gas stove lights with a whoomp", "{adj} fwoosh of fire", "fuel vapour flashes into flame",
                "a {adj} match flares up", "grease fire in a frying pan", "{adj} backdraft",
                "the burner starts with a {adj} puff", "stage pyrotechnics", "a trap triggers a pillar of fire",
                "curtains burst into {adj} flames", "{adj} flash fire",
            ),
            "fireball": (
                "a {adj} fireball is cast", "{adj} fireball spell", "throwing a {adj} fireball", "a {adj} ball of fire flies",
                "{adj} fire magic, burst of flames",
                "a fireball scorches the goblins", "{adj} flaming projectile", "a mage casts a {adj} fire bolt",
                "a sorceress attacks with fire", "{adj} fire spell attack", "a catapult sends a burning ball",
                "a phoenix swoops by in flames", "the demon spits a {adj} fireball",
                "incendiary missile trailing sparks", "a {adj} flaming meteor streaks by",
            ),
            "thrower": (
                "a {adj} flamethrower", "{adj} flamethrower burst", "a dragon breathes {adj} fire", "{adj} jet of flame",
                "spraying {adj} flames", "{adj} dragon fire breath",
                "a soldier burns a bunker with a flamethrower", "{adj} gas jet burning under pressure",
                "a circus fire-eater spits {adj} flames", "hot-air balloon burner with a roar",
                "a wyvern scorches the ground", "the hydra exhales {adj} fire", "{adj} industrial burner",
                "napalm sprayed from a nozzle", "{adj} incinerator jet", "a salamander's {adj} fiery breath",
                "flames shoot from a wall trap",
            ),
        },
        held_out=("petrol catches alight", "a pyromancer hurls a blazing orb", "a blowtorch is lit"),
        shapes=BOTH,
        countable=True,
    ),
)  # fmt: skip
