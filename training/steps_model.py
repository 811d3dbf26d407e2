"""Runs lm-steps.onnx with onnxruntime in Python as the browser runs it on WebGPU: what shows that it computes what lm-step does.

StepsModel(pack).tokens(embedding, frames, options) -> codes [K, T], as PackModel.tokens, up to rounding
"""

import numpy as np
import onnxruntime

from . import onnx_graphs
from .onnx_steps import STEPS
from .pack_model import PackModel
from .philox import uniform
from .sampler import SamplingOptions

LARGEST_DRAW = 1 - 2**-14  # sums of rounded probabilities may stay below 1


class StepsModel:
    def __init__(self, pack: PackModel, graph: bytes | None = None):
        self.pack, lm = pack, pack.card["languageModel"]
        self.layers, self.heads, self.head_dim = lm["layers"], lm["heads"], lm["headDim"]
        filled = onnx_graphs.fill(pack.folder / "lm-steps.onnx", pack.weights) if graph is None else graph
        self.session = onnxruntime.InferenceSession(filled, providers=["CPUExecutionProvider"])
        self.outputs = [output.name for output in self.session.get_outputs()]

    def tokens(self, embedding: np.ndarray, frames: int, options: SamplingOptions) -> np.ndarray:
        """codes [K, T]"""
        count = self.pack.card["numCodebooks"]
        steps = frames + count - 1
        runs = -(-steps // STEPS)
        batch = 1 if options.guidance_scale == 1 else 2
        fixed = self.fixed(embedding, batch, runs * STEPS, options)
        caches = (batch, self.heads, runs * STEPS, self.head_dim)
        state = {f"{kind}_{i}": np.zeros(caches, np.float32) for kind in ("keys", "values") for i in range(self.layers)}
        state["embedded"] = np.zeros((batch, self.heads * self.head_dim), np.float32)
        columns = []
        for run in range(runs):
            made = self.session.run(None, fixed | state | self.feeds(run * STEPS, batch, frames, options))
            output = dict(zip(self.outputs, made))
            columns += list(output["picked"][:STEPS])
            state = {name: output[f"{name}_{STEPS - 1}"] for name in state if name != "embedded"}
            state["embedded"] = output["next_embedded"]
        delayed = np.stack(columns, 1).astype(np.int64)
        return np.stack([delayed[k, k : k + frames] for k in range(count)])

    def fixed(self, embedding: np.ndarray, batch: int, slots: int, options: SamplingOptions) -> dict:
        """What is the same in every run."""
        scale, temperature = options.guidance_scale, options.temperature or 1
        guide = [1 / temperature] if batch == 1 else [scale / temperature, (1 - scale) / temperature]
        half = self.head_dim // 2
        angles = np.arange(slots)[:, None] * 10000.0 ** (-np.arange(half) / half)
        top_p = options.top_p if 0 < options.top_p < 1 else 2
        feeds = {
            "cosines": np.cos(angles).astype(np.float32), "sines": np.sin(angles).astype(np.float32),
            "guide": np.array([guide], np.float32), "top_p": np.array([top_p], np.float32),
            "top_k": np.array([options.top_k or self.pack.card["codebookSize"]]),
        }  # fmt: skip
        for kind, cross in zip(("keys", "values"), self.pack.run("lm-prefill", text_embedding=embedding)):
            both = np.concatenate((cross, np.zeros_like(cross)), 1)[:, :batch]
            feeds |= {f"cross_{kind}_{i}": both[i] for i in range(self.layers)}
        return feeds

    def feeds(self, first: int, batch: int, frames: int, options: SamplingOptions) -> dict:
        """What is another in every run."""
        codebooks = range(self.pack.card["numCodebooks"])
        feeds = {"total": np.array([first + STEPS], np.int32)}
        for n in range(STEPS):
            step = first + n
            draws = [min(uniform(options.seed, step, k), LARGEST_DRAW) if options.temperature else 0 for k in codebooks]
            inside = [0 <= step - k < frames for k in codebooks]
            feeds[f"position_{n}"] = np.full(batch, step, np.int32)
            feeds[f"draw_{n}"] = np.array(draws, np.float32)[:, None]
            feeds[f"inside_{n}"] = np.tile(np.array(inside, np.float32), (batch, 1))
        return feeds
