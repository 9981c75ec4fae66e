"""What the stepper says about a step, in English and Korean.

The one idea: one short sentence for each operation and direction, of what happens and why; an operation
that has none of its own gets the general one, which is true of all.
"""

from __future__ import annotations

Words = tuple[str, str]  # (English, Korean)

PHASES: dict[str, Words] = {
    "forward": ("forward", "순전파"),
    "backward": ("backward", "역전파"),
    "update": ("update", "갱신"),
}

ROLES: dict[str, Words] = {
    "input": ("input", "입력"),
    "value": ("value", "값"),
    "upstream": ("upstream", "위에서 온 기울기"),
    "local": ("local derivative", "국소 미분"),
    "gradient": ("gradient", "기울기"),
    "part": ("a part of it", "그 한 부분"),
    "sum": ("gradient, the sum", "기울기, 합"),
    "before": ("before", "갱신 전"),
    "after": ("after", "갱신 후"),
    "rate": ("learning rate", "학습률"),
    "state": ("optimizer state", "옵티마이저 상태"),
}

_FORWARD: dict[str, Words] = {
    "matmul": ("Each row meets each column: products, added up.", "행과 열을 곱해 더합니다."),
    "add": ("Added, element by element.", "원소끼리 더합니다."),
    "subtract": ("Subtracted, element by element.", "원소끼리 뺍니다."),
    "multiply": ("Multiplied, element by element.", "원소끼리 곱합니다."),
    "divide": ("Divided, element by element.", "원소끼리 나눕니다."),
    "negative": ("The sign turns.", "부호를 뒤집습니다."),
    "power": ("Raised to a power.", "거듭제곱합니다."),
    "square": ("Each number times itself.", "각 수를 제곱합니다."),
    "sigmoid": ("Each number is squeezed into (0, 1).", "각 수를 (0, 1) 사이로 눌러 넣습니다."),
    "tanh": ("Each number is squeezed into (−1, 1).", "각 수를 (−1, 1) 사이로 눌러 넣습니다."),
    "relu": ("What is negative becomes 0.", "음수는 0이 됩니다."),
    "softmax": (
        "Scores become shares that add up to 1.",
        "점수를 합이 1인 비율로 바꿉니다.",
    ),
    "exp": ("e to the power of each number.", "e를 각 수만큼 거듭제곱합니다."),
    "log": ("The natural logarithm of each number.", "각 수의 자연로그를 구합니다."),
    "sum": ("All added up.", "모두 더합니다."),
    "mean": ("All added up, divided by how many.", "모두 더해 개수로 나눕니다."),
    "mse": (
        "How far from the target: the mean of the squared differences.",
        "정답과 얼마나 다른지 재는 손실로, 차이의 제곱의 평균입니다.",
    ),
    "mae": (
        "How far from the target: the mean of the absolute differences.",
        "정답과 얼마나 다른지 재는 손실로, 차이의 절댓값의 평균입니다.",
    ),
    "binary_crossentropy": (
        "How surprised the prediction is by the target.",
        "예측이 정답에 얼마나 놀라는지를 재는 손실입니다.",
    ),
    "categorical_crossentropy": (
        "How surprised the predicted shares are by the right class.",
        "예측한 비율이 정답 클래스에 얼마나 놀라는지를 재는 손실입니다.",
    ),
}
_FORWARD_ANY: Words = ("The value is computed from the inputs.", "입력에서 값을 계산합니다.")

_BACKWARD: dict[str, Words] = {
    "matmul": (
        "A product hands each side the other side, transposed, on the side where it stood.",
        "곱셈은 서로 상대편을 돌려줍니다. 전치한 행렬이 제자리 쪽에서 곱해집니다.",
    ),
    "add": ("A sum hands the gradient on as it is.", "덧셈은 기울기를 그대로 넘겨줍니다."),
    "subtract": (
        "A difference hands the gradient on: as it is to the first, with the sign turned to the second.",
        "뺄셈은 앞쪽에는 그대로, 뒤쪽에는 부호를 바꿔 넘겨줍니다.",
    ),
    "multiply": (
        "A product hands each factor the other factor.",
        "곱셈은 서로 상대편의 값을 곱해 돌려줍니다.",
    ),
    "sigmoid": (
        "The slope of sigmoid: at most ¼, and almost 0 where it is saturated.",
        "시그모이드의 기울기는 아무리 커도 ¼이고, 포화된 곳에서는 거의 0입니다.",
    ),
    "tanh": (
        "The slope of tanh: at most 1, and almost 0 where it is saturated.",
        "tanh의 기울기는 아무리 커도 1이고, 포화된 곳에서는 거의 0입니다.",
    ),
    "relu": (
        "Where the input was positive the gradient passes; elsewhere it stops.",
        "입력이 양수였던 곳은 기울기가 지나가고, 나머지는 멈춥니다.",
    ),
    "mse": (
        "The further from the target, the larger the gradient; its sign says in which direction.",
        "정답에서 멀수록 기울기가 크고, 부호는 어느 쪽으로 틀렸는지를 말합니다.",
    ),
    "sum": ("Each term gets the same gradient.", "더해진 항마다 같은 기울기를 받습니다."),
    "mean": ("Each of N terms gets 1/N of the gradient.", "N개의 항이 기울기를 1/N씩 받습니다."),
    "exp": ("The slope of e to the x is its own value.", "지수함수의 기울기는 자기 값과 같습니다."),
    "log": ("The slope of log x is 1/x.", "로그의 기울기는 1/x입니다."),
}
_BACKWARD_ANY: Words = (
    "The chain rule: the gradient that arrives, times the local derivative.",
    "연쇄 법칙입니다. 도착한 기울기에 국소 미분을 곱합니다.",
)
_LAYER: Words = (
    "A whole layer stands on one card here; this is what arrives at its output.",
    "여기서는 층 하나를 카드 하나로 묶었습니다. 그 출력에 도착한 기울기입니다.",
)


def forward(operation: str) -> Words:
    """What the operation does."""
    return _FORWARD.get(operation, _FORWARD_ANY)


def backward(operation: str, collapsed: bool = False) -> Words:
    """What the operation does to a gradient."""
    return _LAYER if collapsed else _BACKWARD.get(operation, _BACKWARD_ANY)


def seed(symbol: str, several: bool) -> Words:
    """Where the way back begins."""
    if several:
        return (
            f"The way back begins at the sum of the elements of {symbol}: each gets 1.",
            f"역전파는 {symbol} 원소들의 합에서 시작하므로, 원소마다 1을 받습니다.",
        )
    return (
        f"The way back begins: {symbol} changes as {symbol} does, so the first gradient is 1.",
        f"역전파의 시작입니다. {symbol}은(는) 자기 자신만큼 변하므로 첫 기울기는 1입니다.",
    )


def stretched(name: str, small: str, large: str) -> Words:
    """On the way forward: broadcasting."""
    return (
        f"{name} is broadcast, {small} → {large}.",
        f"{name}을(를) {small} → {large}로 늘려서(브로드캐스팅) 계산합니다.",
    )


def summed(name: str, small: str, large: str, axes: str) -> Words:
    """On the way back: broadcasting undone."""
    return (
        f"{name} was broadcast, {small} → {large}; each element collects from its copies: sum over {axes}.",
        f"{name}이(가) {small} → {large}로 늘어났으므로, 복사본의 기울기를 {axes} 방향으로 더해 모읍니다.",
    )


def part(symbol: str, k: int, count: int) -> Words:
    """One of several uses."""
    return (
        f"{symbol} is used {count} times; this is part {k} of its gradient.",
        f"{symbol}은(는) {count}번 쓰였습니다. 기울기의 {k}번째 부분입니다.",
    )


def fan_out(symbol: str, count: int) -> Words:
    """All uses together."""
    return (
        f"{symbol} acts on the result in {count} ways, so its gradient is the sum of the {count} parts.",
        f"{symbol}은(는) {count}갈래로 결과에 영향을 주므로, 기울기는 {count}부분의 합입니다.",
    )


def leaf(symbol: str) -> Words:
    """The way back ends at a parameter."""
    return (
        f"Here the way back ends: this tells how to change {symbol}.",
        f"여기서 역전파가 끝납니다. {symbol}을(를) 어떻게 바꿀지 알려 주는 값입니다.",
    )


STEP_DOWN: Words = (
    "A step against the gradient: downhill.",
    "기울기의 반대쪽, 곧 내리막으로 한 걸음 갑니다.",
)
BY_RULE: Words = (
    "The optimizer makes the new value of the gradient and of what it remembers.",
    "옵티마이저가 기울기와 기억하는 값으로 새 값을 만듭니다.",
)


def loss_again(before: float, after: float) -> Words:
    """The loss with the new parameters."""
    again = "The same computation with the new parameters", "새 매개변수로 다시 계산하면"
    if not before or before != before or after != after:
        return f"{again[0]}.", f"{again[1]} 이렇게 됩니다."
    change = abs(after - before) / abs(before) * 100
    if after == before:
        return f"{again[0]}: the loss is the same.", f"{again[1]} 손실이 그대로입니다."
    down = after < before
    return (
        f"{again[0]}: the loss is {change:.3g} % {'lower' if down else 'higher'}.",
        f"{again[1]} 손실이 {change:.3g} % {'줄어듭니다' if down else '늘어납니다'}.",
    )
