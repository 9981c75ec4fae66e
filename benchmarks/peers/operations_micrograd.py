"""micrograd: scalars only, so it is in no row of arrays."""

from __future__ import annotations

from common import per_call, report
from micrograd.engine import Value

s = Value(1.5)
report({"scalar add": per_call(lambda: s + s)})
