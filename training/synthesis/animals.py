"""Birds, dogs, crickets, frogs, buzzing insects, growling beasts. Recipes: (rng, spec, n) -> f64 [n].

Sources: Fant 1960 (source and filter: pulses through formants); Farnell 2010 (birds as FM sines, insects); Riede and Fitch 1999
(vocal tract of dogs: formants fall with size); Bennet-Clark 1989 (crickets: pulses of a pure tone at 30 Hz, in chirps).
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .birdsong import chirp, flute, hump, rasp, trill, warble
from .family import Family
from .weather import unit


def voice(rng, f0: np.ndarray, sharpness: float, jitter: float = 0.0, shimmer: float = 0.0) -> np.ndarray:
    """Pulses of a glottis, exp(b (cos φ − 1)), at f0 [n] Hz; every period and height a little different."""
    phase = 0.4 + np.cumsum(f0) / dsp.SAMPLE_RATE
    knots = int(phase[-1]) + 3
    phase = phase + np.interp(phase, np.arange(knots), jitter * rng.uniform(-0.5, 0.5, knots))
    heights = 1 - shimmer * rng.random(knots + 2)
    x = np.exp(-sharpness * (1 + np.cos(2 * np.pi * phase))) * heights[np.floor(phase + 1).astype(int)]
    return x - x.mean()


def formants(x: np.ndarray, frequencies, q: float = 5.0, tilt: float = 0.7) -> np.ndarray:
    """A throat: parallel resonances, the higher ones weaker by `tilt` each."""
    return sum(tilt**k * dsp.resonate(x, f, q) for k, f in enumerate(frequencies))


def in_place(n: int, sound: np.ndarray) -> np.ndarray:
    out = np.zeros(n)
    m = min(n, len(sound))
    out[:m] = sound[:m]
    return out


def bird(rng, spec: SoundSpec, n: int) -> np.ndarray:
    base = float(np.clip(2600 * 2 ** (1.3 * (spec.pitch - 0.5) + 0.9 * (0.5 - spec.size) + rng.uniform(-0.15, 0.15)), 1100, 7500))
    longer = 1.6 ** (spec.size - 0.5)
    if spec.action == "chirp":
        return in_place(n, (chirp, rasp)[int(rng.random() < 0.3)](rng, base, longer / 1.6 ** (spec.speed - 0.5)))
    song = (warble, trill, flute)[int(rng.integers(3))]
    return in_place(n, song(rng, base, 1.4 * longer * rng.uniform(0.8, 1.2), 5 * 3**spec.speed))


def dog(rng, spec: SoundSpec, n: int) -> np.ndarray:
    if spec.action == "yap":
        return in_place(n, yap(rng, spec))
    return in_place(n, (bark, woof)[int(rng.random() < 0.35)](rng, spec))


def bark(rng, spec: SoundSpec) -> np.ndarray:
    """The mouth snaps open and shut: pitch and formants rise and fall, the voice is half chaos."""
    m = dsp.samples((0.14 + 0.14 * spec.size + 0.08 * spec.intensity) * rng.uniform(0.9, 1.1))
    t, throat = np.linspace(0, 1, m), 1.9 ** (0.5 - spec.size) * 1.3 ** (spec.pitch - 0.5)
    arch = np.sin(np.pi * t**0.6)
    f0 = 290 * 3.2 ** (0.5 - spec.size) * 2.2 ** (spec.pitch - 0.5) * rng.uniform(0.9, 1.1) * (0.7 + 0.5 * arch)
    x = voice(rng, f0, 6 * 5**spec.intensity, 0.25, 0.4) + 0.12 * dsp.noise(rng, m) * (0.2 + spec.intensity)
    closed, opened = (
        formants(x, np.array([420, 1000, 2300]) * throat, 4),
        formants(x, np.array([850, 1500, 2700, 3800]) * throat, 4, 0.8),
    )
    return dsp.saturate((opened * arch + closed * (1 - arch)) * hump(m, 0.006, 0.8), 1 + 2 * spec.intensity) * hump(m, 0.003, 0.4)


def woof(rng, spec: SoundSpec) -> np.ndarray:
    """A closed-mouthed bark: round, dark, with a puff of breath at its end."""
    m = dsp.samples((0.13 + 0.16 * spec.size + 0.07 * spec.intensity) * rng.uniform(0.9, 1.1))
    t, throat = np.linspace(0, 1, m), 1.9 ** (0.5 - spec.size) * 1.3 ** (spec.pitch - 0.5)
    f0 = 230 * 3 ** (0.5 - spec.size) * 2.2 ** (spec.pitch - 0.5) * (1.15 - 0.5 * t)
    x = formants(
        voice(rng, f0, 4 * 5**spec.intensity, 0.12, 0.2), np.array([450, 850, 2200]) * throat, 4, 0.35 + 0.35 * spec.intensity
    )
    breath = dsp.bandpass(dsp.noise(rng, m), 900 * throat, 2600 * throat) * np.sin(np.pi * t) ** 2
    return dsp.normalise(x) * hump(m, 0.006, 1.5) + (0.08 + 0.12 * spec.intensity) * dsp.normalise(breath)


def yap(rng, spec: SoundSpec) -> np.ndarray:
    """A toy dog: a short squeak that jumps up and drops, with few harmonics."""
    m = dsp.samples((0.08 + 0.09 * spec.size + 0.03 * spec.intensity) * rng.uniform(0.9, 1.1))
    t, throat = np.linspace(0, 1, m), 1.6 ** (0.5 - spec.size) * 1.4 ** (spec.pitch - 0.5)
    f0 = (
        680
        * 2.2 ** (0.5 - spec.size)
        * 1.6 ** (spec.pitch - 0.5)
        * rng.uniform(0.9, 1.1)
        * (0.75 + 0.45 * np.sin(np.pi * t**0.5))
    )
    x = voice(rng, f0, 2 * 6**spec.intensity, 0.08, 0.1) + 0.05 * dsp.noise(rng, m)
    return (x * 0.3 + formants(x, np.array([1300, 2300, 3900]) * throat, 3, 0.8)) * hump(m, 0.005, 0.7)


def cricket(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Wings scraped together: pulses of one pure tone. One singer near, the more of them around the busier the night."""
    tone = 4200 * 2.1 ** (spec.pitch - 0.5) * rng.uniform(0.95, 1.05)
    singer = (chirping, trilling)[int(rng.random() < 0.3)]
    out = singer(rng, spec, n, tone, 0.0)
    for _ in range(int(3.2 * spec.intensity)):
        other = (chirping, trilling)[int(rng.random() < 0.2)]
        out += rng.uniform(0.2, 0.45) * other(rng, spec, n, tone * rng.uniform(0.9, 1.15), rng.uniform(0, 0.5))
    return out


def scrape(rng, spec: SoundSpec, tone: float, seconds: float) -> np.ndarray:
    """One stroke of the wing."""
    m = dsp.samples(seconds)
    phase = 2 * np.pi * np.cumsum(tone * np.linspace(1.01, 0.97, m)) / dsp.SAMPLE_RATE
    return (np.sin(phase) + 0.7 * spec.intensity * np.sin(2 * phase)) * np.sin(np.pi * np.linspace(0.08, 1, m)) ** 0.8


def chirping(rng, spec: SoundSpec, n: int, tone: float, start: float) -> np.ndarray:
    """Chirps of three to five strokes at about 30 Hz, one to four chirps a second."""
    strokes, rate = int(rng.integers(3, 6)), rng.uniform(24, 36) * 1.3 ** (spec.speed - 0.5)
    chirp = np.zeros(dsp.samples((strokes + 0.2) / rate))
    for i in range(strokes):
        dsp.place(chirp, scrape(rng, spec, tone, 0.65 / rate), i / rate, 0.6 + 0.4 * (i + 1) / strokes)
    gap = 0.55 * 0.3**spec.speed * rng.uniform(0.85, 1.15)
    out = np.zeros(n)
    while start < n / dsp.SAMPLE_RATE:
        dsp.place(out, chirp, start, rng.uniform(0.85, 1.0))
        start += len(chirp) / dsp.SAMPLE_RATE + gap * rng.uniform(0.93, 1.07)
    return out


def trilling(rng, spec: SoundSpec, n: int, tone: float, start: float) -> np.ndarray:
    """A tree cricket: strokes without end at 18 to 50 Hz."""
    rate = 18 * 2.6**spec.speed * rng.uniform(0.93, 1.07)
    stroke = np.zeros(dsp.samples(1 / rate))
    dsp.place(stroke, scrape(rng, spec, tone, 0.7 / rate), 0.0)
    return np.resize(stroke, n) * dsp.smooth_curve(rng, n, 0.7, 0.75, 1.0)


def frog(rng, spec: SoundSpec, n: int) -> np.ndarray:
    higher = 2 ** (1.1 * (spec.pitch - 0.5) + 1.3 * (0.5 - spec.size) + rng.uniform(-0.1, 0.1))
    longer = 1.9 ** (spec.size - 0.5) * 1.4 ** (spec.intensity - 0.5) * rng.uniform(0.85, 1.15)
    kind = int(np.clip(1.5 + 1.6 * (0.6 * (0.5 - spec.size) + 0.6 * (spec.pitch - 0.5)) * 2 + rng.uniform(-0.9, 0.9), 0, 2.99))
    return in_place(n, (bullfrog, ribbit, tree_frog)[kind](rng, spec, higher, longer))


def bullfrog(rng, spec: SoundSpec, higher: float, longer: float) -> np.ndarray:
    """A deep swelling croak through the resonance of the vocal sac."""
    m = dsp.samples(0.45 * longer)
    t = np.linspace(0, 1, m)
    x = voice(rng, 105 * higher * (0.9 + 0.15 * np.sin(np.pi * t)), 10 * 5**spec.intensity, 0.1, 0.35)
    sac = formants(x, np.array([260, 620, 1400, 2400]) * higher, 5, 0.4 + 0.5 * spec.intensity)
    return sac * np.sin(np.pi * np.clip(0.12 + 0.88 * t, 0, 1)) ** 0.8 * hump(m, 0.005, 0.3)


def ribbit(rng, spec: SoundSpec, higher: float, longer: float) -> np.ndarray:
    """Two syllables of slow pulses, the second longer and rising: rib-bit."""
    first, second = dsp.samples(0.1 * longer), dsp.samples(0.19 * longer)
    out = np.zeros(first + second + dsp.samples(0.05 * longer))
    for m, start, lift in ((first, 0.0, 0.85), (second, 0.14 * longer, 1.1)):
        pulses = voice(rng, np.linspace(60, 85, m) * higher**0.5, 25 * 4**spec.intensity, 0.15, 0.3)
        x = formants(pulses, np.array([620, 1150, 2300, 3500]) * higher * lift, 6, 0.5 + 0.45 * spec.intensity)
        dsp.place(out, x * hump(m, 0.006, 0.5), start, lift)
    return out


def tree_frog(rng, spec: SoundSpec, higher: float, longer: float) -> np.ndarray:
    """A quack: a nasal tone broken up by 35 to 70 pulses a second, bending upwards."""
    m = dsp.samples(0.3 * longer)
    t = np.linspace(0, 1, m)
    tone = voice(rng, 430 * higher * (0.85 + 0.3 * t), 4 * 4**spec.intensity, 0.05, 0.1)
    gate = np.exp(-1.6 * (1 - np.cos(2 * np.pi * np.cumsum(np.linspace(55, 35, m) * rng.uniform(0.9, 1.2)) / dsp.SAMPLE_RATE)))
    return formants(tone, np.array([1300, 2300, 3300]) * higher, 4, 0.5 + 0.4 * spec.intensity) * gate * hump(m, 0.004, 0.6)


def buzz(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Wings at 120 to 900 Hz; the flight path bends pitch and level together."""
    path = dsp.smooth_curve(rng, n, 0.8 * 0.4**spec.speed, 0.0, 1.0)
    bend = 2 ** (rng.uniform(0.3, 0.6) * (path - 0.5))
    higher = 2 ** (1.1 * (spec.pitch - 0.5) + 0.8 * (0.5 - spec.size) + rng.uniform(-0.1, 0.1))
    x = {"bee": bees, "mosquito": mosquito}.get(spec.action, fly)(rng, spec, bend, higher)
    return dsp.lowpass(x, 1300 * 5**spec.intensity * higher**0.5) * (0.35 + 0.65 * path)


def wings(rng, spec: SoundSpec, f0: np.ndarray, jitter: float) -> np.ndarray:
    flutter = dsp.smooth_curve(rng, len(f0), 0.04, 0.96, 1.04)
    return voice(rng, f0 * flutter, 2 * 6**spec.intensity, jitter, 0.25)


def fly(rng, spec: SoundSpec, bend: np.ndarray, higher: float) -> np.ndarray:
    """A rough saw with two resonances of the body; it darts: short hard changes of pitch."""
    darts = 1 + 0.1 * np.sign(dsp.smooth_curve(rng, len(bend), 0.25, -1.0, 1.0))
    darts = np.convolve(np.pad(darts, 200, mode="edge"), np.full(401, 1 / 401), mode="valid")
    x = wings(rng, spec, 190 * higher * bend * darts, 0.1)
    return unit(x) + 0.8 * unit(formants(x, (900 * higher**0.5, 2600 * higher**0.5), 3))


def bees(rng, spec: SoundSpec, bend: np.ndarray, higher: float) -> np.ndarray:
    """One to four darker voices that beat against each other."""
    voices = int(rng.integers(1, 4))
    out = np.zeros(len(bend))
    for _ in range(voices):
        own = dsp.smooth_curve(rng, len(bend), 0.5, 0.93, 1.07) * rng.uniform(0.92, 1.08)
        out += wings(rng, spec, 225 * higher * bend * own, 0.06)
    return unit(dsp.resonate(out, 450 * higher, 1.0)) + 0.5 * unit(out)


def mosquito(rng, spec: SoundSpec, bend: np.ndarray, higher: float) -> np.ndarray:
    """A thin whine of a few harmonics with a nervous vibrato."""
    n = len(bend)
    vibrato = 1 + 0.012 * np.sin(2 * np.pi * np.cumsum(dsp.smooth_curve(rng, n, 0.3, 5, 11)) / dsp.SAMPLE_RATE)
    phase = 2 * np.pi * np.cumsum(560 * higher * bend * vibrato) / dsp.SAMPLE_RATE
    return sum(g * np.sin(k * phase + k) for k, g in enumerate((1.0, 0.7, 0.15 + 0.6 * spec.intensity, 0.5 * spec.intensity), 1))


def growl(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Slack vocal folds: 35 to 120 irregular pulses a second, every second one weaker."""
    seconds = (0.55 + 0.75 * spec.size + 0.35 * spec.intensity) * rng.uniform(0.9, 1.15)
    m = min(n, dsp.samples(seconds))
    f0 = 66 * 2.2 ** (0.5 - spec.size) * 2.3 ** (spec.pitch - 0.5) * dsp.smooth_curve(rng, m, 0.25, 0.85, 1.15)
    throat = 2.0 ** (0.5 - spec.size) * 1.5 ** (spec.pitch - 0.5)
    kind = roar if spec.action == "roar" else (snarl, gurgle)[int(rng.random() < 0.4)]
    return in_place(n, dsp.lowpass(kind(rng, spec, f0, throat), 1300 * 4.5**spec.intensity * throat**0.5))


def folds(rng, spec: SoundSpec, f0: np.ndarray, roughness: float) -> np.ndarray:
    """Irregular pulses, a subharmonic, and breath that is let through with each of them."""
    pulses = unit(voice(rng, f0, 15 * 4**spec.intensity, roughness, 0.6))
    sub = 1 + 0.5 * np.sign(np.sin(np.pi * np.cumsum(f0) / dsp.SAMPLE_RATE))
    breath = dsp.noise(rng, len(f0)) * np.maximum(0, pulses)
    return pulses * sub + (0.15 + 0.4 * spec.intensity) * unit(breath)


def snarl(rng, spec: SoundSpec, f0: np.ndarray, throat: float) -> np.ndarray:
    """A wolf: bared teeth let the upper formants through."""
    m = len(f0)
    x = folds(rng, spec, 1.25 * f0, 0.35)
    narrow, wide = (
        formants(x, np.array([380, 1000, 2200]) * throat, 4, 0.6),
        formants(x, np.array([560, 1500, 2800]) * throat, 4, 0.9),
    )
    mouth = dsp.smooth_curve(rng, m, 0.2, 0.0, 1.0) * (0.4 + 0.6 * spec.intensity)
    return dsp.saturate(narrow * (1 - mouth) + wide * mouth, 1.5 + 2 * spec.intensity) * hump(m, 0.008, 0.6)


def gurgle(rng, spec: SoundSpec, f0: np.ndarray, throat: float) -> np.ndarray:
    """A creature that purrs a threat: slow single pulses in a large hollow."""
    x = folds(rng, spec, 0.6 * f0, 0.5)
    return formants(x, np.array([300, 740, 1250, 2600]) * throat, 6, 0.55 + 0.35 * spec.intensity) * hump(len(f0), 0.006, 0.5)


def roar(rng, spec: SoundSpec, f0: np.ndarray, throat: float) -> np.ndarray:
    """A monster: the voice climbs, the mouth opens and closes again, everything overdriven."""
    m = len(f0)
    arch = np.sin(np.pi * np.linspace(0.05, 1, m) ** 0.7)
    x = folds(rng, spec, 1.3 * f0 * (0.7 + 0.8 * arch), 0.3)
    closed, opened = (
        formants(x, np.array([300, 700, 2000]) * throat, 4, 0.6),
        formants(x, np.array([700, 1150, 2600]) * throat, 4, 0.85),
    )
    return dsp.saturate((closed * (1 - arch) + opened * arch) * (0.35 + 0.65 * arch), 2.5 + 3 * spec.intensity) * hump(
        m, 0.006, 0.4
    )


FAMILIES = (
    Family(
        "bird", bird, shapes=frozenset({"size", "pitch", "speed"}),
        phrases={
            "chirp": ("a {adj} bird chirps", "{adj} bird chirp", "tweet of a {adj} bird", "a {adj} sparrow chirping",
                      "bird call, {adj}, short", "a {adj} chickadee calls from a branch", "{adj} cheep of a hatchling",
                      "a {adj} parakeet in its cage", "{adj} tweet tweet", "a {adj} nestling peeps",
                      "a {adj} wren scolds a cat", "{adj} chirrup from a hedge", "a {adj} swallow on a telephone wire",
                      "a {adj} titmouse at the feeder", "a fledgling begs its mother for worms", "{adj} budgie chirping",
                      "a {adj} starling on the roof", "a {adj} pet parrot cheeps", "feathered visitor on the windowsill",
                      "{adj} peep from the nest", "a jay scolds an intruder"),
            "song": ("a {adj} bird sings", "{adj} birdsong", "song of a {adj} songbird", "a {adj} canary trills",
                     "bird whistling, {adj} melody",
                     "{adj} bird song phrase", "a {adj} blackbird at sunrise", "a {adj} lark rises into the morning sky",
                     "{adj} melody from a thrush", "a {adj} songbird serenades its mate", "an oriole with a {adj} tune",
                     "{adj} whistled tune of a mockingbird", "spring has arrived and a {adj} bird sings",
                     "a caged canary performs", "{adj} skylark trill", "{adj} avian melody",
                     "cheerful {adj} birdsong on a sunny day", "a {adj} male bird courts a female",
                     "{adj} serenade of a linnet", "a {adj} bird whistles from a fence post", "trilling {adj} goldcrest",
                     "dawn solo of a {adj} bird", "a {adj} singer with feathers"),
        },
        held_out=("a robin twitters", "a finch warbles in a tree", "a nightingale in the garden"),
    ),
    Family(
        "dog", dog, countable=True, shapes=frozenset({"size", "intensity", "pitch"}),
        phrases={
            "bark": ("a {adj} dog barks", "{adj} dog bark", "barking {adj} dog", "a {adj} guard dog woofs",
                     "woof of a {adj} dog", "dog, {adj}, bark", "a {adj} mastiff barks at a stranger",
                     "a {adj} german shepherd on a leash", "a watchdog warns of an intruder",
                     "a {adj} rottweiler behind a fence", "{adj} canine bark", "a {adj} labrador greets its owner",
                     "{adj} woof", "a {adj} bulldog woofs", "a {adj} husky in front of the sled",
                     "a {adj} sheepdog herds the flock", "{adj} ruff from a retriever",
                     "a {adj} stray barks in the alley", "a {adj} police k9 barks at a suspect",
                     "a {adj} doberman lunges and barks", "a {adj} farm dog scares the chickens", "a dog demands a walk",
                     "barking at a squirrel", "{adj} arf of a spaniel", "a {adj} collie calls its master"),
            "yap": ("a {adj} puppy yaps", "{adj} yap of a lap dog", "yapping {adj} terrier", "a {adj} puppy yelps",
                    "puppy bark, {adj}", "a {adj} chihuahua yaps", "a {adj} yorkie yips", "{adj} yip of a toy breed",
                    "a {adj} dachshund annoys the cat", "a {adj} handbag dog complains", "an excited {adj} pomeranian",
                    "a {adj} pup wants its ball", "{adj} yapping of a pekingese",
                    "a {adj} jack russell hates the vacuum cleaner", "a {adj} whelp yips for milk",
                    "a pug on the sofa yaps", "yippy {adj} lapdog", "a {adj} corgi yelps with joy", "nervous {adj} yap",
                    "a {adj} maltese yips at its reflection"),
        },
        held_out=("a hound bays at the door", "a mutt at the garden gate", "a poodle goes mad at the postman"),
    ),
    Family(
        "cricket", cricket, loop=True, shapes=frozenset({"pitch", "intensity", "speed"}),
        phrases={"": ("a {adj} cricket chirps", "{adj} crickets at night", "chirping {adj} crickets",
                      "{adj} night insects chirp",
                      "a {adj} tree cricket trills", "summer night, {adj} crickets", "{adj} cricket chirping loop",
                      "{adj} insect stridulation", "a {adj} field cricket calls for a mate",
                      "{adj} nocturnal insect chorus", "camping under the stars with {adj} crickets",
                      "{adj} chirr from the tall grass", "a {adj} house cricket behind the stove",
                      "backyard at midnight with {adj} crickets", "nobody laughs at the joke and {adj} crickets chirp",
                      "awkward silence with a {adj} cricket", "an insect rubs its wings together",
                      "{adj} cricket in a bamboo cage", "moonlit prairie with {adj} insects",
                      "{adj} bugs singing in the dark", "a country porch with {adj} crickets", "{adj} insect trill",
                      "savanna night loop with {adj} insects", "farmland at night with {adj} chirping insects",
                      "lullaby of {adj} crickets", "a {adj} cricket under a stone", "{adj} mole cricket in the soil",
                      "august night with chirring insects", "a rice field full of {adj} crickets",
                      "{adj} insect chirping from the bushes", "a terrarium of feeder crickets",
                      "a sleepless night because of {adj} crickets", "a {adj} bush cricket in the hedge",
                      "a {adj} singing insect on a blade of grass", "rhythmic {adj} song of an insect",
                      "steady {adj} chirr", "six-legged musician in the weeds")},
        held_out=("a grasshopper in the meadow", "katydids after dusk", "cicadas on a warm evening"),
    ),
    Family(
        "frog", frog, countable=True, shapes=frozenset({"size", "intensity", "pitch"}),
        phrases={"": ("a {adj} frog croaks", "{adj} frog croak", "croaking {adj} frog", "ribbit of a {adj} frog",
                      "a {adj} bullfrog calls",
                      "frog, {adj}, ribbit", "a {adj} swamp frog", "a {adj} tree frog on a leaf", "{adj} ribbit",
                      "{adj} croak from the reeds", "a {adj} frog on a lily pad", "a {adj} frog calls for a mate",
                      "a {adj} bullfrog puffs itself up", "{adj} croaking by the riverbank",
                      "a {adj} wetland creature croaks", "the frog prince says ribbit", "a {adj} frog in the bog",
                      "{adj} bayou bullfrog", "a {adj} frog among the rushes", "a hopping {adj} frog croaks",
                      "a {adj} pet frog in a terrarium", "{adj} mating call of a frog",
                      "a {adj} male frog inflates its vocal sac", "{adj} jungle frog", "a {adj} frog croaks in the mud",
                      "{adj} frog in a ditch", "croak of a {adj} swamp dweller", "a slimy {adj} frog",
                      "a {adj} leopard frog in a paddy field", "{adj} frog noise", "a {adj} frog sits on a mossy stone",
                      "a {adj} cartoon frog", "{adj} croaking from the lake shore",
                      "a cursed knight croaks after turning into a frog", "the webbed-footed animal croaks",
                      "a {adj} leaping frog by the canal")},
        held_out=("a toad in the pond", "an amphibian in the marsh", "a toad grunts at the waterside"),
    ),
    Family(
        "buzz", buzz, loop=True, shapes=frozenset({"size", "intensity", "pitch", "speed"}),
        phrases={
            "fly": ("a {adj} fly buzzes", "{adj} buzzing fly", "a {adj} housefly flies around", "buzz of a {adj} fly",
                    "insect buzzing, {adj} fly", "a {adj} bluebottle at the window pane", "a {adj} fly over a dung heap",
                    "an annoying {adj} fly near the lamp", "swatting at a {adj} fly", "a {adj} beetle on the wing",
                    "{adj} buzz of a pesky insect", "a {adj} fruit fly over the bananas",
                    "a {adj} blowfly in the garbage", "a {adj} fly trapped in a jar", "{adj} flying bug loop",
                    "a winged pest darts about", "a {adj} fly on a carcass", "a {adj} stable fly bothers the cows"),
            "bee": ("a {adj} bee buzzes", "{adj} bees buzzing", "humming of a {adj} bee", "a {adj} bumblebee flies",
                    "a {adj} bee hive buzzes", "a {adj} honeybee visits a flower", "{adj} drone of pollinators",
                    "a {adj} swarm in the apiary", "a beekeeper opens a {adj} hive", "a {adj} bee collects nectar",
                    "a {adj} bumblebee in the clover", "{adj} worker bees guard their queen",
                    "an angry {adj} swarm chases the hero", "a lavender field with {adj} bees",
                    "a {adj} carpenter bee at the blossoms", "humming {adj} gatherers of pollen",
                    "{adj} honeycomb colony"),
            "mosquito": ("a {adj} mosquito whines", "{adj} mosquito buzzing at the ear", "whine of a {adj} mosquito",
                         "a {adj} gnat flies around", "a {adj} mosquito disturbs my sleep",
                         "{adj} bloodsucker next to my head", "{adj} midges by the lake",
                         "a thirsty {adj} mosquito under the net", "a {adj} tropical insect looks for blood",
                         "{adj} whine of a malaria carrier", "waving away a {adj} mosquito",
                         "an annoying {adj} whine at bedtime", "a mosquito looks for bare skin",
                         "a {adj} biting insect at the campsite"),
        },
        held_out=("a hornet hovers", "a wasp circles around the food", "a horsefly in the kitchen"),
    ),
    Family(
        "growl", growl, shapes=frozenset({"size", "intensity", "pitch"}),
        phrases={
            "growl": ("a {adj} wolf growls", "{adj} growl of a beast", "growling {adj} monster",
                      "a {adj} creature snarls", "monster growl, {adj}",
                      "{adj} menacing growl", "a {adj} werewolf bares its teeth",
                      "a {adj} panther growls from the shadows", "{adj} snarl of a cornered animal",
                      "a hungry {adj} zombie gurgles", "a {adj} orc snarls", "a {adj} tiger warns its rival",
                      "a {adj} beast lurks behind the bushes", "a {adj} warg growls at the horses",
                      "an alien predator stalks its prey", "{adj} guttural threat", "the undead snarl",
                      "a {adj} goblin shows its fangs", "a {adj} leopard guards its kill",
                      "an angry {adj} troll grumbles", "{adj} feral growling", "a {adj} thing growls in the dark",
                      "a disturbed {adj} dragon snarls", "a {adj} mutant prepares to attack"),
            "roar": ("a {adj} monster roars", "{adj} roar of a beast", "roaring {adj} dragon", "a {adj} lion roars",
                     "creature roar, {adj}", "a {adj} dinosaur roars", "{adj} t-rex roar", "the king of the jungle roars",
                     "a {adj} kaiju attacks the city", "{adj} battle cry of a minotaur",
                     "a {adj} boss enemy roars at the player", "{adj} tiger roar", "a {adj} giant howls in fury",
                     "a {adj} yeti on the mountain", "a {adj} gorilla roars at its rival",
                     "a {adj} leviathan rises from the abyss", "{adj} cry of a wyvern", "a furious {adj} behemoth",
                     "a {adj} lioness protects her cubs", "the many-headed hydra roars",
                     "{adj} roar of a prehistoric predator", "a {adj} chimera greets the gladiators"),
        },
        held_out=("a bear bellows", "an ogre grunts in rage", "a demon rumbles in its throat"),
    ),
)  # fmt: skip
