"""Runs a model pack with onnxruntime in Python: the reference for the engines, and what the judge listens to.

PackModel(folder).generate("heavy wooden door slams", seconds, options) -> codes [K, T], pcm f32 [samples]
"""

import json
import pathlib

import numpy as np
import onnxruntime
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from . import onnx_graphs
from .partials import REACH
from .philox import spectral_noise
from .sampler import SamplingOptions, sample

SILENT = 1e-5  # gain of a partial that nobody hears


def add_noise(real: np.ndarray, imag: np.ndarray, magnitude: np.ndarray) -> np.ndarray:
    """[F, bins] thrice -> complex [F, bins]; the noise is the same for every clip"""
    draws = spectral_noise(*magnitude.shape)
    return (real + magnitude * draws[0]) + 1j * (imag + magnitude * draws[1])


def lobe(x: np.ndarray) -> np.ndarray:
    """Transform of a Hann window, 1 at x = 0: sinc(x) / (1 - x^2); 1/2 at x = 1 and -1"""
    zero = np.abs(np.abs(x) - 1) < 1e-6
    return np.where(zero, 0.5, np.sinc(x) / (1 - np.where(zero, 0, x) ** 2))


def add_partials(real, imag, gain, frequency, size: int, hop: int, sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """real, imag [F, bins], gain, frequency [F, C] -> real, imag [F, bins] with sines of running phase; twin of partials.py

    In float64, since a phase of many turns has no digits left in float32. Partials below SILENT only run on.
    """
    frequency = frequency.astype(np.float64)
    turns = np.zeros_like(frequency)
    turns[1:] = np.cumsum(frequency[1:] + frequency[:-1], 0) * (hop / (2 * sample_rate))
    kappa = (frequency * (size / sample_rate))[..., None]  # (F, C, 1)
    bins = np.round(kappa) + np.arange(-REACH, REACH + 1)  # (F, C, 2 REACH + 1)
    height = np.where(gain < SILENT, 0, gain)[..., None] * lobe(kappa - bins) * (1 - 2 * (bins % 2))
    wave = height * np.exp(2j * np.pi * (turns % 1))[..., None]
    total = real + 1j * imag
    index = bins.astype(int).clip(0, real.shape[1] - 1)
    np.add.at(total, (np.arange(len(real))[:, None, None], index), wave)
    return total.real, total.imag


def inverse_stft(spectrum: np.ndarray, size: int, hop: int) -> np.ndarray:
    """complex [F, size/2 + 1] -> pcm [F * hop]; alignment as in stft.inverse"""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    count, left = len(spectrum), (size - hop) // 2
    total, weight = np.zeros((count - 1) * hop + size), np.zeros((count - 1) * hop + size)
    for j, block in enumerate(np.fft.irfft(spectrum, size)):
        total[j * hop : j * hop + size] += block * window
        weight[j * hop : j * hop + size] += window**2
    return (total / np.maximum(weight, 1e-8))[left : left + count * hop].astype(np.float32)


class PackModel:
    def __init__(self, folder: pathlib.Path, threads: int = 1):
        self.folder = folder
        self.card = json.loads((folder / "model.json").read_text())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.weights = load_file(folder / "engine.safetensors") | load_file(folder / "decoder.safetensors")
        self.sessions = {
            name: onnxruntime.InferenceSession(
                onnx_graphs.fill(folder / f"{name}.onnx", self.weights), options, providers=["CPUExecutionProvider"]
            )
            for name in ("text-encoder", "lm-prefill", "lm-step", "codec-decoder")
        }
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.card["textEncoder"]["maxTokens"])

    def run(self, name: str, **inputs: np.ndarray) -> list[np.ndarray]:
        return self.sessions[name].run(None, inputs)

    def embed(self, prompt: str) -> np.ndarray:
        """[L, 768]"""
        return self.run("text-encoder", input_ids=np.array([self.tokenizer.encode(prompt).ids]))[0]

    def token_steps(self, embedding: np.ndarray, frames: int, options: SamplingOptions):
        """Yields (step, logits [B, K, V], tokens [K]) for every step; tokens are those chosen from the logits."""
        lm, count, pad = self.card["languageModel"], self.card["numCodebooks"], self.card["codebookSize"]
        batch = 1 if options.guidance_scale == 1 else 2
        slots = lm["window"] - 1
        keys, values = self.run("lm-prefill", text_embedding=embedding)
        null = np.zeros_like(keys)
        cross = (keys, values) if batch == 1 else (np.concatenate((keys, null), 1), np.concatenate((values, null), 1))
        past_keys = np.zeros((lm["layers"], batch, lm["heads"], slots, lm["headDim"]), np.float32)
        past_values, past_mask = np.zeros_like(past_keys), np.full(slots, -1e9, np.float32)
        column = np.full(count, pad)
        for step in range(frames + count - 1):
            logits, new_keys, new_values = self.run(
                "lm-step", tokens=np.tile(column, (batch, 1)), position=np.array([step]), past_keys=past_keys,
                past_values=past_values, past_mask=past_mask, cross_keys=cross[0], cross_values=cross[1],
            )  # fmt: skip
            slot = step % slots
            past_keys[:, :, :, slot], past_values[:, :, :, slot] = new_keys[:, :, :, 0], new_values[:, :, :, 0]
            past_mask[slot] = 0
            tokens = sample(logits, options, step)
            inside = [0 <= step - k < frames for k in range(count)]
            column = np.where(inside, tokens, pad)
            yield step, logits, column

    def tokens(self, embedding: np.ndarray, frames: int, options: SamplingOptions) -> np.ndarray:
        """codes [K, T]"""
        count = self.card["numCodebooks"]
        delayed = np.stack([column for _, _, column in self.token_steps(embedding, frames, options)], 1)
        return np.stack([delayed[k, k : k + frames] for k in range(count)])

    def decode(self, codes: np.ndarray) -> np.ndarray:
        size, hop = self.card["stft"]["size"], self.card["stft"]["hop"]
        real, imag, noise, *partials = self.run("codec-decoder", codes=codes.astype(np.int64))
        if partials:
            real, imag = add_partials(real, imag, *partials, size, hop, self.card["sampleRate"])
        return inverse_stft(add_noise(real, imag, noise), size, hop)

    def generate(self, prompt: str, seconds: float, options: SamplingOptions) -> tuple[np.ndarray, np.ndarray]:
        codes = self.tokens(self.embed(prompt), round(seconds * self.card["codecFrameRate"]), options)
        return codes, self.decode(codes)
