"""Keras' model: layers, the trainer, losses, metrics."""
