"""Run: python -m pytest training/tests/test_measures.py"""

import numpy as np
import pytest

from training import measures


def clicks(seconds: list[float], length: float = 2.0) -> np.ndarray:
    """Decaying noise at these times"""
    pcm, burst = np.zeros(round(length * 32000)), np.random.default_rng(0).standard_normal(3200) * np.exp(-np.arange(3200) / 500)
    for second in seconds:
        start = round(second * 32000)
        pcm[start : start + 3200] += burst[: len(pcm) - start]
    return pcm.astype(np.float32)


def test_spearman_is_one_for_any_rising_relation_and_averages_ties():
    x = np.arange(9.0)
    assert measures.spearman(x, np.exp(x)) == pytest.approx(1)
    assert measures.spearman(x, -(x**3)) == pytest.approx(-1)
    assert measures.spearman(np.array([0, 0, 1, 1]), np.array([1, 2, 3, 4])) == pytest.approx(0.8944, abs=1e-3)
    assert measures.spearman(x, np.ones(9)) == 0


def test_frechet_distance_is_zero_for_the_same_and_the_squared_shift_for_a_moved_set():
    x = np.random.default_rng(0).standard_normal((50, 8))
    assert measures.frechet(x, x) == pytest.approx(0)
    assert measures.frechet(x, x + 2) == pytest.approx(8 * 4)
    assert measures.frechet(x, x.mean(0) + 3 * (x - x.mean(0))) == pytest.approx(4 * (x.std(0) ** 2).sum())


def test_spread_and_nearest_are_distances():
    x = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    assert measures.spread(x) == pytest.approx(10 / 3)
    assert measures.nearest(x[:2], np.array([[0.0, 1.0], [3.0, 2.0]])).tolist() == [1, 2]


def test_segments_bridge_short_pauses_only():
    presence = np.zeros(50)
    presence[[5, 6, 9, 20, 21]] = 0.9
    assert measures.segments(presence, 0.5) == [(5 / 25, 10 / 25), (20 / 25, 22 / 25)]
    assert measures.segments(np.zeros(50), 0.5) == []


def test_an_event_below_the_threshold_is_not_detected_and_hints_beside_a_sure_one_are_ignored():
    presence = np.zeros(50)
    presence[10:20], presence[40:45] = 0.9, 0.42
    assert measures.event_span(presence, 0.4) == (10 / 25, 20 / 25)
    assert measures.event_span(presence * 0.3, 0.4) is None


@pytest.mark.parametrize(
    ("first", "second", "right"),
    [
        ((0, 1), (1, 2), True),
        ((0, 1), (0.6, 2), True),  # shares 0.4 of a shorter one of 1
        ((0, 1), (0.5, 2), False),  # shares exactly half
        ((1, 2), (0, 1), False),
        ((0, 1), (0, 1), False),
        (None, (0, 1), False),
        ((0, 1), None, False),
    ],
)
def test_the_order_rule(first, second, right):
    assert measures.in_order(first, second) is right


def test_the_threshold_is_one_at_which_the_originals_are_in_order():
    presence = np.full((80, 2), 0.15)
    presence[:20, 0], presence[30:60, 1] = 0.35, 0.35
    threshold = measures.best_threshold([presence] * 3, [(0, 1)] * 3)
    assert 0.15 < threshold <= 0.35 and measures.is_in_order(presence, 0, 1, threshold)
    assert not measures.is_in_order(presence, 1, 0, threshold)


@pytest.mark.parametrize("times", [[0.0], [0.0, 0.4], [0.0, 0.3, 0.6], [0.0, 0.45, 0.9, 1.35]])
def test_onsets_are_counted(times):
    assert measures.count_onsets(clicks(times)) == len(times)


def test_nothing_begins_in_silence():
    assert measures.count_onsets(np.zeros(32000, np.float32)) == 0


def test_the_attack_is_found_within_three_milliseconds():
    assert measures.attack_seconds(clicks([0.5])) == pytest.approx(0.5, abs=0.003)


def test_descriptors_follow_pitch_level_and_length():
    time = np.arange(32000) / 32000
    low, high = np.sin(2 * np.pi * 300 * time), np.sin(2 * np.pi * 5000 * time)
    assert measures.log_centroid(low) < measures.log_centroid(high) - 2
    assert measures.high_share(low) < 0 < measures.high_share(high)
    assert measures.loudness(low) == pytest.approx(measures.loudness(0.5 * low) + 6.02, abs=0.01)
    assert measures.sounding_seconds(np.concatenate((low[:16000], np.zeros(32000)))) == pytest.approx(0.5, abs=0.02)
