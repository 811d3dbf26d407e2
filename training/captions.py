"""Captions of a specification: the same attributes that shaped the sound, in many wordings.

    captions(clip, count) -> list of strings, 3 to 256 characters
    held_out_caption(clip) -> a wording that training never sees

Graded words overlap between bands ("small" below 0.4, "large" above 0.6, nothing in between), so language stays graded. Events in
order are told in both surface orders ("A then B", "B after A"), so that the model learns the order of events, not of words.
The wordings of a family stand beside its recipe in `synthesis/`.
"""

import re

import numpy as np

from .spec import ClipSpec, SoundSpec
from .synthesis import FAMILIES

GRADES = {
    "size": (("small", "tiny", "little", "light"), ("large", "big", "huge", "heavy")),
    "intensity": (("soft", "gentle", "quiet", "weak"), ("hard", "violent", "loud", "powerful")),
    "pitch": (("low", "deep", "low-pitched"), ("high", "bright", "high-pitched")),
    "speed": (("slow", "sluggish"), ("fast", "quick", "rapid")),
}
MEDIUM = ("medium", "moderate")
DISTANCE = (("close", "nearby", "right here"), ("far away", "distant", "in the distance"))
SPACE_WORDS = {
    "dry": ("dry", "close microphone"),
    "room": ("in a room", "indoors", "in a small room"),
    "hall": ("in a hall", "in a stone hall", "in a large hall", "with long reverb"),
    "cave": ("in a cave", "echoing in a cavern", "in a tunnel"),
    "outdoors": ("outdoors", "outside", "in the open"),
}
COUNT_WORDS = {
    1: ("once", "a single time"),
    2: ("twice", "two times"),
    3: ("three times", "3 times"),
    4: ("four times", "4 times"),
}
#: {first} sounds before {second}; both surface orders
THEN = (
    "{first} then {second}", "{first}, then {second}", "{first} followed by {second}", "{first} and then {second}",
    "first {first}, then {second}", "{first} before {second}",
    "{second} after {first}", "after {first}, {second}", "before {second}, {first}", "{second}, but first {first}",
)  # fmt: skip
THEN_THREE = ("{0}, then {1}, then {2}", "first {0}, then {1}, finally {2}", "{0} followed by {1} and then {2}")
WHILE = ("{a} while {b}", "{a} and {b} at the same time", "{a} as {b}", "{a} together with {b}", "{a} and {b}", "{a} with {b}")
HELD_OUT_THEN = ("{first}; next, {second}", "{first}, later {second}", "{second} comes right after {first}")
BACKGROUND = ("{event} with {bed} in the background", "{event}, {bed} in the background", "{event} over {bed}")


def captions(clip: ClipSpec, count: int) -> list[str]:
    rng = np.random.default_rng([clip.seed, 4])
    return [caption(clip, rng) for _ in range(count)]


def caption(clip: ClipSpec, rng: np.random.Generator) -> str:
    phrases = [event_phrase(event, rng) for event in clip.events]
    text = joined(clip, phrases, rng)
    if clip.background:
        bed = phrase_of(SoundSpec(clip.background, 0, action=next(iter(FAMILIES[clip.background].phrases))), rng, "")
        text = str(rng.choice(BACKGROUND)).format(event=text, bed=bed)
    return cased(with_place(clip, text, rng), rng)


def held_out_caption(clip: ClipSpec, rng: np.random.Generator) -> str:
    """A family's unseen wording; for events in order an unseen way to join seen ones."""
    if clip.relation == "then":
        first, second = (event_phrase(event, rng) for event in clip.events[:2])
        return str(rng.choice(HELD_OUT_THEN)).format(first=first, second=second)
    return str(rng.choice(FAMILIES[clip.events[0].family].held_out))


def event_phrase(event: SoundSpec, rng: np.random.Generator) -> str:
    text = phrase_of(event, rng, " ".join(graded_words(event, rng)))
    if FAMILIES[event.family].countable and (event.count > 1 or rng.random() < 0.15):
        text += " " + str(rng.choice(COUNT_WORDS[event.count]))
    return text


def phrase_of(event: SoundSpec, rng: np.random.Generator, adjectives: str) -> str:
    """A wording of the event's action that has a place for what is to be said; spaces and articles put right."""
    family = FAMILIES[event.family]
    options = family.phrases[event.action]
    options = [text for text in options if ("{source}" in text) == ("source" in event.mentioned)] or options
    if adjectives:
        options = [text for text in options if "{adj}" in text] or options
    source = str(rng.choice(family.sources[event.source])) if event.source in family.sources else ""
    text = str(rng.choice(options)).replace("{adj}", adjectives).replace("{source}", source)
    return articles(tidy(text))


def graded_words(event: SoundSpec, rng: np.random.Generator) -> list[str]:
    """At most two, of the attributes that are mentioned and that shape this family."""
    words = []
    for name, (low, high) in GRADES.items():
        value = getattr(event, name)
        if name not in event.mentioned or name not in FAMILIES[event.family].shapes:
            continue
        if value < 0.4 or value > 0.6:
            words.append(str(rng.choice(low if value < 0.5 else high)))
        elif name in ("size", "intensity") and rng.random() < 0.5:
            words.append(str(rng.choice(MEDIUM)))
    rng.shuffle(words)
    return words[:2]


def joined(clip: ClipSpec, phrases: list[str], rng: np.random.Generator) -> str:
    if len(phrases) == 1:
        return phrases[0]
    if len(phrases) == 3:
        return str(rng.choice(THEN_THREE)).format(*phrases)
    if clip.relation == "then":
        return str(rng.choice(THEN)).format(first=phrases[0], second=phrases[1])
    a, b = rng.permutation(phrases)
    return str(rng.choice(WHILE)).format(a=a, b=b)


def with_place(clip: ClipSpec, text: str, rng: np.random.Generator) -> str:
    words = []
    if "space" in clip.mentioned:
        words.append(str(rng.choice(SPACE_WORDS[clip.space])))
    if "distance" in clip.mentioned and not 0.25 < clip.distance < 0.5:
        words.append(str(rng.choice(DISTANCE[int(clip.distance > 0.4)])))
    rng.shuffle(words)
    for word in words:
        text += (", " if rng.random() < 0.4 else " ") + word
    return text


def cased(text: str, rng: np.random.Generator) -> str:
    style = rng.random()
    if style < 0.25:
        text = text.removeprefix("a ").removeprefix("an ").removeprefix("the ")
    return (text[0].upper() + text[1:] if style > 0.85 else text)[:256]


def tidy(text: str) -> str:
    """Single spaces, none before a comma, no comma at either end."""
    return re.sub(r"\s+", " ", re.sub(r"\s+,", ",", text)).replace(",,", ",").strip(" ,")


def articles(text: str) -> str:
    """a before consonants, an before vowels; a user, a European, a one-way street"""
    text = re.sub(r"\ban? (?=[aeiou])", "an ", text)
    return re.sub(r"\ban (?=[^aeiouh]|eu|u[nst]i|use|one)", "a ", text).replace("a hour", "an hour")
