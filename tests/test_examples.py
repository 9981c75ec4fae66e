"""The examples run as they are, and the notebook is made from the script."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def run(script, *flags, arguments=()):
    return subprocess.run(
        [sys.executable, *flags, str(EXAMPLES / script), *arguments],
        env={**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_the_lecture_runs_whole():
    done = run("lecture.py", "-W", "error", "-W", "default::DeprecationWarning:__main__")
    assert done.returncode == 0, done.stderr
    assert "tf.Tensor([[ 9 12 15]], shape=(1, 3), dtype=int32)" in done.stdout
    assert "Epoch 400/400" in done.stdout
    assert "Epoch 2000/2000" in done.stdout
    assert done.stdout.count("<tf.Variable 'dense_") == 4


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("from_scratch.py", "0 XOR 1 = 1"),
        ("own_operation.py", "derivatives are right"),
        ("with_scipy.py", "[1. 1. 1.]"),
    ],
)
def test_an_example_runs(script, shown):
    done = run(script, "-W", "error")
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout


def test_the_pictures_are_written_and_shown(tmp_path):
    done = run("pictures.py", "-W", "error", arguments=[str(tmp_path / "here")])
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "here" / "index.html") in done.stdout
    page = (tmp_path / "here" / "index.html").read_text("utf-8")
    for path in (tmp_path / "here").iterdir():
        assert path.name == "index.html" or f'href="{path.name}"' in page
        assert path.stat().st_size > 1000
    assert done.stdout.startswith(f"{len(list((tmp_path / 'here').iterdir())) - 1} pictures")


def test_the_notebook_is_the_lecture_and_its_cells_run():
    import nbformat

    made = runpy.run_path(str(EXAMPLES / "make_notebook.py"))["notebook"]
    text = (EXAMPLES / "lecture.ipynb").read_text("utf-8")
    source = (EXAMPLES / "lecture.py").read_text("utf-8")
    assert text == made(source), "run examples/make_notebook.py"
    code = [cell.source for cell in nbformat.reads(text, 4).cells if cell.cell_type == "code"]
    assert len(code) == source.count("# %%") - source.count("# %% [markdown]")
    assert all(compile(cell, "<cell>", "exec") for cell in code)


def test_the_only_tensorflow_line_of_the_lecture_is_the_import():
    source = (EXAMPLES / "lecture.py").read_text("utf-8")
    assert source.count("microtensor") == 1
    assert "import microtensor as tf" in source
