"""The lecture's networks: AND and OR by one neuron, XOR by three; trained, told in words, and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from . import graph, plot
from .core import Tensor
from .nn import Dense, History, Input, Sequential
from .nn.losses import MeanSquaredError
from .optim import SGD
from .seeds import set_random_seed

X = [[1, 1], [1, 0], [0, 1], [0, 0]]
TARGETS = {"and": [[1], [0], [0], [0]], "or": [[1], [1], [1], [0]], "xor": [[0], [1], [1], [0]]}
EPOCHS = {"and": 400, "or": 400, "xor": 2000}
SEED = 3  # all three gates are learnt from it, XOR as OR and NAND; from some seeds XOR is not

# What a unit that answers to the four rows of X like this has become.
_TABLES = {
    (1, 0, 0, 0): "AND",
    (0, 1, 1, 1): "NAND",
    (1, 1, 1, 0): "OR",
    (0, 0, 0, 1): "NOR",
    (0, 1, 1, 0): "XOR",
    (1, 0, 0, 1): "XNOR",
    (1, 1, 0, 0): "x1",
    (1, 0, 1, 0): "x2",
    (0, 0, 1, 1): "NOT x1",
    (0, 1, 0, 1): "NOT x2",
    (0, 1, 0, 0): "x1 AND NOT x2",
    (0, 0, 1, 0): "x2 AND NOT x1",
    (1, 0, 1, 1): "x2 OR NOT x1",
    (1, 1, 0, 1): "x1 OR NOT x2",
    (0, 0, 0, 0): "0",
    (1, 1, 1, 1): "1",
}


class Trained(NamedTuple):
    """A gate that was trained."""

    gate: str
    model: Sequential
    history: History
    predictions: np.ndarray  # (4, 1), one for each row of X
    film: plot.Film

    @property
    def solved(self) -> bool:
        """Is every prediction on the right side of one half?"""
        return bool(np.all((self.predictions > 0.5) == np.array(TARGETS[self.gate])))


def train(gate: str, epochs: int | None = None, seed: int = SEED) -> Trained:
    """Train one gate as the lecture does: sigmoid units, SGD(0.3), mse, one sample a step."""
    set_random_seed(seed)
    hidden = [Dense(units=2, activation="sigmoid")] if gate == "xor" else []
    model = Sequential([Input((2,)), *hidden, Dense(units=1, activation="sigmoid")], name=gate)
    model.compile(optimizer=SGD(0.3), loss="mse")
    film = plot.Film(X, TARGETS[gate], title=gate.upper())
    epochs = EPOCHS[gate] if epochs is None else epochs
    history = model.fit(X, TARGETS[gate], batch_size=1, epochs=epochs, verbose=0, callbacks=[film])
    return Trained(gate, model, history, model.predict(X, verbose=0), film)


def one_step(model: Sequential, row: int = 1, gate: str = "xor") -> Tensor:
    """The loss of one sample, with its graph: what is drawn."""
    x = Tensor([X[row]], dtype="float32", name="x")
    y = Tensor([TARGETS[gate][row]], dtype="float32", name="y")
    return MeanSquaredError()(y, model(x))


def pictures(gates: Sequence[Trained], lang: str) -> dict[str, tuple[str, Any]]:
    """All pictures of trained gates, for `plot.gallery`: each file's name, what it shows, and the picture."""
    say = _CAPTIONS[lang]
    found: dict[str, tuple[str, Any]] = {}
    for trained in gates:
        gate, model, y = trained.gate, trained.model, TARGETS[trained.gate]
        name, loss = gate.upper(), one_step(model, gate=gate)
        found[f"{gate}_film.html"] = say["slider"].format(name), trained.film.shown(lang=lang)
        found[f"{gate}_film.svg"] = say["film"].format(name), trained.film.shown(lang=lang)
        found[f"{gate}_graph.svg"] = say["graph"].format(name), graph.draw(loss, lang=lang)
        found[f"{gate}_step.html"] = (
            say["step"].format(name),
            graph.step(loss, optimizer=model.optimizer, lang=lang),
        )
        found[f"{gate}_neurons.svg"] = (
            say["neurons"].format(name),
            graph.draw(model, style="neurons", lang=lang),
        )
        if gate == "xor":
            found["xor_hidden.svg"] = say["hidden"], plot.drawn.hidden_space(model, X, y, lang=lang)
    losses = {trained.gate.upper(): trained.history for trained in gates}
    found["loss.svg"] = say["loss"], plot.drawn.loss(losses, lang=lang)
    found["activations.svg"] = say["activations"], plot.drawn.activations(lang=lang)
    return found


_CAPTIONS = {
    "en": {
        "title": "microtensor: the lecture in pictures",
        "film": "{}: the decision boundary, the loss and the weights while it is learnt.",
        "slider": "{}: the film of the training, with a slider",
        "graph": "{}: the gradient graph of one sample. Blue: values forward; orange: gradients backward, "
        "each edge with its local derivative.",
        "step": "{}: backpropagation, step by step",
        "neurons": "{}: the neurons and the weights between them.",
        "hidden": "XOR: where the two hidden units put the four points. There one straight line is enough.",
        "loss": "The loss of each epoch.",
        "activations": "The activation functions; the derivatives are computed by our own autodiff.",
    },
    "ko": {
        "title": "microtensor: 그림으로 보는 강의",
        "film": "{}: 배우는 동안의 결정 경계, 손실, 가중치.",
        "slider": "{}: 슬라이더로 보는 학습 과정",
        "graph": "{}: 표본 하나의 기울기 그래프. 파랑은 순전파의 값, 주황은 역전파의 기울기이며 "
        "선마다 국소 미분이 적혀 있습니다.",
        "step": "{}: 한 단계씩 보는 역전파",
        "neurons": "{}: 뉴런과 그 사이의 가중치.",
        "hidden": "XOR: 두 은닉 뉴런이 네 점을 옮긴 곳. 여기서는 직선 하나로 나눌 수 있습니다.",
        "loss": "에포크별 손실.",
        "activations": "활성화 함수. 도함수는 자동 미분으로 계산했습니다.",
    },
}


def gallery_title(lang: str) -> str:
    """The heading of the page with all pictures."""
    return _CAPTIONS[lang]["title"]


def unit_tables(trained: Trained) -> list[str]:
    """For each unit of the first layer, the gate that it has become: "OR", "NAND", ..."""
    answers = np.asarray(trained.model.layers[0](X)) > 0.5
    a, b, c, d = answers.astype(int)  # the rows of X
    return [_TABLES[column] for column in zip(a.tolist(), b.tolist(), c.tolist(), d.tolist(), strict=True)]


def explanation(trained: Trained, lang: str) -> list[str]:
    """What was learnt, in a few lines of English ("en") or Korean ("ko")."""
    say = _WORDS[lang]
    loss = trained.history.history.get("loss", [])
    if not trained.solved:
        stuck = "stuck" if trained.gate == "xor" and len(loss) >= EPOCHS["xor"] else "early"
        return [say[stuck].format(loss=loss[-1] if loss else float("nan"), epochs=len(loss))]
    kernel, bias = (w.numpy() for w in trained.model.layers[0].weights)
    if trained.gate != "xor":
        w1, w2, b = float(kernel[0, 0]), float(kernel[1, 0]), float(bias[0])
        sums = {"one": max(w1, w2) + b, "both": w1 + w2 + b, "b": b}
        return [say["neuron"].format(w1=w1, w2=w2, b=b), say[trained.gate].format(**sums)]
    units = unit_tables(trained)
    return [say["hidden"].format(*units), say["xor"]]


_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "neuron": "The neuron computes sigmoid({w1:.2f} x1 + {w2:.2f} x2 + ({b:.2f})).",
        "and": "One input alone gives at most {one:.2f}, below 0: no. Both give {both:.2f}, above 0: yes.",
        "or": "One input alone gives up to {one:.2f}, above 0: yes. Without any, the bias {b:.2f} says no.",
        "hidden": "The first hidden unit has become {}, the second {}.",
        "xor": "No single line separates XOR's ones from its zeros; two hidden units draw two lines, and the "
        "output unit combines them.",
        "stuck": "Stuck: after {epochs} epochs the loss is {loss:.4f}, and some answers are on the "
        "wrong side of 0.5. About one start in six ends in such a valley, where the gradient is almost zero. "
        "Try another "
        "--seed.",
        "early": "Not learnt yet: after {epochs} epochs the loss is {loss:.4f}. Try more --epochs "
        "or another --seed.",
    },
    "ko": {
        "neuron": "뉴런이 계산하는 식: sigmoid({w1:.2f} x1 + {w2:.2f} x2 + ({b:.2f})).",
        "and": "입력 하나만 1이면 많아야 {one:.2f}로 0보다 작아 답은 0이고, "
        "둘 다 1이면 {both:.2f}로 0보다 커서 답은 1입니다.",
        "or": "입력 하나만 1이어도 {one:.2f}까지 올라가 답은 1이고, "
        "둘 다 0이면 편향 {b:.2f} 때문에 답은 0입니다.",
        "hidden": "첫째 은닉 뉴런은 {}, 둘째 은닉 뉴런은 {} 게이트가 되었습니다.",
        "xor": "XOR의 1과 0은 직선 하나로 나눌 수 없습니다. "
        "은닉 뉴런 둘이 직선 두 개를 긋고, 출력 뉴런이 둘을 합칩니다.",
        "stuck": "학습이 막혔습니다: {epochs}번째 에포크의 손실이 {loss:.4f}이고, "
        "0.5의 반대쪽에 있는 답이 있습니다. "
        "여섯 번에 한 번쯤은 기울기가 거의 0인 골짜기로 들어갑니다. 다른 --seed로 다시 해 보세요.",
        "early": "아직 배우지 못했습니다: {epochs}번째 에포크의 손실이 {loss:.4f}입니다. "
        "--epochs를 늘리거나 --seed를 바꿔 보세요.",
    },
}
