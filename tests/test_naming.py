"""Names as Keras writes them, without its regular expressions: these are what they are held against."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microtensor.naming import snake_case
from microtensor.program.scalar_text import names_in, word

NAMES = st.text("aAbBzZ019_é", max_size=9)


def by_expressions(name: str) -> str:
    """Keras' own way."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("Dense", "dense"),
        ("LeakyReLU", "leaky_re_lu"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("XAb1Cd", "x_ab1cd"),
        ("", ""),
    ],
)
def test_classes_as_keras_names_them(name: str, snake: str) -> None:
    assert snake_case(name) == snake == by_expressions(name)


@given(NAMES)
def test_any_name(name: str) -> None:
    assert snake_case(name) == by_expressions(name)


@given(st.text("aZ_09. /:é-", max_size=60))
def test_any_text_becomes_a_word_of_python(name: str) -> None:
    plain = re.sub(r"[^0-9a-z]+", "_", name.lower()).strip("_")[:40]
    plain = re.sub(r"_(?=\d)", "", plain).strip("_")
    assert word(name) == (plain if plain and not plain[0].isdigit() else f"v{plain}")
    assert word(name).isidentifier()


@given(st.lists(st.sampled_from(["x_0", "exp", "1.5", "1e-05", "2", "a.append", "_", "-", "**"]), max_size=9))
def test_the_names_in_a_line(parts: list[str]) -> None:
    for line in (" ".join(parts), f"({', '.join(parts)})"):
        assert names_in(line) == set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", line))
