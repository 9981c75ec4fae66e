"""`python -m microtensor`: the lecture's gates trained, explained and drawn, in one command: the numbers in
the terminal, the pictures in a folder with a page that shows them.
"""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from . import graph, lecture
from .naming import clear_session
from .plot import chart, gallery

_TITLES = {
    "en": {
        "gate": "{gate}: trained for {epochs} epochs, one sample a step",
        "loss": "Loss (mse) by epoch",
        "predictions": "Predictions",
        "weights": "Weights",
        "learnt": "What was learnt",
        "graph": "XOR's gradient graph for the sample x = [1, 0], y = 1: values forward, gradients backward",
        "pictures": "{count} pictures, to be looked at in a browser: {path}",
    },
    "ko": {
        "gate": "{gate}: {epochs}번 에포크 학습, 한 번에 표본 하나",
        "loss": "에포크별 손실(mse)",
        "predictions": "예측",
        "weights": "가중치",
        "learnt": "무엇을 배웠나",
        "graph": "표본 x = [1, 0], y = 1에 대한 XOR의 기울기 그래프: 값은 앞으로, 기울기는 뒤로",
        "pictures": "그림 {count}개, 브라우저에서 보세요: {path}",
    },
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status: 0, or 1 if a gate was not learnt."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show ᵀ or 한글 shows ?, and goes on
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except BrokenPipeError:  # whoever read has seen enough: `python -m microtensor | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"microtensor: {error.strerror}: {error.filename or 'standard output'}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    titles = _TITLES[options.lang]
    if options.explain:
        from .explaining import xor_step

        for title, text in xor_step(options.lang):
            print(f"\n{'#' * 4} {title} {'#' * 4}\n\n{text}")
        return 0
    done = []
    for gate in lecture.TARGETS if options.gate == "all" else (options.gate,):
        clear_session()
        trained = lecture.train(gate, options.epochs, options.seed)
        _show(trained, options.lang)
        done.append(trained)
        if gate == "xor":
            _title(titles["graph"])
            print(graph.draw(lecture.one_step(trained.model), lang=options.lang))
    pictures = lecture.pictures(done, options.lang)
    page = gallery(options.out, pictures, title=lecture.gallery_title(options.lang), lang=options.lang)
    _title(titles["pictures"].format(count=len(pictures), path=page))
    if options.open:
        webbrowser.open(page.resolve().as_uri())
    return 0 if all(trained.solved for trained in done) else 1


def _show(trained: lecture.Trained, lang: str) -> None:
    titles = _TITLES[lang]
    losses = trained.history.history.get("loss", [])
    heading = titles["gate"].format(gate=trained.gate.upper(), epochs=len(losses))
    print(f"\n{'#' * 4} {heading} {'#' * 4}\n")
    trained.model.summary()
    _title(titles["loss"])
    print(chart(losses))
    _title(titles["predictions"])
    for x, y, p in zip(lecture.X, lecture.TARGETS[trained.gate], trained.predictions, strict=True):
        print(f"  {x[0]} {trained.gate.upper()} {x[1]} = {y[0]}   ->   {float(p[0]):.4f}")
    _title(titles["weights"])
    for weight in trained.model.weights:
        print(weight)
    _title(titles["learnt"])
    for line in lecture.explanation(trained, lang):
        print("  " + line)


def _title(text: str) -> None:
    print(f"\n{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="microtensor",
        description="Train the lecture's AND, OR and XOR, explain what was learnt, and draw all of it.",
    )
    gates = [*lecture.TARGETS, "all"]
    settings = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    korean = next(filter(None, settings), "").startswith("ko")
    add = parser.add_argument
    add("--gate", choices=gates, default="all", help="which one (default: all)")
    add("--epochs", type=_at_least(1), metavar="N", help="over the four samples (default: 400, XOR 2000)")
    add(
        "--seed",
        type=_at_least(0),
        default=lecture.SEED,
        metavar="N",
        help="of the weights and the shuffling",
    )
    add("--lang", choices=["en", "ko"], default="ko" if korean else "en", help="English or 한국어")
    add(
        "--out",
        type=_folder,
        default="pictures",
        metavar="DIR",
        help="where the pictures go, with index.html, which shows them (default: pictures)",
    )
    add("--explain", action="store_true", help="XOR's step as a program, after each pass, as source, timed")
    add("--open", action="store_true", help="show them in the browser")
    return parser


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) < 2**32:
            raise argparse.ArgumentTypeError(f"expected a whole number of at least {least}, got {text!r}")
        return int(text)

    return number


def _folder(text: str) -> Path:
    path = Path(text)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no folder to write into: {error.strerror}") from None
    if not os.access(path, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text!r} is no folder to write into: no permission")
    return path


if __name__ == "__main__":
    sys.exit(main())
