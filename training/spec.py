"""What a clip is: one specification per clip yields audio, captions and labels.

    ClipSpec   one to three events, how they stand in time, where they are heard
    SoundSpec  one event: who, doing what, with what, and its graded attributes 0..1 (0.5 is ordinary)

`mentioned` says which attributes the caption speaks of; unmentioned ones vary freely, so the model learns their spread.
"""

from dataclasses import dataclass, field

GRADED = ("size", "intensity", "pitch", "speed")
SPACES = ("dry", "room", "hall", "cave", "outdoors")
RELATIONS = ("single", "then", "while")


@dataclass(frozen=True)
class SoundSpec:
    """One event. `seed` drives every random choice of its synthesis."""

    family: str
    seed: int
    action: str = ""
    source: str = ""  # the thing or shoe that sounds, where the family has a choice: crate, plate, boot
    count: int = 1  # how often it happens, 1 to 4
    size: float = 0.5
    intensity: float = 0.5
    pitch: float = 0.5
    speed: float = 0.5
    distance: float = 0.0
    mentioned: frozenset = field(default_factory=frozenset)


@dataclass(frozen=True)
class ClipSpec:
    """`relation` places the events: alone, in turn, or at once. `snr_db`: level of the first event above the second's."""

    seed: int
    events: tuple[SoundSpec, ...]
    relation: str = "single"
    space: str = "dry"
    distance: float = 0.0
    snr_db: float = 0.0
    background: str = ""  # family of a quiet bed under a one-shot, or nothing
    mentioned: frozenset = field(default_factory=frozenset)  # of "space", "distance"
