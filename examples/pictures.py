"""All pictures of a training in one folder: run it, then open pictures/index.html in a browser.

python examples/pictures.py [FOLDER]
"""

import sys

import numpy as np

import microtensor as mt
from microtensor import keras

x = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
y = np.array([[0], [1], [1], [0]])

keras.utils.set_random_seed(3)
model = keras.Sequential(
    [
        keras.layers.Dense(units=2, activation="sigmoid", input_shape=(2,)),
        keras.layers.Dense(units=1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.3), loss="mse")

# A callback that watches: now and then it keeps the weights, and what the model answers.
film = mt.plot.Film(x, y, title="XOR")
history = model.fit(x, y, epochs=2000, batch_size=1, verbose=0, callbacks=[film])

# One training step, with its graph.
loss = keras.losses.MeanSquaredError()(np.float32([[1]]), model(np.float32([[1, 0]])))

# `plot.drawn` needs no matplotlib; `mt.plot.loss(history, ax=axes)` paints the same on matplotlib's axes.
drawn = mt.plot.drawn
pictures = {
    "film.html": ("The film of the training, with a slider", film),
    "film.svg": ("Decision boundary, loss and weights while XOR is learnt.", film),
    "loss.svg": ("The loss of each epoch.", drawn.loss(history, log=True)),
    "weights.svg": ("The nine weights.", drawn.weights(film)),
    "boundary.svg": ("What the model answers everywhere.", drawn.decision_boundary(model, x, y)),
    "hidden.svg": ("Where the two hidden units put the points.", drawn.hidden_space(model, x, y)),
    "activations.svg": ("Activation functions, and what autodiff says of them.", drawn.activations()),
    "graph.svg": ("The gradient graph of one step.", mt.graph.draw(loss)),
    "neurons.svg": ("The neurons and their weights.", mt.graph.draw(model, style="neurons")),
    "step.html": ("Backpropagation, step by step", mt.graph.step(loss, optimizer=model.optimizer)),
}

folder = sys.argv[1] if len(sys.argv) > 1 else "pictures"
page = mt.plot.gallery(folder, pictures, title="XOR in pictures")
print(f"{len(pictures)} pictures; open {page}")
