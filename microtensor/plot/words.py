"""The words of the training's pictures, in English and Korean, each once; `graph.words` joins them."""

from __future__ import annotations

from ..graph.words import joined

WORDS = {
    "loss": ("loss", "손실"),
    "epoch": ("epoch", "에포크"),
    "loss curve": ("Loss by epoch", "에포크별 손실"),
    "weights": ("Weights by epoch", "에포크별 가중치"),
    "weight": ("weight", "가중치"),
    "norm": ("norm", "크기"),
    "boundary": ("Decision boundary", "결정 경계"),
    "hidden": ("Hidden space", "은닉 공간"),
    "hidden unit": ("hidden unit", "은닉 뉴런"),
    "input": ("input", "입력"),
    "activations": (
        "Activation functions and their derivatives, by autodiff",
        "활성화 함수와 자동 미분한 도함수",
    ),
    "gallery": ("Pictures of a training", "학습의 그림들"),
    "film": ("How it was learnt", "학습 과정"),
    "before": ("before training", "학습 전"),
    "nothing": ("nothing to show yet", "아직 보여 줄 것이 없습니다"),
    "identity": ("identity", "항등 함수"),
    "step": ("step (threshold)", "계단 함수"),
    "relu": ("ReLU", "렐루"),
    "sigmoid": ("sigmoid", "시그모이드"),
    "tanh": ("tanh", "쌍곡탄젠트"),
    "leaky_relu": ("leaky ReLU", "리키 렐루"),
    "maxout": ("maxout", "맥스아웃"),
    "elu": ("ELU", "지수 선형"),
}


def word(key: str, lang: str) -> str:
    """A word in a language; in "both", `english · 한국어`, and once where they are the same."""
    english, korean = WORDS[key]
    return english if english == korean else joined(english, korean, lang)


def numbered(key: str, number: object, lang: str) -> str:
    """`epoch 400`, `에포크 400`."""
    return f"{word(key, lang)} {number}"
