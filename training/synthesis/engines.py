"""Engines, helicopters, horns. Recipes: (rng, spec, n) -> f64 [n].

Sources: Farnell 2010 (four-stroke engine: pulses at rpm/60 · cylinders/2, exhaust as a waveguide; helicopter as thumps over
modulated noise); Baldan et al. 2015 (engine model of the SDT). A pulse exp(b (cos φ − 1)) has about √b harmonics.
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family
from .weather import unit

# source -> firing rate at idle and at full speed in Hz, cylinders, size it adds
MOTORS = {"car": (34, 190, 4, 0.0), "truck": (30, 115, 6, 0.25), "motorcycle": (32, 230, 2, -0.2), "ship": (30, 80, 6, 0.4)}
# source -> tones in Hz, seconds, brightness b, attack in seconds
HORNS = {
    "car": ((410, 510), 0.35, 60, 0.006), "truck": ((185, 233, 277), 0.7, 120, 0.03), "ship": ((82, 110), 1.1, 160, 0.09),
    "train": ((311, 370, 466), 0.85, 90, 0.04), "motorcycle": ((480,), 0.22, 40, 0.004),
}  # fmt: skip


def pulse(phase: np.ndarray, brightness) -> np.ndarray:
    """One soft-edged pulse per turn of `phase`, in the middle of the turn."""
    return np.exp(-np.asarray(brightness) * (1 + np.cos(2 * np.pi * phase)))


def comb(x: np.ndarray, seconds: float, feedback: float) -> np.ndarray:
    """A pipe: the pulse comes back upside down."""
    delay, out = dsp.samples(seconds), x.copy()
    for echo in range(1, 5):
        out[echo * delay :] += (-feedback) ** echo * x[: -echo * delay]
    return out


def presence(x: np.ndarray, top: float, amount: float) -> np.ndarray:
    """Less of the bass, more of what small loudspeakers carry, up to `top`."""
    x = dsp.highpass(x, 45)
    return dsp.lowpass(unit(x) + 1.2 * amount * unit(dsp.bandpass(x, 350, 2600)), top)


def firing_phase(rng, spec: SoundSpec, n: int, idle: float, full: float) -> np.ndarray:
    """Turns of the firing cycle: steady, or rising and falling as someone plays with the throttle."""
    if spec.action == "idle":
        rate = idle * 1.7**spec.speed * dsp.smooth_curve(rng, n, 0.4, 0.96, 1.04)
    elif spec.action == "rev":
        low = full * 0.45 * 1.5**spec.speed
        rate = low * 1.6 ** dsp.smooth_curve(rng, n, 0.9 * 0.45**spec.speed, 0.0, 1.3)
    else:
        rate = full * 0.35 * 2.6**spec.speed * dsp.smooth_curve(rng, n, 0.8, 0.97, 1.03)
    return 0.4 + np.cumsum(rate) * 1.9 ** (0.5 - spec.size) / dsp.SAMPLE_RATE


def engine(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Exhaust pulses of uneven cylinders through a pipe; what else is heard is up to the kind of motor."""
    idle, full, cylinders, larger = MOTORS.get(spec.source, MOTORS["car"])
    phase = firing_phase(rng, spec, n, idle * rng.uniform(0.9, 1.15), full * rng.uniform(0.9, 1.1))
    gains = rng.uniform(0.55, 1.0, cylinders)[np.floor(phase).astype(int) % cylinders]
    size = spec.size + larger
    kind = {"car": petrol, "truck": diesel, "ship": diesel}.get(spec.source, two_stroke if rng.random() < 0.5 else petrol)
    x = kind(rng, spec, phase, gains, size)
    return presence(x, 1100 * 3.5**spec.intensity * 3 ** (0.5 - spec.size), (0.4 + spec.intensity) * 1.8 ** (0.5 - spec.size))


def petrol(rng, spec: SoundSpec, phase: np.ndarray, gains: np.ndarray, size: float) -> np.ndarray:
    """Round pulses, a long pipe, the breath of the intake."""
    thump = pulse(phase, 4 * 8**spec.intensity) * gains
    exhaust = comb(thump - thump.mean(), rng.uniform(0.003, 0.006) * (0.6 + 0.8 * max(0.0, size)), rng.uniform(0.35, 0.6))
    breath = dsp.bandpass(dsp.noise(rng, len(phase)), 400, 2500) * (0.3 + pulse(phase + 0.15, 2))
    whine = np.sin(2 * np.pi * phase * rng.integers(9, 14)) * rng.uniform(0.02, 0.12)
    return unit(exhaust) + (0.08 + 0.2 * spec.intensity) * unit(breath) + whine


def diesel(rng, spec: SoundSpec, phase: np.ndarray, gains: np.ndarray, size: float) -> np.ndarray:
    """Every firing knocks on the block: short bursts between 900 and 3000 Hz over a dull thump."""
    n = len(phase)
    thump = unit(dsp.highpass(pulse(phase, 5) * gains, 30))
    exhaust = comb(thump, rng.uniform(0.005, 0.009) * (0.7 + 0.6 * size), 0.5)
    knock = dsp.noise(rng, n) * pulse(phase + 0.1, 25) * gains
    block = sum(dsp.resonate(knock, f, 5) for f in 1000 * 3 ** rng.random(3)) * 1.5 ** (0.5 - size)
    rattle = dsp.highpass(dsp.noise(rng, n), 1500) * pulse(phase / 2, 3)
    return unit(exhaust) + (0.25 + 0.5 * spec.intensity) * unit(block) + 0.1 * spec.intensity * unit(rattle)


def two_stroke(rng, spec: SoundSpec, phase: np.ndarray, gains: np.ndarray, size: float) -> np.ndarray:
    """Nasal, narrow pulses through two resonances of the muffler."""
    buzz = dsp.highpass(pulse(phase, 6 * 8**spec.intensity) * gains, 60)
    muffler = sum(dsp.resonate(buzz, f * 1.4 ** (0.5 - size), 3) for f in (rng.uniform(220, 380), rng.uniform(700, 1300)))
    return unit(buzz) + (0.7 + 0.5 * spec.intensity) * unit(muffler)


def helicopter(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Blades beat 8 to 20 times a second; the air between them is noise that the blades modulate."""
    rate = 8 * 2.5 ** (0.65 * spec.speed + 0.35 * (1 - spec.size)) * dsp.smooth_curve(rng, n, 1.0, 0.98, 1.02)
    phase = np.cumsum(rate) / dsp.SAMPLE_RATE + rng.uniform(0.0, 0.03)
    since = phase % 1.0 / rate
    gains = rng.uniform(0.75, 1.0, int(phase[-1]) + 1)[phase.astype(int)]
    kind = (blade_slap, turbine, rotor_wash)[int(rng.integers(3))]
    return dsp.lowpass(kind(rng, spec, phase, since, gains), 1500 * 3.5**spec.intensity * 2.6 ** (0.5 - spec.size), 1)


def thump(rng, spec: SoundSpec, since: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """The pressure pulse of a blade, seconds after it has passed."""
    tone = rng.uniform(80, 110) * 2.4 ** (0.5 - spec.size)
    return unit(gains * np.sin(2 * np.pi * tone * since) * np.exp(-since * rng.uniform(30, 50)))


def blade_slap(rng, spec: SoundSpec, phase, since, gains) -> np.ndarray:
    """Two wide blades: whop, whop."""
    noise = dsp.bandpass(dsp.noise(rng, len(phase)), 250, 2200)
    slap = unit(noise * gains * np.exp(-since * rng.uniform(40, 70)))
    return thump(rng, spec, since, gains) + (0.3 + 0.7 * spec.intensity) * slap


def turbine(rng, spec: SoundSpec, phase, since, gains) -> np.ndarray:
    """A light machine: quick chop, a tail rotor five times as fast, and the whine of the turbine."""
    chop = unit(dsp.bandpass(dsp.noise(rng, len(phase)), 300, 3500) * gains * (0.12 + np.exp(-since * 45)))
    tail = unit(dsp.lowpass(pulse(phase * 5.2, 6), 900))
    whine = np.sin(
        2
        * np.pi
        * np.cumsum(rng.uniform(1800, 2600) * 1.6 ** (0.5 - spec.size) * dsp.smooth_curve(rng, len(phase), 1, 0.99, 1.01))
        / dsp.SAMPLE_RATE
    )
    return 0.8 * thump(rng, spec, since, gains) + 0.7 * chop + 0.15 * tail + (0.05 + 0.15 * spec.intensity) * whine


def rotor_wash(rng, spec: SoundSpec, phase, since, gains) -> np.ndarray:
    """The wind under the rotor: a rush that the blades open and close."""
    wash = unit(dsp.bandpass(dsp.coloured_noise(rng, len(phase), 0.6), 120, 1800) * (0.15 + pulse(phase + 0.5, 1.5)))
    return 0.7 * thump(rng, spec, since, gains) + (0.7 + 0.5 * spec.intensity) * wash


def horn(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Membranes held by current (car, motorcycle) or by air (truck, train, ship): two or three rich tones at once."""
    tones, seconds, brightness, attack = HORNS.get(spec.source, HORNS["car"])
    m = min(n - 1, dsp.samples(seconds * 2 ** (0.9 * (spec.size - 0.5)) * 1.3 ** (spec.intensity - 0.5) * rng.uniform(0.85, 1.2)))
    shift = 2 ** (1.2 * (spec.pitch - 0.5) + 1.0 * (0.5 - spec.size) + rng.uniform(-0.1, 0.1))
    air = spec.source in ("truck", "train", "ship")
    t = np.arange(m) / m
    swell = np.minimum(1, 0.35 + np.arange(m) / dsp.samples(attack))
    sound = (air_horn if air else electric_horn)(rng, m, np.array(tones) * shift, brightness * 4 ** (spec.intensity - 0.5), swell)
    release = np.minimum(1, (1 - t) * m / dsp.samples(0.05 if air else 0.02)) ** 2
    out = np.zeros(n)
    out[:m] = dsp.lowpass(sound, 1700 * 3.5**spec.intensity) * np.minimum(1, np.arange(m) / 60) * swell * release
    return out


def electric_horn(rng, m: int, tones: np.ndarray, brightness: float, swell: np.ndarray) -> np.ndarray:
    """A buzzing plate with a bright resonance; perfectly steady."""
    out = sum(pulse(dsp.times(m) * f * rng.uniform(0.99, 1.01), brightness) for f in tones)
    out = out - out.mean()
    return unit(out) + 0.8 * unit(dsp.resonate(out, 4.5 * tones[0] * rng.uniform(0.85, 1.2), 4))


def air_horn(rng, m: int, tones: np.ndarray, brightness: float, swell: np.ndarray) -> np.ndarray:
    """Brass: the harder it is blown the brighter; the pitch settles, air hisses along."""
    settle = 1 - 0.04 * np.exp(-dsp.times(m) / 0.03)
    out = np.zeros(m)
    for f in tones * rng.uniform(0.985, 1.015, len(tones)):
        phase = np.cumsum(f * settle * dsp.smooth_curve(rng, m, 0.3, 0.997, 1.003)) / dsp.SAMPLE_RATE
        out += pulse(phase, brightness * swell**2)
    hiss = dsp.bandpass(dsp.noise(rng, m), 800, 5000)
    return unit(out - out.mean()) + 0.06 * unit(hiss)


FAMILIES = (
    Family(
        "engine", engine, loop=True, shapes=frozenset({"size", "intensity", "speed"}),
        sources={"car": ("car", "race car"), "truck": ("truck", "diesel truck"), "motorcycle": ("motorcycle", "motorbike"),
                 "ship": ("ship", "boat")},
        unseen=frozenset({"ship"}),
        phrases={
            "idle": ("a {adj} {source} engine idles", "idling {adj} {source} engine", "a {adj} {source} idling in neutral",
                     "{adj} {source} motor ticks over", "{source} engine, {adj}, idle", "{adj} tickover of an old motor",
                     "a parked {source} with a {adj} motor purring", "warming up a {adj} engine on a cold morning",
                     "{adj} cylinders puttering unevenly", "a {adj} motor purrs while nobody touches the throttle",
                     "an engine left on while its owner is away", "{adj} exhaust burbling at a standstill",
                     "a stationary {source} putters", "{adj} engine out of gear",
                     "the {adj} machine idles and nothing moves"),
            "run": ("a {adj} {source} engine runs", "{adj} {source} motor running", "driving a {adj} {source}, engine sound",
                    "steady drone of a {adj} {source} engine", "{adj} {source} engine loop",
                    "pistons pound in a {adj} engine", "{adj} motor noise aboard a moving {source}",
                    "travelling with a {adj} motor", "cruising at a constant pace with {adj} machinery",
                    "{adj} internal combustion engine at constant rpm", "a {adj} exhaust drones on and on",
                    "{adj} vehicle loop for a simulator", "a {adj} powertrain at work",
                    "the crankshaft turns in a {adj} engine", "a motor burns fuel on a long journey",
                    "a well oiled {adj} motor hums"),
            "rev": ("a {adj} {source} engine revs", "revving a {adj} {source}", "{adj} {source} engine accelerating",
                    "{adj} {source} engine revving up and down", "a {adj} {source} at full throttle",
                    "{adj} revs rise and fall", "a {adj} motor howls towards the redline",
                    "opening the throttle of a {adj} engine", "a stuntman shows off his {adj} {source}",
                    "the rpm needle jumps on a {adj} motor", "testing a {adj} engine with bursts of throttle",
                    "{adj} acceleration in repeated bursts", "playing with the throttle of a tuned engine",
                    "horsepower on display with a {adj} engine", "snarling {adj} exhaust",
                    "a {adj} motor screams and settles again", "a show-off makes his {source} scream"),
        },
        held_out=("a mechanic steps on the gas pedal", "a tractor chugs along", "a go-kart races around the track"),
    ),
    Family(
        "helicopter", helicopter, loop=True, shapes=frozenset({"size", "intensity", "speed"}),
        phrases={"": ("a {adj} helicopter hovers", "{adj} helicopter rotor", "{adj} chopper flying overhead",
                      "the blades of a {adj} helicopter thump", "helicopter, {adj}, hovering",
                      "chopping {adj} rotor blades", "a {adj} military helicopter",
                      "a {adj} rescue helicopter over the mountains", "{adj} whop whop of a main rotor",
                      "a pilot holds his {adj} chopper over the landing pad", "{adj} rotorcraft on patrol",
                      "an apache with {adj} blades", "soldiers wait under a {adj} chopper",
                      "{adj} downdraft from spinning blades", "a news crew films from a {adj} helicopter",
                      "{adj} beating of rotors", "a police chopper searches the city",
                      "a {adj} helicopter lowers a winch to the sailors", "{adj} chop of a whirlybird",
                      "vietnam war movie with a {adj} huey", "a {adj} black hawk over the desert",
                      "the extraction chopper waits for the squad", "a {adj} coast guard helicopter searches the sea",
                      "{adj} rotor wash flattens the grass", "whirling {adj} blades of an army transport",
                      "a sightseeing trip by {adj} helicopter", "{adj} helicopter cockpit loop",
                      "commandos rope down from a {adj} chopper", "a {adj} helicopter stays over the rooftops",
                      "helipad with {adj} rotors turning", "a millionaire and his private {adj} helicopter",
                      "{adj} thudding of rotor blades", "throbbing {adj} blades overhead",
                      "a {adj} helicopter hauls cargo on a cable", "an enemy chopper hunts the player",
                      "the flapping of {adj} rotors", "a {adj} flying machine with whirring blades",
                      "{adj} bladed craft over the battlefield")},
        held_out=("a gunship circles above", "a copter prepares for take-off", "an air ambulance in flight"),
    ),
    Family(
        "horn", horn, countable=True, shapes=frozenset({"size", "intensity", "pitch"}),
        sources={"car": ("car", "taxi"), "truck": ("truck", "lorry"), "ship": ("ship", "ferry"),
                 "train": ("train", "locomotive"), "motorcycle": ("motorcycle", "motorbike")},
        unseen=frozenset({"motorcycle"}),
        phrases={"": ("a {adj} {source} horn honks", "{adj} {source} horn", "a {adj} {source} sounds its horn",
                      "honking a {adj} {source} horn", "{adj} honk of a {source} horn",
                      "{source} horn blast, {adj}", "a {adj} {source} horn blares", "{adj} honk", "a {adj} vehicle horn",
                      "a {adj} horn blows", "leaning on the {adj} horn", "a {adj} honk for the fool who blocks the way",
                      "{adj} blare of a signal horn", "an angry {adj} honk", "a friendly {adj} honk as a greeting",
                      "a {adj} horn warns everyone to move aside", "arrival is announced by a {adj} horn",
                      "bystanders flinch at a {adj} honk", "pressing the button of a {adj} horn",
                      "{adj} horn of an oncoming vehicle", "the operator blasts the horn",
                      "a {adj} blare tells others to watch out", "{adj} horn to scare animals away",
                      "collision warning with a {adj} horn", "transport horn sample", "a {adj} parp",
                      "blowing a {adj} horn to say hello", "a rude {adj} blast of the horn",
                      "a {adj} honk startles the crowd", "{adj} blaring of an oncoming {source}",
                      "the {source} gives a {adj} honk", "an approaching {source} honks",
                      "passengers hear the {adj} horn of a {source}", "a {source} warns of danger with a {adj} horn",
                      "a {adj} honk answers another", "{adj} horn button pressed in anger")},
        held_out=("a driver beeps in traffic", "a steamer toots as it leaves the harbour", "an impatient motorist hoots"),
    ),
)  # fmt: skip
