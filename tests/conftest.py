"""What holds around every test: a hypothesis profile, and nothing global left switched.

Profiles: `MICROTENSOR_PROFILE=intense pytest`, or hypothesis' own `pytest --hypothesis-profile=intense`.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from microtensor.core.state import DEFAULT, current

# No deadlines: two cores are shared with whatever else runs. What must be fast is counted, not timed.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("dev", max_examples=20, **_COMMON)
settings.register_profile("ci", max_examples=100, derandomize=True, database=None, **_COMMON)
settings.register_profile("intense", max_examples=2000, **_COMMON)
settings.load_profile(os.environ.get("MICROTENSOR_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the suite proves, before its closing line."""
    from microtensor.core import registry
    from microtensor.core.operations.table import compositions

    proven = sum(bool(operation.vjps) for operation in registry.values())
    terminalreporter.write_line(
        f"{len(registry)} operations, {proven} with derivatives, each held in first and second order; "
        f"{len(compositions)} functions made of them"
    )


@pytest.fixture(autouse=True)
def nothing_is_left_switched() -> Iterator[None]:
    """Each test begins and ends in the default state, and changes nothing that belongs to the process."""
    assert current() is DEFAULT
    before = _process_state()
    yield
    assert current() is DEFAULT, "a test left the state of the engine switched"
    assert _process_state() == before, "a test left something global changed"


def _process_state() -> dict[str, object]:
    numbers = np.random.get_state(legacy=False)
    return {
        "NumPy's error state": np.geterr(),
        "recursion limit": sys.getrecursionlimit(),
        "garbage collector": gc.isenabled(),
        "Python's random numbers": hash(random.getstate()),
        "NumPy's random numbers": (numbers["state"]["key"].tobytes(), numbers["state"]["pos"]),
        "the warning filters": list(warnings.filters),
    }
