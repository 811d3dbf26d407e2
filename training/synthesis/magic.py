"""Magic and electricity: sparkles, force fields, sparks, mains hum.

Magic: clouds of short high partials on a scale; force fields: beating low saws through a flanger; electricity: noise and saws at
twice the mains frequency and Poisson sparks (Farnell 2010, Designing Sound).
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family
from .interface import brightness, choose, release, voice

SCALES = ((0, 2, 4, 7, 9), (0, 2, 4, 6, 8, 10), (0, 4, 7, 11), (0, 3, 5, 7, 10))  # semitones within an octave


def magic_chime(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Sparkles: a scattered cloud, a run along a chime tree, or a cast spell that swells and bursts."""
    f0 = 880 * 2 ** (1.1 * spec.pitch + 0.8 * (0.5 - spec.size) + rng.uniform(-0.12, 0.12))
    length = 0.45 * 3.0**spec.size * rng.uniform(0.9, 1.1)
    return (
        choose(rng, cloud, chime_run)(rng, spec, n, f0, length) if spec.action == "sparkle" else spell(rng, spec, n, f0, length)
    )


def grains(rng, spec: SoundSpec, f0: float, ring: float) -> list[np.ndarray]:
    """Little bells up a scale of two octaves, each a pair that beats (shimmer) and an overtone."""
    scale = choose(rng, *SCALES)
    degrees = [k + octave for octave in (0, 12) for k in scale] + [24]
    overtone = 0.03 + 1.2 * spec.intensity**1.5
    shimmer = 1 + rng.uniform(5, 11) / f0
    bells = []
    for k in degrees:
        f, m = f0 * 2 ** (k / 12), dsp.samples(ring)
        bells.append(release(dsp.modal(m, f * np.array([1, shimmer, 2.76]), ring * np.array([1, 0.9, 0.5]), [1, 0.6, overtone])))
    return bells


def cloud(rng, spec: SoundSpec, n: int, f0: float, length: float) -> np.ndarray:
    out, bells = np.zeros(n), grains(rng, spec, f0, 0.2 + 0.25 * spec.size)
    starts = length * rng.beta(1.0, 1.6, int(16 + 32 * spec.intensity))
    heights = rng.beta(0.6 + 1.6 * spec.intensity, 2.2 - 1.6 * spec.intensity, len(starts) + 2) * (len(bells) - 0.01)
    for start, k in zip(np.concatenate(([0.0, 0.0], starts)), heights.astype(int)):
        dsp.place(out, bells[k], start, rng.uniform(0.3, 1.0) * (1 - 0.6 * start / length))
    return out


def chime_run(rng, spec: SoundSpec, n: int, f0: float, length: float) -> np.ndarray:
    out, bells = np.zeros(n), grains(rng, spec, f0, 0.25 + 0.4 * spec.size)
    count = int(14 + 18 * spec.intensity)
    order = np.linspace(0, len(bells) - 0.01, count).astype(int)[:: choose(rng, 1, 1, -1)]
    for i, k in enumerate(order):
        start = 0.8 * length * (i / count) ** rng.uniform(0.95, 1.05)
        dsp.place(out, bells[k], start, rng.uniform(0.5, 1.0))
    return out


def spell(rng, spec: SoundSpec, n: int, f0: float, length: float) -> np.ndarray:
    """A rising band of air and a swelling chord, then sparks of light fall out of it."""
    m = min(n, dsp.samples(0.6 * length))
    x = np.linspace(0, 1, m)
    f = f0 * 2 ** (-1 + 2 * x ** rng.uniform(0.8, 1.5))
    air = dsp.lowpass(dsp.noise(rng, m), 200 + 1400 * spec.intensity) * np.sin(2 * np.pi * np.cumsum(f) / dsp.SAMPLE_RATE)
    glow = sum(voice(0.5 * f * k, "soft", 0.6 * spec.intensity) for k in (1, 1.26, 1.5)) * (
        1 + 0.6 * np.sin(2 * np.pi * rng.uniform(9, 16) * dsp.times(m))
    )
    swell = (0.3 + 0.7 * x**1.5) * np.minimum(1, np.arange(m) / 64)
    out = np.zeros(n)
    dsp.place(out, release((0.9 * dsp.normalise(air) + 0.8 * dsp.normalise(glow)) * swell, 0.12), 0.0)
    burst = cloud(rng, spec, n, f0, 0.6 * length)
    dsp.place(out, 0.9 * dsp.normalise(burst), 0.5 * length)
    return out


def force_field(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A shield of energy that hums and swirls: flanged saws, a portal of swirling FM, or a throbbing chord."""
    f0 = 78 * 2 ** (1.2 * spec.pitch + 1.0 * (0.5 - spec.size) + rng.uniform(-0.12, 0.12))
    rate = 0.7 * 6.0**spec.speed * rng.uniform(0.9, 1.1)
    return choose(rng, flanged_saws, portal, throb)(rng, n, f0, rate, brightness(rng, spec))


def swing(rng, n: int, rate: float) -> np.ndarray:
    """0 to 1 and back, `rate` times a second."""
    return 0.5 + 0.5 * np.sin(2 * np.pi * (rate * dsp.times(n) + rng.random()))


def flange(x: np.ndarray, delay: np.ndarray, depth: float) -> np.ndarray:
    """Adds the sound itself, `delay` seconds later (a curve), twice."""
    at = np.arange(len(x), dtype=float)
    once = x + depth * np.interp(at - delay * dsp.SAMPLE_RATE, at, x)
    return once + depth**2 * np.interp(at - 2 * delay * dsp.SAMPLE_RATE, at, once)


def flanged_saws(rng, n: int, f0: float, rate: float, bright: float) -> np.ndarray:
    beats, m = rng.uniform(0.4, 2.5, 2), dsp.samples(0.02)
    f = np.full(n + m, f0)
    saws = sum(voice(f + df, "rich", 0.7 + 0.3 * bright) for df in (0.0, beats[0], 0.5 * f0 + beats[1]))
    swirl = flange(saws, 0.0007 + 0.004 * swing(rng, n + m, rate), 0.9)[m:]
    return dsp.lowpass(swirl, 6 * f0 * 10**bright)


def portal(rng, n: int, f0: float, rate: float, bright: float) -> np.ndarray:
    """FM whose index and a band of noise turn round and round."""
    turn, phase = swing(rng, n, rate), 2 * np.pi * f0 * dsp.times(n)
    ratio = choose(rng, 1.5, 2.01, 2.5, 3.01)
    drone = np.sin(phase + (0.6 + (1 + 5 * bright) * turn) * np.sin(ratio * phase)) + 0.3 * np.sin(0.5 * phase)
    f = f0 * (3 + 9 * bright) * 2 ** (1.6 * turn)
    air = dsp.lowpass(dsp.noise(rng, n), 120) * np.sin(2 * np.pi * np.cumsum(f) / dsp.SAMPLE_RATE)
    return drone + (0.3 + 0.5 * bright) * air / np.std(air) * (0.4 + 0.6 * turn)


def throb(rng, n: int, f0: float, rate: float, bright: float) -> np.ndarray:
    """Two hollow tones a fifth apart pulse; the vowel-like peak of a comb wanders on top."""
    f, beat, m = np.full(n, f0), 3.0 * rate, dsp.samples(0.02)
    chord = (
        voice(f, "hollow", 0.5 + 0.5 * bright)
        + voice(1.5 * f + 0.7, "hollow", 0.5 + 0.5 * bright)
        + 0.5 * voice(4.02 * f, "rich", bright)
    )
    pulse = 0.35 + 0.65 * swing(rng, n, beat) ** 1.5
    moving = flange(np.concatenate((chord[-m:], chord)), 0.001 + 0.002 * swing(rng, n + m, 0.4 * rate), 0.8)[m:]
    return dsp.lowpass(moving, 6 * f0 * 10**bright) * pulse


def spark(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Electricity jumps: a stuttering arc, a short circuit that pops and sputters, or a rasping discharge."""
    length = 0.2 * 3.0 ** (0.6 * spec.size + 0.7 * spec.intensity) * rng.uniform(0.9, 1.1)
    m = min(n, dsp.samples(length))
    out = np.zeros(n)
    dsp.place(out, release(choose(rng, arc, short_circuit, discharge)(rng, spec, m), 0.02), 0.0)
    return out


def stutter(rng, m: int, on: float) -> np.ndarray:
    """On and off at random, on at the start, on for about the share `on` of the time, in pieces of 12 to 60 ms."""
    pieces = rng.uniform(0.012, 0.06, 80)
    level = (rng.random(80) < on) * rng.uniform(0.5, 1.0, 80)
    level[0] = 1.0
    steps = level[np.minimum(np.searchsorted(np.cumsum(pieces), dsp.times(m)), 79)]
    return np.convolve(steps, np.ones(48) / 48)[:m]


def mains_bursts(rng, m: int, rate: float, tail: float) -> np.ndarray:
    """An envelope that jumps up `rate` times a second, each time as high as chance will, and falls within `tail` seconds."""
    x = dsp.times(m) * rate
    heights = rng.uniform(0.4, 1.0, int(x[-1]) + 1)
    return heights[x.astype(int)] * np.exp(-(x % 1.0) / (rate * tail))


def spark_colour(spec: SoundSpec) -> float:
    """Hz from which a spark is bright."""
    return 1500 * 2 ** (1.2 * (0.5 - spec.size) + 1.6 * (spec.intensity - 0.5))


def arc(rng, spec: SoundSpec, m: int) -> np.ndarray:
    rate = rng.uniform(95, 125) * 2 ** (0.8 * (0.5 - spec.size))
    hiss = dsp.bandpass(dsp.noise(rng, m), spark_colour(spec), 4.5 * spark_colour(spec)) * mains_bursts(rng, m, rate, 0.0025)
    buzz = dsp.highpass(voice(np.full(m, rate), "rich", 1.0), 0.5 * spark_colour(spec))
    return (dsp.normalise(hiss) + rng.uniform(0.4, 0.9) * dsp.normalise(buzz)) * stutter(rng, m, 0.35 + 0.4 * spec.intensity)


def short_circuit(rng, spec: SoundSpec, m: int) -> np.ndarray:
    """One pop, then crackles that die away over a fading buzz."""
    colour, fade = spark_colour(spec), np.linspace(1, 0, m)
    pop = dsp.bandpass(dsp.noise(rng, m), 0.4 * colour, 4 * colour) * dsp.decay(m, 0.06)
    crackles = dsp.poisson_impulses(rng, m, (40 + 160 * spec.intensity) * fade, 0.7)
    kernel = dsp.bandpass(dsp.noise(rng, 160), colour, 4.5 * colour) * dsp.decay(160, 0.005)
    buzz = dsp.highpass(voice(np.full(m, rng.uniform(95, 125)), "rich", 1.0), 0.5 * colour)
    return dsp.normalise(pop) + 0.8 * dsp.normalise(dsp.convolve(crackles, kernel)) + 0.35 * dsp.normalise(buzz) * fade**0.7


def discharge(rng, spec: SoundSpec, m: int) -> np.ndarray:
    """A coil discharges: a jittered train of sharp pulses, 70 to 250 a second, through a few resonances."""
    rate = dsp.smooth_curve(rng, m, 0.15, 70, 150 + 100 * spec.intensity) * 2 ** (0.8 * (0.5 - spec.size))
    phase = np.cumsum(rate * (1 + 0.6 * np.repeat(rng.standard_normal(m // 200 + 1), 200)[:m])) / dsp.SAMPLE_RATE
    pulses = (np.diff(np.floor(np.maximum.accumulate(phase)), prepend=-1) > 0) * rng.uniform(0.4, 1.0, m)
    kernel = dsp.noise(rng, 200) * dsp.decay(200, 0.006)
    kernel = sum(dsp.normalise(dsp.resonate(kernel, spark_colour(spec) * k, 3)) for k in rng.uniform(1.0, 4.0, 3))
    return dsp.normalise(dsp.convolve(pulses, kernel)) * (0.1 + 0.9 * stutter(rng, m, 0.35 + 0.4 * spec.intensity))


def electric_hum(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Mains at work, perfectly steady: a transformer's core, a buzzing neon tube, or a rattling casing."""
    f0 = 52 * 2 ** (1.1 * spec.pitch + 0.9 * (0.5 - spec.size) + rng.uniform(-0.08, 0.08))
    return choose(rng, transformer, neon, casing)(rng, n, f0, brightness(rng, spec))


def transformer(rng, n: int, f0: float, bright: float) -> np.ndarray:
    """The core shortens twice a period: even harmonics, each with its own level."""
    k = np.concatenate(([1], np.arange(2, 25, 2)))
    gains = rng.uniform(0.4, 1.0, len(k)) * k ** (1.3 * bright - 1.3) * np.where(k == 1, 0.3, 1)
    return dsp.modal(n, f0 * k, 1e6, gains, rng.uniform(0, 6.28, len(k)))


def neon(rng, n: int, f0: float, bright: float) -> np.ndarray:
    """Gas lights up twice a period: a buzz and a little hiss in time with it."""
    buzz = voice(np.full(n, 2 * f0), "rich", 0.55 + 0.45 * bright)
    hiss = dsp.bandpass(dsp.noise(rng, n), 2500, 7000) * np.maximum(0, buzz)
    body = dsp.lowpass(buzz, 14 * f0 * 10**bright, 1) + 0.3 * voice(np.full(n, f0), "soft", 0)
    return body / np.std(body) + (0.02 + 0.25 * bright) * hiss / np.std(hiss)


def casing(rng, n: int, f0: float, bright: float) -> np.ndarray:
    """A hum that rattles a loose metal sheet at its peaks."""
    f = np.full(n, f0)
    hum = 0.7 * voice(f, "hollow", 0.4 + 0.3 * bright) + voice(2 * f, "soft", bright)
    rattle = dsp.resonate(np.maximum(0, hum - 0.6 * hum.max()), f0 * rng.uniform(7, 14) * (0.6 + bright), 4)
    return hum / np.std(hum) + (0.2 + 1.0 * bright) * rattle / np.std(rattle)


# fmt: off
FAMILIES = (
    Family("magic_chime", magic_chime, {
        "sparkle": ("{adj} magic sparkles", "a {adj} magic chime", "{adj} fairy dust", "sparkling {adj} magic",
            "magical shimmer, {adj}", "a {adj} chime tree glitters", "{adj} twinkling stars", "{adj} glitter falling",
            "{adj} stardust", "the mane of the unicorn glitters", "{adj} wind chimes brushed by hand",
            "fairy wings flutter with tinkling", "a {adj} cascade of tinkling notes",
            "the rare item glows with a {adj} shimmer", "snowflakes twinkle in a fairytale", "moonlit shimmer",
            "{adj} crystal shimmer over an elven pond", "a wish comes true with {adj} sparkles",
            "dreamy glissando of bar chimes", "a percussionist strokes a {adj} chime tree",
            "a diamond glints, {adj} shimmer", "{adj} twinkle of christmas tinsel", "mystic aura, {adj} glitter",
            "a magical orb glistens", "sparkly transition into a dream, {adj}", "hidden treasure sparkles"),
        "spell": ("a {adj} magic spell is cast", "casting a {adj} spell", "{adj} healing spell",
            "a wizard casts a {adj} spell", "magic spell, {adj}", "{adj} enchantment with sparkles",
            "the mage heals a companion, {adj} shimmer", "{adj} incantation", "the witch lifts a curse with magic",
            "summoning a spirit, {adj} spell", "{adj} buff spell of a cleric", "a druid works a {adj} restoration charm",
            "the priest resurrects a fallen ally", "turning a pumpkin into a carriage by magic", "{adj} arcane burst",
            "a {adj} mana surge ends in sparkles", "reading a scroll releases {adj} magic", "a {adj} hex is cast",
            "an elven ritual", "a protective ward goes up with a {adj} glow", "{adj} polymorph charm",
            "invisibility spell", "a warlock finishes a {adj} ritual", "a {adj} swirl of magic rises and bursts",
            "a rune is activated with a {adj} arcane chime", "a healing potion takes effect, {adj}",
            "the fairy godmother grants a wish", "the shaman calls on the ancestors"),
    }, ("a wand scatters pixie powder", "the sorcerer conjures a blessing", "glimmering enchanted bells"),
        frozenset({"size", "intensity", "pitch"})),
    Family("force_field", force_field, {
        "": ("a {adj} force field hums", "{adj} energy shield", "{adj} sci-fi portal drone", "a {adj} magic portal swirls",
            "humming of a {adj} force field", "force field, {adj}", "a {adj} energy barrier pulses",
            "{adj} spaceship shield", "the shield generator drones, {adj}", "{adj} warp core humming", "a {adj} wormhole swirls",
            "containment field around the reactor", "{adj} tractor beam", "alien machine pulsing, {adj}",
            "an energy dome over the city, {adj} hum", "a {adj} protective sphere surrounds the player",
            "{adj} deflector active", "starship reactor, {adj} drone", "standing next to a rift in time",
            "{adj} magnetic barrier", "a {adj} forcefield blocks the way", "swirling passage to another realm, {adj}",
            "mystical barrier, {adj} hum", "quantum drive drone", "time machine humming",
            "a hovering alien artifact, {adj} drone", "ufo drone", "a {adj} cloaking device runs",
            "cryo pod wrapped in an energy field", "energy fence, {adj} hum", "{adj} pulsating aura",
            "shimmering blue screen of energy, {adj}", "antigravity field",
            "the mage keeps a magical ward around himself", "a {adj} hologram projector hums",
            "{adj} particle accelerator drone", "a summoning circle swirls", "{adj} nexus crystal pulses",
            "dark matter reactor", "the boss hides behind a barrier", "fusion chamber pulsing with {adj} energy",
            "{adj} cosmic drone", "flanged synth drone, {adj}", "{adj} swirl of phasing energy", "{adj} energy blade hum"),
    }, ("a teleporter gate oscillates", "a plasma wall throbs", "an interdimensional vortex whirls"),
        frozenset({"size", "intensity", "pitch", "speed"}), loop=True),
    Family("spark", spark, {
        "": ("a {adj} electric spark", "{adj} electric zap", "a {adj} short circuit", "electricity crackles, {adj}",
            "sparking {adj} wires", "a {adj} electric arc jumps", "{adj} electrical discharge", "an electric shock, {adj}",
            "{adj} spark at a wall socket", "a {adj} spark as the plug is pulled", "static shock from a sweater, {adj}",
            "{adj} static discharge from a fingertip", "a tesla coil snaps, {adj}", "robot malfunction, {adj} sparks fly",
            "a broken console spits {adj} sparks", "{adj} welding arc strike", "the welder strikes an arc",
            "a damaged android twitches, {adj} zaps", "a {adj} fuse blows", "a moth dies in a bug zapper",
            "jump leads touch the battery", "{adj} crackle of bare copper", "faulty plug, {adj} crackling",
            "frying a circuit board", "touching an electric fence, {adj} shock", "{adj} electric shock spell",
            "an eel gives a {adj} jolt", "{adj} jolt of current", "the overloaded generator shorts out",
            "the tram sparks on the overhead line", "subway rail arcing", "spark plug test",
            "{adj} spark gap snapping", "grabbing a live wire", "the switchboard arcs, {adj}",
            "the toaster shorts out with a {adj} pop", "a hacked terminal sparks", "a {adj} capacitor discharges",
            "the trap electrocutes an intruder", "{adj} electrocution", "rasping electrical crackle, {adj}",
            "the mad scientist's coil crackles", "lamp socket spitting {adj} sparks", "flashover on a pylon insulator, {adj}",
            "wrecked drone, {adj} crackling circuits"),
    }, ("a severed cable sputters", "a stun gun is triggered", "voltage leaps between electrodes"),
        frozenset({"size", "intensity"}), countable=True),
    Family("electric_hum", electric_hum, {
        "": ("{adj} electric hum", "a {adj} transformer hums", "{adj} mains hum", "a {adj} neon sign buzzes",
            "humming of a {adj} power transformer", "electrical hum, {adj}", "a {adj} fuse box drones",
            "{adj} fluorescent lamp buzz", "{adj} fridge hum", "street lamp buzzing at night", "server rack drone, {adj}",
            "pylon buzz, {adj}", "the overhead lines buzz", "sixty-cycle hum", "electrical cabinet humming, {adj}",
            "a {adj} breaker panel buzzes", "vending machine hum, {adj}", "{adj} ballast buzz",
            "faulty neon tube in a diner, {adj} buzz", "motel sign buzzing", "{adj} hum of an old monitor",
            "a television set hums", "battery charger humming, {adj}",
            "the metal housing of a {adj} transformer vibrates", "laboratory power supply, {adj} hum",
            "{adj} steady drone of electrical machinery", "wiring hums behind the plaster", "a {adj} magnet coil hums",
            "solenoid buzz, {adj}", "{adj} alternating current", "a {adj} rectifier buzzes", "dimmer switch buzzing",
            "{adj} hum of a valve radio", "the electricity meter hums", "bad wiring buzzes, {adj}", "electromagnet drone, {adj}",
            "flickering tube lamp in a horror game", "lamps still hum in the abandoned factory",
            "computer terminal hum, {adj}", "microwave oven hum, {adj}", "a {adj} circuit hums under load",
            "arcade cabinet humming", "inverter of a solar panel, {adj} hum"),
    }, ("a substation murmurs", "power grid equipment purrs", "the ground loop of an amplifier"),
        frozenset({"size", "intensity", "pitch"}), loop=True),
)
