"""Run: python -m pytest training/tests/test_balancer.py"""

import copy

import pytest
import torch

from training import checkpoint
from training.balancer import Balancer, clip_norm

WEIGHTS = {"left": 1.0, "right": 3.0}


def losses_of(output: torch.Tensor, seed: int = 0) -> dict[str, torch.Tensor]:
    """Scales 1 and a million; each pulls at its own half of the samples, so that the shares can be told apart."""
    torch.manual_seed(seed)
    pull = torch.randn_like(output)
    half = output.shape[-1] // 2
    return {
        "left": (output * pull)[..., :half].sum(),
        "right": 1e6 * (output * pull)[..., half:].sum(),
    }


def shares_of(gradient: torch.Tensor) -> tuple[float, float]:
    half = gradient.shape[-1] // 2
    return clip_norm(gradient[..., :half]), clip_norm(gradient[..., half:])


@pytest.mark.parametrize("shape", [(4, 400), (2, 4, 400)])
def test_contributions_follow_the_weights_whatever_the_scales(shape):
    balancer = Balancer(WEIGHTS, total_norm=2.0)
    for step in range(20):
        output = torch.zeros(shape, requires_grad=True)
        balancer.backward(losses_of(output, step), output)
        left, right = shares_of(output.grad)
        if step == 0:
            assert (left, right) == pytest.approx((0.5, 1.5), rel=1e-4)
    assert balancer.sums["right"] / balancer.sums["left"] == pytest.approx(1e6, rel=0.05)
    sums = torch.tensor([shares_of(balancer.gradient(losses_of(output, seed), output)) for seed in range(20, 120)]).sum(0)
    assert float(sums[1] / sums[0]) == pytest.approx(3.0, rel=0.01)


def test_gradients_that_agree_add_up_to_the_total_norm():
    output = torch.zeros(3, 50, requires_grad=True)
    pull = torch.randn(3, 50)
    total = Balancer(WEIGHTS, total_norm=0.7).gradient(
        {"left": (output * pull).sum(), "right": 1e6 * (output * pull).sum()}, output
    )
    assert clip_norm(total) == pytest.approx(0.7, rel=1e-4)


def test_a_norm_twice_its_average_gives_a_gradient_twice_as_long():
    balancer, output = Balancer({"left": 1.0}, decay=0.9), torch.zeros(2, 8, requires_grad=True)
    for _ in range(3):
        assert clip_norm(balancer.gradient({"left": output.sum()}, output)) == pytest.approx(1.0, rel=1e-4)
    mean = (0.1 * 2 + 0.09 + 0.081 + 0.0729) / (1 - 0.9**4)
    assert clip_norm(balancer.gradient({"left": 2 * output.sum()}, output)) == pytest.approx(2 / mean, rel=1e-4)


def test_the_norm_is_averaged_over_clips_and_spans_the_draws():
    assert clip_norm(torch.tensor([[3.0, 4.0], [0.0, 1.0]])) == pytest.approx(3.0)
    draws = torch.tensor([[[3.0, 0.0], [0.0, 1.0]], [[0.0, 4.0], [0.0, 0.0]]])
    assert clip_norm(draws) == pytest.approx(3.0)


def test_training_resumes_identically(tmp_path):
    output, whole, first = torch.zeros(2, 40, requires_grad=True), Balancer(WEIGHTS), Balancer(WEIGHTS)
    for seed in range(5):
        whole.gradient(losses_of(output, seed), output), first.gradient(losses_of(output, seed), output)
    checkpoint.save(tmp_path / "balancer.pt", first.state_dict())
    state = first.state_dict()
    kept = copy.deepcopy(state)
    first.gradient(losses_of(output, 9), output)
    assert state == kept
    resumed = Balancer(WEIGHTS)
    resumed.load_state_dict(checkpoint.load(tmp_path / "balancer.pt"))
    for seed in range(5, 8):
        a, b = (balancer.gradient(losses_of(output, seed), output) for balancer in (whole, resumed))
        assert torch.equal(a, b)
    assert whole.state_dict() == resumed.state_dict()


class Untouchable(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum()

    @staticmethod
    def backward(ctx, gradient):
        raise AssertionError("differentiated")


def test_a_loss_of_weight_zero_is_never_differentiated():
    output = torch.zeros(2, 40, requires_grad=True)
    balancer = Balancer(WEIGHTS | {"idle": 0.0})
    total = balancer.gradient(losses_of(output) | {"idle": Untouchable.apply(output)}, output)
    assert torch.equal(total, Balancer(WEIGHTS).gradient(losses_of(output), output))
    assert "idle" not in balancer.state_dict()["sums"]


def test_the_gradient_reaches_the_maker_alone_and_the_loss_apart_is_added_as_it_is():
    maker, judge = torch.nn.Linear(4, 6), torch.nn.Linear(6, 1)
    latent = maker(torch.randn(3, 4))
    output, apart = 2 * latent, 5 * latent.mean()
    balancer = Balancer({"judge": 1.0})
    balancer.backward({"judge": judge(output).sum()}, output, apart)
    pull = judge.weight.detach() / judge.weight.detach().norm()
    expected = 2 * 3 * pull[0] + 5 / 6
    assert judge.weight.grad is None
    assert torch.allclose(maker.bias.grad, expected, atol=1e-5)
