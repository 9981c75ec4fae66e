"""The words of the pictures, in English and Korean.

The one idea: every word a picture uses stands here once in both languages; `lang` picks one, or both.
"""

from __future__ import annotations

LANGUAGES = ("en", "ko", "both")

WORDS = {
    "input": ("input", "입력"),
    "target": ("target", "정답"),
    "weight": ("weight", "가중치"),
    "bias": ("bias", "편향"),
    "parameter": ("parameter", "매개변수"),
    "constant": ("constant", "상수"),
    "operation": ("operation", "연산"),
    "loss": ("loss", "손실"),
    "group": ("layer", "층"),
    "update": ("new value", "새 값"),
    "reference": ("drawn before", "앞에 나온 값"),
    "backward": ("backward", "역전파"),
    "value": ("value", "순전파"),
    "gradient": ("gradient", "역전파"),
    "local": ("label = local derivative", "국소 미분"),
    "no gradient": ("no gradient", "기울기 없음"),
    "mean": ("mean", "평균"),
    "scalar": ("scalar", "스칼라"),
    "empty": ("empty", "비어 있음"),
    "grad": ("grad", "기울기"),
    "axis": ("axis", "축"),
    "layer": ("layer", "층"),
    "dead": ("dead", "죽음"),
    "saturated": ("saturated", "포화"),
    "zero gradient": ("gradient 0", "기울기 0"),
    "not reached": ("loss does not reach it", "손실과 이어지지 않음"),
    "checked": ("gradient checked", "기울기 확인됨"),
    "wrong": ("gradient is wrong", "기울기가 틀림"),
    "before": ("before", "전"),
    "after": ("after", "후"),
    "gone": ("gone", "없어짐"),
    "new": ("new", "새로 생김"),
    "changed": ("changed", "바뀜"),
    "one loop": ("run as one loop", "한 반복문으로 실행"),
    "moved": ("moved", "옮겨짐"),
    "sum": ("gradient = sum of {}", "기울기 = {}개의 합"),
    "starts here": ("starts here", "여기서 시작"),
}

_COUNTS = {
    "operations": ("{} operation", "{} operations", "연산 {}개"),
    "parameters": ("{} parameter", "{} parameters", "매개변수 {}개"),
    "numbers": ("{} number", "{} numbers", "수 {}개"),
    "params": ("{} param", "{} params", "매개변수 {}개"),
    "groups": ("{} group", "{} groups", "묶음 {}개"),
    "layers": ("{} layer", "{} layers", "층 {}개"),
    "updates": ("{} new value", "{} new values", "새 값 {}개"),
    "edges": ("{} edge", "{} edges", "선 {}개"),
}


def checked(lang: str) -> str:
    """The language. ValueError for one that there is none of."""
    if lang not in LANGUAGES:
        raise ValueError(f'lang is one of "en", "ko" and "both"; got {lang!r}.')
    return lang


def checked_title(title: str | None) -> str | None:
    """The line above a picture. TypeError for what is no text."""
    if title is not None and not isinstance(title, str):
        raise TypeError(f"title is a text, or None; got {title!r:.60}.")
    return title


def word(key: str, lang: str) -> str:
    """A word, or "english · 한국어"."""
    return joined(*WORDS[key], lang=lang)


def joined(english: str, korean: str, lang: str, by: str = " · ") -> str:
    """The one or the other, or both."""
    return english if lang == "en" else korean if lang == "ko" else f"{english}{by}{korean}"


def count(number: int, key: str, lang: str) -> str:
    """`1 operation`, `1,812 operations`, `연산 7개`; in "both", English."""
    one, many, korean = _COUNTS[key]
    return (korean if lang == "ko" else one if number == 1 else many).format(f"{number:,}")
