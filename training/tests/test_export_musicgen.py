import numpy as np
import onnxruntime
from onnx import numpy_helper, parser

from training.export_musicgen import Stripper

TEXT = """
<ir_version: 9, opset_import: ["" : 18]>
model (bool use_cache, float[2, 8] x) => (float[2, 8] y) {
  product = MatMul(x, outer)
  y = If(use_cache) <
    then_branch = with_past () => (float[2, 8] y) { twice = Add(product, product) y = MatMul(twice, inner) },
    else_branch = no_past () => (float[2, 8] y) { two = Constant<value = float {2.0}>() y = Mul(product, two) }
  >
}
"""


def model_with_weights():
    rng = np.random.default_rng(0)
    outer, inner = rng.standard_normal((2, 8, 8)).astype(np.float32)
    model = parser.parse_model(TEXT)
    model.graph.initializer.append(numpy_helper.from_array(outer, "outer"))
    branch = next(attribute.g for attribute in model.graph.node[1].attribute if attribute.name == "then_branch")
    branch.initializer.append(numpy_helper.from_array(inner, "inner"))
    return model


def answers(model) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    x = np.linspace(-1, 1, 16, dtype=np.float32).reshape(2, 8)
    return [session.run(None, {"use_cache": np.array(flag), "x": x})[0] for flag in (False, True)]


def test_weights_leave_the_graph_and_its_branches():
    stripper = Stripper()
    bare = stripper.strip(model_with_weights())
    assert len(bare.SerializeToString()) < 400
    assert [(name, shape, kind) for name, shape, kind, _, _ in stripper.weights] == [
        ("w0", [8, 8], "float32"),
        ("w1", [8, 8], "float32"),
    ]


def test_weights_put_back_at_the_top_give_the_same_answers():
    expected, stripper = answers(model_with_weights()), Stripper()
    bare = stripper.strip(model_with_weights())
    for (raw, shape, kind), name in stripper.known.items():
        bare.graph.initializer.append(numpy_helper.from_array(np.frombuffer(raw, kind).reshape(shape), name))
    for answer, wanted in zip(answers(bare), expected, strict=True):
        np.testing.assert_array_equal(answer, wanted)


def test_equal_weights_are_kept_once():
    model = model_with_weights()
    model.graph.initializer.append(model.graph.initializer[0])
    model.graph.initializer[1].name = "again"
    model.graph.node[0].input[1] = "again"
    stripper = Stripper()
    stripper.strip(model)
    assert len(stripper.weights) == 2
