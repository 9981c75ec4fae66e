"""Each format from the loss on, without any program on PATH."""

from __future__ import annotations

import os

from common import per_call, report
from pictures_xor import loss

os.environ["PATH"] = ""

from microtensor.graph import draw

FORMATS = ("svg", "text", "mermaid", "dot", "json")
step = loss()
report({name: per_call(lambda name=name: getattr(draw(step), name)) for name in FORMATS})
