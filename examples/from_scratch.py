"""XOR from nothing but tensors: the same network as in lecture.py, with every step written out."""

import microtensor as mt

mt.random.seed(3)

x = mt.constant([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], name="x")
y = mt.constant([[0.0], [1.0], [1.0], [0.0]], name="y")

# Two hidden neurons and one output neuron; the weights start anywhere between -1 and 1, the biases at zero.
W1 = mt.Variable(mt.random.uniform((2, 2), -1, 1), name="W1")
b1 = mt.Variable([0.0, 0.0], name="b1")
W2 = mt.Variable(mt.random.uniform((2, 1), -1, 1), name="W2")
b2 = mt.Variable([0.0], name="b2")
parameters = [W1, b1, W2, b2]


def network(x):
    hidden = mt.sigmoid(x @ W1 + b1)
    return mt.sigmoid(hidden @ W2 + b2)


for epoch in range(3001):
    loss = mt.mse(network(x), y)  # forward: computes, and remembers how
    loss.backward()  # backward: puts d(loss)/d(parameter) into parameter.grad
    for parameter in parameters:
        parameter.assign_sub(2.0 * parameter.grad)  # a step down the slope
        parameter.zero_grad()
    if epoch % 500 == 0:
        print(f"epoch {epoch:4d}  loss {loss:.4f}")

for inputs, target, prediction in zip(x.tolist(), y.tolist(), network(x).tolist(), strict=True):
    print(f"{inputs[0]:.0f} XOR {inputs[1]:.0f} = {target[0]:.0f}   ->   {prediction[0]:.3f}")
