"""What the pictures of these tests show: XOR's four points and a small training."""

import re
import xml.etree.ElementTree as ET

import microtensor as mt
from microtensor import keras

SVG = "{http://www.w3.org/2000/svg}"
X = [[1, 1], [1, 0], [0, 1], [0, 0]]
Y = [[0], [1], [1], [0]]

# OR and NAND, and the AND of both: XOR by hand.
WEIGHTS = [[[10.0, -10.0], [10.0, -10.0]], [-5.0, 15.0], [[10.0], [10.0]], [-15.0]]


def xor_model(weights=None):
    """Two hidden units and one output unit, compiled."""
    hidden = keras.layers.Dense(2, activation="sigmoid", input_shape=(2,), name="hidden")
    model = keras.Sequential([hidden, keras.layers.Dense(1, activation="sigmoid", name="output")])
    if weights is not None:
        model.set_weights([mt.constant(w).numpy() for w in weights])
    model.compile(optimizer=keras.optimizers.SGD(0.3), loss="mse")
    return model


def filmed(film, epochs=10, model=None):
    """The model and the history of a training that was filmed."""
    model = model or xor_model()
    return model, model.fit(X, Y, epochs=epochs, verbose=0, callbacks=[film])


def texts(svg):
    """Every text that is written in the picture."""
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def korean(text):
    """Its Korean words."""
    return re.findall(r"[가-힣]+", text)
