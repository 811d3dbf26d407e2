"""Run: python -m pytest training/tests/test_probe.py   # 20 seconds"""

import copy

import numpy as np
import torch

from training import probe
from training.captions import GRADES, event_phrase, graded_words
from training.draw_spec import draw_clip
from training.spec import ClipSpec, SoundSpec


def said(text: str) -> dict[str, int]:
    return {name: probe.said(text, sides) for name, sides in probe.SAID.items()}


def test_labels_are_what_a_caption_says():
    assert said("Dropping a tiny hard metal plate, far away") == {"size": 1, "intensity": 2, "distance": 2}
    assert said("a huge gentle door slam nearby") == {"size": 2, "intensity": 1, "distance": 1}
    assert said("a big dog barks, then a little bird chirps") == {"size": -1, "intensity": 0, "distance": 0}


def test_graded_words_of_a_place_or_a_family_are_no_labels():
    assert said("light rain in a large hall, close microphone") == {"size": 0, "intensity": 0, "distance": 0}
    assert said("heavy door close in a small room, close") == {"size": 2, "intensity": 0, "distance": 1}


def test_labels_from_the_text_are_the_words_that_were_drawn():
    texts, labels = probe.draw(0, 200)
    for i, row in enumerate(labels.tolist()):
        clip, words = draw_clip(i, relation="then" if i % 2 else None), []
        rng = np.random.default_rng([clip.seed, 4])
        for event in clip.events:
            words += graded_words(event, copy.deepcopy(rng))
            event_phrase(event, rng)
        for label, name in zip(row, ("size", "intensity")):
            low, high = (any(word in side for word in words) for side in GRADES[name])
            assert label == (-1 if low and high else low + 2 * high), texts[i]


def test_order_is_labelled_by_the_first_event_in_both_surface_orders():
    clip = ClipSpec(3, (SoundSpec("dog", 1, action="bark"), SoundSpec("rain", 2, action="heavy")), relation="then")
    rng = np.random.default_rng([3, 4])
    first, second = (event_phrase(event, rng) for event in clip.events)
    dog = list(probe.FAMILIES).index("dog")
    assert probe.labels_of(clip, f"{first} then {second}")[3:] == [-1, dog, 1]
    assert probe.labels_of(clip, f"{first.removeprefix('a ').capitalize()} before {second}")[3:] == [-1, dog, 1]
    assert probe.labels_of(clip, f"before {second}, {first}")[3:] == [-1, dog, 0]


def test_size_is_read_better_than_by_guessing():
    torch.set_num_threads(1)
    table = probe.probe(count=400, held_out=200, epochs=15)
    assert table["attention"]["size"] > table["majority"]["size"] + 0.08
    assert all(0 <= value <= 1 for row in table.values() for value in row.values())
