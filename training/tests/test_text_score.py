"""Run: python -m pytest training/tests/test_text_score.py"""

import json
import math

import numpy as np
import torch

from training import export_judge, make_data, text_score
from training.judge import Judge
from training.text_score import Material, TextScore, Tower


def moved(judge: Judge, score: TextScore) -> tuple[Judge, TextScore]:
    """With normalisations that do something, as after training"""
    generator = torch.Generator().manual_seed(0)
    for module in (*judge.modules(), *score.modules()):
        if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            module.running_mean.copy_(0.3 * torch.randn(module.running_mean.shape, generator=generator))
            module.running_var.copy_(0.5 + torch.rand(module.running_var.shape, generator=generator))
    return judge.eval(), score.eval()


def material(clips: int) -> Material:
    """Sounds and texts of one direction each: what belongs together can be learned"""
    rng = np.random.default_rng(0)
    heard = rng.standard_normal((clips, 1, text_score.POOLED)).astype(np.float16)
    texts = np.tile(heard[:, 0], (1, 2)).astype(np.float16)
    return Material(heard, texts, np.arange(clips)[:, None])


def test_towers_give_directions():
    out = Tower(384).eval()(torch.randn(5, 384))
    assert out.shape == (5, text_score.DIRECTIONS) and torch.allclose(out.norm(dim=1), torch.ones(5), atol=1e-5)


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order():
    curve = text_score.area_under_curve
    assert curve(torch.tensor([0.9, 0.8]), torch.tensor([0.1, 0.2, 0.3])) == 1
    assert curve(torch.tensor([0.1]), torch.tensor([0.2, 0.3])) == 0
    assert curve(torch.tensor([0.5, 0.5]), torch.tensor([0.5])) == 0.5
    assert curve(torch.tensor([0.4, 0.1]), torch.tensor([0.2])) == 0.5


def test_a_clip_is_in_a_batch_once():
    torch.manual_seed(0)
    heard, meant = text_score.pairs(material(40), 40, 32)
    assert len(heard) == len(meant) and len({tuple(row.tolist()) for row in meant}) == len(meant)
    assert torch.allclose(heard, meant[:, :384])


def test_what_belongs_together_is_learned_and_scored_higher():
    torch.manual_seed(0)
    data, model = material(64), TextScore()
    model.prior.fill_(math.log(31))
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(60):
        loss = text_score.loss_of(model.train(), *text_score.pairs(data, 64, 32))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scores = model.eval().scores(torch.from_numpy(data.heard[:, 0]).float(), torch.from_numpy(data.texts).float())
    others = scores[~torch.eye(64, dtype=torch.bool)]
    assert text_score.area_under_curve(scores.diagonal(), others) > 0.99 and scores.diagonal().mean() > 0.5 > others.mean()


def test_clips_are_heard_whole_and_coloured(tmp_path):
    make_data.make(tmp_path / "data", 12, 1_000_000, 1, "judge")
    audio, labels = make_data.load(tmp_path / "data")
    heard = text_score.hear_clips(Judge().eval(), audio, labels, np.random.default_rng(0))
    assert heard.shape == (12, 3, 384) and np.isfinite(heard).all()
    assert np.abs(heard[:, 0] - heard[:, 1]).max() > 0


def test_folded_int8_weights_hear_and_mean_almost_the_same():
    torch.manual_seed(0)
    exact = moved(Judge(), TextScore())
    grid = (Judge(), TextScore())
    for a, b in zip(grid, exact):
        a.load_state_dict(b.state_dict())
        a.eval()
    export_judge.put_on_grid(*grid)
    assert export_judge.drift(*grid, exact) < 0.1
    text = torch.from_numpy(export_judge.states(0))[None]
    assert float((grid[1].meant(text) * exact[1].meant(text)).sum().detach()) > 0.995


def test_what_is_exported_is_what_is_computed():
    torch.manual_seed(0)
    judge, score = moved(Judge(), TextScore())
    export_judge.put_on_grid(judge, score)
    tensors = export_judge.tensors_of(judge, score)
    image = torch.rand(1, 1, 8, 64)
    rows = torch.nn.functional.unfold(image, 3, padding=1, stride=2)[0].T  # (places, time x band)
    weight = torch.from_numpy(tensors["images.0.weight"] * tensors["images.0.weight.scale"][:, None])
    expected = judge.image_norms[0](judge.images[0](image))[0].flatten(1).T
    assert torch.allclose(rows @ weight.T + torch.from_numpy(tensors["images.0.bias"]), expected, atol=1e-4)
    assert tensors["join.weight"].shape == (192, 768) and tensors["times.2.weight"].shape == (192, 576)


def test_the_pack_says_what_it_reads_and_is_small(tmp_path):
    torch.manual_seed(0)
    judge, score = moved(Judge(), TextScore())
    export_judge.put_on_grid(judge, score)
    path = tmp_path / export_judge.FILE
    export_judge.engine_weights.write(path, export_judge.tensors_of(judge, score))
    said = json.loads(json.dumps(export_judge.describe(path, score)))
    assert said["textEncoder"] == {"name": "all-MiniLM-L6-v2", "width": 768} and said["files"][path.name]["bytes"] < 2e6
    case = export_judge.golden(judge, score)[0]
    assert 0 <= case["score"] <= 1 and len(case["heard"]) == len(case["meant"]) == 128 and len(case["logMel"]) == 640
