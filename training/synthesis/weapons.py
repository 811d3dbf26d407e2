"""Weapons that are swung, drawn or fired without a bang: swords, bows, lasers, and things that whoosh past.

Sources: Farnell 2010 (swish); Karplus and Strong 1983 (string); Fletcher and Rossing 1998 (bar ratios); Pettersson 2007 (sfxr:
swept oscillators).
"""

import numpy as np
from scipy import signal

from .. import dsp
from ..spec import SoundSpec
from .breaking import between, shortly
from .family import Family
from .impacts import strike

FREE_BAR = np.array([1, 2.756, 5.404, 8.933])


def blade(rng, spec: SoundSpec, n: int, t60: float) -> np.ndarray:
    """A blade's ring: free-bar modes, each a pair that beats; higher modes die sooner."""
    ratios = np.concatenate([FREE_BAR, FREE_BAR * rng.uniform(1.2, 1.5)])
    f = (
        between(1500, 520, spec.size)
        * rng.uniform(0.85, 1.2)
        * np.concatenate([ratios, ratios * rng.uniform(1.004, 1.012, len(ratios))])
    )
    relative = f / f.min()
    gains = relative ** (1.3 * spec.intensity - 0.7) * rng.uniform(0.5, 1.2, len(f))
    return dsp.modal(n, f, np.maximum(0.05, t60 / relative**0.5), gains, rng.uniform(0, 3, len(f)))


def grind(rng, spec: SoundSpec, n: int, length: float, rising: bool) -> np.ndarray:
    """Steel dragged along steel: rough noise in a band that glides, roughened by the edge's teeth."""
    m = min(n, dsp.samples(length))
    x = np.linspace(0, 1, m)
    centre = between(3200, 1500, spec.size) * 2 ** ((1.2 if rising else -0.6) * x) * dsp.smooth_curve(rng, m, 0.1, 0.9, 1.1)
    teeth = 0.5 + 0.5 * dsp.oscillator(np.full(m, rng.uniform(60, 160)) * (1 + x), "saw")
    band = dsp.lowpass(dsp.noise(rng, m), between(250, 1500, spec.intensity))
    tone = sum(band * np.sin(2 * np.pi * np.cumsum(centre * ratio) / dsp.SAMPLE_RATE) for ratio in (1, 1.83))
    out = np.zeros(n)
    out[:m] = dsp.normalise(tone * (0.4 + teeth)) * (0.3 + 0.7 * np.sin(np.pi * x) ** 0.5) * np.minimum(1, (1 - x) * 20)
    return out


def clash(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Two blades meet: two hits some milliseconds apart, two detuned rings; sometimes they slide off each other."""
    t60 = (0.35 + 0.9 * spec.size) * rng.uniform(0.8, 1.3)
    out = dsp.normalise(blade(rng, spec, n, t60))
    dsp.place(out, dsp.normalise(blade(rng, spec, n, t60)), rng.uniform(0.003, 0.02), rng.uniform(0.6, 1.0))
    click = dsp.highpass(dsp.noise(rng, n), between(1200, 3500, spec.intensity)) * dsp.decay(n, 0.03)
    out += (0.4 + 0.6 * spec.intensity) * dsp.normalise(click)
    if rng.random() < 0.4:
        dsp.place(out, grind(rng, spec, n, rng.uniform(0.12, 0.3), False), 0.015, rng.uniform(0.4, 0.7))
    return out


def draw(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A blade leaves its sheath: a rising scrape, then it sings free."""
    length = (0.22 + 0.35 * spec.size) * rng.uniform(0.8, 1.2)
    out = grind(rng, spec, n, length, True)
    ring = dsp.normalise(blade(rng, spec, n, 0.35 + 0.8 * spec.size))
    ring[: dsp.samples(0.02)] *= np.linspace(0, 1, dsp.samples(0.02))
    dsp.place(out, ring, 0.85 * length, rng.uniform(0.35, 0.7))
    return out


def sword(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return (draw if spec.action == "draw" else clash)(rng, spec, n)


def plucked(rng, n: int, f0: float, t60: float, cutoff: float) -> np.ndarray:
    """Karplus and Strong: a burst of noise in a delay line with a two-tap average."""
    delay = max(4, round(dsp.SAMPLE_RATE / f0))
    excitation = np.zeros(n)
    excitation[:delay] = dsp.lowpass(dsp.noise(rng, delay), cutoff)[: min(n, delay)]
    loss = 10 ** (-3 / (f0 * t60))
    feedback = np.zeros(delay + 2)
    feedback[[0, delay, delay + 1]] = 1, -loss * 0.6, -loss * 0.4
    return signal.lfilter([1.0], feedback, excitation)


def band_noise(rng, centre: np.ndarray, width: float) -> np.ndarray:
    """Noise of `width` Hz around a centre frequency that moves."""
    band = dsp.lowpass(dsp.noise(rng, len(centre)), width, 2)
    return band * np.sin(2 * np.pi * np.cumsum(centre) / dsp.SAMPLE_RATE)


def arrow_swish(rng, spec: SoundSpec, n: int, length: float) -> np.ndarray:
    m = min(n, dsp.samples(length))
    x = np.linspace(0, 1, m)
    out = np.zeros(n)
    centre = between(1800, 5500, 0.6 * spec.intensity + 0.4 * spec.pitch) * 2 ** (-1.2 * x) * between(1.4, 0.75, spec.size)
    out[:m] = dsp.normalise(band_noise(rng, centre, 900)) * np.exp(-3 * x) * np.minimum(1, 12 * x) * np.minimum(1, 8 * (1 - x))
    return out


def longbow(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """The string twangs and slaps the wood; the arrow hisses off."""
    f0 = between(65, 300, 0.65 * spec.pitch + 0.35 * (1 - spec.size)) * rng.uniform(0.93, 1.07)
    t60 = between(0.2, 0.6, spec.size)
    twang = dsp.normalise(plucked(rng, n, f0, t60, f0 * between(5, 40, spec.intensity))) * dsp.decay(n, 1.6 * t60)
    slap = strike(rng, spec, dsp.samples(0.15), 3.5 * f0, 0.1, 8, 0.3 + 0.5 * spec.intensity, 0.1)
    dsp.place(twang, dsp.normalise(slap), 0.0, 0.35)
    return twang + rng.uniform(0.25, 0.5) * arrow_swish(rng, spec, n, 0.12 + 0.25 * spec.size)


def crossbow(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A trigger click, then the stiff steel bow and its cord: a hard thunk and a short buzzing twang."""
    f0 = between(80, 360, 0.65 * spec.pitch + 0.35 * (1 - spec.size)) * rng.uniform(0.93, 1.07)
    out, at = np.zeros(n), rng.uniform(0.015, 0.04)
    click = strike(rng, spec, dsp.samples(0.06), rng.uniform(1500, 2600), 0.03, 6, 0.9, 0.05)
    dsp.place(out, dsp.normalise(click), 0.0, 0.35)
    harmonics = np.arange(1, 9)
    t60 = between(0.12, 0.4, spec.size)
    f = f0 * harmonics * np.sqrt(1 + 0.002 * harmonics**2)
    cord = dsp.modal(n, f, t60 / harmonics**0.4, harmonics ** (1.0 * spec.intensity - 1.0), rng.uniform(0, 3, 8))
    thunk = strike(rng, spec, n, 1.5 * f0, 0.08, 8, 0.4 + 0.4 * spec.intensity, 0.15)
    dsp.place(out, dsp.normalise(cord) + 0.8 * dsp.normalise(thunk), at)
    dsp.place(out, arrow_swish(rng, spec, n, 0.12 + 0.2 * spec.size), at, rng.uniform(0.2, 0.4))
    return out


def arrow_hits(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Shot, flight, then the arrow sticks in wood and its shaft quivers at 25 to 60 Hz."""
    out = 0.6 * longbow(rng, spec, n)
    at = (0.18 + 0.2 * spec.size) * rng.uniform(0.9, 1.2)
    m = dsp.samples(0.5)
    thud = strike(
        rng, spec, m, between(130, 460, 0.6 * spec.pitch + 0.4 * (1 - spec.size)), 0.09, 10, 0.35 + 0.5 * spec.intensity, 0.18
    )
    quiver = np.sin(2 * np.pi * rng.uniform(25, 60) * dsp.times(m)) ** 2 * dsp.decay(m, 0.15 + 0.25 * spec.size)
    wood = np.sin(2 * np.pi * between(200, 520, spec.pitch) * dsp.times(m))
    dsp.place(out, dsp.normalise(thud) + 0.4 * quiver * wood, at)
    return out


def bow(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "hit":
        return shortly(arrow_hits, rng, spec, n, 1.1)
    return shortly((longbow, crossbow)[int(rng.random() < 0.35)], rng, spec, n, 0.9)


def swept(rng, spec: SoundSpec, length: int) -> np.ndarray:
    """sfxr: an oscillator whose frequency falls exponentially."""
    x = np.linspace(0, 1, length)
    top = 800 * 2 ** (2.3 * spec.pitch) * rng.uniform(0.9, 1.1)
    bottom = top * rng.uniform(0.08, 0.25)
    sweep = bottom + (top - bottom) * np.exp(-x * rng.uniform(2.5, 7))
    tone = dsp.oscillator(sweep, ("square", "saw", "triangle")[int(rng.integers(3))], rng.uniform(0.2, 0.5))
    if rng.random() < 0.4:
        tone = tone * (1 + 0.6 * np.sin(2 * np.pi * rng.uniform(30, 90) * dsp.times(length)))
    return tone


def phaser(rng, spec: SoundSpec, length: int) -> np.ndarray:
    """Frequency modulation: carrier and index fall together, a zap that turns from buzz to tone."""
    x = np.linspace(0, 1, length)
    carrier = 500 * 2 ** (2.2 * spec.pitch) * rng.uniform(0.9, 1.1) * 2 ** (-rng.uniform(1.2, 2.2) * x)
    index = rng.uniform(1.5, 3.5) * (0.4 + spec.intensity) * np.exp(-3 * x)
    modulator = np.sin(2 * np.pi * np.cumsum(carrier * rng.choice([0.5, 1.0, 1.414])) / dsp.SAMPLE_RATE)
    return np.sin(2 * np.pi * np.cumsum(carrier) / dsp.SAMPLE_RATE + index * modulator)


def blaster(rng, spec: SoundSpec, length: int) -> np.ndarray:
    """A struck guy wire: dispersion makes one click a chirp from high to low (f falls with 1/t^2), with a thump at the front."""
    t = dsp.times(length)
    scale = 0.035 * between(1.0, 2.0, 1 - spec.speed)
    top = 1500 * 2 ** (2.0 * spec.pitch) * rng.uniform(0.9, 1.1)
    sweep = np.maximum(top / (1 + t / scale) ** 2, 90)
    tone = np.sin(2 * np.pi * np.cumsum(sweep) / dsp.SAMPLE_RATE)
    gas = dsp.normalise(dsp.lowpass(dsp.noise(rng, length), top)) * dsp.decay(length, 0.06)
    echo = np.concatenate([np.zeros(dsp.samples(0.03)), tone])[:length]
    return tone + 0.5 * echo + (0.2 + 0.4 * spec.intensity) * gas


def laser(rng, spec: SoundSpec, n: int) -> np.ndarray:
    length = min(n, dsp.samples((0.14 + 0.45 * (1 - spec.speed)) * rng.uniform(0.9, 1.2)))
    tone = dsp.normalise((swept, phaser, blaster)[int(rng.integers(3))](rng, spec, length))
    tone = dsp.saturate(tone + between(0.02, 0.5, spec.intensity) * tone**3, between(0.4, 8, spec.intensity))
    tone = dsp.lowpass(tone, 700 * 2 ** (2.2 * spec.pitch) * between(1.0, 14, spec.intensity))
    tone = tone * dsp.attack_decay(length, 0.001, 0.25 + 1.5 * length / dsp.SAMPLE_RATE)
    delay = dsp.samples(rng.uniform(0.001, 0.004))
    flanged = tone + 0.4 * np.concatenate([np.zeros(delay), tone])[:length]
    out = np.zeros(n)
    out[:length] = flanged * np.minimum(1, (length - np.arange(length)) / dsp.samples(0.02))
    return out


def whoosh_top(rng, spec: SoundSpec) -> float:
    return 900 * 4**spec.pitch * between(1.5, 0.65, spec.size) * between(0.8, 1.4, spec.intensity) * rng.uniform(0.9, 1.1)


def air_bands(rng, spec: SoundSpec, bump: np.ndarray) -> np.ndarray:
    """Turbulence: the faster the thing, the higher the band of noise that sounds."""
    top, source, out = whoosh_top(rng, spec), dsp.noise(rng, len(bump)), np.zeros(len(bump))
    for k in range(5):
        low = top * (0.25 + 0.19 * k)
        weight = np.exp(-(((bump - (0.15 + 0.2 * k)) / 0.25) ** 2))
        out += weight * dsp.bandpass(source, low * 0.75, low * 1.35)
    return out


def aeolian(rng, spec: SoundSpec, bump: np.ndarray) -> np.ndarray:
    """A thin rod or rope: a whistling band whose frequency follows the speed (f = 0.2 U / d), and breath."""
    top = whoosh_top(rng, spec)
    tone = band_noise(rng, top * (0.25 + 0.75 * bump), between(40, 300, spec.intensity))
    breath = dsp.lowpass(dsp.noise(rng, len(bump)), top * 0.8)
    return dsp.normalise(tone) + 0.35 * dsp.normalise(breath)


def passing(rng, spec: SoundSpec, bump: np.ndarray) -> np.ndarray:
    """Something flies by: its pitch drops at the moment it passes (Doppler), through a comb of ground reflection."""
    x = np.linspace(-1, 1, len(bump))
    shift = 1 - 0.3 * np.tanh(5 * (x - x[int(np.argmax(bump))]))
    centre = 0.6 * whoosh_top(rng, spec) * shift
    air = band_noise(rng, centre, 200) + 0.6 * band_noise(rng, 1.9 * centre, 400)
    delay = dsp.samples(rng.uniform(0.001, 0.003))
    return dsp.normalise(air) + 0.5 * np.concatenate([np.zeros(delay), dsp.normalise(air)])[: len(bump)]


def whoosh(rng, spec: SoundSpec, n: int) -> np.ndarray:
    flyby = spec.action == "flyby"
    seconds = between(1.0, 0.3, spec.speed) * 1.3 if flyby else between(0.6, 0.17, spec.speed)
    length = min(n, dsp.samples(seconds * between(0.75, 1.3, spec.size) * rng.uniform(0.9, 1.15)))
    x = np.linspace(0, 1, length)
    peak = rng.uniform(0.35, 0.5) if flyby else rng.uniform(0.2, 0.4)
    bump = np.exp(-(((x - peak) / np.where(x < peak, 0.6 * peak, 0.24)) ** 2))
    recipe = (passing, air_bands) if flyby else (air_bands, aeolian)
    out = np.zeros(n)
    sound = dsp.normalise(recipe[int(rng.integers(2))](rng, spec, bump))
    out[:length] = sound * (0.18 + bump) ** 1.3 * np.minimum(1, np.arange(length) / 100) * np.minimum(1, (1 - x) * 12)
    return out


FAMILIES = (
    Family(
        "sword",
        sword,
        phrases={
            "clash": (
                "two {adj} swords clash", "{adj} sword clash", "{adj} blades clang together", "a {adj} sword hits another sword",
                "clashing {adj} steel blades", "{adj} sword parry, ringing metal", "a {adj} sword blocks a blow",
                "knights fight with {adj} longswords", "{adj} steel on steel, combat", "a knight parries a {adj} strike",
                "a gladiator deflects an attack with his blade", "{adj} cutlass strikes a broadsword",
                "pirates trade blows with cutlasses", "{adj} scimitar clang", "swordfight, {adj} clang",
                "samurai blades meet and ring", "medieval battle, iron blades colliding",
                "{adj} melee weapon clash", "warriors lock blades", "the paladin blocks with a claymore",
                "{adj} parried thrust, singing steel", "a dagger knocks the enemy's sword aside",
            ),
            "draw": (
                "a {adj} sword is drawn", "{adj} sword unsheathe", "drawing a {adj} blade from its sheath",
                "{adj} blade slides out of a scabbard",
                "{adj} sword draw, metal scrape", "unsheathing a {adj} sword",
                "a knight pulls a blade from its scabbard", "knife slides out with a metallic ring",
                "a {adj} dagger is pulled from a belt", "equip a {adj} sword", "the hero readies a {adj} longsword",
                "weapon unsheathed with a {adj} shing", "{adj} schwing", "steel hisses out of leather",
                "an assassin bares a {adj} dagger", "metallic scrape of a sword coming free", "a samurai draws steel",
                "whipping out a {adj} machete",
            ),
        },
        held_out=("a duel of sabres", "a katana leaves its sheath", "rapiers cross in a fencing match"),
        shapes=frozenset({"size", "intensity"}),
    ),
    Family(
        "bow",
        bow,
        phrases={
            "shoot": (
                "a {adj} bow shoots an arrow", "{adj} bow string twang", "firing a {adj} bow",
                "an arrow is released from a {adj} bow",
                "{adj} bow shot", "{adj} crossbow fires a bolt", "{adj} bowstring release, arrow",
                "{adj} longbow release", "an arrow is sent flying by a hunting bow",
                "arrow whistles away from the string", "crossbow trigger pulled with a twang",
                "a {adj} recurve bow is fired", "robin hood shoots a {adj} arrow", "the ranger releases a bowstring",
                "string vibrating as the arrow speeds away", "{adj} arbalest fires a quarrel",
                "plucked {adj} bowstring and a swish", "{adj} bow attack", "the guard on the tower shoots a crossbow",
                "a {adj} feathered arrow takes flight",
            ),
            "hit": (
                "a {adj} arrow is shot and hits wood", "{adj} arrow thuds into a target",
                "a {adj} bow shot, arrow sticks in the target",
                "{adj} arrow impact after a bow shot", "an arrow from a {adj} bow strikes a tree",
                "an arrow embeds itself in a wooden door", "{adj} arrow quivering in a tree trunk",
                "a {adj} crossbow bolt pierces a plank", "bullseye, {adj} arrow stuck in the board",
                "an arrow flies and buries itself in a post", "the hunter's {adj} arrow thumps into bark",
                "arrow lodges in a wooden shield, vibrating", "target practice with a {adj} bow and arrow",
                "a quarrel is fired into an oak beam", "a bow is drawn, fired, and the arrow thunks home",
            ),
        },
        held_out=("an archer looses a shaft", "archery, the cord snaps", "a ballista launches a dart"),
        shapes=frozenset({"size", "intensity", "pitch"}),
        countable=True,
    ),
    Family(
        "laser",
        laser,
        phrases={
            "": (
                "a {adj} laser shot", "{adj} laser gun fires", "{adj} science fiction blaster", "a {adj} ray gun zaps",
                "{adj} pew",
                "firing a {adj} laser", "{adj} space blaster shot, sci-fi", "{adj} laser beam zap",
                "{adj} energy pistol", "a robot fires its {adj} laser", "{adj} zap", "a {adj} photon beam",
                "a stormtrooper uses his blaster", "a spaceship fires a {adj} beam", "{adj} arcade laser",
                "an astronaut zaps a monster with a raygun", "{adj} particle beam",
                "a drone emits a {adj} energy pulse", "{adj} ion cannon", "cyberpunk pistol", "a {adj} disruptor",
                "{adj} toy ray gun", "electronic chirp of a blaster", "descending synth tone, {adj} zap",
                "space invader attack", "video game blaster sound", "a {adj} laser cannon",
                "star pilot fires a laser at an asteroid", "sentry android attack, {adj} zap", "pulse rifle",
                "a {adj} heat ray", "the villain activates his death ray", "galactic trooper pulls the trigger, pew",
                "{adj} disintegrator", "a beam streaks from the cruiser", "8-bit {adj} laser",
            )
        },
        held_out=("a phaser is fired", "a plasma weapon shoots", "alien starship turret bolt"),
        shapes=frozenset({"pitch", "speed", "intensity"}),
        countable=True,
    ),
    Family(
        "whoosh",
        whoosh,
        phrases={
            "swing": (
                "a {adj} whoosh", "{adj} swish through the air", "a {adj} swing whoosh", "{adj} weapon swing, air only",
                "swinging a {adj} stick through the air", "a {adj} swoosh", "{adj} melee swing that misses",
                "a {adj} swipe", "a baseball bat swings and misses", "{adj} club swung at nothing",
                "a {adj} golf club swing", "an axe swings and meets no target", "karate chop whiff",
                "the boxer misses with a punch, swish", "{adj} kick through empty space", "{adj} attack whiff",
                "a {adj} hammer arcs through the air", "tennis racket stroke without a ball",
                "{adj} rod whistling through the air", "the hero dodges a {adj} sword slash", "a ninja twirls a pole",
                "a swoosh for a menu transition",
            ),
            "flyby": (
                "something {adj} flies past", "{adj} flyby whoosh", "a {adj} object whooshes by", "{adj} projectile passes by",
                "a {adj} thing rushes past the ear", "{adj} pass-by swoosh",
                "a {adj} thrown knife flies by", "a ball sails past the head", "{adj} missile flyby",
                "a ghost swoops by with a {adj} swoosh", "a comet streaks across the screen", "a superhero flies by",
                "{adj} frisbee passes", "a {adj} boomerang sails by", "a {adj} swoop from left to right",
                "title text flies across the screen, swoosh", "a slung stone narrowly misses a soldier",
                "{adj} doppler whoosh", "a broomstick rider speeds by with a whoosh", "{adj} glider passing over",
            ),
        },
        held_out=("a staff cuts the wind", "a spear zips past", "a rush of displaced air"),
        shapes=frozenset({"pitch", "speed", "size", "intensity"}),
        countable=True,
    ),
)  # fmt: skip
