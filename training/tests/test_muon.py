"""Run: python -m pytest training/tests/test_muon.py"""

import pytest
import torch

from training.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(1, 16, 16), (3, 16, 64), (2, 64, 16)])
def test_orthogonal_makes_all_directions_about_equally_long(shape):
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert values.min() > 0.3 and values.max() < 1.3


@pytest.mark.parametrize("rate", [0.05, torch.tensor(0.05)])
def test_muon_finds_a_matrix(rate):
    torch.manual_seed(0)
    truth, made = torch.randn(8, 12), torch.nn.Parameter(torch.zeros(8, 12))
    optimizer = Muon([made], lr=rate, weight_decay=0.0)
    for _ in range(300):
        optimizer.zero_grad()
        ((made - truth) ** 2).mean().backward()
        optimizer.step()
    assert (made - truth).abs().mean() < 0.1
