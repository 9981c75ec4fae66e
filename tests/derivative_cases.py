"""Ten functions of a vector, written so that NumPy's names and PyTorch's both run them."""

X = [0.7, -1.2, 0.4, 1.9]
V = [1.0, -0.5, 2.0, 0.25]

FUNCTIONS = {
    "sum of cubes": lambda xp, x: (x**3).sum(),
    "rosenbrock": lambda xp, x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(),
    "log-sum-exp": lambda xp, x: xp.log(xp.exp(x).sum()),
    "two layers": lambda xp, x: xp.tanh(xp.stack([x, x * x]) @ x).sum(),
    "norm": lambda xp, x: xp.sqrt((x * x).sum()),
    "quotient": lambda xp, x: (x[0] * x[1]) / (1 + x[2] ** 2 + x[3] ** 2),
    "powers": lambda xp, x: ((x * x + 1) ** x).sum(),
    "outer product": lambda xp, x: xp.exp(-(x.reshape(4, 1) * x.reshape(1, 4)).sum() / 10),
    "softmax": lambda xp, x: xp.exp(x) / xp.exp(x).sum(),
    "pieces": lambda xp, x: xp.concatenate([xp.where(x > 0, x**2, -x), xp.maximum(x, x.mean()) * x[0]]),
}
