"""Run: python -m pytest training/tests/test_codec.py"""

import argparse

import numpy as np
import pytest
import torch

from training import make_data, stft, train_codec
from training.codec import Codec, CodecConfig
from training.rvq import ResidualVectorQuantizer


def test_inverse_stft_undoes_the_forward_one():
    torch.manual_seed(0)
    pcm = torch.randn(2, 6400)
    back = stft.inverse(stft.spectrum(pcm, 1024, 320).transpose(1, 2), 1024, 320)
    assert back.shape == pcm.shape
    assert (back - pcm)[:, 400:-400].abs().max() < 1e-4


def test_quantizer_uses_its_codebooks_and_each_one_leaves_less():
    torch.manual_seed(0)
    quantizer = ResidualVectorQuantizer(dim=16, dropout=0)
    for _ in range(30):
        quantizer(torch.randn(16, 256, 16))
    assert all(codebook.usage() > 0.5 for codebook in quantizer.codebooks)
    z, errors = torch.randn(4, 256, 16), []
    codes = quantizer.eval()(z)[1]
    for k in range(1, 5):
        part = sum(torch.nn.functional.embedding(codes[:, i], quantizer.codebooks[i].table) for i in range(k))
        errors.append(float(((z - part) ** 2).mean()))
    assert errors == sorted(errors, reverse=True)
    assert torch.equal(quantizer.decode(codes), part)


def without_noise(codec, z):
    parts = codec.decoder(z)
    return codec.to_pcm(parts._replace(noise=torch.zeros_like(parts.noise)))[0]


def test_decoder_looks_at_most_four_codec_frames_ahead():
    torch.manual_seed(0)
    codec = Codec(CodecConfig()).eval()
    z = torch.randn(1, 40, 72)
    changed = z.clone()
    changed[:, 20:] += 1
    with torch.no_grad():
        a, b = (without_noise(codec, x) for x in (z, changed))
    first = int(torch.argmax(((a - b).abs() > 1e-6).float()))
    assert 16 * 640 <= first < 20 * 640


@pytest.fixture(scope="module")
def small_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    make_data.make(folder, 24, 0, 1)
    return folder


def run(data, out, steps: int, **changes) -> list[float]:
    return train_codec.train(argparse.Namespace(**{
        "data": data, "out": out, "minutes": 1e6, "steps": steps, "batch": 4, "learning_rate": 1e-3, "adversarial_from": 0.8,
        "seed": 0, "device": "cpu", "shape": "vocos", "factor": 128, "streams": 4, "fit": 3, "finish": None, "report": 200,
        **changes,
    }))  # fmt: skip


@pytest.mark.parametrize("adversarial_from", [0.4, 1.0])
def test_training_lowers_the_loss_with_and_without_discriminators(small_data, tmp_path, adversarial_from):
    losses = run(small_data, tmp_path, 24, adversarial_from=adversarial_from)
    assert len(losses) == 24 and np.isfinite(losses).all()
    assert np.mean(losses[-5:]) < 0.85 * np.mean(losses[:5])


def test_training_resumes_from_the_last_checkpoint(small_data, tmp_path):
    run(small_data, tmp_path, 3)
    assert len(run(small_data, tmp_path, 5)) == 2
    assert train_codec.load_codec(tmp_path).encode(torch.zeros(1, 6400)).shape == (1, 4, 10)


def test_finishing_changes_the_decoder_and_no_code(small_data, tmp_path):
    run(small_data, tmp_path / "first", 6)
    losses = run(small_data, tmp_path / "second", 6, finish=tmp_path / "first", adversarial_from=0)
    assert np.isfinite(losses).all()
    first, second = (train_codec.load_codec(tmp_path / name) for name in ("first", "second"))
    torch.manual_seed(0)
    codes = first.encode(torch.randn(1, 6400))
    torch.manual_seed(0)
    assert torch.equal(codes, second.encode(torch.randn(1, 6400)))
    assert not torch.equal(first.decoder.head.weight, second.decoder.head.weight)


@pytest.mark.parametrize(("factor", "streams"), [(32, 1), (64, 2), (128, 4)])
def test_the_shape_of_the_paper_trains_by_a_flag(small_data, tmp_path, factor, streams):
    losses = run(small_data, tmp_path, 24, shape="seanet", factor=factor, streams=streams, batch=1, adversarial_from=1.0)
    assert np.mean(losses[-8:]) < np.mean(losses[:8])


def test_a_missing_run_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"train_codec: no codec\.pt"):
        train_codec.load_codec(tmp_path)
