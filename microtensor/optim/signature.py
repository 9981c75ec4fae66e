"""The signature of an optimizer, as `help` and `inspect` show it: its own settings, then the common ones.

A rule's `__init__` names only what is its own and passes the rest on; without this, nobody would see the
rest.
"""

from __future__ import annotations

from typing import Any


class OwnAndCommon:
    """The parameters of a class, with those of its bases that its `**kwargs` passes on."""

    def __get__(self, instance: Any, owner: type) -> Any:
        import inspect  # here: it costs more than all optimizers

        found: dict[str, Any] = {}
        for kind in owner.__mro__[:-1]:  # without `object`
            own = inspect.signature(vars(kind)["__init__"]).parameters if "__init__" in vars(kind) else {}
            for name, parameter in list(own.items())[1:]:
                if parameter.kind is not parameter.VAR_KEYWORD:
                    passed_on = parameter.KEYWORD_ONLY if found and kind is not owner else parameter.kind
                    found.setdefault(name, parameter.replace(kind=passed_on))
            if own and not any(p.kind is p.VAR_KEYWORD for p in own.values()):
                break
        rest = inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)
        ordered = sorted(found.values(), key=lambda parameter: parameter.kind)
        return inspect.Signature([*ordered, rest])
