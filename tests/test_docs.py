"""The generated pages are current."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_of_keras_names_is_current():
    made = runpy.run_path(str(ROOT / "docs" / "make_keras.py"))["page"]()
    kept = (ROOT / "docs" / "keras.md").read_text("utf-8")
    assert kept == made, "run: python docs/make_keras.py"


def test_the_page_of_operations_is_current():
    made = runpy.run_path(str(ROOT / "docs" / "make_operations.py"))["page"]()
    kept = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert kept == made, "run: python docs/make_operations.py"
    print(made.splitlines()[2])
