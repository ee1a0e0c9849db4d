"""Room for calls inside calls."""

import pytest

from vertebra.kit.depth import PLACES, with_room
from vertebra.wsgi import application


def deep(levels: int) -> int:
    return 1 + deep(levels - 1) if levels else 0


def test_a_call_with_room_answers_what_it_answered() -> None:
    assert with_room(deep)(300) == 300
    assert with_room(divmod)(7, 2) == (3, 1)


def test_a_call_with_room_fails_as_it_failed() -> None:
    with pytest.raises(ZeroDivisionError):
        with_room(divmod)(7, 0)


def test_other_calls_take_no_more_room() -> None:
    with_room(deep)
    assert deep.__code__.co_stacksize < PLACES


def test_every_request_has_room() -> None:
    assert application.__code__.co_stacksize == PLACES
