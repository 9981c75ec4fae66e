"""The trace says what happened: values, gradients, names, and nothing else changes."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from hypothesis import given

import microtensor as mt
from microtensor import StaleGraphError, Tensor
from microtensor.core.autograd import grad
from microtensor.graph import draw, from_rows, trace

from .samples import XOR_START, chain, dags, diamond, fan_out, xor_loss


def test_xor_step_has_the_known_numbers():
    graph = trace(xor_loss())
    assert [n.id for n in graph.nodes if n.number] == [
        *("dense/matmul", "dense/add", "dense/sigmoid"),
        *("dense_1/matmul", "dense_1/add", "dense_1/sigmoid", "mse"),
    ]
    values = {
        "dense/matmul": [[0.620, -0.840]],
        "dense/add": [[0.720, -1.040]],
        "dense/sigmoid": [[0.673, 0.261]],
        "dense_1/matmul": [[0.557]],
        "dense_1/add": [[0.407]],
        "dense_1/sigmoid": [[0.600]],
    }
    for id, value in values.items():
        np.testing.assert_allclose(graph.node(id).value, value, atol=5e-4)
    gradients = {
        "dense/add": [[-0.0464, 0.0259]],
        "dense/kernel": [[-0.0464, 0.0259], [0, 0]],
        "dense/sigmoid": [[-0.2109, 0.1342]],
        "dense_1/kernel": [[-0.1290], [-0.0501]],
        "dense_1/bias": [-0.1918],
        "dense_1/sigmoid": [[-0.7992]],
    }
    for id, gradient in gradients.items():
        np.testing.assert_allclose(graph.node(id).gradient, gradient, atol=5e-5)
    assert float(graph.node("mse").value) == pytest.approx(0.1597, abs=5e-5)
    assert float(graph.node("mse").gradient) == 1.0


@pytest.mark.parametrize("name", XOR_START)
def test_gradients_are_those_of_central_differences(name):
    x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    gradient, start = trace(xor_loss(x=x, y=y)).node(name).gradient, np.array(XOR_START[name])
    for index in np.ndindex(start.shape):
        losses = []
        for step in (1e-5, -1e-5):
            moved = start.copy()
            moved[index] += step
            losses.append(float(xor_loss({name: moved}, x, y)))
        assert gradient[index] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-8)


def test_kinds_roles_symbols_and_groups():
    graph = trace(xor_loss())
    said = {n.id: (n.kind, n.role, n.label, n.symbol, n.scope) for n in graph.nodes}
    assert said["x"] == ("input", "input", "x", "x", "")
    assert said["y"] == ("input", "target", "y", "y", "")
    assert said["dense/kernel"] == ("parameter", "weight", "kernel", "W", "dense")
    assert said["dense_1/bias"] == ("parameter", "bias", "bias", "b", "dense_1")
    assert said["dense/sigmoid"] == ("operation", "operation", "sigmoid", "h₃", "dense")
    assert said["mse"] == ("loss", "loss", "mse", "L", "")
    assert [(g.id, g.parameters) for g in graph.groups] == [("dense", 6), ("dense_1", 3), ("loss", 0)]
    assert graph.node("x").gradient is None
    assert graph.node("dense_1/sigmoid").formula == "1 / (1 + e^(−h₅))"


def test_local_derivatives_stand_on_the_side_on_which_they_multiply():
    local = {(e.source, e.target): e.local for e in trace(xor_loss()).edges}
    assert local["x", "dense/matmul"] == ""
    assert local["dense/kernel", "dense/matmul"] == "xᵀ·"
    assert local["dense/sigmoid", "dense_1/matmul"] == "·Wᵀ"
    assert local["dense_1/kernel", "dense_1/matmul"] == "h₃ᵀ·"
    assert local["dense/bias", "dense/add"] == "×1"
    assert local["dense/add", "dense/sigmoid"] == "×h₃·(1 − h₃)"
    assert local["dense_1/sigmoid", "mse"] == "×2·(h₆ − y) / N"


def test_local_derivatives_in_numbers():
    edges = {(e.source, e.target): e for e in trace(xor_loss()).edges}
    np.testing.assert_allclose(edges["dense/add", "dense/sigmoid"].local_value, [[0.2202, 0.1930]], atol=5e-5)
    np.testing.assert_allclose(edges["dense_1/sigmoid", "mse"].local_value, [[-0.7992]], atol=5e-5)
    assert edges["dense/bias", "dense/add"].local_value is None


def test_broadcasting_is_undone_and_said():
    graph = trace(xor_loss(x=[[0, 0], [1, 0]], y=[[0], [1]]))
    edge = next(e for e in graph.edges if e.source == "dense/bias")
    assert edge.note == "Σ axis 0"
    np.testing.assert_array_equal(edge.contribution, graph.node("dense/bias").gradient)


@given(dags())
def test_contributions_add_up_to_gradients(output):
    graph = trace(output)
    for node in graph.nodes:
        parts = [e.contribution for e in graph.edges if e.source == node.id and e.flows]
        if parts:
            np.testing.assert_allclose(sum(parts), node.gradient, rtol=1e-5, atol=1e-6)
            assert all(e.shared == (len(parts) > 1) for e in graph.edges if e.source == node.id and e.flows)


@given(dags())
def test_nodes_come_after_what_they_are_made_of_and_ids_are_unique(output):
    graph = trace(output)
    place = {node.id: k for k, node in enumerate(graph.nodes)}
    assert len(place) == len(graph.nodes)
    assert all(place[e.source] < place[e.target] for e in graph.edges)
    assert graph.nodes[-1].id == graph.root


@pytest.mark.parametrize("make", [xor_loss, diamond, fan_out])
def test_no_grad_changes_and_backward_agrees(make):
    output = make()
    graph = trace(output)
    stack, seen = [output], set()
    while stack:
        t = stack.pop()
        if isinstance(t, Tensor) and t not in seen:
            seen.add(t)
            stack.extend(t.inputs)
    assert all(t.grad is None for t in seen)
    output.backward()
    before = {t: t.grad.numpy().copy() for t in seen if t.grad is not None}
    trace(output)  # a picture after backward adds nothing
    for t, g in before.items():
        np.testing.assert_array_equal(t.grad.numpy(), g)
    found = sorted(float(np.sum(n.gradient)) for n in graph.nodes if n.kind == "parameter")
    np.testing.assert_allclose(found, sorted(float(g.sum()) for g in before.values()))


def test_nothing_can_be_written_into_a_trace():
    graph = trace(diamond())
    for node in graph.nodes:
        assert not node.value.flags.writeable or node.kind == "constant"
        if node.gradient is not None:
            assert not node.gradient.flags.writeable


def test_names_and_numbers_that_programs_do_not_give():
    a, b = mt.Variable(1.0), mt.Variable(2.0)
    graph = trace(mt.exp(a * b**2) + a)
    assert [(n.id, n.label) for n in graph.nodes if n.kind != "operation"] == [
        *(("parameter", "w₁"), ("constant", "2"), ("parameter_1", "w₂"), ("add", "add")),
    ]
    local = {(e.source, e.target): e.local for e in graph.edges}
    assert local["parameter", "power"] == "×2·w₁"
    assert local["multiply", "exp"] == "×h₃"


def test_a_shared_parameter_is_one_node_without_a_layer():
    w = mt.Variable([[0.5]], name="tied:0")
    h = Tensor([[1.0]], name="x")
    for layer in ("first", "second"):
        with mt.scope(layer):
            h = mt.tanh(mt.matmul(h, w))
    graph = trace(h)
    assert [(n.id, n.scope) for n in graph.nodes if n.kind == "parameter"] == [("tied", "")]
    assert len([e for e in graph.edges if e.source == "tied"]) == 2


def test_an_output_of_several_elements_has_the_gradients_of_its_sum():
    w = mt.Variable([1.0, 2.0], name="w")
    graph = trace(w * w)
    assert graph.node(graph.root).kind == "operation"
    np.testing.assert_array_equal(graph.node("w").gradient, [2.0, 4.0])
    assert "gradients of the sum" in str(draw(w * w, lang="en"))


def test_tensors_without_a_graph_are_one_card():
    for tensor, kind in ((Tensor([1, 2]), "input"), (mt.Variable(1.0), "parameter")):
        graph = trace(tensor)
        assert [n.kind for n in graph.nodes] == [kind]
        assert graph.nodes[0].gradient is None
        assert graph.edges == graph.groups == ()
        assert "<svg" in draw(tensor).svg


def test_what_is_no_tensor_is_refused_in_words():
    with pytest.raises(TypeError, match=r"drawn from a Tensor, such as a loss; got list \[1, 2\]"):
        trace([1, 2])
    with pytest.raises(TypeError, match=r"got ndarray"):
        draw(np.ones(3))
    w = mt.Variable(1.0, name="w")
    y = w * w
    w.assign(2.0)
    with pytest.raises(StaleGraphError, match="Compute the forward pass again"):
        trace(y)


def test_nan_and_infinity_are_drawn_without_a_warning():
    w = mt.Variable([0.0, -1.0, 1.0], name="w")
    with np.errstate(all="ignore"):
        y = (mt.log(w) / w).sum()
    drawing = draw(y)
    assert "NaN" in drawing.text
    assert "NaN" in drawing.svg
    json.loads(drawing.json, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_nothing_recurses():
    output = chain(1000)
    limit = sys.getrecursionlimit()
    depth, frame = 0, sys._getframe()
    while frame:
        depth, frame = depth + 1, frame.f_back
    try:
        sys.setrecursionlimit(depth + 120)  # far less than the chain is long
        for options in ({}, {"style": "ops"}, {"style": "ops", "direction": "TB"}, {"depth": 1}):
            drawing = draw(output, **options)
            assert drawing.graph.operations == 1000
            assert drawing.svg
            assert drawing.text
            assert drawing.json
        assert draw(output, style="ops").memory().values == 4000
        assert draw(output, check=True).graph.node("w").check
        rows = [("0", "input")] + [(str(k), "tanh", (str(k - 1),)) for k in range(1, 1000)]
        assert draw(from_rows(rows), style="ops").svg
    finally:
        sys.setrecursionlimit(limit)


def test_a_custom_operation_describes_itself():
    cube = mt.Operation("cube", lambda x: x**3, lambda g, y, x: g * 3 * x**2, local="three times x squared")
    silent = mt.Operation("silent", lambda x: x + 0, lambda g, y, x: g)
    graph = trace(silent(cube(mt.Variable(2.0, name="v"))))
    assert [e.local for e in graph.edges] == ["three times x squared", "×∂"]


def test_the_graph_of_a_gradient_has_readable_names():
    z = mt.Variable(0.5, name="z")
    graph = trace(grad(mt.sigmoid(z), z, create_graph=True))
    root = graph.node(graph.root)
    assert (root.label, root.kind, root.operation) == ("d sigmoid/dz", "operation", "multiply")
    assert (root.symbol, root.formula) == ("d sigmoid/dz", "h₂·h₃")
    assert [n.label for n in graph.nodes if n.kind == "input"] == ["seed"]
    assert "d sigmoid/dz: multiply" in draw(graph).text
    s = 1 / (1 + np.exp(-0.5))
    assert float(graph.node("z").gradient) == pytest.approx(s * (1 - s) * (1 - 2 * s), rel=1e-6)


def test_broadcasting_is_said_on_the_way_there():
    graph = trace(xor_loss(x=[[0, 0], [1, 0]], y=[[0], [1]]))
    assert [e.stretch for e in graph.edges if e.stretch] == ["(2,) → (2,2)"]
    assert not [e for e in trace(xor_loss()).edges if e.stretch], "one row: nothing is stretched"


def test_edges_say_what_their_derivative_reads():
    reads = {(e.source, e.target): e.reads for e in trace(xor_loss()).edges}
    assert reads["dense/kernel", "dense/matmul"] == ("x",)
    assert reads["dense/add", "dense/sigmoid"] == ("dense/sigmoid",)
    assert reads["dense/bias", "dense/add"] == ()
    assert reads["dense_1/sigmoid", "mse"] == ("dense_1/sigmoid", "y")


def test_a_parameter_that_the_output_does_not_reach_is_there_without_edges():
    w, never = mt.Variable(1.0, name="w"), mt.Variable(2.0, name="dense/kernel:0")
    graph = trace(w * w, parameters=[w, never])
    assert [(n.id, n.scope, n.gradient is None) for n in graph.nodes if n.kind == "parameter"] == [
        ("dense/kernel", "dense", True),
        ("w", "", False),
    ]
    assert not [e for e in graph.edges if e.source == "dense/kernel"]


def test_without_detail_the_numbers_are_the_same():
    full, lean = trace(fan_out()), trace(fan_out(), detail=False)
    nodes = [n for n in full.nodes if n.kind != "constant"]
    assert [n.id for n in nodes] == [n.id for n in lean.nodes]
    for a, b in zip(nodes, lean.nodes, strict=True):
        np.testing.assert_array_equal(a.value, b.value)
        np.testing.assert_equal(a.gradient, b.gradient)
    edges = [e for e in full.edges if full.node(e.source).kind != "constant"]
    assert [(e.source, e.target, e.flows) for e in edges] == [
        (e.source, e.target, e.flows) for e in lean.edges
    ]
    assert {e.local for e in lean.edges if e.target != lean.root} == {""}
    assert (full.detailed, lean.detailed) == (True, False)


def test_nothing_is_said_to_be_less_zero():
    """Batch normalization's variance read (n − 0)."""
    graph = trace(mt.sum(mt.var(mt.Variable([1.0, 2.0, 4.0], name="x"))))
    said = [graph.node("var").formula, *(edge.local for edge in graph.edges)]
    assert not [text for text in said if "− 0" in text or "−0" in text]
    assert "/ n" in graph.node("var").formula
