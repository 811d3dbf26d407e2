"""Graphs without weights, for the reference in npm run bench: a MusicGen as transformers.js loads it, of our model's shape.

    models/foley-tiny/model.json (layers, heads, codebooks)  ->  test/fixtures/musicgen/
        config.json, generation_config.json, tokenizer_config.json
        onnx/text_encoder.onnx      ids [B, L] -> last_hidden_state [B, L, 768], sines: it is not what is measured
        onnx/decoder_model_merged.onnx, ..._quantized.onnx   float32; int8, with activations quantized as they come
        onnx/encodec_decode.onnx    codes [1, B, K, T] -> audio_values [B, 1, K T], the codes themselves
        weights.json                what is missing from each decoder: [name, shape, type, mean, deviation]

B batch, L text tokens, K codebooks, T codec frames. The decoder takes the way of every model on the hub that transformers.js
loads: optimum exports it without and with a key-value cache and merges the two, onnxslim tidies, onnxruntime quantizes per
channel in 7 bits. What speed depends on stays; the numbers themselves go and scripts/bench-musicgen.mjs draws new ones.
Copet et al. 2023 (MusicGen), arXiv:2306.05284.
Run:  python -m pip install optimum-onnx==0.1.0 onnxslim==0.1.98   # in an environment of its own, beside requirements.txt
      python -m training.export_musicgen --out test/fixtures/musicgen   # half a minute
"""

import argparse
import json
import pathlib
import shutil
import tempfile

import numpy as np
import onnx
import torch
from onnx import AttributeProto, GraphProto, ModelProto, TensorProto, helper, numpy_helper, parser

from .text_encoder import STATE_WIDTH

SMALLEST = 64  # elements; smaller tensors are shapes and scales and stay in the graph
MAX_STEPS = 1024
DECODER = "decoder_model_merged"

TEXT_ENCODER = f"""
<ir_version: 9, opset_import: ["" : 18]>
text_encoder (int64[batch_size, length] input_ids) => (float[batch_size, length, {STATE_WIDTH}] last_hidden_state) {{
  last = Constant<value_ints = [-1]>()
  from = Constant<value = float {{1.0}}>()
  to = Constant<value = float {{{STATE_WIDTH + 1}.0}}>()
  channels = Range(from, to, from)
  id = Cast<to = 1>(input_ids)
  column = Unsqueeze(id, last)
  phase = Mul(column, channels)
  last_hidden_state = Sin(phase)
}}
"""

CODEC_DECODER = """
<ir_version: 9, opset_import: ["" : 18]>
encodec_decode (int64[1, batch_size, codebooks, chunk_length] audio_codes) => (float[batch_size, 1, length] audio_values) {
  one = Constant<value_ints = [1]>()
  values = Cast<to = 1>(audio_codes)
  rows = Flatten<axis = 2>(values)
  audio_values = Unsqueeze(rows, one)
}
"""


def random_model(card: dict):
    from transformers import EncodecConfig, MusicgenConfig, MusicgenDecoderConfig, MusicgenForConditionalGeneration, T5Config

    shape = card["languageModel"]
    width, special = shape["heads"] * shape["headDim"], card["codebookSize"]
    text = T5Config(vocab_size=64, d_model=STATE_WIDTH, d_kv=8, d_ff=16, num_layers=1, num_heads=1)
    codec = EncodecConfig(
        sampling_rate=card["sampleRate"], upsampling_ratios=[8, 5, 4, 4], target_bandwidths=[0.55 * card["numCodebooks"]],
        codebook_size=card["codebookSize"], num_filters=2, hidden_size=8, codebook_dim=8, num_lstm_layers=1,
    )  # fmt: skip
    decoder = MusicgenDecoderConfig(
        vocab_size=card["codebookSize"], num_codebooks=card["numCodebooks"], num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"], hidden_size=width, ffn_dim=4 * width, max_position_embeddings=MAX_STEPS,
        pad_token_id=special, bos_token_id=special, eos_token_id=None,
    )  # fmt: skip
    torch.manual_seed(0)
    return MusicgenForConditionalGeneration(MusicgenConfig.from_sub_models_config(text, codec, decoder)).eval()


def merged_decoder(model, folder: pathlib.Path) -> ModelProto:
    import onnxslim
    from optimum.exporters.onnx.convert import onnx_export_from_model
    from optimum.onnx import merge_decoders

    onnx_export_from_model(model, output=folder, task="text-to-audio")
    parts = [folder / f"{name}.onnx" for name in ("decoder_model", "decoder_with_past_model", DECODER)]
    return onnxslim.slim(merge_decoders(*parts[:2], save_path=parts[2], strict=False))


def quantized(model: ModelProto) -> ModelProto:
    """A copy with int8 weights."""
    from onnxruntime.quantization import QuantizationMode, QuantType
    from onnxruntime.quantization.onnx_quantizer import ONNXQuantizer
    from onnxruntime.quantization.registry import IntegerOpsRegistry

    copy = ModelProto.FromString(model.SerializeToString())
    quantizer = ONNXQuantizer(
        copy, per_channel=True, reduce_range=True, mode=QuantizationMode.IntegerOps, static=False,
        weight_qType=QuantType.QInt8, activation_qType=QuantType.QUInt8, tensors_range=None, nodes_to_quantize=[],
        nodes_to_exclude=[], op_types_to_quantize=list(IntegerOpsRegistry),
        extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
    )  # fmt: skip
    quantizer.quantize_model()
    return quantizer.model.model


class Stripper:
    """Takes the weights out of a graph and its branches, and gives every value a short name of its own."""

    def __init__(self):
        self.weights: list[list] = []
        self.known: dict[tuple, str] = {}
        self.count = 0

    def strip(self, model: ModelProto) -> ModelProto:
        kept = ["", *(value.name for value in [*model.graph.input, *model.graph.output])]
        self.graph(model.graph, {name: name for name in kept})
        bare = helper.make_model(model.graph, opset_imports=model.opset_import, ir_version=9)
        bare.producer_name = "scenefoley"
        return bare

    def graph(self, graph: GraphProto, outer: dict[str, str]) -> None:
        names = dict(outer)
        self.take(graph, names)
        for node in graph.node:
            for name in node.output:
                names.setdefault(name, self.short())
            for attribute in node.attribute:
                if attribute.type == AttributeProto.GRAPH:
                    self.graph(attribute.g, names)
            inputs, outputs = [names[name] for name in node.input], [names[name] for name in node.output]
            node.input[:], node.output[:], node.name, node.doc_string = inputs, outputs, "", ""
        for value in graph.output:
            value.name = names[value.name]
        del graph.value_info[:]
        graph.name, graph.doc_string = "g", ""

    def take(self, graph: GraphProto, names: dict[str, str]) -> None:
        """Out of the initializers, and out of the nodes that are constants."""
        small = []
        for tensor in graph.initializer:
            weight = self.weight(tensor)
            old, tensor.name = tensor.name, weight or self.short()
            names[old] = tensor.name
            if weight is None:
                small.append(tensor)
        nodes = []
        for node in graph.node:
            constant = node.op_type == "Constant" and node.attribute[0].type == AttributeProto.TENSOR
            weight = self.weight(node.attribute[0].t) if constant else None
            if weight is None:
                nodes.append(node)
            else:
                names[node.output[0]] = weight
        del graph.initializer[:], graph.node[:]
        graph.initializer.extend(small)
        graph.node.extend(nodes)

    def weight(self, tensor: TensorProto) -> str | None:
        array = numpy_helper.to_array(tensor)
        if array.size < SMALLEST:
            return None
        key = (array.tobytes(), array.shape, array.dtype)
        if key not in self.known:
            self.known[key] = f"w{len(self.known)}"
            values = array.astype(np.float64)
            numbers = [float(f"{number:.3g}") for number in (values.mean(), values.std())]
            self.weights.append([self.known[key], list(array.shape), str(array.dtype), *numbers])
        return self.known[key]

    def short(self) -> str:
        self.count += 1
        return f"v{self.count}"


def write_json(path: pathlib.Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def write_decoders(out: pathlib.Path, plain: ModelProto) -> None:
    """The graphs, and weights.json with one line a tensor."""
    listed = []
    for name, model in {DECODER: plain, f"{DECODER}_quantized": quantized(plain)}.items():
        stripper = Stripper()
        onnx.save(stripper.strip(model), out / "onnx" / f"{name}.onnx")
        rows = ",\n    ".join(json.dumps(row) for row in stripper.weights)
        listed.append(f'  "{name}.onnx": [\n    {rows}\n  ]')
    (out / "weights.json").write_text("{\n" + ",\n".join(listed) + "\n}\n")


def generation_config(card: dict) -> dict:
    special, sampling = card["codebookSize"], card["sampling"]
    ids = {"decoder_start_token_id": special, "bos_token_id": special, "pad_token_id": special}
    chosen = {"temperature": sampling["temperature"], "top_k": sampling["topK"]}
    return {**ids, "do_sample": True, "guidance_scale": sampling["guidanceScale"], **chosen}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--card", type=pathlib.Path, default="models/foley-tiny/model.json", help="the shape to follow")
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    card = json.loads(options.card.read_text())
    shutil.rmtree(options.out, ignore_errors=True)
    (options.out / "onnx").mkdir(parents=True)

    model = random_model(card)
    config = {"architectures": ["MusicgenForConditionalGeneration"], **model.config.to_diff_dict()}
    write_json(options.out / "config.json", config)
    write_json(options.out / "generation_config.json", generation_config(card))
    write_json(options.out / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "model_max_length": 64})
    for name, text in (("text_encoder", TEXT_ENCODER), ("encodec_decode", CODEC_DECODER)):
        onnx.save(parser.parse_model(text), options.out / "onnx" / f"{name}.onnx")
    with tempfile.TemporaryDirectory() as folder:
        write_decoders(options.out, merged_decoder(model, pathlib.Path(folder)))


if __name__ == "__main__":
    main()
