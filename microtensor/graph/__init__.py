"""Pictures of gradient graphs: trace -> layout -> svg | text | json.

The one idea: a graph is traced once, to plain data, and everything that a person sees is drawn from these
data by small steps that know nothing of tensors. Read `trace`, then `placement`, `layout`, `routing`,
then `svg`.

    drawing = draw(loss)      # shows itself in a notebook
    drawing.save("xor.svg")
    print(drawing)            # the same as a table
    step(loss, optimizer).save("xor.html")      # a page that goes through it: `update`, `steps`, `html`
"""

from .comparing import compare as compare
from .drawing import Drawing as Drawing
from .drawing import draw as draw
from .memory import memory as memory
from .records import Edge as Edge
from .records import Graph as Graph
from .records import Group as Group
from .records import Node as Node
from .rows import Row as Row
from .rows import from_rows as from_rows
from .stepper import Stepper as Stepper
from .stepper import step as step
from .trace import trace as trace
