"""Run: python -m pytest training/tests/test_plan.py"""

import numpy as np
import torch

from training import make_data
from training.plan import NAMES, TRAITS, Labels, Plan, Targets


def event(family: str, onset: float, end: float, **traits) -> dict:
    mentioned = sorted(traits)
    return {"family": family, "onset": onset, "end": end, "mentioned": mentioned} | {name: 0.5 for name in TRAITS} | traits


def clip(*events: dict, loop: bool = False, relation: str = "single", background: str = "", distance: float = 0.0) -> dict:
    mentioned = ["distance"] if distance else []
    return {
        "events": list(events), "loop": loop, "relation": relation, "background": background, "distance": distance,
        "mentioned": mentioned,
    }  # fmt: skip


def targets(labels: list[dict], begin: int = 0, frames: int = 50) -> Targets:
    which = torch.arange(len(labels))
    return Labels.of_clips(labels, torch.device("cpu")).targets(which, torch.full_like(which, begin), frames)


def test_of_events_in_turn_one_sounds_and_the_other_is_to_come():
    told = targets([clip(event("door", 0, 0.3), event("bell", 0.5, 0.9), relation="then")])
    door, bell = NAMES.index("door"), NAMES.index("bell")
    assert told.sounding[0, :, door].tolist() == [1] * 15 + [0] * 35
    assert told.sounding[0, :, bell].tolist() == [0] * 25 + [1] * 20 + [0] * 5
    assert told.coming[0, :, bell].tolist() == [1] * 25 + [0] * 25 and not told.coming[0, :, door].any()
    assert float(told.sounding.sum()) == 35 and (told.traits == -1).all()


def test_a_loop_goes_on_wherever_it_is_read_from():
    told = targets([clip(event("rain", 0, 3.2), loop=True)], begin=140)
    assert told.sounding[0, :, NAMES.index("rain")].all() and not told.coming.any()


def test_a_recording_is_not_asked_and_a_bed_may_be_heard_or_not():
    told = targets([clip(), clip(event("door", 0, 1), background="rain")])
    assert (told.sounding[0] == -1).all() and (told.coming[0] == -1).all()
    unknown = (told.sounding[1] == -1).nonzero()[:, 1].unique().tolist()
    assert unknown == [NAMES.index("rain")]


def test_traits_are_those_that_the_caption_speaks_of_and_that_shape_the_family():
    told = targets([clip(event("door", 0, 1, size=0.9, pitch=0.1), distance=0.75)])
    assert np.allclose(told.traits[0], [0.9, -1, -1, -1, 0.75])


def test_labels_of_made_clips_are_understood():
    labels = [make_data.make_clip(seed, "in-turn")[1] for seed in range(6)]
    told = targets(labels, frames=160)
    for i, label in enumerate(labels):
        for one in label["events"]:
            assert told.sounding[i, round(50 * one["onset"]) + 1, NAMES.index(one["family"])] == 1


def test_the_loss_falls_to_nothing_where_the_middle_of_the_model_knows_the_plan():
    torch.manual_seed(0)
    truth = targets(
        [clip(event("door", 0, 1, size=0.9)), clip(event("bell", 0, 0.5), event("horn", 0.6, 1), relation="then"), clip()]
    )
    hidden, plan = torch.randn(3, 53, 96), Plan(96)
    optimizer = torch.optim.Adam(plan.parameters(), 0.02)
    losses = []
    for _ in range(150):
        loss = plan(hidden, truth)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert losses[0] > 0.5 and losses[-1] < 0.05 * losses[0]
    unknown = targets([clip()])
    assert plan(hidden[:1], unknown).item() == 0
