"""Things that break: glass, wood, stone. Each is a fracture and then a shower of pieces, struck like small solids.

Sources: van den Doel, Kry, Pai 2001 (a break is a cascade of small impacts at a falling Poisson rate); Farnell 2010;
Wildes and Richards 1988 (loss factors: glass 0.006, wood 0.1).
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family
from .impacts import strike


def scatter(rng: np.random.Generator, out: np.ndarray, kernels: list, starts, gains) -> None:
    """Places a random one of `kernels` at every start (seconds), in place."""
    for start, gain, which in zip(starts, gains, rng.integers(len(kernels), size=len(starts))):
        dsp.place(out, kernels[which], start, gain)


def shortly(recipe, rng, spec: SoundSpec, n: int, seconds: float) -> np.ndarray:
    """A recipe worked out for its own length only, then padded to n samples."""
    out = recipe(rng, spec, min(n, dsp.samples(seconds)))
    return np.pad(out, (0, n - len(out)))


def between(low: float, high: float, where: float) -> float:
    """Geometric interpolation: low at 0, high at 1."""
    return low * (high / low) ** where


def glass_pieces(rng, spec: SoundSpec, count: int) -> list:
    """Shards: three or four ringing modes each, the lowest from 1 to 6 kHz."""
    bottom = between(3000, 1000, spec.size)
    pieces = []
    for _ in range(count):
        ratios = np.array([1, rng.uniform(1.4, 1.7), rng.uniform(2.0, 2.5), rng.uniform(2.8, 3.4)])
        t60s = rng.uniform(0.06, 0.22, 4) * (0.6 + 0.9 * spec.size)
        f0 = bottom * 2 ** rng.uniform(0, 1.3)
        pieces.append(
            dsp.modal(dsp.samples(0.25), f0 * ratios, t60s, ratios ** (2.4 * spec.intensity - 1.8), rng.uniform(0, 3, 4))
        )
    return [piece * dsp.decay(len(piece), 0.4) for piece in pieces]


def glass_crack(rng, spec: SoundSpec, n: int) -> np.ndarray:
    hiss = dsp.highpass(dsp.noise(rng, n), between(900, 3200, 0.5 * (1 - spec.size) + 0.5 * spec.intensity))
    ticks = np.abs(dsp.poisson_impulses(rng, n, 2500 * dsp.decay(n, 0.15), 1.0))
    return dsp.normalise(hiss * dsp.decay(n, 0.06 + 0.14 * spec.size)) + 0.4 * dsp.normalise(dsp.highpass(ticks, 1500))


def pane(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A pane bursts: crack, a short plate ring, shards at an exponentially falling rate."""
    ring = strike(rng, spec, n, between(1400, 380, spec.size), 0.02, 10, 0.9, 0.25)
    out = glass_crack(rng, spec, n) + 0.5 * dsp.normalise(ring)
    starts = rng.exponential(0.07 + 0.25 * spec.size, int(18 + 40 * spec.size + 25 * spec.intensity))
    starts = starts[starts < 1.7]
    scatter(rng, out, glass_pieces(rng, spec, 12), starts, 0.4 * rng.exponential(1.0, len(starts)) * np.exp(-2 * starts))
    return out


def vessel(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A bottle hits the floor: one clear knock, then a few big pieces that bounce ever faster."""
    out = 0.8 * dsp.normalise(strike(rng, spec, n, between(1900, 600, spec.size), 0.012, 10, 0.85, 0.3))
    out += 0.7 * glass_crack(rng, spec, n)
    pieces = glass_pieces(rng, spec, 8)
    for _ in range(int(5 + 5 * spec.size + 5 * spec.intensity)):
        gap = rng.uniform(0.05, 0.12) * (0.6 + 0.9 * spec.size)
        series = gap * np.cumsum(0.72 ** np.arange(int(rng.integers(3, 6)))) + rng.exponential(0.06)
        scatter(rng, out, [pieces[int(rng.integers(8))]], series, rng.uniform(0.2, 0.6) * 0.7 ** np.arange(len(series)))
    return out


def falling_sheet(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A crack, a breath of silence, then the whole sheet crashes to the floor."""
    delay = 0.1 + 0.2 * spec.size * rng.uniform(0.7, 1.3)
    out = 0.8 * glass_crack(rng, spec, n)
    crash = dsp.highpass(dsp.noise(rng, n), between(1200, 2600, spec.intensity)) * dsp.attack_decay(
        n, 0.02, 0.15 + 0.4 * spec.size
    )
    dsp.place(out, dsp.normalise(crash), delay, 0.7)
    starts = delay + rng.gamma(1.5, 0.05 + 0.1 * spec.size, int(20 + 30 * spec.size + 30 * spec.intensity))
    starts = starts[starts < 1.9]
    scatter(rng, out, glass_pieces(rng, spec, 12), starts, 0.45 * rng.exponential(1.0, len(starts)) * np.exp(-1.5 * starts))
    return out


def glass_break(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "bottle":
        return shortly(vessel, rng, spec, n, 1.6)
    return shortly((pane, falling_sheet)[int(rng.integers(2))], rng, spec, n, 2.3)


def splinters(rng, spec: SoundSpec, count: int) -> list:
    """Cracks of wood fibre: a click and four heavily damped modes between 400 Hz and 5 kHz."""
    cracks = []
    for _ in range(count):
        m = dsp.samples(0.09)
        f0 = between(950, 330, spec.size) * 2 ** rng.uniform(-0.4, 1.0)
        ratios = np.array([1, 1.7, 2.6, 3.9]) * rng.uniform(0.93, 1.07, 4)
        ring = dsp.modal(m, f0 * ratios, rng.uniform(0.02, 0.07, 4), ratios ** (1.6 * spec.intensity - 1.0), rng.uniform(0, 3, 4))
        click = dsp.lowpass(dsp.noise(rng, m), between(1800, 9000, spec.intensity)) * dsp.decay(m, rng.uniform(0.008, 0.025))
        cracks.append((dsp.normalise(ring) + 0.9 * dsp.normalise(click)) * dsp.decay(m, 0.12))
    return cracks


def break_at(rng, spec: SoundSpec, out: np.ndarray, cracks: list, start: float) -> None:
    """The fracture itself: three to six cracks within 40 ms and the two halves ringing."""
    times = start + np.concatenate(([0.0], rng.uniform(0.002, 0.045, int(rng.integers(2, 6)))))
    scatter(rng, out, cracks, times, rng.uniform(0.6, 1.2, len(times)))
    body = strike(
        rng, spec, dsp.samples(0.5), between(380, 95, spec.size), 0.1, 10, 0.3 + 0.5 * spec.intensity, 0.1 + 0.25 * spec.size
    )
    dsp.place(out, dsp.normalise(body), start, 0.7)


def snap(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A branch or stick breaks at once; torn fibres crackle after it."""
    out, cracks = np.zeros(n), splinters(rng, spec, 8)
    break_at(rng, spec, out, cracks, 0.0)
    starts = 0.03 + rng.exponential(0.05 + 0.14 * spec.size, int(4 + 10 * spec.intensity + 6 * spec.size))
    starts = starts[starts < 1.2]
    scatter(rng, out, cracks, starts, 0.35 * rng.exponential(1.0, len(starts)) * np.exp(-4 * starts))
    return out


def tear(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A plank gives way: single cracks that come faster and louder, then the break."""
    out, cracks = np.zeros(n), splinters(rng, spec, 8)
    length = 0.25 + 0.6 * spec.size * rng.uniform(0.7, 1.2)
    starts = length * np.sort(np.concatenate(([0.0], rng.random(int(7 + 14 * spec.intensity))))) ** 0.6
    scatter(rng, out, cracks, starts, rng.uniform(0.3, 0.6, len(starts)) * (0.7 + 0.6 * starts / length))
    break_at(rng, spec, out, cracks, length)
    tail = length + 0.03 + rng.exponential(0.08, 6)
    scatter(rng, out, cracks, tail, 0.25 * rng.exponential(1.0, 6))
    return out


def smash(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A crate is smashed: a dull blow and cracks, then boards clatter down."""
    out, cracks = np.zeros(n), splinters(rng, spec, 8)
    break_at(rng, spec, out, cracks, 0.0)
    thump = np.sin(2 * np.pi * between(130, 60, spec.size) * dsp.times(n)) * dsp.decay(n, 0.1 + 0.15 * spec.size)
    out += (0.3 + 0.6 * spec.size) * thump
    scatter(rng, out, cracks, rng.exponential(0.06, 10), 0.5 * rng.exponential(1.0, 10))
    f0 = between(520, 150, spec.size)
    boards = [
        strike(rng, spec, dsp.samples(0.3), f0 * rng.uniform(0.8, 1.7), 0.09, 8, 0.35 + 0.5 * spec.intensity, 0.15)
        for _ in range(4)
    ]
    starts = rng.uniform(0.08, 0.3 + 0.8 * spec.size, int(4 + 5 * spec.intensity + 4 * spec.size))
    scatter(rng, out, boards, starts, rng.uniform(0.2, 0.55, len(starts)) * np.exp(-1.2 * starts))
    return out


def wood_break(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "smash":
        return shortly(smash, rng, spec, n, 1.6)
    return shortly((snap, tear)[int(rng.integers(2))], rng, spec, n, 1.9)


def stones(rng, spec: SoundSpec, count: int, scale: float = 1.0) -> list:
    """Dry knocks of rock on rock with a little grit."""
    f0, m = scale * between(1500, 260, spec.size), dsp.samples(0.14)
    hardness = 0.35 + 0.6 * spec.intensity
    knocks = [strike(rng, spec, m, f0 * 2 ** rng.uniform(-0.6, 0.8), 0.12, 7, hardness, 0.1) for _ in range(count)]
    fade = dsp.decay(m, 0.16)
    grit = dsp.bandpass(dsp.noise(rng, m), 700, between(2500, 8000, spec.intensity)) * dsp.decay(m, 0.06)
    return [fade * (dsp.normalise(knock) + 0.4 * dsp.normalise(grit)) for knock in knocks]


def dust_and_rumble(rng, spec: SoundSpec, envelope: np.ndarray) -> np.ndarray:
    """What the single stones merge into: grit hiss above, a rolling rumble below."""
    n = len(envelope)
    rumble = dsp.bandpass(dsp.noise(rng, n), 45, between(320, 140, spec.size)) * dsp.smooth_curve(rng, n, 0.08, 0.3, 1)
    dust = dsp.bandpass(dsp.noise(rng, n), 500, between(1800, 6500, spec.intensity)) * dsp.smooth_curve(rng, n, 0.05, 0.1, 1)
    return envelope * (
        (0.15 + 0.35 * spec.size) * dsp.normalise(rumble) + between(0.15, 0.4, spec.intensity) * dsp.normalise(dust)
    )


def collapse(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A wall falls: three to six heavy blocks, each with a spray of small stones."""
    length = 0.35 + 1.1 * spec.size
    out = dust_and_rumble(rng, spec, dsp.attack_decay(n, 0.01, 0.5 + 1.4 * spec.size))
    blocks = np.concatenate(([0.0], np.sort(rng.uniform(0.06, length, int(rng.integers(2, 6))))))
    heavy, small = stones(rng, spec, 3, 0.35), stones(rng, spec, 4)
    for start in blocks:
        scatter(rng, out, heavy, [start], [rng.uniform(0.7, 1.1)])
        spray = start + rng.exponential(0.1, int(5 + 8 * spec.intensity))
        scatter(rng, out, small, spray, 0.45 * rng.exponential(1.0, len(spray)) * np.exp(-2 * (spray - start)))
    return out


def slide(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Debris slides down a slope: a dense stream of stones that swells, thins out and ends in single knocks."""
    length = 0.4 + 1.3 * spec.size
    t = dsp.times(n) / length
    envelope = np.where(t < 1, (0.35 + 0.65 * np.sin(np.pi * np.minimum(t, 1)) ** 0.7), 0.35 * np.exp(-9 * (t - 1)))
    out = 0.7 * dust_and_rumble(rng, spec, envelope)
    many = length * rng.beta(1.3, 1.8, int(30 + 40 * spec.intensity + 20 * spec.size))
    starts = np.concatenate(([0.0], many, length * rng.uniform(0.9, 1.2, 4)))
    gains = 0.6 * np.clip(rng.exponential(1.0, len(starts)), 0.1, 2.5) * np.exp(-0.5 * starts / length)
    gains[0] = 0.9
    scatter(rng, out, stones(rng, spec, 6), starts, gains)
    return out


def rubble(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return shortly(slide if spec.action == "slide" else collapse, rng, spec, n, 1.1 + 1.4 * spec.size)


BOTH = frozenset({"size", "intensity"})

FAMILIES = (
    Family(
        "glass_break",
        glass_break,
        phrases={
            "window": (
                "a {adj} window shatters", "{adj} glass breaks", "{adj} glass smashes into shards",
                "breaking a {adj} window pane", "{adj} glass shatter, shards falling", "{adj} window break",
                "a {adj} sheet of glass bursts to pieces", "a stone is thrown through a {adj} window",
                "a burglar breaks in through the window", "{adj} shop front smashed", "a {adj} windscreen bursts",
                "greenhouse roof breaks", "tinkling {adj} shards", "a football crashes through a {adj} window",
                "{adj} glazing crashes down", "car window bashed in", "a {adj} glass door breaks",
                "fragments of a {adj} skylight fall", "stained glass crashes to the floor",
                "stunt man leaps through a {adj} window", "rioters smash a {adj} storefront",
                "{adj} glass panel cracks and drops out",
            ),
            "bottle": (
                "a {adj} bottle breaks on the floor", "{adj} bottle smash", "a dropped {adj} drinking glass breaks",
                "{adj} glass jar shatters", "breaking {adj} bottle, glass pieces bouncing", "smashing a {adj} glass bottle",
                "a {adj} wine glass falls and breaks", "{adj} beer bottle thrown at a wall", "dropped {adj} tumbler shatters",
                "lightbulb smashed", "a {adj} potion flask breaks", "a waiter drops a tray of glasses",
                "a {adj} jug falls off the shelf and breaks", "{adj} lantern smashed on the ground",
                "tavern fight, {adj} bottle breaks over a head", "test tube breaks in the lab",
                "a {adj} christmas ornament shatters", "jam jar slips and breaks", "{adj} glassware smashed on tiles",
            ),
        },
        held_out=("a mirror is smashed to pieces", "a crystal vase shatters", "broken pane splinters everywhere"),
        shapes=BOTH,
    ),
    Family(
        "wood_break",
        wood_break,
        phrases={
            "snap": (
                "a {adj} wooden stick snaps", "{adj} wood cracks and splinters", "a {adj} branch breaks",
                "{adj} plank snaps in two", "breaking a {adj} wooden board", "{adj} wood snap, splintering",
                "a {adj} wooden beam gives way and cracks", "snapping {adj} kindling", "a {adj} log splits",
                "{adj} tree trunk breaks", "a tree falls with a {adj} crack", "broomstick breaks over a knee", "{adj} oar snaps",
                "a ship's {adj} mast breaks", "the bridge gives way", "a {adj} pencil breaks", "{adj} bamboo cracks",
                "an axe splits firewood", "a giant snaps a {adj} sapling", "the {adj} spear shaft breaks", "fence rail cracking",
                "ladder rung snaps", "{adj} bough tearing off",
            ),
            "smash": (
                "a {adj} wooden crate is smashed to pieces", "{adj} wooden crate break", "a {adj} barrel bursts into planks",
                "destroying a {adj} wooden box", "{adj} wood debris, planks breaking", "{adj} wooden furniture is destroyed",
                "a hero smashes a {adj} crate", "a {adj} door is kicked in", "chopping up a {adj} table",
                "a {adj} bookcase is demolished", "battering ram smashes a {adj} barricade", "cabinet thrown off a balcony",
                "a {adj} wagon crashes to bits", "{adj} pallet crushed by a truck", "treasure chest hacked apart",
                "ship hull breaks on a reef", "a monster tramples a {adj} cart", "{adj} hut torn down",
                "crushing a {adj} wooden shield", "tearing {adj} boards off a wall",
            ),
        },
        held_out=("a twig is broken in half", "timber fractures with a crack", "a chair gets wrecked into splinters"),
        shapes=BOTH,
    ),
    Family(
        "rubble",
        rubble,
        phrases={
            "collapse": (
                "a {adj} stone wall collapses", "{adj} rubble falling", "{adj} bricks crumble and fall",
                "collapse of {adj} rocks", "a {adj} building crumbles into rubble", "{adj} stone collapse, debris",
                "a house is demolished", "{adj} tower topples", "ceiling comes down", "castle wall breached",
                "a {adj} chimney crashes to the ground", "{adj} concrete breaking apart",
                "wrecking ball knocks down a {adj} building", "{adj} earthquake damage", "{adj} blocks crash down",
                "temple columns fall", "a {adj} mine shaft gives way", "dumping a {adj} pile of bricks",
                "dust and {adj} debris after a demolition", "a {adj} statue falls apart", "catapult brings down a fortress",
            ),
            "slide": (
                "a {adj} rock slide", "{adj} stones tumble down a slope", "{adj} landslide of rocks",
                "{adj} rock debris sliding down", "falling {adj} rocks, rockfall", "a {adj} heap of stones slides",
                "{adj} scree slides down the mountain", "a {adj} cliff gives way", "pebbles pour down a bank",
                "a truck dumps {adj} gravel", "{adj} stones roll downhill", "slipping shale",
                "climbers set off a {adj} rock fall", "coal pours from a chute", "tipping out a {adj} load of stones",
                "earth and {adj} rocks on the move", "the hillside breaks loose", "{adj} debris flow",
                "rocks rolling into the valley", "{adj} slip of a quarry bank",
            ),
        },
        held_out=("masonry tumbles down", "an avalanche of boulders", "the ruin caves in"),
        shapes=BOTH,
    ),
)  # fmt: skip
