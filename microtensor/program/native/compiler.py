"""Compiler: C text in, the bytes of a shared library out.

The one idea: any C compiler will do, and a machine that has none gets one from pip. $CC comes first, then
the system's `cc`, `gcc` or `clang`, then the package `ziglang`, a whole clang
(`pip install "microtensor[native]"`).

Why C as text, loaded with ctypes: it can be read, it needs no Python package where a compiler is, and a
cached library starts at once. Measured for one loop with an exp, on 2 shared cores (import + compile, disk):

    cc 12 -O3          0 ms + 100 to 190 ms       -     (on most machines of people who program)
    ziglang 0.17       0 ms + 200 ms           411 MB   (7 s the first time, for parts of its own)
    llvmlite          125 ms + 20 to 90 ms     173 MB   (and LLVM's text is not pleasant to read)
    numba             190 to 380 ms + 270 ms   208 MB   (import and compile again in each process)

From the cache, `cc` and `ziglang` cost no more than reading a file and `dlopen`: 1 ms together.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import shlex
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import subprocess

SECONDS = 120.0  # the longest that a compilation may take
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


class CompilerError(RuntimeError):
    """There is no C compiler, or it did not do what it was asked to."""


class Compiler(NamedTuple):
    """A command that compiles C, and all that its output depends on."""

    command: tuple[str, ...]
    identity: str

    @property
    def flags(self) -> tuple[str, ...]:
        """NaN, inf and the order of sums stay as they are written: no -ffast-math. What is given up is
        `errno` and floating-point traps. a * b + c is rounded twice, as NumPy does (once would save XOR 2 %).
        """
        native = (
            "-march=native" if platform.machine().lower() in ("x86_64", "amd64", "i686") else "-mcpu=native"
        )
        shared = ("-shared",) if sys.platform == "win32" else ("-shared", "-fPIC")
        rounding = ("-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fwrapv")
        return ("-std=c11", "-O3", native, *rounding, "-w", *shared)


def find() -> Compiler:
    """The first compiler that there is.

    Raises:
        CompilerError: there is none, or $CC names one that is not there.
    """
    wanted = shlex.split(os.environ.get("CC", ""))
    if wanted:
        path = shutil.which(wanted[0])
        if path is None:
            raise CompilerError(f"the environment says CC={wanted[0]!r}, and there is no such program.")
        return _compiler((path, *wanted[1:]))
    for name in ("cc", "gcc", "clang"):
        path = shutil.which(name)
        if path is not None:
            return _compiler((path,))
    spec = importlib.util.find_spec("ziglang")
    if spec is not None and spec.origin and sys.executable:
        return _compiler((sys.executable, "-m", "ziglang", "cc"), Path(spec.origin))
    raise CompilerError(
        "machine code needs a C compiler, and there is none (cc, gcc, clang, $CC). "
        'Install one: pip install "microtensor[native]"'
    )


def compiled(source: str, compiler: Compiler, seconds: float = SECONDS) -> bytes:
    """The shared library, as bytes. All files stand in a folder that only this process' user can see.

    Raises:
        CompilerError: the compiler failed (its first words are in the message), or took too long.
    """
    import subprocess  # 3 ms, and not needed when all is in the cache
    import tempfile

    with tempfile.TemporaryDirectory(prefix="microtensor-") as folder:
        text, library = Path(folder, "step.c"), Path(folder, f"step{SUFFIX}")
        text.write_text(source, encoding="ascii", errors="replace")
        command = [*compiler.command, *compiler.flags, text.name, "-o", library.name, "-lm"]
        environment = {**os.environ, "LC_ALL": "C", "ZIG_LOCAL_CACHE_DIR": folder}
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that what it starts can be ended with it
            )
        except OSError as error:
            raise CompilerError(f"the C compiler {compiler.command[0]} cannot run: {error}.") from error
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise CompilerError(
                f"the C compiler {compiler.command[0]} took more than {seconds:g} s and was ended."
            ) from None
        finally:
            _end(process)
        words = said.decode("utf-8", "replace").strip()[:600]
        if process.returncode:
            raise CompilerError(
                f"the C compiler {compiler.command[0]} failed ({process.returncode}): {words}"
            )
        if not library.is_file() or not library.stat().st_size:
            raise CompilerError(f"the C compiler {compiler.command[0]} made no library. {words}".rstrip())
        return library.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing of it runs on: the compiler, and what it had started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _compiler(command: tuple[str, ...], file: Path | None = None) -> Compiler:
    """Asking a compiler for its version costs 10 ms; its file changes when its version does."""
    file = Path(os.path.realpath(file or command[0]))
    known = file.stat()
    return Compiler(command, f"{' '.join(command)} {file} {known.st_size} {known.st_mtime_ns}")


def machine() -> str:
    """What a library for this machine depends on: the system, the ABI, and what the processor can do."""
    return " ".join((sys.platform, platform.machine(), str(sys.maxsize.bit_length()), _processor()))


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            lines = file.read(1 << 14).split("\n\n")[0].splitlines()
    except OSError:
        return platform.processor()
    keys = ("vendor_id", "cpu family", "model", "model name", "flags", "Features", "CPU part")
    return " ".join(line for line in lines if line.partition(":")[0].strip() in keys)
