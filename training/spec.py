"""What a clip is: one specification per clip yields audio, caption and label.

A SoundSpec is drawn from a seed. Its graded attributes are numbers in 0..1 (0.5 is ordinary); `mentioned` says which of
them the caption will speak of, so that unmentioned ones vary freely and the model learns their spread.
"""

from dataclasses import dataclass, field

import numpy as np

FAMILIES = (
    "impact_wood", "impact_metal", "impact_stone", "impact_glass",
    "footstep_wood", "footstep_gravel", "footstep_metal", "footstep_snow",
    "door", "glass_break", "explosion", "whoosh", "coin", "ui_blip", "laser",
    "fire", "rain", "wind", "thunder", "engine", "bell", "water_drop",
)  # fmt: skip

LOOPS = frozenset({"fire", "rain", "wind", "engine"})
SPACES = ("dry", "room", "hall", "cave", "outdoors")
ACTIONS = {
    "door": ("slam", "creak", "knock"),
    "impact_wood": ("drop", "hit"),
    "impact_metal": ("drop", "hit"),
    "impact_stone": ("drop", "hit"),
    "impact_glass": ("tap", "hit"),
    "footstep_wood": ("step", "walk"),
    "footstep_gravel": ("step", "walk"),
    "footstep_metal": ("step", "walk"),
    "footstep_snow": ("step", "walk"),
    "ui_blip": ("confirm", "cancel", "click"),
    "engine": ("idle", "motor"),
    "water_drop": ("drip", "drips"),
    "bell": ("church", "small"),
    "rain": ("soft", "heavy"),
}
GRADED = ("size", "intensity", "pitch", "speed", "distance")


@dataclass(frozen=True)
class SoundSpec:
    """Labels of one clip. Graded attributes are 0..1; seed drives every random choice of the synthesis."""

    family: str
    action: str
    seed: int
    size: float
    intensity: float
    pitch: float
    speed: float
    distance: float
    space: str
    mentioned: frozenset = field(default_factory=frozenset)

    @property
    def loop(self) -> bool:
        return self.family in LOOPS


def draw_spec(seed: int, family: str | None = None) -> SoundSpec:
    """The specification of clip `seed`; its family is drawn too unless given."""
    rng = np.random.default_rng([seed, 1])
    family = family or FAMILIES[int(rng.integers(len(FAMILIES)))]
    actions = ACTIONS.get(family, ("",))
    grades = {name: float(rng.random()) for name in GRADED}
    grades["distance"] = float(rng.random() ** 2)
    space = SPACES[int(rng.choice(len(SPACES), p=[0.5, 0.2, 0.12, 0.08, 0.1]))]
    mentioned = frozenset(name for name in (*GRADED, "space") if rng.random() < 0.45)
    return SoundSpec(family, actions[int(rng.integers(len(actions)))], seed, space=space, mentioned=mentioned, **grades)
