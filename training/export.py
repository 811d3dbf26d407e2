r"""Writes a model pack: weights, five ONNX graphs on them, tokenizer, model.json; proves each against PyTorch.

Run:  python -m training.export --codec training/runs/codec --lm training/runs/lm --out models/foley-tiny
      npm run calibrate -- models/foley-tiny   # loudness.streamGain in model.json
      10 s each; prints the largest difference of every graph (must stay below BOUNDS) and the sizes
      python -m training.export --tiny --out test/fixtures/tiny-pack && \
      python -m training.write_golden --pack test/fixtures/tiny-pack --out test/golden/tiny-pack.json
      # random weights, for tests of the runtime, and what it must make of them
"""

import argparse
import hashlib
import json
import pathlib
import shutil

import numpy as np
import onnxruntime
import torch
from torch import nn

from . import engine_weights, onnx_graphs, onnx_steps, partials
from .codec import Codec, CodecConfig
from .language_model import LanguageModel, LanguageModelConfig
from .pack_model import PackModel
from .quantize import snap_to_int8
from .sampler import SamplingOptions
from .steps_model import StepsModel
from .text_encoder import MAX_TOKENS, TextEncoder, TextEncoderConfig, load_text_encoder, package_folder
from .train_codec import load_codec
from .train_lm import load_language_model

# largest absolute difference between PyTorch and onnxruntime, relative to the largest value of the output
BOUNDS = {"text-encoder": 2e-4, "lm-prefill": 2e-4, "lm-step": 5e-4, "codec-decoder": 5e-4}


class TextGraph(nn.Module):
    """input_ids [1, L] -> text_embedding [L, E]"""

    def __init__(self, encoder: nn.Module):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.encoder(input_ids, torch.ones_like(input_ids))[0]


class PrefillGraph(nn.Module):
    def __init__(self, model: LanguageModel):
        super().__init__()
        self.model = model

    def forward(self, text_embedding):
        return self.model.prefill(text_embedding)


class StepGraph(nn.Module):
    def __init__(self, model: LanguageModel):
        super().__init__()
        self.model = model

    def forward(self, tokens, position, past_keys, past_values, past_mask, cross_keys, cross_values):
        return self.model.step(tokens, position, past_keys, past_values, past_mask, cross_keys, cross_values)


class DecoderGraph(nn.Module):
    """codes [K, T] -> spectrum_real, spectrum_imag, noise_magnitude [2T, 513], partial_gain, partial_frequency [2T, C]"""

    def __init__(self, codec: Codec):
        super().__init__()
        self.decoder = codec.decoder
        tables = [codebook.table for codebook in codec.quantizer.codebooks]
        self.tables = nn.ModuleList(nn.Embedding.from_pretrained(table.clone()) for table in tables)

    def forward(self, codes):
        z = sum(table(codes[k]) for k, table in enumerate(self.tables))
        return tuple(part[0] for part in self.decoder(z[None]))


def graphs(text_encoder: nn.Module, model: LanguageModel, codec: Codec) -> dict:
    """name -> module, example inputs, input names, output names, dynamic axes"""
    c = model.config
    past = torch.randn(c.layers, 2, c.heads, c.window - 1, c.head_dim)
    cross = torch.randn(c.layers, 2, c.heads, 9, c.head_dim)
    step_inputs = (
        torch.randint(0, c.codebook_size, (2, c.num_codebooks)), torch.tensor([5]), past, torch.randn_like(past),
        torch.where(torch.arange(c.window - 1) < 5, 0.0, -1e9), cross, torch.randn_like(cross),
    )  # fmt: skip
    parts = ("spectrum_real", "spectrum_imag", "noise_magnitude", "partial_gain", "partial_frequency")
    batch, cross_axes, past_axes = {1: "batch"}, {1: "batch", 3: "text"}, {1: "batch", 3: "slots"}
    return {
        "text-encoder": (TextGraph(text_encoder), (torch.tensor([[101, 3082, 4799, 2341, 102]]),),
                         ["input_ids"], ["text_embedding"], {"input_ids": {1: "text"}, "text_embedding": {0: "text"}}),
        "lm-prefill": (PrefillGraph(model), (torch.randn(7, c.text_width),), ["text_embedding"], ["cross_keys", "cross_values"],
                       {"text_embedding": {0: "text"}, "cross_keys": {3: "text1"}, "cross_values": {3: "text1"}}),
        "lm-step": (StepGraph(model), step_inputs,
                    ["tokens", "position", "past_keys", "past_values", "past_mask", "cross_keys", "cross_values"],
                    ["logits", "new_keys", "new_values"],
                    {"tokens": {0: "batch"}, "past_keys": past_axes, "past_values": past_axes, "past_mask": {0: "slots"},
                     "cross_keys": cross_axes, "cross_values": cross_axes, "logits": {0: "batch"},
                     "new_keys": batch, "new_values": batch}),
        "codec-decoder": (DecoderGraph(codec), (torch.randint(0, 1024, (4, 50)),), ["codes"], list(parts),
                          {"codes": {1: "codec_frames"}} | {part: {0: "stft_frames"} for part in parts}),
    }  # fmt: skip


@torch.no_grad()
def check_parity(name: str, graph: bytes, module: nn.Module, inputs: tuple, input_names: list[str]) -> float:
    """Largest difference between PyTorch and onnxruntime, relative to the output's largest value."""
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    made = session.run(None, {key: value.numpy() for key, value in zip(input_names, inputs)})
    expected = module(*inputs)
    expected = expected if isinstance(expected, tuple) else (expected,)
    worst = max(float(np.abs(m - e.numpy()).max() / np.abs(e.numpy()).max()) for m, e in zip(made, expected))
    if not worst <= BOUNDS[name]:
        raise ValueError(f"export: {name}.onnx differs from PyTorch by {worst:.1e}, allowed {BOUNDS[name]:.0e}.")
    return worst


def describe(name: str, text: TextEncoderConfig, model: LanguageModel, codec: CodecConfig, sampling: dict) -> dict:
    c = model.config
    return {
        "formatVersion": 2, "name": name, "version": "0.1.0", "licence": "MIT (text encoder: Apache-2.0)", "commercialUse": True,
        "sampleRate": codec.sample_rate, "codecFrameRate": codec.sample_rate // codec.samples_per_codec_frame,
        "numCodebooks": c.num_codebooks, "codebookSize": c.codebook_size, "delays": list(range(c.num_codebooks)),
        "stft": {"size": codec.stft_size, "hop": codec.stft_hop}, "partials": {"channels": partials.CHANNELS},
        "textEncoder": {"name": text.name, "width": text.state_width, "maxTokens": MAX_TOKENS, "layers": text.layers,
                        "heads": text.heads, "readLayers": list(text.read_layers)},
        "languageModel": {"layers": c.layers, "heads": c.heads, "headDim": c.head_dim, "window": c.window},
        "sampling": sampling,
        "loudness": {"oneShot": -20, "loop": -23},
    }  # fmt: skip


def write_pack(out: pathlib.Path, card: dict, text_encoder: TextEncoder, model: LanguageModel, codec: Codec) -> None:
    """All matrices are on their int8 grid already."""
    out.mkdir(parents=True, exist_ok=True)
    engine, decoder = engine_weights.of_engine(text_encoder, model), engine_weights.of_decoder(codec)
    engine_weights.write(out / "engine.safetensors", engine)
    engine_weights.write(out / "decoder.safetensors", decoder)
    card["graphs"] = {}
    for name, (module, inputs, input_names, output_names, axes) in graphs(text_encoder, model, codec).items():
        path, tensors = out / f"{name}.onnx", decoder if name == "codec-decoder" else engine
        places = onnx_graphs.export_graph(module.eval(), inputs, path, input_names, output_names, axes, tensors)
        card["graphs"][path.name] = sorted(places)
        worst = check_parity(name, onnx_graphs.fill(path, tensors), module, inputs, input_names)
        print(f"{path.name}: relative difference {worst:.1e}")
    card["graphs"]["lm-steps.onnx"] = sorted(onnx_steps.write_steps(model.config, out / "lm-steps.onnx"))
    shutil.copyfile(package_folder() / "tokenizer.json", out / "tokenizer.json")
    names = ["engine.safetensors", "decoder.safetensors", "tokenizer.json", *card["graphs"]]
    card["files"] = {name: describe_file(out / name) for name in names}
    (out / "model.json").write_text(json.dumps(card, indent=1) + "\n")
    check_steps(PackModel(out))
    for name in sorted(names, key=lambda name: -card["files"][name]["bytes"]):
        print(f"{card['files'][name]['bytes']:>12,} {name}")
    print(f"{sum(f['bytes'] for f in card['files'].values()):>12,} in all")


def check_steps(pack: PackModel, prompt: str = "a coin", frames: int = 40) -> None:
    """lm-steps.onnx takes the likeliest codes that lm-step.onnx takes."""
    greedy, embedding = SamplingOptions(temperature=0), pack.embed(prompt)
    expected, made = (model.tokens(embedding, frames, greedy) for model in (pack, StepsModel(pack)))
    if not np.array_equal(expected, made):
        raise ValueError(
            f"export: {(expected != made).sum()} of {made.size} codes of lm-steps.onnx are not those of lm-step.onnx."
        )


def describe_file(path: pathlib.Path) -> dict:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def tiny_parts() -> tuple[TextEncoder, LanguageModel, Codec]:
    torch.manual_seed(1)
    text = TextEncoderConfig("tiny", width=8, layers=2, heads=2, read_layers=(1, 2))
    encoder = TextEncoder(text).eval()
    encoder.positions.data.normal_()
    config = LanguageModelConfig(layers=2, heads=2, head_dim=16, window=24, text_width=text.state_width)
    model = LanguageModel(config).eval()
    for block in model.text_blocks:
        block.out.weight.data.normal_(std=0.1), block.down.weight.data.normal_(std=0.1)
    model.heads.weight.data.mul_(20)  # logits far from flat, so that arithmetic noise cannot change a code
    codec = Codec(CodecConfig(decoder_dim=32, decoder_hidden=48, encoder_dim=32)).eval()
    for codebook in codec.quantizer.codebooks:
        codebook.table.normal_()
    return encoder, model, codec


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--codec", type=pathlib.Path)
    parser.add_argument("--lm", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--guidance-scale", type=float, default=3.0)
    parser.add_argument("--temperature", type=float, default=0.9)
    parser.add_argument("--top-k", type=int, default=128)
    args = parser.parse_args()
    sampling = {"guidanceScale": args.guidance_scale, "temperature": args.temperature, "topK": args.top_k, "topP": 0}
    if args.tiny:
        text_encoder, model, codec = tiny_parts()
    elif args.codec and args.lm:
        text_encoder, model, codec = load_text_encoder(), load_language_model(args.lm), load_codec(args.codec)
    else:
        parser.error("give --codec and --lm (folders of trained runs), or --tiny")
    for part in (text_encoder, model, codec.decoder):
        snap_to_int8(part)
    for codebook in codec.quantizer.codebooks:
        table = nn.Embedding.from_pretrained(codebook.table.clone())
        codebook.table.copy_(snap_to_int8(table).weight)
    card = describe(args.out.name, text_encoder.config, model, codec.config, sampling)
    write_pack(args.out, card, text_encoder, model, codec)


if __name__ == "__main__":
    main()
