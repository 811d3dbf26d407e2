"""Captions of a specification: the same attributes that shaped the sound, in many wordings.

    captions(spec, count) -> list of strings, 3 to 200 characters

Graded words overlap between bands ("small" below 0.35, "large" above 0.65, nothing in between), so language stays
graded. A tenth of the noun synonyms never appears in training (`HELD_OUT`): they test the frozen text encoder.
"""

import numpy as np

from .spec import SoundSpec

# family -> action -> phrases; {adj} takes adjectives of the thing, placed before the noun
PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "impact_wood": {
        "drop": ("a {adj} wooden crate drops on the floor", "{adj} wood block falls and bounces", "{adj} wooden box lands", "dropped {adj} plank of wood"),
        "hit": ("a {adj} wooden crate is hit", "{adj} wood impact", "knocking against {adj} wood", "{adj} wooden thud", "a {adj} log is struck", "impact of a {adj} wood crate"),
    },
    "impact_metal": {
        "drop": ("a {adj} metal crate drops on the floor", "{adj} metal pipe falls and clangs", "dropped {adj} steel bar", "{adj} iron pan lands and bounces"),
        "hit": ("a {adj} metal crate is hit", "{adj} metal impact", "{adj} metallic clang", "a {adj} steel plate is struck", "{adj} iron hit rings", "impact of a {adj} metal crate"),
    },
    "impact_stone": {
        "drop": ("a {adj} stone drops on the floor", "{adj} rock falls and bounces", "dropped {adj} brick", "{adj} boulder lands"),
        "hit": ("a {adj} stone block is hit", "{adj} stone impact", "{adj} rock strikes rock", "{adj} concrete crack", "a {adj} stone is struck", "impact of a {adj} stone crate"),
    },
    "impact_glass": {
        "tap": ("a {adj} glass is tapped", "{adj} clink of glass", "tapping a {adj} bottle", "{adj} glasses clink"),
        "hit": ("a {adj} glass is hit", "{adj} glass impact", "a {adj} glass pane is struck without breaking", "{adj} bottle hit"),
    },
    "footstep_wood": {
        "step": ("a {adj} footstep on wood", "{adj} step on a wooden floor", "a {adj} shoe on floorboards"),
        "walk": ("{adj} footsteps on wood", "walking on a {adj} wooden floor", "{adj} steps on floorboards"),
    },
    "footstep_gravel": {
        "step": ("a {adj} footstep on gravel", "{adj} step on pebbles", "a {adj} boot crunches gravel"),
        "walk": ("{adj} footsteps on gravel", "walking on {adj} gravel", "{adj} steps crunching on pebbles"),
    },
    "footstep_metal": {
        "step": ("a {adj} footstep on metal", "{adj} step on a metal grate", "a {adj} boot on steel stairs"),
        "walk": ("{adj} footsteps on metal", "walking on a {adj} metal walkway", "{adj} steps on a steel grate"),
    },
    "footstep_snow": {
        "step": ("a {adj} footstep in snow", "{adj} step on fresh snow", "a {adj} boot crunches snow"),
        "walk": ("{adj} footsteps in snow", "walking through {adj} snow", "{adj} steps on frozen snow"),
    },
    "door": {
        "slam": ("a {adj} wooden door slams", "{adj} door slam", "a {adj} door bangs shut", "{adj} door closes hard"),
        "creak": ("a {adj} door creaks open", "creaking {adj} door", "{adj} squeaky hinge", "an old {adj} door opens slowly with a creak"),
        "knock": ("knocking on a {adj} door", "{adj} knock at the door", "somebody knocks on a {adj} wooden door"),
    },
    "glass_break": {"": ("{adj} glass breaks", "a {adj} window shatters", "{adj} glass smashes into shards", "shattering {adj} bottle", "breaking {adj} glass")},
    "explosion": {"": ("a {adj} explosion", "{adj} bomb blast", "a {adj} grenade explodes", "{adj} detonation", "something {adj} blows up")},
    "whoosh": {"": ("a {adj} whoosh", "{adj} sword swing", "{adj} swish through the air", "something {adj} flies past", "a {adj} swoosh")},
    "coin": {"": ("a {adj} coin is picked up", "{adj} coins jingle", "{adj} coin collect sound", "a {adj} coin drops", "{adj} gold coin pickup")},
    "ui_blip": {
        "confirm": ("a {adj} user interface confirm blip", "{adj} menu accept beep", "UI confirm, {adj}", "{adj} positive button beep"),
        "cancel": ("a {adj} user interface cancel blip", "{adj} menu back beep", "UI error, {adj}", "{adj} negative button beep"),
        "click": ("a {adj} user interface click", "{adj} button click", "UI click, {adj}", "{adj} menu tick"),
    },
    "laser": {"": ("a {adj} laser shot", "{adj} laser gun fires", "{adj} science fiction blaster", "a {adj} ray gun zaps", "{adj} pew")},
    "fire": {"": ("a {adj} fire crackles", "{adj} campfire", "{adj} burning fire", "crackling {adj} flames", "a {adj} fireplace burns")},
    "rain": {
        "soft": ("{adj} light rain", "soft {adj} rain falls", "{adj} drizzle", "gentle {adj} rain on leaves"),
        "heavy": ("{adj} heavy rain", "{adj} pouring rain", "a {adj} downpour", "{adj} rain storm pours"),
    },
    "wind": {"": ("{adj} wind blows", "howling {adj} wind", "{adj} wind gusts", "a {adj} breeze", "{adj} storm wind")},
    "thunder": {"": ("{adj} thunder", "a {adj} thunderclap", "{adj} thunder rumbles", "{adj} lightning strike and thunder", "rolling {adj} thunder")},
    "engine": {
        "idle": ("a {adj} engine idles", "{adj} idling car engine", "{adj} truck engine running", "a {adj} motor idles"),
        "motor": ("a {adj} engine revs", "{adj} motorcycle engine", "{adj} racing engine", "a {adj} machine motor runs"),
    },
    "bell": {
        "church": ("a {adj} church bell rings", "{adj} tower bell tolls", "a {adj} big bronze bell", "{adj} bell tolling"),
        "small": ("a {adj} small bell rings", "{adj} hand bell", "a {adj} shop bell dings", "{adj} chime rings"),
    },
    "water_drop": {
        "drip": ("a {adj} water drop", "{adj} drip of water", "a single {adj} droplet falls in water"),
        "drips": ("{adj} dripping water", "{adj} water drops falling", "water drips, {adj}"),
    },
}  # fmt: skip

GRADES = {
    "size": (("small", "tiny", "little", "light"), ("large", "big", "huge", "heavy")),
    "intensity": (("soft", "gentle", "quiet", "weak"), ("hard", "violent", "loud", "powerful")),
    "pitch": (("low", "deep", "low-pitched"), ("high", "bright", "high-pitched")),
    "speed": (("slow", "sluggish"), ("fast", "quick", "rapid")),
}
DISTANCE = (("close", "nearby", "right here"), ("far away", "distant", "in the distance"))
SPACE_WORDS = {
    "dry": ("dry", "close microphone"),
    "room": ("in a room", "indoors", "in a small room"),
    "hall": ("in a hall", "in a stone hall", "in a large hall", "with long reverb"),
    "cave": ("in a cave", "echoing in a cavern", "in a tunnel"),
    "outdoors": ("outdoors", "outside", "in the open"),
}
# Families in which an attribute shapes the sound; elsewhere its words would lie.
MEANS = {
    "size": {"impact_wood", "impact_metal", "impact_stone", "impact_glass", "door", "glass_break", "explosion", "bell",
             "fire", "engine", "water_drop", "whoosh", "thunder"},
    "intensity": {"impact_wood", "impact_metal", "impact_stone", "door", "explosion", "fire", "wind", "footstep_wood", "engine"},
    "pitch": {"whoosh", "coin", "ui_blip", "laser", "wind", "bell"},
    "speed": {"footstep_wood", "footstep_gravel", "footstep_metal", "footstep_snow", "whoosh", "laser", "engine", "water_drop"},
}  # fmt: skip

HELD_OUT = {
    "impact_wood": ("a timber beam gets hit", "lumber knocks"), "impact_metal": ("an anvil is hammered", "a tin can is struck"),
    "impact_stone": ("a marble slab is hit", "granite bangs"), "impact_glass": ("a crystal goblet is tapped", "toasting with wine glasses"),
    "footstep_wood": ("heels on a parquet floor", "somebody paces across a wooden deck"), "footstep_gravel": ("a hiker on a stony path", "treading on shingle"),
    "footstep_metal": ("boots on an iron catwalk", "stomping up a metal staircase"), "footstep_snow": ("trudging in deep powder", "boots in ice and snow"),
    "door": ("a gate bangs", "an oak door is shut"), "glass_break": ("a mirror is smashed to pieces", "a vase shatters"),
    "explosion": ("dynamite goes off", "a mine detonates"), "whoosh": ("an arrow flies by", "a blade cuts the air"),
    "coin": ("collecting a gold token", "loose change clinks"), "ui_blip": ("a menu notification bleeps", "interface selection tone"),
    "laser": ("a phaser is fired", "a plasma gun shoots"), "fire": ("a bonfire blazes", "burning logs crackle"),
    "rain": ("a rain shower", "raindrops patter"), "wind": ("a gale blows", "gusty air howls"),
    "thunder": ("a thunderbolt cracks", "a thunderstorm rumbles"), "engine": ("a diesel generator hums", "a tractor motor"),
    "bell": ("a cathedral bell peals", "a service bell dings"), "water_drop": ("a leaky faucet drips", "a droplet plops in a puddle"),
}  # fmt: skip


def graded_words(spec: SoundSpec, rng: np.random.Generator) -> list[str]:
    words = []
    for name, (low, high) in GRADES.items():
        value = getattr(spec, name)
        if name not in spec.mentioned or spec.family not in MEANS[name] or 0.38 < value < 0.62:
            continue
        words.append(str(rng.choice(low if value < 0.5 else high)))
    rng.shuffle(words)
    return words[:2]


def place_words(spec: SoundSpec, rng: np.random.Generator) -> list[str]:
    words = []
    if "space" in spec.mentioned:
        words.append(str(rng.choice(SPACE_WORDS[spec.space])))
    if "distance" in spec.mentioned and not 0.25 < spec.distance < 0.55:
        words.append(str(rng.choice(DISTANCE[int(spec.distance > 0.4)])))
    rng.shuffle(words)
    return words


def caption(spec: SoundSpec, rng: np.random.Generator) -> str:
    phrase = str(rng.choice(PHRASES[spec.family][spec.action]))
    text = " ".join(phrase.replace("{adj}", " ".join(graded_words(spec, rng))).replace(", ,", ",").split())
    text = text.strip(" ,")
    for word in place_words(spec, rng):
        text += (", " if rng.random() < 0.4 else " ") + word
    style = rng.random()
    if style < 0.2:
        text = text.removeprefix("a ").removeprefix("an ")
    return text[0].upper() + text[1:] if style > 0.85 else text


def captions(spec: SoundSpec, count: int) -> list[str]:
    rng = np.random.default_rng([spec.seed, 3])
    return [caption(spec, rng) for _ in range(count)]
