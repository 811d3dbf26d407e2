"""Run: python -m pytest training/tests/test_judge.py"""

import argparse
import itertools

import numpy as np
import torch

from training import judge, make_data
from training.draw_spec import is_held_out_pair
from training.held_out import FIRST_SEED, material
from training.listener import Answer, Heard
from training.measures import DESCRIPTORS
from training.scores import Results, table
from training.synthesis import FAMILIES
from training.synthesis.render import render


def noise(samples: int) -> torch.Tensor:
    return torch.randn(2, samples, generator=torch.Generator().manual_seed(0)) * 0.1


def test_shapes_for_short_and_long_sounds():
    for samples, values in ((6400, 5), (64000, 50), (102400, 80)):
        said = judge.Judge().eval().listen(noise(samples))
        assert said.families.shape == (2, len(FAMILIES)) and said.spaces.shape == (2, 5)
        assert said.presence.shape == (2, values, len(FAMILIES)) and said.embedding.shape == (2, 256)


def test_between_a_third_of_a_million_and_a_million_parameters():
    assert 0.3e6 < sum(p.numel() for p in judge.Judge().parameters()) < 1e6


def test_level_does_not_matter_and_silence_is_zero():
    assert torch.allclose(judge.features(noise(32000)), judge.features(0.1 * noise(32000)), atol=1e-4)
    assert judge.features(torch.zeros(1, 32000)).abs().max() == 0
    assert judge.Judge().eval().listen(torch.zeros(1, 32000)).embedding.isfinite().all()


def test_silence_after_a_sound_changes_nothing_about_the_clip():
    model, sound = judge.Judge().eval(), torch.nn.functional.pad(noise(32000), (0, 19200))
    short, long = model.listen(sound), model.listen(torch.nn.functional.pad(sound, (0, 51200)))
    assert torch.allclose(short.embedding, long.embedding, atol=1e-4)


def test_events_are_marked_where_they_sound_and_a_bed_does_not_count():
    event = {"family": "knock", "onset": 0.4, "end": 1.2}
    presence, weight = torch.zeros(50, len(FAMILIES)), torch.ones(50, len(FAMILIES))
    judge.mark({"events": [event], "background": "rain"}, 0, 0, 200, presence, weight)
    assert presence[:, judge.NAMES.index("knock")].nonzero()[:, 0].tolist() == list(range(10, 30))
    assert presence.sum() == 20 and weight[:, judge.NAMES.index("rain")].sum() == 0 and weight.sum() == 50 * (len(FAMILIES) - 1)


def test_spans_lie_within_the_clip_and_follow_each_other():
    for seed in range(12):
        spec = make_data.draw_clip(seed, relation=("single", "then", "while")[seed % 3])
        pcm, spans = render(spec)
        assert len(spans) == len(spec.events) and all(0 <= onset < end <= 3.2 for onset, end in spans)
        assert spec.relation != "then" or all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
        assert max(end for _, end in spans) <= len(pcm) / 32000 + 0.1


def test_a_short_training_lowers_the_loss_and_comes_back_from_its_checkpoint(tmp_path):
    make_data.make(tmp_path / "data", 16, 1_000_000, 1, "judge")
    args = argparse.Namespace(data=tmp_path / "data", out=tmp_path / "run", minutes=5, steps=12, held_out=4)
    model = judge.train(args).eval()
    again = judge.load_judge(tmp_path / "run")
    assert torch.equal(again.listen(noise(32000)).embedding, model.listen(noise(32000)).embedding)
    material, clips, rng = judge.Material(args.data), np.arange(12), np.random.default_rng(0)
    torch.manual_seed(0)
    before, after = (float(judge.loss_of(x.train(), material, clips, rng).detach()) for x in (judge.Judge(), model))
    assert after < before


def test_the_material_is_held_out():
    items = material()
    assert min(item.clip.seed for item in items) >= FIRST_SEED
    assert all(3 <= len(item.prompt) <= 256 and "{" not in item.prompt for item in items if item.made)
    assert all(is_held_out_pair(*item.key[:2]) for item in items if item.group == "sequences")
    assert not any(is_held_out_pair(*item.key[:2]) for item in items if item.group == "tuning")
    sources = [item.clip.events[0] for item in items if item.group == "sources"]
    assert all(event.source in FAMILIES[event.family].unseen for event in sources)
    assert {item.key[2] for item in items if item.group == "sequences"} == {"forward", "backward"}
    assert len({(item.group, item.take, item.prompt) for item in items if item.made}) == sum(item.made for item in items)


def perfect(item) -> Answer:
    """What a judge hears who is always right, in sounds that are as asked"""
    presence, level = np.zeros((80, len(FAMILIES))), 0.0
    if item.group in ("sequences", "tuning"):
        for i, family in enumerate(item.key[:2]):
            presence[30 * i : 30 * i + 20, judge.NAMES.index(family)] = 0.9
    if item.group in ("size", "intensity", "distance"):
        level = item.key[1] * (1.0 if item.group == "intensity" else -1.0)
    space = ("dry", "room", "hall", "cave", "outdoors").index(item.clip.space)
    family = item.clip.events[0].family
    place = np.full(256, float(judge.NAMES.index(family))) + np.random.default_rng(item.take).standard_normal(256)
    onsets = item.clip.events[0].count
    heard = Heard(judge.NAMES.index(family), space, place, presence, dict.fromkeys(DESCRIPTORS, level), onsets, 0.0)
    return Answer(*(heard if wanted else None for wanted in (item.made, item.rebuilt, item.original)), 0.0)


def test_perfect_sounds_get_perfect_scores():
    items = material(quick=True)
    found = table(Results(items, [perfect(item) for item in items]))
    for name in ("family_accuracy", "family_accuracy_worst", "order_accuracy", "unseen_source_accuracy", "space_accuracy"):
        assert found[name]["value"] == found[name]["ceiling"] == 1 and found[name]["floor"] < 0.3
    assert all(found[f"{name}_rho"]["value"] == 1 for name in ("size", "intensity", "distance"))
    assert found["count_error"]["value"] == 0 and found["synonym_gap"]["value"] == 0 and found["guidance_gain"]["value"] == 0
    assert found["frechet"]["value"] < found["frechet"]["floor"] and found["diversity"]["value"] > 0


def test_without_a_pack_the_ceilings_are_still_found():
    items = material(quick=True)
    found = table(Results(items, [perfect(item)._replace(made=None) for item in items]))
    assert found["family_accuracy"]["value"] is None and found["family_accuracy"]["ceiling"] == 1
