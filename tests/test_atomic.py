"""A path holds the old file or the new one, whole, whatever goes wrong in between."""

from __future__ import annotations

import errno
import itertools
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from microtensor.atomic import replace_file

OLD, NEW = b"old" * 1000, b"new" * 2000


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "model.mt"
    replace_file(path, OLD)
    assert path.read_bytes() == OLD
    replace_file(str(path), NEW)
    assert path.read_bytes() == NEW
    replace_file(path, b"")
    assert path.read_bytes() == b""
    assert os.listdir(tmp_path) == ["model.mt"]


def test_permissions_stay_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    path, umask = tmp_path / "model.mt", os.umask(0o027)
    try:
        replace_file(path, OLD)
    finally:
        os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o604)
    replace_file(path, NEW)
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "model.mt", tmp_path / "link.mt"
    target.write_bytes(OLD)
    link.symlink_to(target)
    replace_file(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_what_is_no_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="is a folder"):
        replace_file(tmp_path, NEW)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        replace_file(tmp_path / "missing" / "model.mt", NEW)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="neither a file nor free"):
        replace_file(tmp_path / "pipe", NEW)
    assert sorted(os.listdir(tmp_path)) == ["pipe"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_write_protected_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "model.mt"
    path.write_bytes(OLD)
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="write-protected"):
        replace_file(path, NEW)


class Failing:
    """The n-th call of any of these functions of `os` fails as it does on a full disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, n: int, error: type[BaseException]) -> None:
        self.left, self.error = n, error
        for name in ("open", "write", "fsync", "replace", "chmod", "close"):
            monkeypatch.setattr(os, name, self.wrapped(getattr(os, name), name))

    def wrapped(self, function: Any, name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                if name == "close":
                    function(*args)
                raise self.error(errno.ENOSPC, "No space left on device")
            if name == "write" and len(args[1]) > 1:
                return function(args[0], args[1][: len(args[1]) // 2 + 1])  # a disk may take only a part
            return function(*args, **kwargs)

        return call


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt], ids=["full disk", "Ctrl-C"])
def test_the_nth_step_fails_for_every_n(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "model.mt"
    for n in itertools.count(1):
        path.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, n, error)
            try:
                replace_file(path, NEW)
            except error:
                pass
            else:
                break
        assert path.read_bytes() in (OLD, NEW), f"step {n}"
        assert os.listdir(tmp_path) == ["model.mt"], f"step {n} left a file"
    assert n > 8, "no step was seen"
    assert failing.left > 0
    assert path.read_bytes() == NEW


SAVING = """
import sys
from pathlib import Path
import microtensor as mt
from microtensor.saving import save_model

path, kind = Path(sys.argv[1]), sys.argv[2]
model = mt.keras.Sequential([mt.keras.layers.Dense(600, input_shape=(500,)), mt.keras.layers.Dense(1)])
for number in range(10**6):
    for w in model.weights:
        w.assign(mt.nn.initializers.Constant(float(number % 97))(w.shape))
    model.save(path)
    print(number, flush=True)
"""
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
import microtensor as mt
model = mt.keras.Sequential([mt.keras.layers.Dense(100, input_shape=(100,))])
try:
    model.save(sys.argv[1])
except OSError as error:
    print(error.errno)
"""


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.mark.parametrize("name", ["model.mt", "model.keras"])
def test_a_killed_process_leaves_a_whole_model(tmp_path: Path, name: str) -> None:
    import microtensor as mt

    path = tmp_path / name
    kills = 25
    for k in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", SAVING, str(path), name],
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        ) as run:
            assert run.stdout is not None
            run.stdout.readline()  # it has saved once
            time.sleep(0.003 * (k % 7) + 0.0007 * k)
            run.send_signal(signal.SIGKILL)
        model = mt.keras.models.load_model(path)
        values = {float(v) for w in model.weights for v in (w.numpy().min(), w.numpy().max())}
        assert len(values) == 1, "weights of two saves in one file"


def test_a_full_disk_leaves_the_old_model(tmp_path: Path) -> None:
    path = tmp_path / "model.mt"
    path.write_bytes(OLD)
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    assert int(run.stdout) == errno.EFBIG
    assert path.read_bytes() == OLD
    assert os.listdir(tmp_path) == ["model.mt"]


def test_the_limit_of_this_test_is_one_of_the_system() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 20_000
