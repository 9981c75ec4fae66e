"""Pictures of training: activations, losses, boundaries, weights, and a film of it all.

The one idea: what a picture shows is computed once, as plain data (`panel`). matplotlib paints it here, on
your axes or as a figure; `drawn` writes the same as SVG and needs no matplotlib.

    plot.activations()                              # the lecture's functions and their derivatives
    plot.loss(history)
    plot.decision_boundary(model, x, y)
    plot.hidden_space(model, x, y)                  # where XOR's hidden layer puts the points

    film = plot.Film(x, y)                          # a callback
    model.fit(x, y, epochs=2000, callbacks=[film])
    film.save("xor.html")                           # a page with a slider; .svg and .png: a strip
"""

from . import drawn as drawn
from .axes import onto_axes as _onto_axes
from .chart import chart as chart
from .film import Film as Film
from .film import Frame as Frame
from .gallery import gallery as gallery
from .panel import Panel as Panel
from .sheet import Sheet as Sheet

activation = _onto_axes(drawn.activation)
activations = _onto_axes(drawn.activations)
loss = _onto_axes(drawn.loss)
weights = _onto_axes(drawn.weights)
decision_boundary = _onto_axes(drawn.decision_boundary)
hidden_space = _onto_axes(drawn.hidden_space)
