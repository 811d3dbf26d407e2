"""Bells, alarms, sirens, clocks: signals that call for attention.

Bells: Risset's list and the partials of a minor-third church bell with beating doublets (Fletcher and Rossing).
Sirens: wail, yelp and hi-lo as vehicle sirens have them, and the two-rotor air-raid siren.
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family
from .interface import brightness, choose, release, voice

RISSET = (  # ratio, gain, relative length
    (0.56, 1.0, 1.0), (0.562, 0.67, 0.9), (0.92, 1.0, 0.65), (0.923, 1.8, 0.55), (1.19, 2.67, 0.325), (1.7, 1.67, 0.35),
    (2.0, 1.46, 0.25), (2.74, 1.33, 0.2), (3.0, 1.33, 0.15), (3.76, 1.0, 0.1), (4.07, 1.33, 0.075),
)  # fmt: skip
CHURCH = (  # hum, prime, tierce, quint, nominal and above
    (0.5, 0.9, 1.0), (1.0, 1.2, 0.75), (1.2, 1.5, 0.6), (1.5, 0.6, 0.4), (2.0, 1.6, 0.35), (2.5, 0.7, 0.25),
    (2.67, 0.7, 0.22), (3.0, 0.9, 0.2), (4.0, 0.7, 0.14), (5.33, 0.4, 0.1),
)  # fmt: skip
HAND = (
    (1.0, 1.5, 1.0),
    (1.003, 0.7, 0.9),
    (3.0, 1.2, 0.6),
    (3.01, 0.6, 0.5),
    (5.4, 0.9, 0.35),
    (7.8, 0.5, 0.2),
)  # tuned to a twelfth
DOME = ((1.0, 1.0, 1.0), (1.005, 0.8, 0.9), (2.42, 0.9, 0.6), (4.1, 0.5, 0.35))  # a small steel cup


def ring(rng, spec: SoundSpec, partials, f0: float, t60: float) -> np.ndarray:
    """A bell struck once; a harder clapper wakes more of the high partials and clicks louder."""
    ratios, gains, lengths = (np.array(column) for column in zip(*partials))
    gains = gains * rng.uniform(0.7, 1.3, len(gains)) * ratios ** (1.8 * spec.intensity - 1.0)
    t60s = t60 * (0.85 + 0.3 * spec.intensity) * np.maximum(lengths, 0.12) * rng.uniform(0.85, 1.1, len(gains))
    m = dsp.samples(min(2.6, 1.2 * t60))
    body = dsp.modal(m, f0 * ratios * (1 + 0.002 * rng.standard_normal(len(ratios))), t60s, gains, rng.uniform(0, 1, len(ratios)))
    clapper = dsp.bandpass(dsp.noise(rng, m), 2 * f0, 9 * f0) * dsp.decay(m, 0.02)
    return release(dsp.normalise(body) + (0.05 + 0.3 * spec.intensity) * dsp.normalise(clapper), 0.03)


def bell(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """church: one toll. hand: one ding. bicycle: a geared hammer rattles on a steel cup. shop: a bell jogs on its spring."""
    place_of = 0.5 * (1 - spec.size) + 0.5 * spec.pitch + 0.04 * rng.standard_normal()
    low, high, short, long = {
        "church": (150, 800, 1.5, 2.5), "hand": (520, 2600, 0.6, 1.4),
         "bicycle": (1100, 4400, 0.25, 0.6), "shop": (900, 3800, 0.3, 0.8),
    }[spec.action]  # fmt: skip
    f0, t60 = low * (high / low) ** place_of, short * (long / short) ** spec.size * rng.uniform(0.9, 1.1)
    out = np.zeros(n)
    if spec.action in ("church", "hand"):
        dsp.place(out, ring(rng, spec, choose(rng, RISSET, CHURCH) if spec.action == "church" else HAND, f0, t60), 0.0)
        return out
    if spec.action == "bicycle":
        rate, burst = rng.uniform(17, 27), rng.uniform(0.24, 0.38)
        starts = [k / rate + b * (burst + 0.06) for b in range(int(rng.integers(1, 3))) for k in range(int(burst * rate))]
    else:
        starts = np.cumsum([0.0, *rng.uniform(0.07, 0.16, int(rng.integers(1, 4)))])
    strikes = [
        ring(rng, spec, DOME, f0 * k, t60) for k in ((1.0, 1.0) if spec.action == "bicycle" else (1.0, rng.uniform(1.05, 1.3)))
    ]
    for i, start in enumerate(starts):
        dsp.place(out, strikes[i % 2], start, rng.uniform(0.7, 1.0) * (1.0 if spec.action == "bicycle" else 0.7**i))
    return out


def gate(n: int, rate: float, duty: float, edge: float = 0.004) -> np.ndarray:
    """On and off `rate` times a second, on at the start, with soft edges."""
    x = dsp.times(n) * rate % 1.0
    return np.clip((x + 0.3 * edge * rate) / (edge * rate), 0, 1) * np.clip((duty - x) / (edge * rate), 0, 1)


def alarm(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Beeping on and off for ever: an even or grouped digital tone, two tones at once, or a rasping buzzer."""
    rate = 1.7 * 3.6**spec.speed * rng.uniform(0.93, 1.07)
    bright, shift = brightness(rng, spec), 2 ** (1.5 * spec.pitch + rng.uniform(-0.15, 0.15))
    if spec.action == "buzzer":
        tone = voice(np.full(n, 150 * shift), "rich", 0.6 + 0.4 * bright)
        tone = tone * (1 + 0.5 * np.sin(2 * np.pi * rng.uniform(25, 45) * dsp.times(n))) if rng.random() < 0.5 else tone
        return dsp.saturate(dsp.highpass(tone, 250, 1), 1.5) * gate(n, 0.7 * rate, rng.uniform(0.5, 0.7), 0.01)
    f, shape = np.full(n, 800 * shift), choose(rng, "hollow", "soft", "rich")
    kind = rng.random()
    if kind < 0.3:
        tone = voice(f, "hollow", bright) + voice(f * choose(rng, 1.06, 1.19, 1.26, 1.33), "hollow", bright)
        return tone * gate(n, rate, rng.uniform(0.45, 0.65))
    tone = voice(f, shape, bright)
    if kind < 0.65:
        return tone * gate(n, rate, rng.uniform(0.4, 0.6))
    group = int(rng.integers(2, 5))
    return tone * gate(n, 1.9 * rate, rng.uniform(0.45, 0.6)) * gate(n, 1.9 * rate / (group + 1.5), group / (group + 1.5))


def siren(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A tone that sweeps or switches without a break, through a horn that distorts the more the stronger it is."""
    f0, bright = 430 * 2 ** (1.3 * spec.pitch + rng.uniform(-0.12, 0.12)), brightness(rng, spec)
    t, start = dsp.times(n), rng.random()
    if spec.action == "air raid":
        x = t * 0.28 * 2.2**spec.speed + start
        f = 0.5 * f0 * 2 ** (1.1 * (0.5 - 0.5 * np.cos(2 * np.pi * x)) ** 0.7)
        rotors = voice(f, "rich", 0.3 + 0.6 * bright) + 0.8 * voice(f * 1.2, "rich", 0.3 + 0.6 * bright)
        return dsp.saturate(rotors, 1 + bright)
    if spec.action == "two-tone":
        x = t * 0.7 * 3.0**spec.speed + start
        f = f0 * np.where(x % 1.0 < 0.5, 1.0, choose(rng, 5 / 4, 4 / 3, 3 / 2))
    else:
        x = t * (0.35 if spec.action == "wail" else 2.2) * 2.6**spec.speed + start
        f = f0 * 2 ** (rng.uniform(0.9, 1.4) * sweep(x % 1.0, rng.uniform(0.35, 0.6)))
    horn = voice(f, choose(rng, "hollow", "rich"), bright)
    return dsp.saturate(dsp.bandpass(horn, 350, 900 * 7**bright), 0.4 + 2 * bright)


def sweep(x: np.ndarray, top: float) -> np.ndarray:
    """Up until `top`, down until 1, rounded as a capacitor charges."""
    up, down = np.clip(x / top, 0, 1), np.clip((x - top) / (1 - top), 0, 1)
    return np.where(x < top, np.sin(0.5 * np.pi * up), np.cos(0.5 * np.pi * down))


def clock(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Regular dry ticks, tick and tock differing a little: a wooden case, a metal movement, or a watch's triple click."""
    kind, out = rng.random(), np.zeros(n)
    rate = (1.3 if kind < 0.7 else 2.0) * 3.8**spec.speed * rng.uniform(0.95, 1.05)
    maker = wooden_tick if kind < 0.4 else metal_tick if kind < 0.7 else watch_tick
    seed, tock = int(rng.integers(1 << 31)), choose(rng, 0.8, 0.86, 0.92, 1.0)
    pair = [dsp.normalise(maker(np.random.default_rng(seed), spec, k)) for k in (1.0, tock)]
    for i in range(int(n / dsp.SAMPLE_RATE * rate) + 1):
        late = 0.01 * rng.standard_normal() / rate if i else 0.0
        dsp.place(out, pair[i % 2], i / rate + max(-0.01, late), rng.uniform(0.85, 1.0))
    return out


def edge(rng, m: int, spec: SoundSpec, low: float) -> np.ndarray:
    return (0.05 + 0.8 * spec.intensity) * dsp.normalise(dsp.highpass(dsp.noise(rng, m), low) * dsp.decay(m, 0.005))


def tick(rng, spec: SoundSpec, f0: float, ratios, t60: float) -> np.ndarray:
    """The pallet hits the wheel: a short-lived body and the click of the contact."""
    ratios, m = np.array(ratios) * (1 + 0.03 * rng.standard_normal(len(ratios))), dsp.samples(1.1 * t60)
    gains = rng.uniform(0.5, 1.0, len(ratios)) * ratios ** (3 * spec.intensity - 1.8)
    body = dsp.modal(m, f0 * ratios, t60 / ratios**0.4, gains, rng.uniform(0, 1, len(ratios)))
    return release(dsp.normalise(body) + edge(rng, m, spec, 1.5 * f0 + 1000))


def wooden_tick(rng, spec: SoundSpec, k: float) -> np.ndarray:
    f0 = 620 * 2 ** (2.4 * (0.5 - spec.size) + rng.uniform(-0.2, 0.2)) * k
    return tick(rng, spec, f0, [1, 1.6, 2.4, 3.9, 5.2], 0.035 + 0.07 * spec.size)


def metal_tick(rng, spec: SoundSpec, k: float) -> np.ndarray:
    f0 = 1700 * 2 ** (2.2 * (0.5 - spec.size) + rng.uniform(-0.2, 0.2)) * k
    return tick(rng, spec, f0, [1, 1.47, 2.09, 2.9], 0.04 + 0.07 * spec.size)


def watch_tick(rng, spec: SoundSpec, k: float) -> np.ndarray:
    """Unlock, impulse and drop of a lever escapement follow within 15 ms."""
    out, f0 = np.zeros(dsp.samples(0.07)), 2200 * 2 ** (2.0 * (0.5 - spec.size) + rng.uniform(-0.15, 0.15)) * k
    for start, gain in zip((0.0, rng.uniform(0.003, 0.006), rng.uniform(0.008, 0.015)), (0.6, 0.5, 1.0)):
        dsp.place(out, tick(rng, spec, f0, [1, 1.7, 2.6], 0.015 + 0.025 * spec.size), start, gain)
    return out


# fmt: off
FAMILIES = (
    Family("bell", bell, {
        "church": ("a {adj} church bell rings", "{adj} tower bell tolls", "a {adj} bronze church bell",
            "{adj} bell tolling in a steeple", "church bell, {adj}", "the {adj} bell of a monastery calls the monks",
            "a {adj} bell tolls for the dead", "{adj} funeral toll", "a {adj} bell before sunday mass",
            "{adj} village chapel bell", "the sexton pulls the rope of a {adj} bell", "{adj} bong from the clock tower",
            "a {adj} wedding bell", "a {adj} belfry sounds over the valley", "the hour is struck"),
        "hand": ("a {adj} hand bell rings", "{adj} hand bell ding", "ringing a {adj} hand bell",
            "a {adj} service bell is struck", "hand bell, {adj}", "a butler is summoned by a {adj} bell",
            "{adj} ding of a brass handbell", "a teacher ends recess with a {adj} handbell",
            "dinner is announced by a {adj} bell", "a town crier with a {adj} handbell", "{adj} ting of a table bell",
            "santa rings a {adj} handbell", "an altar boy rings a {adj} bell", "shaking a {adj} brass bell by its handle"),
        "bicycle": ("a {adj} bicycle bell rings", "{adj} bike bell", "ringing the {adj} bell of a bicycle",
            "bicycle bell, {adj}", "a cyclist rings a {adj} bell", "{adj} tring from the handlebar",
            "a {adj} thumb lever bell", "a kid rides by with a {adj} bike bell",
            "a courier warns pedestrians with a {adj} bicycle bell", "{adj} tricycle bell",
            "pedalling through amsterdam with a {adj} bell", "{adj} rattling cup bell on a cycle",
            "ring ring from a commuter's bike"),
        "shop": ("a {adj} shop door bell jingles", "{adj} shop bell", "a {adj} bell over the shop door rings",
            "{adj} jingle bell", "a {adj} bell tinkles at the door", "a customer enters the store under a {adj} bell",
            "{adj} tinkle at the bakery entrance", "walking into a boutique with a {adj} bell",
            "{adj} bell on a coiled spring", "the merchant's {adj} bell jingles",
            "a visitor and a {adj} tinkle in the antique store", "{adj} jingling at the barber's",
            "a cat with a {adj} collar bell", "a new client steps in and a bell tinkles"),
    }, ("a cathedral carillon peals", "the reception desk is rung for attention", "chiming from the abbey"),
        frozenset({"size", "intensity", "pitch"}), countable=True),
    Family("alarm", alarm, {
        "beep": ("a {adj} alarm beeps", "{adj} beeping alarm", "{adj} digital alarm clock", "alarm beeping, {adj}",
            "a {adj} smoke detector goes off", "a {adj} warning beep repeats", "beeping of a {adj} security alarm",
            "a {adj} carbon monoxide alarm", "hospital monitor with {adj} beeping", "a fire alarm with {adj} beeps",
            "{adj} burglar alarm beeping", "{adj} reactor warning tone", "spaceship hull breach with {adj} beeping",
            "{adj} oven timer beeping", "{adj} beeper of a reversing forklift", "{adj} warning beeps in the cockpit",
            "a {adj} repeating electronic tone", "the bank vault is protected by {adj} beeps", "incessant {adj} beeping",
            "the patient is in danger and the monitor beeps", "{adj} meltdown warning", "a fridge left open beeps",
            "oxygen runs out with {adj} beeps"),
        "buzzer": ("a {adj} alarm buzzer", "{adj} buzzer alarm sounds", "{adj} warning buzzer on and off",
            "a {adj} industrial alarm blares", "alarm buzzer, {adj}", "a {adj} intruder alarm buzzes",
            "{adj} factory klaxon", "{adj} prison buzzer", "a {adj} klaxon orders the submarine to dive",
            "a {adj} rasping warning in the bunker", "containment breach with a {adj} buzzer",
            "lockdown with a {adj} klaxon", "{adj} machine fault buzzer", "missile launch warning with a {adj} buzz",
            "a {adj} buzzer stops the conveyor belt", "{adj} laboratory buzzer", "jailbreak with a {adj} buzzing alarm",
            "{adj} power plant klaxon", "harsh {adj} buzzing over and over", "self-destruct sequence with a {adj} klaxon"),
    }, ("an intrusion alert is triggered", "wake-up bleeping on a nightstand", "an evacuation signal pulses"),
        frozenset({"intensity", "pitch", "speed"}), loop=True),
    Family("siren", siren, {
        "wail": ("a {adj} siren wails", "{adj} police siren", "wailing {adj} siren", "a {adj} fire truck siren",
            "police car siren, {adj}", "{adj} wail of a fire engine", "firefighters on their way with a {adj} siren",
            "a {adj} siren rises and falls", "the sheriff's {adj} siren on the highway", "a {adj} new york police siren",
            "{adj} howl of a rescue truck", "the fire brigade answers a call", "mournful {adj} wail",
            "bank robbers hear a {adj} siren", "{adj} swat van siren", "a {adj} squad car rushes to a crime scene"),
        "yelp": ("a {adj} yelping siren", "{adj} police siren yelp", "a {adj} warbling siren", "siren yelp, {adj}",
            "a {adj} patrol car siren whoops", "{adj} whooping siren", "a police siren whoops at an intersection",
            "an officer switches the siren to a {adj} yelp", "{adj} yelp of a police motorcycle",
            "{adj} highway patrol yelp", "a deputy's {adj} whooping siren", "{adj} squad car yelp",
            "urgent {adj} oscillating siren", "a nervous {adj} siren hurries drivers aside"),
        "two-tone": ("a {adj} two-tone siren", "{adj} ambulance siren", "a {adj} european ambulance siren",
            "hi-lo siren, {adj}", "an ambulance with a {adj} two-tone siren", "{adj} nee-naw",
            "{adj} martinshorn of the german police", "nee-naw of a {adj} british siren",
            "{adj} hi-lo siren of the paris gendarmes", "{adj} alternating tones of a rescue truck",
            "a french fire engine with a {adj} pin-pon", "medics on call with a {adj} two-note siren",
            "a paramedic van switches between tones", "{adj} hi-lo of london constables"),
        "air raid": ("a {adj} air raid siren", "{adj} air-raid warning siren", "a {adj} civil defense siren howls",
            "air raid siren, {adj}", "{adj} wartime siren", "bombers approach and a {adj} siren warns the people",
            "{adj} blitz siren", "people run for the shelter under a {adj} siren", "{adj} hand-cranked siren",
            "nuclear attack warning with a {adj} siren", "{adj} doomsday siren",
            "a {adj} siren howls across the bombed city", "rotors of a {adj} mechanical siren"),
    }, ("cops in pursuit with lights flashing", "an emergency vehicle is coming", "a tornado alert over town"),
        frozenset({"intensity", "pitch", "speed"}), loop=True),
    Family("clock", clock, {
        "tick": ("a {adj} clock ticks", "{adj} ticking clock", "clock ticking, {adj}", "ticking of a {adj} wall clock",
            "a {adj} pocket watch ticks", "{adj} tick tock", "the {adj} timer of a bomb ticks", "{adj} kitchen clock",
            "a {adj} metronome keeps the beat", "{adj} mantel clock", "a {adj} antique clock",
            "cogs and gears of a {adj} wristwatch", "{adj} escapement of a watch",
            "time runs out on a {adj} ticking clock", "waiting for the exam to finish beside a {adj} clock",
            "{adj} tick-tock in the library", "{adj} movement of a cuckoo clock",
            "quiz show suspense and a {adj} ticking clock", "the hands of a {adj} dial move", "{adj} clockwork",
            "{adj} ticks in a watchmaker's workshop", "a {adj} egg timer ticks", "a {adj} time bomb ticks",
            "a detective checks his {adj} fob watch", "the deadline approaches with a {adj} tick tock",
            "{adj} chess clock", "a {adj} wooden clock", "victorian study with a {adj} clock",
            "a wind-up clock beside the bed", "insomnia and a {adj} clock", "{adj} ticks for a puzzle with a time limit",
            "steampunk mechanism with {adj} ticks", "a {adj} railway station clock", "swiss watch with {adj} ticks",
            "a {adj} timer ticks in the villain's trap", "a {adj} chronometer", "regular {adj} ticks of an heirloom"),
    }, ("seconds pass on a grandfather timepiece", "a stopwatch counts down", "the pendulum swings back and forth"),
        frozenset({"size", "intensity", "speed"}), loop=True),
)
