"""The lecture, cell by cell: the same code that it runs on TensorFlow, with the import changed and nothing
else.

Run it as a script, or open lecture.ipynb (made from this file by make_notebook.py).
"""

# %% [markdown]
# # 인공 신경망: the artificial neuron, layers, AND, OR and XOR
# The only line that differs from the TensorFlow version is the first import.

# %%
import matplotlib.pyplot as plt
import numpy as np

import microtensor as tf

# %% [markdown]
# ## 1. The artificial neuron: f(w·x + b)


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


x = np.array([1.0, 0.0])
w = np.array([0.5, -0.3])
b = 0.1
print(sigmoid(np.dot(w, x) + b))

# %% [markdown]
# ## 2. Activation functions and their graphs

# %%
z = np.linspace(-5, 5, 101)
step = np.where(z > 0, 1, 0)
figure, axes = plt.subplots(2, 4, figsize=(14, 6))
curves = {
    "identity": tf.keras.activations.linear(z),
    "step (perceptron)": step,
    "ReLU": tf.nn.relu(z),
    "sigmoid": tf.nn.sigmoid(z),
    "tanh": tf.nn.tanh(z),
    "leaky ReLU: max(0.1x, x)": tf.maximum(0.1 * z, z),
    "ELU": tf.nn.elu(z),
    "maxout: max(x, -0.5x)": tf.maximum(z, -0.5 * z),
}
for axis, (name, values) in zip(axes.flat, curves.items(), strict=True):
    axis.plot(z, values)
    axis.set_title(name)
    axis.grid(True)
plt.show()

# %% [markdown]
# ## 3. A layer is a matrix product
# One sample, x W:

# %%
x = [[1, 2]]
W = [[1, 2, 3], [4, 5, 6]]
print(tf.matmul(x, W))

# %%
tf.matmul(x, W)

# %% [markdown]
# Three samples at once, X W, and the other order, Wᵀ Xᵀ: the same numbers, transposed.

# %%
X = [[1, 2], [3, 4], [5, 6]]
print(tf.matmul(X, W))
print(tf.matmul(np.transpose(W), np.transpose(X)))

# %% [markdown]
# ## 4. AND

# %%
x = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
y = np.array([[1], [0], [0], [0]])

model = tf.keras.Sequential([tf.keras.layers.Dense(units=1, activation="sigmoid", input_shape=(2,))])
model.compile(optimizer=tf.keras.optimizers.SGD(lr=0.3), loss="mse")
model.summary()

# %%
history = model.fit(x, y, epochs=400, batch_size=1)

# %%
model.predict(x)

# %%
model.evaluate(x, y)

# %% [markdown]
# ## 5. OR (exercise): only y changes

# %%
y = np.array([[1], [1], [1], [0]])
model = tf.keras.Sequential([tf.keras.layers.Dense(units=1, activation="sigmoid", input_shape=(2,))])
model.compile(optimizer=tf.keras.optimizers.SGD(lr=0.3), loss="mse")
history = model.fit(x, y, epochs=400, batch_size=1)
print(model.predict(x))

# %% [markdown]
# ## 6. XOR: two layers

# %%
tf.keras.utils.set_random_seed(3)
y = np.array([[0], [1], [1], [0]])

model = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(units=2, activation="sigmoid", input_shape=(2,)),
        tf.keras.layers.Dense(units=1, activation="sigmoid"),
    ]
)
model.compile(optimizer=tf.keras.optimizers.SGD(lr=0.3), loss="mse")
model.summary()

# %%
history = model.fit(x, y, epochs=2000, batch_size=1)

# %%
plt.plot(history.history["loss"])
plt.xlabel("epoch")
plt.ylabel("loss")
plt.show()

# %%
print(model.predict(x))

# %%
for weight in model.weights:
    print(weight)

# %%
model.weights[0]
