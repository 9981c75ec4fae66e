"""Record tests/data/derivatives.json with PyTorch: Jacobians, Hessians and products with them.

PYTHONPATH=tests python tests/recording/derivatives.py     # where PyTorch is; it is no dependency
"""

import json
from pathlib import Path

import torch
from derivative_cases import FUNCTIONS, V, X

x, v = torch.tensor(X, dtype=torch.float64), torch.tensor(V, dtype=torch.float64)
recorded = {"made_with": f"PyTorch {torch.__version__.split('+')[0]}, torch.func, float64", "functions": {}}
for name, function in FUNCTIONS.items():

    def f(x, function=function):
        return function(torch, x)

    y = f(x)
    entry = {"value": y.tolist(), "jacobian": torch.func.jacrev(f)(x).tolist()}
    entry["jvp"] = torch.func.jvp(f, (x,), (v,))[1].tolist()
    entry["hessian"] = torch.func.hessian(f)(x).tolist()
    if y.ndim == 0:
        entry["hvp"] = torch.func.jvp(torch.func.grad(f), (x,), (v,))[1].tolist()
    recorded["functions"][name] = entry
path = Path(__file__).parents[1] / "data" / "derivatives.json"
path.write_text(json.dumps(recorded, indent=1) + "\n")
