"""Run: python -m pytest training/tests/test_synthesis.py"""

import json

import numpy as np
import pytest

from training import make_data
from training.captions import HELD_OUT, PHRASES, captions
from training.spec import ACTIONS, FAMILIES, draw_spec
from training.synthesis import RECIPES, synthesise


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_sounds_starts_at_once_and_stays_within_full_scale(family):
    for seed in range(4):
        spec = draw_spec(seed, family)
        x = synthesise(spec, 2.0)
        assert x.dtype == np.float32 and len(x) == 64000 and np.isfinite(x).all()
        assert 0.05 < np.abs(x).max() <= 0.95
        if family != "whoosh":  # a whoosh swells
            assert np.argmax(np.abs(x) > 0.05 * np.abs(x).max()) < 0.025 * 32000
        assert np.array_equal(x, synthesise(spec, 2.0))


def test_one_shots_end_in_silence():
    for family in ("coin", "laser", "impact_stone", "ui_blip"):
        x = synthesise(draw_spec(5, family), 3.2)
        assert np.abs(x[-320:]).max() < 1e-3


def test_larger_things_sound_lower():
    def centroid(size):
        totals = []
        for seed in range(6):
            spec = draw_spec(seed, "impact_metal")
            x = synthesise(type(spec)(**{**spec.__dict__, "size": size, "action": "hit", "space": "dry", "distance": 0.0}), 1.0)
            spectrum = np.abs(np.fft.rfft(x))
            totals.append((spectrum * np.fft.rfftfreq(len(x), 1 / 32000)).sum() / spectrum.sum())
        return np.mean(totals)

    assert centroid(0.95) < 0.8 * centroid(0.05)


def test_captions_are_short_plain_and_the_same_for_the_same_seed():
    for seed in range(300):
        spec = draw_spec(seed)
        texts = captions(spec, 3)
        assert texts == captions(spec, 3)
        assert all(3 <= len(text) <= 200 and "{" not in text and "  " not in text for text in texts)


def test_held_out_wordings_are_never_trained_on():
    trained = {phrase.replace("{adj} ", "") for actions in PHRASES.values() for phrases in actions.values() for phrase in phrases}
    assert not trained & {text for texts in HELD_OUT.values() for text in texts}


def test_families_recipes_phrases_and_actions_agree():
    assert set(FAMILIES) == set(RECIPES) == set(PHRASES) == set(HELD_OUT)
    for family, actions in PHRASES.items():
        assert set(actions) == set(ACTIONS.get(family, ("",)))


def test_a_data_set_is_the_same_whatever_the_number_of_processes(tmp_path):
    make_data.make(tmp_path / "one", 6, 50, 1)
    make_data.make(tmp_path / "two", 6, 50, 2)
    assert (tmp_path / "one/audio.i16").read_bytes() == (tmp_path / "two/audio.i16").read_bytes()
    assert json.loads((tmp_path / "one/clips.json").read_text()) == json.loads((tmp_path / "two/clips.json").read_text())
