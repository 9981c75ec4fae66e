"""A change of state as a decorator: of functions, generators and coroutines, each in its own manner.

The one idea: the change holds while the decorated lines run, and not while somebody else's do. A generator's
lines run between two `yield`s, so the change is made and taken back at each of them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def decorated(change: Any, function: F) -> F:
    """`function`, which runs inside `with change:`. TypeError for an async generator."""

    def call(*args: Any, **kwargs: Any) -> Any:
        with change:
            return function(*args, **kwargs)

    async def call_async(*args: Any, **kwargs: Any) -> Any:
        with change:
            return await function(*args, **kwargs)

    def call_generator(*args: Any, **kwargs: Any) -> Iterator[Any]:
        generator = function(*args, **kwargs)
        resume = functools.partial(next, generator)
        while True:
            with change:
                try:
                    value = resume()
                except StopIteration as stop:
                    return stop.value  # type: ignore[no-any-return]
            try:
                resume = functools.partial(generator.send, (yield value))
            except GeneratorExit:
                with change:
                    generator.close()
                raise
            except BaseException as error:
                resume = functools.partial(generator.throw, error)

    if inspect.isasyncgenfunction(function):
        raise TypeError(f"{function.__name__} is an async generator: use a `with` block inside it.")
    kinds = ((inspect.isgeneratorfunction, call_generator), (inspect.iscoroutinefunction, call_async))
    wrapper: Any = next((wrapper for is_kind, wrapper in kinds if is_kind(function)), call)
    return functools.wraps(function)(wrapper)  # type: ignore[return-value]
