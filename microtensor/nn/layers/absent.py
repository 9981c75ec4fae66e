"""Layers of Keras that are not here, and what there is instead: so that asking for one is answered.

The one idea: this library's models are stacks of layers of neurons. What works on images, on language, on
recurrence, has its mathematics in the engine at most.
"""

from __future__ import annotations

import re

_INSTEAD: list[tuple[str, str]] = [  # a pattern of names, and the sentence: the first that fits
    (
        r"(Depthwise|Separable)?Conv(olution)?\dD(Transpose)?",
        "there are functions, conv1d and conv2d of microtensor.nn.functional; write a Layer around one",
    ),
    (
        r"(Adaptive|Global)?(Max|Average|Avg)Pool(ing)?\dD",
        "there are functions, max_pool2d and avg_pool2d of microtensor.nn.functional; or np.mean in a Lambda",
    ),
    (
        r"(LSTM|GRU|SimpleRNN)(Cell)?|ConvLSTM\dD|RNN|StackedRNNCells|Bidirectional|TimeDistributed",
        "nothing recurrent is part of this library; a Layer of your own may loop over the steps in its call",
    ),
    (
        r".*Attention",
        "attention is not part of this library; np.matmul and keras.activations.softmax in a Layer make it",
    ),
    (
        r"TextVectorization|(String|Integer)Lookup|Hash(ing|edCrossing)|CategoryEncoding|Discretization",
        "make numbers of texts and categories with NumPy; keras.utils.to_categorical and Embedding go on",
    ),
    (
        r"Rand\w+|AugMix|AutoContrast|CenterCrop|CutMix|MixUp|Equalization|MaxNumBoundingBoxes|Resizing",
        "images are prepared before the model, with NumPy; Rescaling and Normalization are here",
    ),
    (
        r"Solarization|ContrastLimited\w+|Mel\w+|STFT\w+|Pipeline",
        "images and sounds are prepared before the model, with NumPy; Rescaling and Normalization are here",
    ),
    (
        r"(UpSampling|ZeroPadding|Cropping)[23]D",
        "np.repeat, np.pad and slices in a Lambda do it to images; the same name with 1D is here",
    ),
    (
        r"EinsumDense",
        "np.einsum works on tensors, in a Layer of your own; keras.layers.Dense contracts the last axis",
    ),
    (
        r"Wrapper",
        "no layer wraps another in this library; a Layer of your own may hold others in its attributes",
    ),
    (
        r"ReversibleEmbedding",
        "keras.layers.Embedding is here, and a product with its transposed table is the way back",
    ),
    (
        r"(Flax|Jax|TFSM)Layer|TorchModuleWrapper",
        "models of other libraries cannot be layers; take their weights over with set_weights",
    ),
]


def sentence_about(name: str) -> str:
    """What `keras.layers` answers to a name that it does not have."""
    if not name.startswith("_"):
        for pattern, instead in _INSTEAD:
            if re.fullmatch(pattern, name):
                return f"keras.layers has no {name} here: {instead}."
    return f"module 'keras.layers' has no attribute {name!r}"
