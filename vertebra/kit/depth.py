"""Room for calls inside calls, taken once for a request or a command instead of again and again."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# Python keeps what its calls hold in pieces of 16 kB, takes the next piece from the system when one is full, and gives
# it back as soon as the call that needed it returns. A page whose busiest loop happens to stand at the end of a piece
# pays that for every call in it: 2,500 times for a list of four hundred units, half of its time. A call that says it
# needs so many places (of eight bytes) gets a piece of 512 kB, of which the half it does not need is for those inside
# it: several times what the deepest page takes. Memory that nobody writes to is not taken from the machine.
PLACES = 32_000


def with_room(call: Callable[P, R]) -> Callable[P, R]:
    """The same call, and room for those inside it."""

    def calling(*args: P.args, **kwargs: P.kwargs) -> R:
        return call(*args, **kwargs)

    calling.__code__ = calling.__code__.replace(co_stacksize=PLACES)
    return calling
