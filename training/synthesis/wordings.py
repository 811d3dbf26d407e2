"""More wordings of every family, for breadth: each line of `wordings/GROUP.txt` is another way to ask for the action above it.

    [door.slam]
    a {adj} hatch is flung shut

They stand apart from the recipes because they are many. What a held-out wording says in words of its own is in none of them
(`test_synthesis.py`), so that the held-out wordings stay a test.
"""

import dataclasses
import pathlib
from collections import defaultdict

from .family import Family

FOLDER = pathlib.Path(__file__).parent / "wordings"


def read(group: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """(family, action) -> wordings; nothing where the group has no file"""
    path, found, key = FOLDER / f"{group}.txt", defaultdict(list), None
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else (), 1):
        text = line.strip()
        if text.startswith("["):
            family, _, action = text.strip("[]").partition(".")
            key = (family, action)
        elif text and key is None:
            raise ValueError(f"wordings: line {number} of {path.name} stands under no [family.action]. Put one above it.")
        elif text:
            found[key].append(text)
    return {key: tuple(texts) for key, texts in found.items()}


def with_wordings(families: tuple[Family, ...], group: str) -> tuple[Family, ...]:
    """The families of a group, their actions' wordings followed by those of its file"""
    more = read(group)
    known = {(family.name, action) for family in families for action in family.phrases}
    for key in more.keys() - known:
        raise ValueError(f"wordings: {group}.txt has [{'.'.join(key)}], but no such family or action is in {group}.py.")
    return tuple(
        dataclasses.replace(
            family, phrases={action: texts + more.get((family.name, action), ()) for action, texts in family.phrases.items()}
        )
        for family in families
    )
