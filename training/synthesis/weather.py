"""Rain, wind and thunder. Recipes: (rng, spec, n) -> f64 [n].

Sources: van den Doel 2005 (bubbles: f0 = 3.26/r, damping 0.13/r + 0.0072 r^-1.5); Farnell 2010 (rain, wind); Ribner and Roy 1982
(thunder as N-waves along a tortuous path); aeolian tones f = 0.2 U/d, so pitch and level of a howl follow the wind's speed.
"""

import numpy as np
from scipy import signal

from .. import dsp
from ..spec import SoundSpec
from .family import Family


def ringing(hits: np.ndarray, frequency: float, t60: float) -> np.ndarray:
    """Every impulse of `hits` sets off one decaying sine."""
    r, w = np.exp(-6.91 / (t60 * dsp.SAMPLE_RATE)), 2 * np.pi * min(frequency, 14000) / dsp.SAMPLE_RATE
    return signal.lfilter([0.0, r * np.sin(w)], [1.0, -2 * r * np.cos(w), r * r], hits)


def ticks(rng, n: int, rate, frequency: float, t60: float, spread: float = 0.7) -> np.ndarray:
    """Short bursts of noise at random times: drops on something that does not ring. Peak about 1."""
    envelope = signal.lfilter(
        [1.0], [1.0, -np.exp(-6.91 / (t60 * dsp.SAMPLE_RATE))], np.abs(dsp.poisson_impulses(rng, n, rate, spread))
    )
    return 3 * dsp.resonate(dsp.noise(rng, n) * envelope, frequency, 1.0)


def unit(x: np.ndarray) -> np.ndarray:
    return x / (np.std(x) + 1e-9)


def rain(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A bed of far drops, and the near ones one can tell apart: on tin, on leaves, in puddles or on pavement."""
    heavy = 0.55 * spec.intensity + (0.45 if spec.action == "heavy" else 0.0)
    bed = dsp.lowpass(dsp.highpass(dsp.noise(rng, n), 500 + 500 * heavy), 2500 * 5**heavy, 1)
    bed *= dsp.smooth_curve(rng, n, 0.8, 0.8, 1.0)
    if spec.action == "roof":
        return dsp.lowpass(0.25 * unit(bed) + 1.2 * unit(tin_drops(rng, spec, n)), 2500 * 4**spec.intensity, 1)
    surface = (leaf_drops, puddle_drops, pavement_drops)[int(rng.integers(3))]
    x = (0.3 + 0.9 * heavy) * unit(bed) + (1.2 - 0.7 * heavy) * unit(surface(rng, n, heavy))
    return dsp.lowpass(x, 2500 * 6**heavy, 1)


def tin_drops(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Drops strike a sheet of tin: modes of a plate, (m/a)² + (n/b)², that ring for 40 to 150 ms."""
    m, base = dsp.samples(0.16), rng.uniform(180, 320)
    order = rng.uniform(1, 24, 16)
    rate = 14 * 14**spec.intensity
    gains = rng.uniform(0.3, 1, 16) * order ** (0.7 * spec.intensity - 0.5)
    plate = dsp.modal(m, base * order, rng.uniform(0.04, 0.15, 16), gains, rng.uniform(0, 6.28, 16))
    hits = dsp.poisson_impulses(rng, n, rate, 0.5)
    hits[rng.integers(1, 250)] += 0.8
    drops = signal.oaconvolve(hits, plate * np.linspace(1, 0, m))[:n]
    return unit(drops) + 0.25 * unit(ticks(rng, n, rate * 2, 3500 + 3500 * spec.intensity, 0.006))


def leaf_drops(rng, n: int, heavy: float) -> np.ndarray:
    """Dull pats on leaves and soil."""
    rate = 50 * 30**heavy
    large = ticks(rng, n, rate / 3, rng.uniform(900, 1500) * (1 + heavy), 0.022)
    return large + ticks(rng, n, rate, rng.uniform(2000, 3500) * (1 + heavy), 0.01)


def puddle_drops(rng, n: int, heavy: float) -> np.ndarray:
    """Every drop shuts in a bubble of 0.5 to 1.3 mm, which rings at 3.26/r."""
    out, rate = np.zeros(n), 30 * 25**heavy
    for _ in range(4):
        radius = 0.0005 * 2.6 ** (rng.random() * (1 - 0.4 * heavy))
        damping = 0.13 / radius + 0.0072 * radius**-1.5
        out += ringing(dsp.poisson_impulses(rng, n, rate / 4, 0.7), 3.26 / radius, 6.91 / damping)
    return unit(out) + 0.7 * unit(ticks(rng, n, rate, rng.uniform(4500, 6500), 0.005))


def pavement_drops(rng, n: int, heavy: float) -> np.ndarray:
    """Crisp ticks on stone and asphalt, and their spray."""
    rate = 60 * 40**heavy
    hard = ticks(rng, n, rate / 2, rng.uniform(3000, 4500) * (1 + 0.5 * heavy), 0.007)
    return hard + 0.7 * ticks(rng, n, rate, rng.uniform(6000, 8500), 0.004)


def whistle(rng, frequency: np.ndarray, bandwidth: float) -> np.ndarray:
    """A narrow band of noise around a frequency [n] that may move: slow complex noise, shifted up. Unit RMS."""
    n = len(frequency)
    knots = int(n / dsp.SAMPLE_RATE * 2 * bandwidth) + 3
    position = np.arange(n) * (2 * bandwidth / dsp.SAMPLE_RATE) + rng.random()
    a, b = (np.interp(position, np.arange(knots + 1), rng.standard_normal(knots + 1)) for _ in range(2))
    phase = 2 * np.pi * np.cumsum(frequency) / dsp.SAMPLE_RATE
    return unit(a * np.cos(phase) + b * np.sin(phase))


def wind(rng, spec: SoundSpec, n: int) -> np.ndarray:
    gust = dsp.smooth_curve(rng, n, 1.1 * 0.3**spec.speed, 0.25, 1.0)
    centre = 230 * 4.2**spec.pitch * rng.uniform(0.9, 1.1)
    return (open_field, cracks_of_a_house, storm)[int(rng.integers(3))](rng, spec, gust, centre)


def open_field(rng, spec: SoundSpec, gust: np.ndarray, centre: float) -> np.ndarray:
    """A broad rush of air, and three howls that rise and fall with the gusts."""
    bed = unit(dsp.bandpass(dsp.noise(rng, len(gust)), 80, 220 * 6**spec.intensity))
    howl = sum(whistle(rng, centre * ratio * (0.75 + 0.5 * gust), rng.uniform(25, 60)) for ratio in (1.0, 1.5, 2.1)) / 3
    return 0.8 * bed * gust**1.3 + (0.8 + 1.0 * spec.intensity) * howl * gust**2


def cracks_of_a_house(rng, spec: SoundSpec, gust: np.ndarray, centre: float) -> np.ndarray:
    """Wind whistles through gaps: one or two almost pure tones that slide far."""
    air = unit(dsp.bandpass(dsp.noise(rng, len(gust)), 200, 700 * 7**spec.intensity))
    first = whistle(rng, 1.3 * centre * (0.6 + 0.8 * gust), rng.uniform(8, 20))
    second = whistle(rng, 1.3 * centre * rng.uniform(1.3, 1.9) * (0.7 + 0.6 * gust[::-1]), rng.uniform(8, 25))
    return (
        (0.3 + 0.4 * spec.intensity) * air * gust
        + 1.0 * first * gust**1.5
        + (0.2 + 0.6 * spec.intensity) * second * gust[::-1] ** 2
    )


def storm(rng, spec: SoundSpec, gust: np.ndarray, centre: float) -> np.ndarray:
    """Turbulence buffets the ears: low flutter under a roaring howl."""
    n = len(gust)
    buffet = unit(dsp.bandpass(dsp.noise(rng, n), 60, 160)) * dsp.smooth_curve(rng, n, 0.12, 0.0, 1.0) ** 1.5
    roar = unit(dsp.bandpass(dsp.noise(rng, n), centre, centre * (1.3 + 4 * spec.intensity))) * gust**2
    howl = whistle(rng, 0.9 * centre * (0.7 + 0.6 * gust), rng.uniform(20, 40))
    return (1.1 - 0.7 * spec.intensity) * buffet + (0.5 + 0.9 * spec.intensity) * roar + 0.8 * howl * gust**1.5


def thunder(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Near: a ripping crack, then rumble. Far: rumble alone, in several peals."""
    near = (1 - spec.distance) ** 1.3
    length = min(2.6, (1.1 + 1.1 * spec.size + 0.5 * spec.intensity) * rng.uniform(0.9, 1.1))
    m = min(n, dsp.samples(length))
    body = (n_waves if rng.random() < 0.5 else peals)(rng, spec, m, near)
    sound = dsp.normalise(dsp.highpass(body, 45))
    dsp.place(sound, rip(rng, spec, m // 2), 0.0, near * (0.25 + 0.9 * spec.intensity))
    out = np.zeros(n)
    out[:m] = sound * np.linspace(1, 0, m) ** 1.2
    return out


def rip(rng, spec: SoundSpec, m: int) -> np.ndarray:
    """The nearest part of the channel: a dense tearing of clicks within a fifth of a second."""
    t60 = 0.25 + 0.4 * spec.intensity
    clicks = dsp.poisson_impulses(rng, m, 900 * dsp.decay(m, t60), 0.8)
    clicks[:40] += rng.standard_normal(40)
    torn = dsp.bandpass(clicks, 600, 2500 + 5500 * spec.intensity)
    return 0.5 * dsp.normalise(torn) + 0.5 * dsp.normalise(dsp.highpass(dsp.noise(rng, m), 900)) * dsp.decay(m, t60)


def n_waves(rng, spec: SoundSpec, m: int, near: float) -> np.ndarray:
    """N-waves from the pieces of a crooked channel arrive one after the other."""
    out, spread = np.zeros(m), 0.55 * m / dsp.SAMPLE_RATE
    for delay in np.concatenate(([0.0, 0.0, 0.004], spread * rng.random(130) ** 1.4)):
        wave = np.linspace(1, -1, dsp.samples(rng.uniform(0.003, 0.009) * 3**spec.size))
        dsp.place(out, wave, delay, rng.exponential(1.0) / (1 + 1.5 * delay / spread))
    dsp.place(out, unit(dsp.bandpass(dsp.noise(rng, m), 50, 180)) * 0.25 * dsp.decay(m, 1.6 * m / dsp.SAMPLE_RATE), 0.0)
    return dsp.lowpass(out, (260 + 900 * near) * 2.5 ** (1.0 - 2 * spec.size) * (0.6 + 1.0 * spec.intensity))


def peals(rng, spec: SoundSpec, m: int, near: float) -> np.ndarray:
    """Rolling noise that swells again and again, each time weaker and darker."""
    envelope = dsp.attack_decay(m, 0.004, 1.3)
    for start in np.sort(rng.uniform(0.1, 0.6, int(rng.integers(2, 5)))) * m / dsp.SAMPLE_RATE:
        dsp.place(envelope, dsp.attack_decay(m, rng.uniform(0.04, 0.12), rng.uniform(1.2, 2.4)), start, rng.uniform(0.4, 0.9))
    top = (220 + 500 * near) * 2.5 ** (1.0 - 2 * spec.size) * (0.6 + 1.0 * spec.intensity)
    roll = unit(dsp.lowpass(dsp.lowpass(dsp.noise(rng, m), 150, 1), top)) * dsp.smooth_curve(rng, m, 0.06, 0.2, 1.0)
    return roll * envelope


FAMILIES = (
    Family(
        "rain", rain, loop=True, shapes=frozenset({"intensity"}),
        phrases={
            "soft": ("{adj} light rain", "{adj} drizzle falls", "a {adj} drizzle of rain on leaves",
                     "rain patters down, {adj}",
                     "{adj} spring rain dripping", "scattered {adj} rain drops",
                     "{adj} sprinkle of rain", "a few drops fall on the grass", "{adj} rain on foliage",
                     "mist and rain over the meadow", "spitting rain", "peaceful rain for sleeping",
                     "{adj} autumn rain on moss", "puddles dotted by {adj} rain", "{adj} raindrops tap the soil",
                     "april weather, {adj} rain", "calm rain on asphalt"),
            "heavy": ("{adj} pouring rain", "a {adj} downpour", "{adj} torrential rain", "rain pours down, {adj}",
                      "{adj} rain lashes down", "{adj} monsoon rain",
                      "a {adj} deluge", "rain hammers on the asphalt", "{adj} rainstorm",
                      "it is raining cats and dogs", "sheets of {adj} rain", "typhoon rain", "{adj} tropical rainfall",
                      "gutters overflow in {adj} rain", "relentless rain batters the village", "the heavens open, {adj} rain",
                      "football pitch soaked by rain"),
            "roof": ("{adj} rain on a tin roof", "rain drums on a {adj} metal roof",
                     "{adj} raindrops hitting corrugated iron",
                     "a {adj} tin roof in the rain", "rain pattering on {adj} sheet metal",
                     "{adj} rain on a car roof", "{adj} drops pinging on zinc", "rain falls on a caravan",
                     "under a metal awning in {adj} rain", "a barn of corrugated iron in the rain",
                     "garden shed roof, {adj} rain", "rain rattles on a steel container", "shanty town in {adj} rain",
                     "raindrops tinkle on aluminium"),
        },
        held_out=("a wet and drizzly day", "a cloudburst drenches the street", "a shower comes down on the pavement"),
    ),
    Family(
        "wind", wind, loop=True, shapes=frozenset({"intensity", "pitch", "speed"}),
        phrases={"": ("{adj} wind blows", "howling {adj} wind", "{adj} wind gusts",
                      "a {adj} wind howls through the ruins", "{adj} storm wind",
                      "wind whistling through a crack, {adj}", "gusts of {adj} wind", "a {adj} wind moans",
                      "{adj} gusts across the desert", "{adj} wind on a mountain top", "wind around the castle towers",
                      "cold {adj} wind over the tundra", "arctic wind",
                      "wind in the rigging of a ship", "haunted house with {adj} howling", "ghostly {adj} wind",
                      "the wind whips over the dunes", "eerie whistling between the rocks",
                      "{adj} wind under the door", "lonely {adj} wind on the prairie", "{adj} winter wind at night",
                      "the wind roars around the lighthouse", "blustery weather on the moor", "{adj} autumn gusts",
                      "standing on a cliff in {adj} wind", "sandstorm, {adj}", "{adj} wind shrieks at the summit",
                      "{adj} wind buffets a tent", "air whistling through a chimney", "swirling {adj} wind",
                      "a hut on the glacier, {adj} wind", "wasteland ambience, {adj} wind", "abandoned town, wind blowing",
                      "a northerly blows from the coast", "{adj} turbulence")},
        held_out=("a gale sweeps over the hills", "a draught wails through the window", "a blizzard rages"),
    ),
    Family(
        "thunder", thunder, shapes=frozenset({"size", "intensity"}),
        phrases={"": ("{adj} thunder", "a {adj} thunderclap", "{adj} thunder rumbles", "{adj} lightning strike and thunder",
                      "rolling {adj} thunder", "thunder crashes, {adj}", "a {adj} peal of thunder",
                      "lightning flashes and {adj} thunder follows", "{adj} clap of thunder",
                      "thunder rolls across the valley", "a {adj} crack of lightning", "thunder growls in the clouds",
                      "{adj} rumbling clouds", "lightning strikes a tree, {adj} crash", "dark clouds grumble",
                      "zeus throws lightning, {adj} thunder", "thor swings his hammer and thunder answers",
                      "a {adj} lightning bolt strikes", "cloud-to-ground lightning", "{adj} thunder on a summer night",
                      "monsoon thunder", "frightening {adj} thunder", "a flash and a {adj} roar from the clouds",
                      "ominous thunder before the rain", "{adj} tropical thunder", "thunder cracks over the village",
                      "{adj} lightning strike on a steeple", "horror film thunder", "gothic castle with {adj} thunder",
                      "the gods are angry, {adj} thunder", "thunder shakes the farmhouse",
                      "{adj} rumble that rolls on and fades", "bad weather approaching, {adj} rumble",
                      "the thundercloud bellows", "a {adj} thunder crash wakes the children")},
        held_out=("a thunderbolt splits the sky", "an electrical storm breaks overhead", "the stormy sky booms"),
    ),
)  # fmt: skip
