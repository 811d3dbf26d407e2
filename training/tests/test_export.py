"""Run: python -m pytest training/tests/test_export.py"""

import json
import pathlib

import numpy as np
import pytest
import torch

from training import export, partials, write_golden
from training.captions import captions
from training.draw_spec import draw_clip
from training.pack_model import PackModel, add_partials, inverse_stft
from training.quantize import snap_to_int8
from training.sampler import SamplingOptions
from training.steps_model import StepsModel
from training.stft import inverse
from training.text_encoder import WIDTH, load_text_encoder, load_tokenizer, text_encoder_of_pack

ROOT = pathlib.Path(__file__).parents[2]
SAMPLING = {"guidanceScale": 3, "temperature": 1, "topK": 64, "topP": 0}
PACKS = [path for path in (ROOT / "test/fixtures/tiny-pack", ROOT / "models/foley-tiny") if (path / "model.json").exists()]


def test_a_random_model_exports_and_agrees_with_pytorch(tmp_path):
    parts = export.tiny_parts()
    for part in (parts[0], parts[1], parts[2].decoder):
        snap_to_int8(part)
    for codebook in parts[2].quantizer.codebooks:
        codebook.table.zero_()
    card = export.describe("test", parts[0].config, parts[1], parts[2].config, SAMPLING)
    export.write_pack(tmp_path, card, *parts)
    written = json.loads((tmp_path / "model.json").read_text())
    assert set(written["files"]) == {
        "engine.safetensors",
        "decoder.safetensors",
        "text-encoder.onnx",
        "lm-prefill.onnx",
        "lm-step.onnx",
        "lm-steps.onnx",
        "codec-decoder.onnx",
        "tokenizer.json",
    }
    assert written["partials"] == {"channels": partials.CHANNELS}
    pack = PackModel(tmp_path)
    codes, pcm = pack.generate("a coin", 0.2, SamplingOptions(seed=1))
    assert codes.shape == (4, 10) and pcm.shape == (6400,)
    shapes = [output.shape for output in pack.run("codec-decoder", codes=codes)]
    assert shapes == [(20, 513)] * 3 + [(20, partials.CHANNELS)] * 2


def test_inverse_stft_of_the_pack_model_is_the_trained_one():
    rng = np.random.default_rng(0)
    real, imag = rng.standard_normal((2, 12, 513))
    expected = inverse(torch.complex(torch.tensor(real), torch.tensor(imag))[None], 1024, 320)[0]
    assert np.abs(inverse_stft(real + 1j * imag, 1024, 320) - expected.numpy()).max() < 1e-4


def test_partials_of_the_pack_model_are_the_trained_ones():
    rng = np.random.default_rng(0)
    real, imag = rng.standard_normal((2, 12, 513)).astype(np.float32)
    gain = rng.uniform(0.1, 1, (12, 9)).astype(np.float32)
    frequency = (np.geomspace(30, 15990, 9) + rng.uniform(-9, 9, (12, 9))).astype(np.float32)
    arrays = [torch.tensor(array)[None] for array in (real, imag, gain, frequency)]
    expected = partials.add_partials(*arrays, 1024, 320, 32000)
    made = add_partials(real, imag, gain, frequency, 1024, 320, 32000)
    for m, e in zip(made, expected):
        assert np.abs(m - e[0].numpy()).max() < 2e-3  # what rounds the lobe beside whole bins in float32


def test_a_steady_partial_is_a_tone_of_its_gain_and_frequency():
    gain, frequency = np.full((100, 1), 25.6, np.float32), np.full((100, 1), 1234.5, np.float32)
    zeros = np.zeros((100, 513), np.float32)
    real, imag = add_partials(zeros, zeros, gain, frequency, 1024, 320, 32000)
    pcm = inverse_stft(real + 1j * imag, 1024, 320)[1600:-1600]
    t = (np.arange(len(pcm)) + 1600 - 160) / 32000  # phase 0 in the middle of the first STFT frame
    assert np.abs(pcm - 4 * 25.6 / 1024 * np.cos(2 * np.pi * 1234.5 * t)).max() < 2e-3


def test_int8_text_encoder_keeps_the_meaning_of_fifty_captions():
    encoders, tokenizer = [load_text_encoder(int8) for int8 in (False, True)], load_tokenizer()
    worst = 1.0
    for seed in range(50):
        ids = torch.tensor([tokenizer.encode(captions(draw_clip(seed), 1)[0]).ids])
        with torch.no_grad():
            expected, made = (encoder(ids, torch.ones_like(ids))[0] for encoder in encoders)
        parts = zip(expected.split(WIDTH, -1), made.split(WIDTH, -1))
        worst = min(worst, *(float(torch.cosine_similarity(a, b, -1).min()) for a, b in parts))
    assert worst >= 0.99, worst


def test_the_text_encoder_of_the_package_is_the_one_in_the_pack():
    pack = ROOT / "models/foley-tiny"
    ours, theirs = text_encoder_of_pack(pack).state_dict(), load_text_encoder().state_dict()
    assert ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)
    text = "a heavy wooden door slams, in a stone hall"
    assert load_tokenizer(pack).encode(text).ids == load_tokenizer().encode(text).ids


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_golden_arrays_are_those_of_the_committed_pack(folder):
    golden = json.loads((ROOT / f"test/golden/{folder.name}.json").read_text())
    case = golden["cases"][0]
    again = write_golden.golden_case(PackModel(folder), case["prompt"], case["seed"])
    assert again["tokenIds"] == case["tokenIds"]
    assert again["greedyCodes"] == case["greedyCodes"]


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_several_steps_in_one_run_choose_the_codes_of_single_steps(folder):
    pack = PackModel(folder)
    steps = StepsModel(pack)
    window = pack.card["languageModel"]["window"]
    cases = [
        SamplingOptions(temperature=0, top_k=0),
        SamplingOptions(temperature=0, guidance_scale=1),
        SamplingOptions(seed=5),
        SamplingOptions(seed=6, top_k=0, top_p=0.8, temperature=1.3),
    ]
    for options in cases:
        embedding = pack.embed("heavy wooden door slams")
        expected = pack.tokens(embedding, window + 9, options)
        assert np.array_equal(steps.tokens(embedding, window + 9, options), expected), options
