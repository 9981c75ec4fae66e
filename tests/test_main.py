"""`python -m microtensor`: what it shows, its options, and what it says to wrong ones."""

import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from microtensor import lecture
from microtensor.__main__ import main
from microtensor.plot import chart

KINDS = ("film.html", "film.svg", "graph.svg", "step.html", "neurons.svg")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    states = random.getstate(), np.random.get_state()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])


def test_it_trains_explains_and_draws_all_three_gates(capsys, tmp_path):
    assert main([]) == 0
    out = capsys.readouterr().out
    for gate in lecture.TARGETS:
        assert f"{gate.upper()}: trained for {lecture.EPOCHS[gate]} epochs" in out
        for x, y in zip(lecture.X, lecture.TARGETS[gate], strict=True):
            shown = re.search(rf"{x[0]} {gate.upper()} {x[1]} = {y[0]}   ->   (\d\.\d+)", out)
            assert round(float(shown[1])) == y[0]
    assert 'Model: "xor"' in out
    assert "<tf.Variable 'dense/kernel:0' shape=(2, 2)" in out
    assert "hidden unit has become" in out
    assert "matmul" in out
    assert str(Path("pictures", "index.html")) in out
    page = (tmp_path / "pictures" / "index.html").read_text("utf-8")
    files = {path.name for path in (tmp_path / "pictures").iterdir()} - {"index.html"}
    assert files == set(re.findall(r'href="([^"]+)"', page))
    assert {f"{gate}_{what}" for gate in lecture.TARGETS for what in KINDS} < files
    for path in (tmp_path / "pictures").glob("*.svg"):
        assert ET.parse(path).getroot().tag.endswith("svg")


def test_it_speaks_korean(capsys, tmp_path):
    assert main(["--gate", "and", "--lang", "ko", "--epochs", "5"]) == 1
    out = capsys.readouterr().out
    assert "아직 배우지 못했습니다" in out
    assert "예측" in out
    assert "그림" in out
    assert "에포크" in (tmp_path / "pictures" / "and_film.svg").read_text("utf-8")
    assert not (tmp_path / "pictures" / "xor_graph.svg").exists()


def test_a_stuck_run_says_what_happened_and_what_to_try(capsys):
    stuck = next(seed for seed in range(30) if not lecture.train("xor", seed=seed).solved)
    assert main(["--gate", "xor", "--seed", str(stuck)]) == 1
    out = capsys.readouterr().out
    assert "Stuck: after 2000 epochs" in out
    assert "--seed" in out


def test_out_is_made_where_it_is_missing(tmp_path, capsys):
    assert main(["--gate", "xor", "--out", str(tmp_path / "a" / "b")]) == 0
    assert (tmp_path / "a" / "b" / "xor_graph.svg").stat().st_size > 1000


def test_open_shows_the_page(monkeypatch, tmp_path):
    shown = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    main(["--gate", "or", "--epochs", "1", "--open"])
    assert shown == [(tmp_path / "pictures" / "index.html").as_uri()]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--gate", "nand"], "invalid choice: 'nand'"),
        (["--epochs", "0"], "whole number of at least 1, got '0'"),
        (["--epochs", "1.5"], "whole number of at least 1, got '1.5'"),
        (["--seed", "-1"], "--seed"),
        (["--seed", "4294967296"], "whole number"),
        (["--lang", "fr"], "invalid choice: 'fr'"),
        (["--out", "a_file"], "no folder to write into"),
        (["--foo"], "--foo"),
    ],
)
def test_wrong_options_are_refused_in_words(arguments, words, capsys, tmp_path):
    (tmp_path / "a_file").write_text("")
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_it_runs_as_a_module_in_a_terminal_that_knows_only_ascii(tmp_path):
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "microtensor", "--gate", "xor", "--lang", "ko"],
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(lecture.__file__).rsplit("microtensor", 1)[0]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert "matmul" in run.stdout


def test_help_names_every_option(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    for option in ("--gate", "--epochs", "--seed", "--lang", "--out", "--open"):
        assert option in out


def test_the_chart_shows_a_falling_line_and_survives_odd_values():
    lines = chart([1 / (k + 1) for k in range(500)], width=40, height=6).splitlines()
    assert len(lines) == 8
    columns = [next(r for r in range(6) if lines[r][9 + c : 10 + c] == "*") for c in range(40)]
    assert columns == sorted(columns)
    assert lines[-1].rstrip().endswith("500")
    assert "nothing" in chart([])
    assert "nan" in chart([float("nan")])
    assert "*" in chart([1.0, float("inf"), 2.0])
    assert chart([0.25] * 10).count("*") == 10


def test_help_shows_on_an_ascii_terminal_and_a_closed_pipe_is_no_traceback(tmp_path):
    environment = {
        "PYTHONIOENCODING": "ascii",
        "PYTHONPATH": str(lecture.__file__).rsplit("microtensor", 1)[0],
    }
    command = [sys.executable, "-m", "microtensor"]
    shown = subprocess.run([*command, "--help"], env=environment, capture_output=True, text=True, check=True)
    assert "--lang" in shown.stdout
    with subprocess.Popen(
        [*command, "--gate", "and"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as run:
        run.stdout.close()  # as `| head -0` does
        assert b"Traceback" not in run.stderr.read()


def test_a_picture_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    (tmp_path / "pictures" / "xor_graph.svg").mkdir(parents=True)
    assert main(["--gate", "xor", "--epochs", "1"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("microtensor: ")
    assert "xor_graph.svg" in error


def test_the_language_is_the_systems(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    main(["--gate", "and", "--epochs", "1"])
    assert "예측" in capsys.readouterr().out
