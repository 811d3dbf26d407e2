"""lm-steps.onnx: several steps of the language model in one run, for WebGPU. Written by hand: a layer is a call of one function.

    embedded [B, C]                  what codes the step before chose, as the model reads them; zeros before the first step
    keys_<layer>, values_<layer>     [B, H, S, D]  past and present are one buffer: a step writes its own slot
    cross_keys_<layer>, cross_...    [B, H, L, D]  of the text
    cosines, sines [S, D/2]          rotary angles of every position
    total [1] int32                  position of the run's last step + 1; on the CPU
    guide [1, B]                     weights of the rows: guidance and temperature in one, (g / t, (1 - g) / t)
    top_k [1] int64, top_p [1]       V and 2 are off; top_k on the CPU
    and for each step n of the run
    position_<n> [B] int32, draw_<n> [K, 1] uniform, inside_<n> [B, K] 1 where codebook k has a code at that step, else 0
      ->  picked [2 N, K]            N rows of codes, then N rows of their logits, as f32; a logit that is not finite is an error
          next_embedded [B, C]       of the last step
          keys_<layer>_<n>, ...      all bound to the same buffer as keys_<layer>
          logits [K, V]              of the first step, mixed by `guide`: for looking

B batch (row 0 the prompt, row 1 the null condition), K codebooks, V codebook size, C width, H heads, D head width, L text tokens,
N steps, S slots. What every node does exists on WebGPU: integers are only looked up with, sampling is float arithmetic:

    logits [K, V] -> TopK, falling -> softmax, running sum c -> the largest logit whose c passes draw * c(top_p) -> its index

which is the draw of sampler.py, up to rounding. Twin: runtime/engines/gpu-steps.ts.
"""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .language_model import LanguageModelConfig
from .onnx_graphs import outside, place_of

STEPS = 8
DOMAIN, FUSED = "scenefoley", "com.microsoft"
OPSETS = [helper.make_opsetid("", 20), helper.make_opsetid(FUSED, 1), helper.make_opsetid(DOMAIN, 1)]
EPSILON = 1e-5
NOTHING = np.float32(-3e38)
BLOCK_WEIGHTS = {
    "norm_self.weight": "", "norm_self.bias": "", "qkv.weight": "/turned", "self_out.weight": "/turned",
    "norm_cross.weight": "", "norm_cross.bias": "", "cross_query.weight": "/turned", "cross_out.weight": "/turned",
    "norm_feed.weight": "", "norm_feed.bias": "", "up.weight": "/turned", "down.weight": "/turned",
}  # fmt: skip


def block_function(c: LanguageModelConfig) -> onnx.FunctionProto:
    """One layer of one step: x and what the layer before adds to it -> the same of this layer; additions ride on the norms."""
    weights = [name.replace(".", "_") for name in BLOCK_WEIGHTS]
    shared = ["past_keys", "past_values", "cross_keys", "cross_values", "position", "total", "cosines", "sines"]
    attend_self = {"num_heads": c.heads, "kv_num_heads": c.heads, "do_rotary": 1, "local_window_size": c.window}
    nodes = [
        add_and_norm("x", "added", "norm_self", "n1", "x1"),
        helper.make_node("MatMul", ["n1", "qkv_weight"], ["qkv"]),
        helper.make_node(
            "GroupQueryAttention", ["qkv", "", "", "past_keys", "past_values", "position", "total", "cosines", "sines"],
            ["heard_self", "keys", "values"], domain=FUSED, **attend_self,
        ),
        helper.make_node("MatMul", ["heard_self", "self_out_weight"], ["a1"]),
        add_and_norm("x1", "a1", "norm_cross", "n2", "x2"),
        helper.make_node("MatMul", ["n2", "cross_query_weight"], ["query"]),
        helper.make_node(
            "MultiHeadAttention", ["query", "cross_keys", "cross_values"], ["heard_text"], domain=FUSED, num_heads=c.heads
        ),
        helper.make_node("MatMul", ["heard_text", "cross_out_weight"], ["a2"]),
        add_and_norm("x2", "a2", "norm_feed", "n3", "x3"),
        helper.make_node("MatMul", ["n3", "up_weight"], ["wide"]),
        helper.make_node("Gelu", ["wide"], ["bent"], domain=FUSED),
        helper.make_node("MatMul", ["bent", "down_weight"], ["a3"]),
    ]  # fmt: skip
    inputs = ["x", "added", *shared, *weights]
    return helper.make_function(DOMAIN, "Block", inputs, ["x3", "a3", "keys", "values"], nodes, OPSETS)


def add_and_norm(x: str, added: str, norm: str, normed: str, total: str) -> onnx.NodeProto:
    inputs = [x, added, f"{norm}_weight", f"{norm}_bias"]
    return helper.make_node("SkipLayerNormalization", inputs, [normed, "", "", total], domain=FUSED, epsilon=EPSILON)


def choose_function() -> onnx.FunctionProto:
    """logits [K, V] -> code [1, K] and its logit [1, K], both f32, and the embedding [B, C]"""
    steps = [
        ("TopK", ["logits", "top_k"], ["likeliest", "unused"], {}),
        ("Softmax", ["likeliest"], ["weight"], {}),
        ("CumSum", ["weight", "last_axis"], ["reached"], {}),
        ("GreaterOrEqual", ["reached", "top_p"], ["enough"], {}),
        ("Where", ["enough", "reached", "one"], ["kept"], {}),
        ("ReduceMin", ["kept", "last_axes"], ["mass"], {}),
        ("Mul", ["draw", "mass"], ["mark"], {}),
        ("Greater", ["reached", "mark"], ["past_mark"], {}),
        ("Where", ["past_mark", "likeliest", "nothing"], ["rest"], {}),
        ("ReduceMax", ["rest", "last_axes"], ["chosen"], {}),
        ("Equal", ["logits", "chosen"], ["is_chosen"], {}),
        ("Where", ["is_chosen", "one", "zero"], ["hot"], {}),
        ("ArgMax", ["hot"], ["index"], {"axis": -1, "keepdims": 1}),
        ("GatherND", ["table", "index"], ["rows"], {"batch_dims": 1}),
        ("MatMul", ["inside", "rows"], ["embedded"], {}),
        ("GatherND", ["names", "index"], ["code"], {"batch_dims": 1}),
        ("Reshape", ["code", "row"], ["code_row"], {}),
        ("Reshape", ["chosen", "row"], ["chosen_row"], {}),
    ]
    nodes = [helper.make_node(op, inputs, outputs, **attributes) for op, inputs, outputs, attributes in steps]
    inputs = ["logits", "top_k", "top_p", "draw", "inside", "table", "names", *CONSTANTS]
    return helper.make_function(DOMAIN, "Choose", inputs, ["code_row", "chosen_row", "embedded"], nodes, OPSETS)


CONSTANTS = {
    "last_axis": np.array(1, np.int64), "last_axes": np.array([-1], np.int64), "row": np.array([1, -1], np.int64),
    "one": np.array([1], np.float32), "zero": np.array([0], np.float32), "nothing": np.array([NOTHING]),
}  # fmt: skip


def write_steps(c: LanguageModelConfig, path: pathlib.Path, steps: int = STEPS) -> list[str]:
    """-> the places that want filling"""
    nodes, initializers = tables(c)
    initializers += weights_of(c)
    layers = range(c.layers)
    keys, values = [f"keys_{i}" for i in layers], [f"values_{i}" for i in layers]
    embedded = "embedded"
    outputs = [("picked", [2 * steps, c.num_codebooks]), ("logits", [c.num_codebooks, c.codebook_size])]
    codes, chosen = [], []
    for n in range(steps):
        nodes.append(helper.make_node("Unsqueeze", [embedded, "row_axis"], [f"x_{n}"]))
        x, added = f"x_{n}", "no_code"
        for i in layers:
            made = [f"x_{n}_{i}", f"added_{n}_{i}", f"keys_{i}_{n}", f"values_{i}_{n}"]
            given = [x, added, keys[i], values[i], f"cross_keys_{i}", f"cross_values_{i}"]
            given += [f"position_{n}", "total", "cosines", "sines", *(f"{i}.{name}" for name in BLOCK_WEIGHTS)]
            nodes.append(helper.make_node("Block", given, made, domain=DOMAIN))
            x, added, keys[i], values[i] = made
            outputs += [(name, ["batch", c.heads, "slots", c.head_dim]) for name in made[2:]]
        logits = "logits" if n == 0 else f"logits_{n}"
        embedded = "next_embedded" if n == steps - 1 else f"embedded_{n}"
        codes, chosen = [*codes, f"code_{n}"], [*chosen, f"chosen_{n}"]
        nodes += [
            add_and_norm(x, added, "norm_out", f"out_{n}", ""),
            helper.make_node("Reshape", [f"out_{n}", "rows_of_width"], [f"rows_{n}"]),
            helper.make_node("MatMul", ["guide", f"rows_{n}"], [f"mixed_{n}"]),
            helper.make_node("MatMul", [f"mixed_{n}", "heads"], [f"flat_{n}"]),
            helper.make_node("Reshape", [f"flat_{n}", "by_codebook"], [logits]),
            helper.make_node(
                "Choose", [logits, "top_k", "top_p", f"draw_{n}", f"inside_{n}", "table", "names", *CONSTANTS],
                [codes[-1], chosen[-1], embedded], domain=DOMAIN,
            ),
        ]  # fmt: skip
    nodes.append(helper.make_node("Concat", codes + chosen, ["picked"], axis=0))
    outputs.append(("next_embedded", ["batch", c.width]))
    described = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs]
    graph = helper.make_graph(nodes, "lm-steps", inputs_of(c, steps), described, initializers)
    functions = [block_function(c), choose_function()]
    made = helper.make_model(graph, opset_imports=OPSETS, functions=functions, ir_version=9, producer_name="scenefoley")
    path.write_bytes(made.SerializeToString())
    return [place_of(tensor) for tensor in initializers if tensor.external_data]


def inputs_of(c: LanguageModelConfig, steps: int) -> list[onnx.ValueInfoProto]:
    cache = ["batch", c.heads, "slots", c.head_dim]
    cross = ["batch", c.heads, "text", c.head_dim]
    f32, layers = TensorProto.FLOAT, range(c.layers)
    shapes = {"embedded": (f32, ["batch", c.width])}
    shapes |= {f"{kind}_{i}": (f32, cache) for i in layers for kind in ("keys", "values")}
    shapes |= {f"cross_{kind}_{i}": (f32, cross) for i in layers for kind in ("keys", "values")}
    shapes |= {name: (f32, ["slots", c.head_dim // 2]) for name in ("cosines", "sines")}
    shapes |= {"total": (TensorProto.INT32, [1]), "guide": (f32, [1, "batch"])}
    shapes |= {"top_k": (TensorProto.INT64, [1]), "top_p": (f32, [1])}
    for n in range(steps):
        shapes[f"position_{n}"] = (TensorProto.INT32, ["batch"])
        shapes[f"draw_{n}"] = (f32, [c.num_codebooks, 1])
        shapes[f"inside_{n}"] = (f32, ["batch", c.num_codebooks])
    return [helper.make_tensor_value_info(name, *what) for name, what in shapes.items()]


def tables(c: LanguageModelConfig) -> tuple[list[onnx.NodeProto], list[TensorProto]]:
    """What onnxruntime computes once, when it loads: table [K, V, C], each row as seen from "no code", and the sum of those."""
    special = c.codebook_size
    constants = CONSTANTS | {
        "row_axis": np.array([1], np.int64), "first_axis": np.array([0], np.int64),
        "first": np.array([0], np.int64), "special": np.array([special], np.int64), "end": np.array([special + 1], np.int64),
        "rows_of_width": np.array([-1, c.width], np.int64), "by_codebook": np.array([c.num_codebooks, -1], np.int64),
        "begin": np.float32(0), "behind": np.float32(special), "by": np.float32(1),
        "grid": np.array([c.num_codebooks, special], np.int64),
    }  # fmt: skip
    initializers = [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()]
    nodes, seen, absent = [], [], []
    nodes.append(helper.make_node("Range", ["begin", "behind", "by"], ["counted"]))
    nodes.append(helper.make_node("Expand", ["counted", "grid"], ["names"]))
    for k in range(c.num_codebooks):
        weight = f"embeddings.{k}"
        initializers.append(outside(weight, f"lm.{weight}.weight", (special + 1, c.width)))
        seen, absent = [*seen, f"seen_{k}"], [*absent, f"absent_{k}"]
        nodes += [
            helper.make_node("Slice", [weight, "first", "special", "first_axis"], [f"codes_{k}"]),
            helper.make_node("Slice", [weight, "special", "end", "first_axis"], [absent[-1]]),
            helper.make_node("Sub", [f"codes_{k}", absent[-1]], [f"apart_{k}"]),
            helper.make_node("Unsqueeze", [f"apart_{k}", "first_axis"], [seen[-1]]),
        ]
    nodes += [
        helper.make_node("Concat", seen, ["table"], axis=0),
        helper.make_node("Sum", absent, ["absent"]),
        helper.make_node("Unsqueeze", ["absent", "first_axis"], ["no_code"]),
    ]
    return nodes, initializers


def weights_of(c: LanguageModelConfig) -> list[TensorProto]:
    w = c.width
    shapes = {"qkv.weight": (w, 3 * w), "up.weight": (w, 4 * w), "down.weight": (4 * w, w)}
    found = []
    for i in range(c.layers):
        for name, form in BLOCK_WEIGHTS.items():
            shape = shapes.get(name, (w, w) if form else (w,))
            found.append(outside(f"{i}.{name}", f"lm.blocks.{i}.{name}{form}", shape))
    found += [outside(f"norm_out_{part}", f"lm.norm_out.{part}", (w,)) for part in ("weight", "bias")]
    found.append(outside("heads", "lm.heads.weight/turned", (w, c.num_codebooks * c.codebook_size)))
    return found
