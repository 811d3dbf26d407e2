"""Doors and what belongs to them: slam, knock, creak, lock, chain.

Sources: Farnell 2010 (creak: stick-slip pulses into wooden modes); Cook 1997 (PhISEM: many small metal collisions).
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family
from .impacts import burst, mix, strike, thump


def metal_click(rng, f0: float, t60: float, bright: float) -> np.ndarray:
    """A small steel part snaps: three to five short high modes and a tick of noise."""
    ratios = np.array([1, 1.58, 2.31, 3.4, 4.7]) * (1 + 0.05 * rng.standard_normal(5))
    m = dsp.samples(1.1 * t60 + 0.01)
    body = dsp.modal(m, f0 * ratios, t60 / ratios**0.4, bright ** np.arange(5) * rng.uniform(0.5, 1, 5), np.full(5, 0.6))
    return mix(m, dsp.normalise(body), 0.5 * burst(rng, f0, f0 * (2 + 4 * bright), 0.008))


def door(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return {"slam": slam, "close": close, "open": opening}[spec.action or "slam"](rng, spec, n)


def panel(rng, spec: SoundSpec, hardness: float) -> np.ndarray:
    """The leaf meets the frame."""
    f0 = rng.uniform(60, 85) * (1.9 - 1.2 * spec.size)
    return strike(rng, spec, dsp.samples(0.7), f0, 0.07, 18, hardness, 0.25 + 0.3 * spec.size)


def slam(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A bang with the room's air behind it: either the panel booms, or the frame rattles after it."""
    hard = 0.2 + 0.55 * spec.intensity
    length = (0.22 + 0.35 * spec.size) * (0.8 + 0.4 * spec.intensity)
    boom = burst(rng, 50, 190 * (1.6 - 0.9 * spec.size), length)
    crack = burst(rng, 250, 900 + 4500 * spec.intensity, 0.06 + 0.05 * spec.size)
    out = mix(n, panel(rng, spec, hard), (0.6 + 0.6 * spec.size) * boom, (0.3 + 0.7 * spec.intensity) * crack)
    if rng.random() < 0.5:
        return dsp.saturate(out + mix(n, thump(rng, rng.uniform(45, 65), length)), 1.8)
    rattle = panel(rng, spec, hard)
    for start in np.cumsum(rng.uniform(0.025, 0.07, 2 + int(3 * spec.intensity))):
        dsp.place(out, rattle, start, 0.45 * np.exp(-start / 0.12))
        dsp.place(out, metal_click(rng, rng.uniform(1200, 2400), 0.06, 0.7), start, 0.25 * np.exp(-start / 0.12))
    return out


def close(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A soft thud and the latch that snaps in; or the latch strikes first and the leaf follows."""
    thud = mix(n, panel(rng, spec, 0.1 + 0.3 * spec.intensity), 0.5 * burst(rng, 60, 350, 0.12))
    out, gap = np.zeros(n), rng.uniform(0.03, 0.09)
    latch_first = rng.random() < 0.4
    dsp.place(out, thud, gap if latch_first else 0.0, 1.0)
    f0, level = rng.uniform(1300, 2300) * (1.3 - 0.6 * spec.size), 0.25 + 0.45 * spec.intensity
    for i in range(2):
        start = i * rng.uniform(0.02, 0.05) + (0.0 if latch_first else gap)
        dsp.place(out, metal_click(rng, f0, 0.05, 0.4 + 0.5 * spec.intensity), start, level * (1 - 0.3 * i))
    return out


def opening(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """The handle turns and the latch springs back, then the leaf moves the air; a stuck leaf pops from its frame."""
    out, f0 = np.zeros(n), rng.uniform(1400, 2400) * (1.3 - 0.6 * spec.size)
    for start in np.cumsum([0.0, *rng.uniform(0.04, 0.12, 2)]):
        dsp.place(out, metal_click(rng, f0, 0.05, 0.4 + 0.5 * spec.intensity), start, rng.uniform(0.5, 1.0))
    if rng.random() < 0.5:
        dsp.place(out, panel(rng, spec, 0.15 + 0.3 * spec.intensity), start + 0.02, 0.7)
    m = dsp.samples(0.3 + 0.3 * spec.size)
    air = dsp.bandpass(dsp.noise(rng, m), 180, 450 + 700 * spec.intensity, 2) * np.sin(np.pi * np.linspace(0, 1, m)) ** 2
    dsp.place(out, dsp.normalise(air), start, 0.4)
    return out


def knock(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A knuckle on a solid leaf, or on a hollow one whose inside answers."""
    f0, hard = rng.uniform(150, 200) * (1.7 - 1.1 * spec.size), 0.25 + 0.5 * spec.intensity
    bone = (0.2 + 0.6 * spec.intensity) * burst(rng, 500, 1200 + 3000 * spec.intensity, 0.018)
    if rng.random() < 0.5:
        return mix(n, strike(rng, spec, dsp.samples(0.3), f0, 0.1, 12, hard, 0.08 + 0.1 * spec.size), bone)
    cavity = f0 * np.array([0.75, 1.59, 2.14, 2.9]) * rng.uniform(0.97, 1.03, 4)
    t60 = (0.1 + 0.12 * spec.size) * np.array([1, 0.7, 0.55, 0.4])
    gains = (0.3 + 0.5 * spec.intensity) ** np.arange(4)
    return mix(n, dsp.normalise(dsp.modal(dsp.samples(0.3), cavity, t60, gains, np.full(4, 0.4))), 0.8 * bone)


def creak(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Stick-slip: pulses whose rate arches up and down ring wooden modes. A hinge groans or squeals, a board cracks slowly."""
    board = spec.action == "floorboard"
    seconds = (rng.uniform(0.35, 0.5) if board else rng.uniform(0.6, 0.9)) * (0.7 + 0.6 * spec.size) * (1.5 - spec.speed)
    m = min(n, dsp.samples(seconds))
    squeal = not board and rng.random() < 0.4
    centre = (38 if board else 260 if squeal else 85) * 4 ** (spec.pitch - 0.5) * 2 ** (spec.speed - 0.5)
    arch = 0.75 + 0.5 * np.sin(np.pi * np.linspace(0, 1, m)) + dsp.smooth_curve(rng, m, 0.25, -0.25, 0.25)
    jitter = 1 + (0.04 if squeal else 0.15) * np.repeat(rng.standard_normal(m // 200 + 1), 200)[:m]
    phase = 0.9 + np.cumsum(centre * arch * jitter) / dsp.SAMPLE_RATE
    pulses = np.maximum(np.diff(np.floor(phase), prepend=0.0), 0) * dsp.smooth_curve(rng, m, 0.12, 0.4, 1.0)
    return mix(n, creak_body(rng, spec, pulses, 0.05 if board else 0.012 if squeal else 0.035) * fade(m))


def creak_body(rng, spec: SoundSpec, pulses: np.ndarray, t60: float) -> np.ndarray:
    """The leaf or the board that answers every slip; the shorter t60, the more the slips themselves are heard."""
    f0 = rng.uniform(330, 420) * (0.7 if t60 > 0.04 else 1.2) * 2 ** (1.2 * (0.5 - spec.size)) * 2 ** (1.5 * (spec.pitch - 0.5))
    modes = f0 * np.array([1, 1.83, 2.9, 4.3, 6.2]) * rng.uniform(0.95, 1.05, 5)
    gains = (0.45 + 0.5 * spec.intensity) ** np.arange(5)
    ring = dsp.modal(dsp.samples(0.06), modes, np.full(5, t60), gains, np.full(5, 0.5))
    return dsp.convolve(pulses, ring)


def fade(m: int, seconds: float = 0.08) -> np.ndarray:
    return np.clip((m - np.arange(m)) / (seconds * dsp.SAMPLE_RATE), 0, 1)


def lock(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """key: pins tick, then the bolt clunks; bolt: it slides and hits its stop; padlock: the shackle snaps shut and rings."""
    out, f0 = np.zeros(n), rng.uniform(1500, 2000) * 2 ** (1.6 * (0.5 - spec.size))
    bright, t60 = 0.35 + 0.55 * spec.intensity, 0.05 + 0.06 * spec.size
    clunk = mix(dsp.samples(0.3), metal_click(rng, f0, 2 * t60, bright), 0.6 * metal_click(rng, 0.4 * f0, t60, bright))
    end = 0.0
    if spec.action == "key":
        for start in np.cumsum([0.0, *rng.uniform(0.03, 0.07, int(rng.integers(3, 6)))]) * (1.6 - 1.2 * spec.speed):
            dsp.place(out, metal_click(rng, 1.7 * f0 * rng.uniform(0.9, 1.1), 0.6 * t60, bright), start, rng.uniform(0.3, 0.55))
        end = start + rng.uniform(0.06, 0.1)
    elif spec.action == "bolt":
        m = dsp.samples(rng.uniform(0.14, 0.25) * (1.6 - 1.2 * spec.speed))
        rub = dsp.resonate(dsp.noise(rng, m) * dsp.smooth_curve(rng, m, 0.015, 0.2, 1), 1.3 * f0, 3.0)
        dsp.place(out, mix(m, 0.3 * dsp.normalise(rub), 0.3 * metal_click(rng, 1.4 * f0, 0.5 * t60, bright)), 0.0)
        end = m / dsp.SAMPLE_RATE
    elif rng.random() < 0.7:
        dsp.place(out, metal_click(rng, 1.5 * f0, 0.5 * t60, bright), 0.0, 0.4)
        end = rng.uniform(0.05, 0.1) * (1.6 - 1.2 * spec.speed)
    dsp.place(out, clunk, end)
    dsp.place(out, clunk, end + rng.uniform(0.03, 0.06), 0.45)
    return out


def chain(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Links that hit each other: shaken in bursts, or falling on a heap, dense first and then fewer."""
    falls = spec.action == "drop"
    m = min(n, dsp.samples((rng.uniform(0.5, 0.7) + 0.7 * spec.size) * (1.3 - 0.5 * spec.speed)))
    t = np.linspace(0, 1, m)
    swing = np.abs(np.cos(np.pi * (2 + 4 * spec.speed) * t * m / dsp.SAMPLE_RATE)) ** 1.5
    curve = (1 - t) ** 1.2 if falls else (0.15 + 0.85 * swing) * np.clip((1 - t) / 0.15, 0, 1)
    hits = dsp.poisson_impulses(rng, m, (35 + 90 * spec.intensity) * curve, 0.6) * np.sqrt(curve)
    hits[int(rng.integers(0, 40))] = 2.0
    out, kind = np.zeros(n), rng.integers(0, 5, m)
    f0 = rng.uniform(1500, 2000) * 2 ** (1.8 * (0.5 - spec.size))
    for i in range(5):
        link = metal_click(rng, f0 * rng.uniform(0.75, 1.6), 0.09 + 0.08 * spec.size, 0.45 + 0.5 * spec.intensity)
        dsp.place(out, dsp.convolve(np.pad(hits * (kind == i), (0, len(link))), link), 0.0)
    return out


# fmt: off
DOOR = {
    "slam": ("a {adj} wooden door slams", "{adj} door slam", "door bangs shut, {adj}", "slamming a {adj} door",
             "a {adj} door is slammed shut", "an angry man throws the {adj} door shut",
             "{adj} bedroom door slamming behind somebody", "a draught blows a {adj} door shut",
             "{adj} slam that rattles the frame", "a teenager storms out and slams the door", "dungeon door crashes shut",
             "barn door slam", "a {adj} door crashing into its frame", "kicking a {adj} door shut",
             "a {adj} front door is thrown shut in rage"),
    "close": ("a {adj} door closes", "{adj} door close", "closing a {adj} door", "a {adj} door clicks shut",
              "somebody shuts a {adj} door", "{adj} click of a latch as the door closes", "the cupboard is shut",
              "pulling a {adj} door to", "the door falls shut behind a guest", "butler shutting the parlour",
              "{adj} closet shutting", "leaving the house and closing the {adj} door", "{adj} door latch catches",
              "pushing a {adj} wardrobe shut"),
    "open": ("a {adj} door opens", "{adj} door open", "opening a {adj} door", "somebody opens a {adj} door",
             "door handle and a {adj} door opening", "turning the knob of a {adj} door", "{adj} door unlatched and pulled open",
             "a guest enters through a {adj} door", "pushing open a door", "a {adj} stuck door pops free",
             "the maid opens the wardrobe", "a thief opens the cellar", "{adj} latch released, door pushed ajar",
             "pulling open a {adj} cupboard", "entering by the {adj} front door"),
}
KNOCK = ("a {adj} knock on a door", "{adj} knock at the door", "knocking on a {adj} wooden door",
         "somebody knocks on a {adj} door", "{adj} door knock", "knuckles knock on a {adj} door",
         "the postman knocks on a {adj} door", "{adj} knuckle on a front door", "somebody is at the door, {adj} knock",
         "a neighbour knocks", "{adj} thump on the cabin door", "police pound on a {adj} door",
         "a {adj} bump of knuckles against hollow wood", "hotel maid knocks", "a courier delivers a parcel and knocks",
         "{adj} knock at the bedroom", "{adj} knock on the office door by an inspector", "stranger at the cottage door",
         "{adj} knock, may i come in", "a ghost knocks on the wardrobe", "{adj} knock of a salesman", "{adj} hand hits the door",
         "trick or treat, a child knocks", "{adj} hammering on a locked door", "a soldier bumps the door with his elbow",
         "{adj} knock of the landlord who wants his rent", "asking to be let in, a {adj} knock", "bony knuckles on a coffin lid",
         "a {adj} thud on the wooden hatch", "{adj} polite knock", "unexpected {adj} knock in a horror film",
         "a friend knocks at the inn", "someone wants to enter, {adj} knock on wood",
         "the messenger knocks at a {adj} castle door", "knocking to bring breakfast", "{adj} secret knock of a spy")
CREAK = {
    "hinge": ("a {adj} door creaks", "creaking of a {adj} door", "{adj} door hinge creak", "a {adj} rusty hinge squeaks",
              "old door creaks, {adj}", "squeaky hinges", "an unoiled door moves with a {adj} squeal", "{adj} haunted house door",
              "a cupboard squeaks", "the attic door whines", "{adj} squeak of a vampire's coffin", "{adj} creaking shutter",
              "parched hinge squealing", "horror film door, {adj} creak", "{adj} screech of a cellar door",
              "pushing a {adj} creaky door", "a treasure chest lid creaks", "worn hinge in need of oil",
              "a {adj} wardrobe squeaks as it is pulled"),
    "floorboard": ("a {adj} floorboard creaks", "{adj} wooden floor creak", "creaking {adj} floorboard",
                   "{adj} creak of old wood", "old wood creaks, {adj}", "a {adj} stair creaks", "creaky {adj} attic floor",
                   "a {adj} loose board complains", "the ship's hull creaks", "{adj} bed frame creak",
                   "{adj} timber creaks under strain", "the house settles and creaks", "a pirate ship's mast creaks",
                   "{adj} parquet creak", "somebody shifts on a bench, {adj} creak", "{adj} wooden bridge creaks",
                   "strained {adj} joists", "{adj} creak from the rafters"),
}
LOCK = {
    "key": ("a {adj} key turns in a lock", "{adj} unlocking with a key", "turning a {adj} key in a lock", "{adj} key lock click",
            "unlocking the {adj} front door", "{adj} key inserted and turned", "a jailer unlocks the cell",
            "picking a {adj} lock", "{adj} pins click in a keyhole", "the treasure chest is unlocked", "locking up the shop",
            "a janitor turns a {adj} key", "a burglar works on the tumblers"),
    "bolt": ("a {adj} door bolt slides shut", "{adj} bolt lock", "bolting a door, {adj}", "a {adj} lock bolt clicks",
             "sliding a {adj} bar across the door", "{adj} slide bolt drawn back", "a prison cell is bolted",
             "{adj} metal bolt scrapes and clunks", "stable door bolted", "a {adj} bolt shoots home",
             "toilet cubicle bolt, {adj} clack", "dungeon bolt slides into place", "barring the hatch"),
    "padlock": ("a {adj} padlock clicks shut", "{adj} padlock snap", "closing a {adj} padlock", "{adj} lock click",
                "snapping a {adj} padlock onto a locker", "{adj} shackle snaps in", "a {adj} padlock is locked on a shed",
                "bike lock snaps closed", "{adj} handcuffs click", "suitcase clasp snaps", "locking a {adj} toolbox",
                "{adj} brass padlock clack", "spring-loaded catch of a {adj} padlock"),
}
CHAIN = {
    "rattle": ("a {adj} chain rattles", "{adj} chain rattle", "rattling {adj} chains", "shaking a {adj} metal chain",
               "{adj} chains clink", "a ghost shakes its {adj} chains", "{adj} dungeon chains", "somebody shakes an anchor chain",
               "dragging a {adj} chain along", "{adj} bicycle chain being shaken", "the drawbridge chains shake",
               "a captive tugs at {adj} chains", "jerking a {adj} chain", "{adj} chain mail movement", "handcuffs rattling",
               "a {adj} hoist chain rattles", "{adj} clinking of a chained beast", "tinkling {adj} necklace",
               "the swing hangs on {adj} rattling chains", "a chained monster pulls at the wall"),
    "drop": ("a {adj} chain drops on the floor", "{adj} chain drop", "dropping a {adj} metal chain",
             "{adj} chains fall in a heap", "an anchor chain falls on deck", "a {adj} chain lands on a pile",
             "letting a {adj} chain fall", "{adj} chains dumped on concrete", "a sailor lets go of the chain",
             "a {adj} chain slips off the table", "{adj} chain pours onto the ground", "throwing down a {adj} chain",
             "the chain collapses into a coil", "{adj} tow chain hits the garage floor", "a biker throws his {adj} chain down",
             "unwound {adj} chain tumbles from a pulley", "broken handcuffs drop to the ground"),
}
UNHEARD_DOOR = ("a gate bangs", "an oak portal is swung to", "an entrance swings wide")
UNHEARD_KNOCK = ("a visitor raps at the entrance", "rapping on an oak panel", "tapping at the gate with a fist")
UNHEARD_CREAK = ("an ancient gate groans open", "a rocking chair groans", "a plank groans under weight")
UNHEARD_LOCK = ("a latch is fastened", "a safe is made secure", "the deadbolt engages")
UNHEARD_CHAIN = ("iron shackles jingle", "a prisoner's fetters clatter", "steel links jangle")
TWO, THREE = frozenset({"size", "intensity"}), frozenset({"size", "intensity", "speed"})
FAMILIES = (
    Family("door", door, DOOR, UNHEARD_DOOR, TWO),
    Family("knock", knock, {"": KNOCK}, UNHEARD_KNOCK, TWO, countable=True),
    Family("creak", creak, CREAK, UNHEARD_CREAK, THREE | {"pitch"}),
    Family("lock", lock, LOCK, UNHEARD_LOCK, THREE),
    Family("chain", chain, CHAIN, UNHEARD_CHAIN, THREE),
)
# fmt: on
