"""Steps of optimizers that are recorded from Keras, and taken again here: class, arguments."""

import numpy as np

CASES = {
    "SGD": ("SGD", {"learning_rate": 0.1}),
    "SGD momentum": ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    "SGD nesterov": ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    "SGD weight_decay": ("SGD", {"learning_rate": 0.1, "weight_decay": 0.01}),
    "SGD clipnorm": ("SGD", {"learning_rate": 0.1, "clipnorm": 0.5}),
    "SGD clipvalue": ("SGD", {"learning_rate": 0.1, "clipvalue": 0.25}),
    "SGD global_clipnorm": ("SGD", {"learning_rate": 0.1, "global_clipnorm": 0.5}),
    "SGD loss_scale_factor": ("SGD", {"learning_rate": 0.1, "loss_scale_factor": 4.0}),
    "SGD ema": ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9}),
    "SGD ema overwriting": (
        "SGD",
        {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 2},
    ),
    "SGD accumulation": (
        "SGD",
        {"learning_rate": 0.1, "momentum": 0.9, "gradient_accumulation_steps": 2, "clipnorm": 0.5},
    ),
    "Adam": ("Adam", {}),
    "Adam amsgrad": ("Adam", {"amsgrad": True}),
    "Adam everything": (
        "Adam",
        {
            "amsgrad": True,
            "weight_decay": 0.05,
            "global_clipnorm": 1.0,
            "use_ema": True,
            "ema_momentum": 0.8,
            "ema_overwrite_frequency": 2,
            "loss_scale_factor": 2.0,
            "gradient_accumulation_steps": 2,
        },
    ),
    "AdamW": ("AdamW", {}),
    "RMSprop": ("RMSprop", {}),
    "RMSprop momentum centered": ("RMSprop", {"momentum": 0.9, "centered": True}),
    "Adagrad": ("Adagrad", {}),
    "Adadelta": ("Adadelta", {"learning_rate": 1.0}),
    "Adamax": ("Adamax", {}),
    "Nadam": ("Nadam", {}),
    "Nadam accumulation": ("Nadam", {"gradient_accumulation_steps": 2, "use_ema": True}),
    "Ftrl": ("Ftrl", {}),
    "Ftrl regularized": (
        "Ftrl",
        {
            "learning_rate": 0.05,
            "l1_regularization_strength": 0.01,
            "l2_regularization_strength": 0.1,
            "l2_shrinkage_regularization_strength": 0.02,
            "beta": 0.1,
        },
    ),
    "Lion": ("Lion", {}),
    "Adafactor": ("Adafactor", {}),
    "Adafactor no relative step": ("Adafactor", {"learning_rate": 0.5, "relative_step": False}),
    "Muon": ("Muon", {"learning_rate": 0.05}),
    "Muon excluded": ("Muon", {"exclude_layers": ["kernel"], "nesterov": False}),
    "Lamb": ("Lamb", {"learning_rate": 0.01}),
    "ScheduleFreeAdamW": ("ScheduleFreeAdamW", {"warmup_steps": 3}),
}
SHAPES = {"kernel": (3, 2), "bias": (2,)}
STEPS = 6


def numbers():
    """The weights to begin with, and the gradients of each step."""
    drawn = np.random.default_rng(7)
    start = [drawn.normal(size=shape).astype("float32") for shape in SHAPES.values()]
    return start, [[drawn.normal(size=a.shape).astype("float32") for a in start] for _ in range(STEPS)]


SCHEDULES = {
    "ExponentialDecay": [
        {"decay_steps": 10, "decay_rate": 0.5},
        {"decay_steps": 4, "decay_rate": 0.9, "staircase": True},
    ],
    "InverseTimeDecay": [
        {"decay_steps": 10, "decay_rate": 0.5},
        {"decay_steps": 4, "decay_rate": 2.0, "staircase": True},
    ],
    "PolynomialDecay": [
        {"decay_steps": 8},
        {"decay_steps": 8, "power": 2.0, "cycle": True, "end_learning_rate": 0.01},
    ],
    "CosineDecay": [
        {"decay_steps": 9, "alpha": 0.1},
        {"decay_steps": 9, "warmup_target": 0.7, "warmup_steps": 5},
    ],
    "CosineDecayRestarts": [
        {"first_decay_steps": 5},
        {"first_decay_steps": 5, "t_mul": 1.0, "m_mul": 0.5, "alpha": 0.1},
        {"first_decay_steps": 3, "t_mul": 1.5, "m_mul": 0.9},
    ],
}
