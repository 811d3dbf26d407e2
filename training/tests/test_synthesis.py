"""Run: python -m pytest training/tests/test_synthesis.py"""

import itertools
import json
import re

import numpy as np
import pytest

from training import dsp, make_data
from training.captions import THEN, captions, graded_words, held_out_caption, phrase_of
from training.draw_spec import draw_clip, is_held_out_pair
from training.spec import ClipSpec, SoundSpec
from training.synthesis import FAMILIES, doors, wordings
from training.synthesis.render import render


def first_sound(pcm: np.ndarray) -> float:
    """Seconds until a tenth of the peak is reached."""
    return float(np.argmax(np.abs(pcm) > 0.1 * np.abs(pcm).max())) / dsp.SAMPLE_RATE


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_starts_at_once_ends_in_silence_and_stays_within_full_scale(name):
    family = FAMILIES[name]
    for seed in range(3):
        clip = draw_clip(seed, name, "single")
        pcm, _ = render(clip)
        assert pcm.dtype == np.float32 and len(pcm) % 640 == 0 and np.isfinite(pcm).all()
        assert 0.03 < np.abs(pcm).max() <= 0.95
        assert family.loop or np.abs(pcm[-640:]).max() < 1e-3
        swells = {"whoosh", "flame_burst", "power_up", "thunder"}
        assert first_sound(pcm) < (0.25 if family.loop or name in swells else 0.03)
        assert np.array_equal(pcm, render(clip)[0])


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.loop])
def test_loops_are_as_loud_at_the_start_as_later(name):
    levels = []
    for seed in range(4):
        event = SoundSpec(name, seed, action=next(iter(FAMILIES[name].phrases)))
        pcm, _ = render(ClipSpec(seed, (event,)))
        levels.append([np.sqrt(np.mean(part**2)) for part in np.array_split(pcm, 4)])
    assert 0.4 < np.mean(levels, 0)[0] / np.mean(levels) < 2.2


def test_long_loops_go_on_to_their_end_and_others_are_as_long_as_ever():
    for i, name in enumerate(make_data.LOOPS):
        pcm, label = make_data.make_clip(len(make_data.LOOPS) * 7 + i, "long")
        assert [event["family"] for event in label["events"]] == [name] and label["loop"]
        assert len(pcm) == round(32000 * make_data.LONG) and label["events"][0]["end"] == make_data.LONG
        parts = [np.sqrt(np.mean(part.astype(float) ** 2)) for part in np.array_split(pcm / 32767, 4)]
        assert min(parts) > 0.2 * max(parts)
    event = SoundSpec("impact_wood", 7, action="hit", source="crate")
    assert np.array_equal(*(render(ClipSpec(3, (event,)), *seconds)[0] for seconds in ((), (make_data.LONG,))))


def test_one_loudness_for_all_one_shots_moved_only_by_intensity_and_distance():
    def loudest(**grades):
        event = SoundSpec("impact_wood", 7, action="hit", source="crate", size=0.3, **grades)
        pcm, _ = render(ClipSpec(3, (event,), distance=grades.get("distance", 0.0)))
        block = np.convolve(pcm**2, np.ones(1600) / 1600, mode="valid")
        return 10 * np.log10(block.max())

    assert abs(loudest() + 14) < 1.5
    assert 6 < loudest(intensity=1.0) - loudest(intensity=0.0) < 10
    assert 4 < loudest(distance=0.1) - loudest(distance=0.9) < 9


def test_larger_things_sound_lower():
    def centroid(size):
        totals = []
        for seed in range(6):
            event = SoundSpec("impact_metal", seed, action="hit", source="crate", size=size)
            pcm, _ = render(ClipSpec(seed, (event,)))
            spectrum = np.abs(np.fft.rfft(pcm)) ** 2
            totals.append((spectrum * np.fft.rfftfreq(len(pcm), 1 / 32000)).sum() / spectrum.sum())
        return np.mean(totals)

    assert centroid(0.95) < 0.8 * centroid(0.05)


def test_events_in_order_follow_each_other():
    for seed in range(12):
        clip = draw_clip(seed, relation="then")
        pcm, spans = render(clip)
        onsets = [onset for onset, _ in spans]
        assert onsets == sorted(onsets) and onsets[0] == 0 and len(onsets) == len(clip.events)
        assert all(end <= after + 1e-3 for (_, end), (after, _) in itertools.pairwise(spans))
        assert onsets[-1] < len(pcm) / dsp.SAMPLE_RATE


def test_captions_are_short_plain_and_the_same_for_the_same_seed():
    for seed in range(400):
        clip = draw_clip(seed)
        texts = captions(clip, 3)
        assert texts == captions(clip, 3)
        for text in texts:
            assert 3 <= len(text) <= 256 and not re.search(r"[{}]|  |,,| ,|\ba [aeiou]", text), text


def test_both_surface_orders_are_told():
    clip = draw_clip(5, relation="then")
    first_mentioned = {template.index("{first}") < template.index("{second}") for template in THEN}
    assert first_mentioned == {True, False}
    assert len(set(captions(clip, 20))) > 10


def test_what_is_held_out_never_occurs_in_training():
    for seed in range(600):
        clip = draw_clip(seed)
        for event in clip.events:
            assert event.source not in FAMILIES[event.family].unseen
        for first, second in zip(clip.events, clip.events[1:]):
            assert not is_held_out_pair(first.family, second.family)
    shares = [is_held_out_pair(a, b) for a in FAMILIES for b in FAMILIES]
    assert 0.05 < np.mean(shares) < 0.15
    for seed in range(40):
        clip = draw_clip(seed, relation="then", held_out_pairs=True)
        assert is_held_out_pair(*(event.family for event in clip.events))


def test_held_out_wordings_are_in_no_caption():
    for name, family in FAMILIES.items():
        assert len(family.held_out) >= 2
        trained = {phrase.replace("{adj} ", "") for phrases in family.phrases.values() for phrase in phrases}
        assert not trained & set(family.held_out)
        rng = np.random.default_rng(0)
        assert held_out_caption(draw_clip(0, name, "single"), rng) in family.held_out


def words_of(text: str) -> set[str]:
    """Stems of what a wording says, without its small words"""
    small = set(
        "a an the of on in at to into and or is are by with for from its it his her their up off out over down as".split()
    )
    words = set(re.findall(r"[a-z0-9]+", text.lower().replace("{adj}", "").replace("{source}", ""))) - small
    return {re.sub(r"(ings?|ers?|i?es|ed|s|e|y)$", "", word) if len(word) > 4 else word for word in words}


def test_a_held_out_wording_has_a_word_that_its_family_never_trains_on():
    for name, family in FAMILIES.items():
        trained = set().union(*(words_of(phrase) for phrases in family.phrases.values() for phrase in phrases))
        for wording in family.held_out:
            assert words_of(wording) - trained, f"{name}: {wording}"


def test_wordings_of_a_group_stand_under_its_families_and_actions(tmp_path, monkeypatch):
    monkeypatch.setattr(wordings, "FOLDER", tmp_path)
    (tmp_path / "doors.txt").write_text("[door.slam]\na {adj} hatch bangs\n\n[creak.hinge]\nwhining {adj} gate\n")
    door, *_ = with_more = wordings.with_wordings(doors.FAMILIES, "doors")
    assert door.phrases["slam"] == (*doors.DOOR["slam"], "a {adj} hatch bangs") and len(with_more) == len(doors.FAMILIES)
    assert wordings.with_wordings(doors.FAMILIES, "weather") == doors.FAMILIES
    (tmp_path / "doors.txt").write_text("a {adj} hatch bangs\n")
    with pytest.raises(ValueError, match=r"line 1 of doors.txt"):
        wordings.with_wordings(doors.FAMILIES, "doors")
    (tmp_path / "doors.txt").write_text("[door.sing]\nla\n")
    with pytest.raises(ValueError, match=r"\[door.sing\]"):
        wordings.with_wordings(doors.FAMILIES, "doors")


def test_there_are_48_families_and_each_can_be_told_in_many_words():
    assert len(FAMILIES) >= 48
    for family in FAMILIES.values():
        assert sum(map(len, family.phrases.values())) >= 30, family.name
        for phrases in family.phrases.values():
            assert len(set(phrases)) == len(phrases) >= 10, family.name
            assert all(phrase.count("{adj}") <= 1 for phrase in phrases), family.name
            assert sum("{adj}" in phrase for phrase in phrases) >= 6, family.name


def test_what_is_mentioned_is_said():
    rng = np.random.default_rng(0)
    for seed in range(300):
        (event,) = draw_clip(seed, relation="single").events
        words = " ".join(graded_words(event, rng))
        assert words in phrase_of(event, rng, words)


def test_a_data_set_is_the_same_whatever_the_number_of_processes(tmp_path):
    make_data.make(tmp_path / "one", 6, 50, 1)
    make_data.make(tmp_path / "two", 6, 50, 2)
    assert (tmp_path / "one/audio.i16").read_bytes() == (tmp_path / "two/audio.i16").read_bytes()
    labels = json.loads((tmp_path / "one/clips.json").read_text())
    assert labels == json.loads((tmp_path / "two/clips.json").read_text())
    audio, _ = make_data.load(tmp_path / "one")
    assert sum(label["samples"] for label in labels) == len(audio)
    assert len(make_data.clip_pcm(audio, labels[3], 999)) == 999


def test_held_out_sets_are_what_they_say():
    for seed in range(30):
        (event,) = make_data.spec_of(seed, "unseen-sources").events
        assert event.source in FAMILIES[event.family].unseen
        assert len(make_data.spec_of(seed, "pairs").events) == 2
    assert {make_data.spec_of(seed, "held-out").events[0].family for seed in range(len(FAMILIES))} == set(FAMILIES)
