"""Run: python -m pytest training/tests/test_language_model.py"""

import argparse
import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from training import checkpoint, train_lm
from training.delay_pattern import delay_codes, undelay_codes
from training.language_model import LanguageModel, LanguageModelConfig
from training.token_data import TokenData


def test_delay_then_undelay_is_the_identity():
    for frames in range(1, 40):
        codes = torch.randint(0, 1024, (2, 4, frames))
        delayed = delay_codes(codes, 1024)
        assert delayed.shape[2] == frames + 3
        assert torch.equal(undelay_codes(delayed), codes)


def test_delay_pattern_is_the_drawn_one():
    codes = torch.tensor([[[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]]])
    drawn = [[1, 2, 3, 4, 0, 0], [0, 5, 6, 7, 8, 0], [0, 0, 9, 1, 2, 3]]
    assert delay_codes(codes, 0)[0].tolist() == drawn


def test_stepping_through_a_ring_equals_the_whole_sequence_with_and_without_text():
    torch.manual_seed(0)
    model = LanguageModel(LanguageModelConfig(layers=2, heads=2, head_dim=16, window=9)).eval()
    delayed, states = delay_codes(torch.randint(0, 1024, (1, 4, 30)), 1024), torch.randn(1, 7, 768)
    with torch.no_grad():
        whole = [model(delayed, states, torch.ones(1, 7), keep)[0] for keep in (torch.ones(1), torch.zeros(1))]
        keys, values = model.prefill(states[0])
        cross = [torch.cat((x, torch.zeros_like(x)), 1) for x in (keys, values)]
        past_keys, past_values, mask = torch.zeros(2, 2, 2, 8, 16), torch.zeros(2, 2, 2, 8, 16), torch.full((8,), -1e9)
        columns = F.pad(delayed[..., :-1], (1, 0), value=1024)
        for s in range(delayed.shape[2]):
            logits, k, v = model.step(columns[0, :, s].expand(2, -1), torch.tensor([s]), past_keys, past_values, mask, *cross)
            assert torch.allclose(logits[0], whole[0][s], atol=1e-5) and torch.allclose(logits[1], whole[1][s], atol=1e-5)
            past_keys[:, :, :, s % 8], past_values[:, :, :, s % 8], mask[s % 8] = k[:, :, :, 0], v[:, :, :, 0], 0


def test_padding_of_the_text_changes_nothing():
    torch.manual_seed(0)
    model = LanguageModel(LanguageModelConfig(layers=2, heads=2, head_dim=16)).eval()
    delayed, states = delay_codes(torch.randint(0, 1024, (1, 4, 6)), 1024), torch.randn(1, 5, 768)
    padded = F.pad(states, (0, 0, 0, 4))
    with torch.no_grad():
        a = model(delayed, states, torch.ones(1, 5), torch.ones(1))
        b = model(delayed, padded, torch.tensor([[1.0] * 5 + [0.0] * 4]), torch.ones(1))
    assert torch.allclose(a, b, atol=1e-5)


def write_tokens(folder, clips: int = 40) -> None:
    """Two kinds of clip with two captions: a model that listens tells them apart at once."""
    rng = np.random.default_rng(0)
    np.save(
        folder / "codes.npy", np.concatenate([np.full((4, 40 + i), 5 + 300 * (i % 2)) for i in range(clips)], 1).astype(np.int16)
    )
    np.save(folder / "silence.npy", np.array([1, 2, 3, 4], np.int16))
    labels = [{"loop": i % 5 == 0, "samples": 640 * (40 + i), "captions": [f"kind {i % 2}"]} for i in range(clips)]
    (folder / "clips.json").write_text(json.dumps(labels))
    np.save(folder / "caption_states.npy", rng.standard_normal((7, 768)).astype(np.float16))
    (folder / "captions.json").write_text(json.dumps({"kind 0": [0, 3], "kind 1": [3, 7]}))


def arguments(folder, steps: int, out: str = "run") -> argparse.Namespace:
    return argparse.Namespace(
        data=[folder], out=folder / out, minutes=1e6, steps=steps, batch=4, learning_rate=3e-3, layers=1, heads=2, seed=0,
        held_out=8, device="cpu", report=500, start=None, start_rate=0.1, later=[], no_graphs=False,
        sequence_share=1, text_layers=1,
    )  # fmt: skip


def test_a_batch_is_filled_with_silence_that_counts_little_and_loops_with_the_unknown(tmp_path):
    write_tokens(tmp_path)
    data = TokenData([tmp_path], held_out=8)
    codes, weights, states, mask = data.batch(np.array([0, 1, 30]), np.random.default_rng(0))[:4]
    assert codes.shape[2] >= 70 and weights.shape == (3, codes.shape[2])
    assert (codes[0, :, 40:] == -1).all()
    assert (codes[1, :, 41:] == torch.tensor([[1], [2], [3], [4]])).all() and (weights[1, 41:] == 0.1).all()
    assert (codes[1, :, :41] == 305).all() and (weights[1, :41] == 1).all()
    assert states.shape[:2] == mask.shape and mask.sum(1).tolist() == [3, 4, 3]


def test_long_loops_are_read_whole_in_batches_of_their_own(tmp_path):
    frames = [430] * 3 + [60] * 30
    np.save(tmp_path / "codes.npy", np.tile(np.arange(sum(frames)) % 1024, (4, 1)).astype(np.int16))
    np.save(tmp_path / "silence.npy", np.array([1, 2, 3, 4], np.int16))
    labels = [{"loop": n == 430, "samples": 640 * n, "captions": ["a"]} for n in frames]
    (tmp_path / "clips.json").write_text(json.dumps(labels))
    np.save(tmp_path / "caption_states.npy", np.zeros((3, 768), np.float16))
    (tmp_path / "captions.json").write_text(json.dumps({"a": [0, 3]}))
    data, rng = TokenData([tmp_path], held_out=8), np.random.default_rng(0)
    drawn = [data.draw(rng, 8) for _ in range(1000)]
    long = [clips for clips in drawn if (clips < 3).any()]
    assert all(len(clips) == 3 and (clips < 3).all() for clips in long) and 80 < len(long) < 160
    codes, weights = data.batch(long[0], rng)[:2]
    assert codes.shape[2] == 429 and (weights == 1).all()
    assert all(torch.equal(codes[i, 0, 1:], (codes[i, 0, :-1] + 1) % 1024) for i in range(3))
    assert set(int(c) for c in codes[:, 0, 0]) <= {start + begin for start in (0, 430, 860) for begin in (0, 1)}


def test_two_folders_are_one_data_set(tmp_path):
    for name, clips in (("a", 20), ("b", 30)):
        (tmp_path / name).mkdir()
        write_tokens(tmp_path / name, clips)
    data, rng = TokenData([tmp_path / "a", tmp_path / "b"], held_out=8), np.random.default_rng(0)
    assert len(data.frames) == 50 and data.train_count == 42
    for clip, alone, folder in ((3, 3, "a"), (20 + 7, 7, "b")):
        both, one = (x.batch(np.array([i]), rng) for x, i in ((data, clip), (TokenData([tmp_path / folder]), alone)))
        frames = 40 + alone
        assert torch.equal(both.codes[..., :frames], one.codes[..., :frames])
        assert torch.equal(both.states, one.states) and torch.equal(both.mask, one.mask)


def test_hidden_tokens_still_count_for_the_mean():
    torch.manual_seed(0)
    model = LanguageModel(LanguageModelConfig(layers=1, heads=2, head_dim=16)).eval()
    delayed, mask, keep = delay_codes(torch.randint(0, 1024, (1, 4, 6)), 1024), torch.ones(1, 5), torch.ones(1)
    states = torch.randn(1, 5, 768)
    same_mean = states.flip(1)
    with torch.no_grad():
        alone = [model(delayed, s, mask, keep, torch.zeros(1, 5)) for s in (states, same_mean)]
        assert torch.allclose(*alone, atol=1e-5)
        assert not torch.allclose(model(delayed, states, mask, keep), alone[0], atol=1e-3)
    in_turn = torch.arange(8000) % 2 == 1
    shown = train_lm.shown_tokens(torch.ones(8000, 20), in_turn)
    for kind, alone, hidden in zip((~in_turn, in_turn), train_lm.MEAN_ALONE, train_lm.HIDDEN_TOKENS):
        assert abs(float((shown[kind].sum(1) == 0).float().mean()) - alone) < 0.03
        assert abs(float(shown[kind].mean()) - (1 - alone) * (1 - hidden)) < 0.03


def test_the_past_is_hidden_in_some_samples_only():
    past = train_lm.shown_past(torch.zeros(4000, 4, 97, dtype=torch.long))
    assert past.shape == (4000, 100)
    assert abs(float(past.all(1).float().mean()) - (1 - train_lm.HIDDEN_PASTS)) < 0.04
    assert float((~past).float().mean(1).max()) < train_lm.HIDDEN_STEPS + 0.2


def test_a_text_block_lets_tokens_look_at_each_other_once_it_has_learned():
    torch.manual_seed(0)
    model = LanguageModel(LanguageModelConfig(layers=1, heads=2, head_dim=16)).eval()
    mask, seen = torch.ones(1, 6), torch.zeros(1, 1, 1, 7)
    states = torch.randn(1, 6, 768)
    changed = states.clone()
    changed[:, 3] = states[:, 4]
    changed[:, 4] = states[:, 3]  # the mean stays
    with torch.no_grad():
        before = [model.text_memory(s, mask, seen)[:, 1] for s in (states, changed)]
        model.text_blocks[0].out.weight.normal_()
        after = [model.text_memory(s, mask, seen)[:, 1] for s in (states, changed)]
    assert torch.allclose(*before, atol=1e-5) and not torch.allclose(*after, atol=1e-2)


def test_clips_of_like_length_share_a_batch(tmp_path):
    write_tokens(tmp_path, 400)
    data = TokenData([tmp_path], held_out=8)
    drawn = data.draw(np.random.default_rng(1), 4)
    lengths = np.where(data.loop, np.minimum(data.frames, 110), data.frames)[drawn]
    assert lengths.max() - lengths.min() <= 60


def test_training_learns_to_tell_captions_apart(tmp_path):
    write_tokens(tmp_path)
    losses = train_lm.train(arguments(tmp_path, 60))
    assert np.mean(losses[-5:]) < 0.3 * losses[0]
    _, gap = train_lm.validate(train_lm.load_language_model(tmp_path / "run"), TokenData([tmp_path], 8), 3)
    assert gap > 0.5


def test_a_run_may_begin_with_the_weights_of_another(tmp_path):
    write_tokens(tmp_path)
    first = train_lm.train(arguments(tmp_path, 40))
    second = arguments(tmp_path, 5, "second")
    second.start = tmp_path / "run"
    assert train_lm.train(second)[0] < 0.6 * first[0]


def test_a_run_that_was_interrupted_goes_on_with_the_same_losses(tmp_path, monkeypatch):
    write_tokens(tmp_path)
    monkeypatch.setattr(train_lm, "schedule", lambda step, warm_up, share: min(1, (step + 1) / 4))
    whole = train_lm.train(arguments(tmp_path, 9, "whole"))
    first = train_lm.train(arguments(tmp_path, 5, "parts"))
    assert first + train_lm.train(arguments(tmp_path, 9, "parts")) == pytest.approx(whole, abs=1e-5)


def test_two_processes_train_one_model(tmp_path):
    write_tokens(tmp_path)
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "training.train_lm",
        "--data", str(tmp_path), "--out", str(tmp_path / "run"), "--steps", "8", "--batch", "2", "--layers", "1", "--heads", "2",
        "--held-out", "8", "--device", "cpu",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    assert "2 processes" in done.stdout
    assert checkpoint.load(tmp_path / "run/lm.pt")["step"] == 8


def test_a_step_adds_nothing_to_the_gradients_of_the_one_before(tmp_path):
    write_tokens(tmp_path)
    data = TokenData([tmp_path], 8)
    learner = train_lm.Learner(LanguageModel(LanguageModelConfig(layers=1, heads=2)))
    step = train_lm.Step(learner, train_lm.optimizers(learner, 1e-3), recording=False)
    batch, norms = data.batch(np.arange(4), np.random.default_rng(0)), []
    for _ in range(2):
        torch.manual_seed(0)
        step.gradients(*batch[:-1], *batch.plan)
        norms.append([float(p.grad.norm()) for p in learner.parameters()])
    assert norms[0] == norms[1] and max(norms[0]) > 0


def test_folders_join_once_they_are_encoded_and_the_same_clips_stay_held_out(tmp_path):
    for name, clips in (("a", 20), ("b", 30)):
        (tmp_path / name).mkdir()
        write_tokens(tmp_path / name, clips)
    held_out = TokenData([tmp_path / "a"], 8)
    data, spans = TokenData([tmp_path / "a"], 8), tmp_path / "b/captions.json"
    text = spans.read_text()
    spans.unlink()
    coming = train_lm.Coming([tmp_path / "b"], data)
    assert not coming.join() and len(data.frames) == 20
    spans.write_text(text)
    started = time.time()
    while len(data.frames) == 20 and time.time() - started < 20:
        coming.asked = 0.0
        coming.join()
    assert len(data.frames) == 50 and data.train_count == 42
    rng = np.random.default_rng(0)
    both, alone = data.batch(np.array([42]), rng), held_out.batch(np.array([12]), rng)
    assert torch.equal(both.codes[..., :52], alone.codes[..., :52])
