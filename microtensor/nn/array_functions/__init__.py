"""The functions of `keras.ops`: NumPy's names on tensors, with Keras' rules of dtypes, and what they lack."""
