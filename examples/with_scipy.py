"""SciPy minimizes, microtensor differentiates. (SciPy is not a dependency: `pip install scipy`.)"""

import numpy as np
from scipy import optimize

import microtensor as mt


def rosenbrock(x):
    """A long curved valley; its lowest point is (1, ..., 1)."""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


start = np.array([-1.2, 1.0, 0.5])

bfgs = optimize.minimize(mt.value_and_grad(rosenbrock), start, jac=True, method="BFGS")
print(f"BFGS, with the gradient:        {bfgs.x.round(4)} after {bfgs.nit} steps")

newton = optimize.minimize(
    rosenbrock, start, jac=mt.grad(rosenbrock), hess=mt.hessian(rosenbrock), method="trust-exact"
)
print(f"Newton, with the Hessian too:   {newton.x.round(4)} after {newton.nit} steps")

error = optimize.check_grad(rosenbrock, mt.grad(rosenbrock), start)
print(f"SciPy's differences and our gradient differ by {error:.1e}.")
