"""Layers and their inputs, written so that Keras and microtensor make the same of them: each gets the
library.

A case is (how the layer is made, the shape of its inputs, how it is called). The numbers of inputs and
weights come from `numbers`, so that both libraries start with the same ones.
"""

import numpy as np

EVEN, FLAT, IMAGE = (6, 4), (4, 3, 4), (2, 3, 2, 4)


def numbers(shape, seed, positive=False):
    drawn = np.random.default_rng(seed).normal(0.5, 1.5, shape)
    return (np.abs(drawn) + 0.1 if positive else drawn).astype("float32")


def inputs_of(shape):
    """One array, or a list of them for a list of shapes; whole numbers below the last entry of ("whole",
    …).
    """
    if isinstance(shape, list):
        return [numbers(each, 10 + k) for k, each in enumerate(shape)]
    if shape[0] == "whole":
        return np.random.default_rng(10).integers(0, shape[2], shape[1]).astype("int32")
    return numbers(shape, 10)


def start(layer):
    """Numbers for all weights of a built layer; what `adapt` found stays."""
    if type(layer).__name__ != "Normalization":
        layer.set_weights(
            [numbers(w.shape, 20 + k, "variance" in w.path) for k, w in enumerate(layer.weights)]
        )


def adapted(layer):
    layer.adapt(numbers((7, 3, 4), 30))
    return layer


CASES = {
    "batch": (lambda k: k.layers.BatchNormalization(momentum=0.8), FLAT, {"training": True}),
    "batch in use": (lambda k: k.layers.BatchNormalization(), EVEN, {"training": False}),
    "batch of images": (
        lambda k: k.layers.BatchNormalization(axis=1, momentum=0.5, epsilon=0.1, scale=False),
        IMAGE,
        {"training": True},
    ),
    "batch without beta": (
        lambda k: k.layers.BatchNormalization(axis=-2, momentum=0.9, center=False),
        FLAT,
        {"training": True},
    ),
    "batch with a mask": (
        lambda k: k.layers.BatchNormalization(momentum=0.7),
        FLAT,
        {"training": True, "mask": numbers((4, 3), 40) > 0.5},
    ),
    "layer": (lambda k: k.layers.LayerNormalization(), FLAT, {}),
    "layer over two axes": (lambda k: k.layers.LayerNormalization(axis=[1, 3], epsilon=0.01), IMAGE, {}),
    "layer without weights": (lambda k: k.layers.LayerNormalization(center=False, scale=False), EVEN, {}),
    "group": (lambda k: k.layers.GroupNormalization(2), FLAT, {}),
    "group in front": (lambda k: k.layers.GroupNormalization(3, axis=1, center=False), IMAGE, {}),
    "group for each channel": (lambda k: k.layers.GroupNormalization(-1), IMAGE, {}),
    "rms": (lambda k: k.layers.RMSNormalization(), FLAT, {}),
    "rms over two axes": (lambda k: k.layers.RMSNormalization(axis=(-2, -1), epsilon=0.1), FLAT, {}),
    "unit": (lambda k: k.layers.UnitNormalization(), FLAT, {}),
    "unit over two axes": (lambda k: k.layers.UnitNormalization(axis=(1, 2)), FLAT, {}),
    "normalization": (lambda k: k.layers.Normalization(), FLAT, {}),
    "normalization adapted": (lambda k: adapted(k.layers.Normalization()), FLAT, {}),
    "normalization of places": (lambda k: adapted(k.layers.Normalization(axis=(1, 2))), FLAT, {}),
    "normalization of all": (lambda k: adapted(k.layers.Normalization(axis=None)), FLAT, {}),
    "normalization given": (
        lambda k: k.layers.Normalization(axis=1, mean=[1.0, 2.0, 3.0], variance=[1.0, 4.0, 9.0]),
        FLAT,
        {},
    ),
    "normalization inverted": (
        lambda k: k.layers.Normalization(mean=3.0, variance=2.0, invert=True),
        FLAT,
        {},
    ),
    "embedding": (lambda k: k.layers.Embedding(5, 3), ("whole", (4, 6), 5), {}),
    "embedding with a regularizer": (
        lambda k: k.layers.Embedding(5, 2, embeddings_regularizer="l2", mask_zero=True),
        ("whole", (7,), 5),
        {},
    ),
    "add": (lambda k: k.layers.Add(), [FLAT, FLAT, FLAT], {}),
    "add of other ranks": (lambda k: k.layers.Add(), [(4, 4), (4, 3, 4), (4, 1, 1)], {}),
    "subtract": (lambda k: k.layers.Subtract(), [FLAT, (4, 1, 4)], {}),
    "multiply": (lambda k: k.layers.Multiply(), [EVEN, EVEN, (6, 1)], {}),
    "average": (lambda k: k.layers.Average(), [EVEN, EVEN, EVEN], {}),
    "maximum": (lambda k: k.layers.Maximum(), [EVEN, EVEN], {}),
    "minimum": (lambda k: k.layers.Minimum(), [FLAT, FLAT], {}),
    "concatenate": (lambda k: k.layers.Concatenate(), [EVEN, (6, 2)], {}),
    "concatenate in the middle": (lambda k: k.layers.Concatenate(axis=1), [FLAT, (4, 2, 4)], {}),
    "dot": (lambda k: k.layers.Dot(axes=1), [EVEN, EVEN], {}),
    "cosine": (lambda k: k.layers.Dot(axes=-1, normalize=True), [EVEN, EVEN], {}),
    "dot of matrices": (lambda k: k.layers.Dot(axes=(2, 1)), [FLAT, (4, 4, 5)], {}),
    "dot of other ranks": (lambda k: k.layers.Dot(axes=(1, 3)), [EVEN, (6, 2, 3, 4)], {}),
}
