"""The sounds. A family's recipe and words stand side by side in its group's file; `render.py` makes a clip of events.

FAMILIES: name -> Family, in a fixed order (the judge's classes).
"""

from . import (
    alarms,
    ambience,
    animals,
    blasts,
    breaking,
    doors,
    engines,
    fire,
    footsteps,
    impacts,
    interface,
    magic,
    water,
    weapons,
    weather,
)
from .family import Family
from .wordings import with_wordings

GROUPS = (
    impacts,
    footsteps,
    doors,
    breaking,
    blasts,
    weapons,
    water,
    fire,
    weather,
    engines,
    animals,
    alarms,
    interface,
    magic,
    ambience,
)
FAMILIES: dict[str, Family] = {
    family.name: family for group in GROUPS for family in with_wordings(group.FAMILIES, group.__name__.rpartition(".")[2])
}
