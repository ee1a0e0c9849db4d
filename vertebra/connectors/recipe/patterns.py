"""Regular expressions of recipes: somebody else wrote them, so their time is counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

# On two cores, honest patterns take microseconds for a value and a few seconds for a million of them.
SECONDS_PER_VALUE = 1.0
SECONDS_PER_RUN = 20.0
# Longer values never meet a pattern.
MAX_INPUT = 10_000

_left: ContextVar[list[float] | None] = ContextVar("seconds_left_for_patterns", default=None)


class BadPattern(ValueError):
    """A pattern that is no regular expression."""


class TooSlow(Exception):
    """A pattern took longer than a recipe may; holds the pattern as it was written."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern


@contextmanager
def counted() -> Iterator[None]:
    """All patterns used inside share the time that one run of a recipe may take."""
    token = _left.set([SECONDS_PER_RUN])
    try:
        yield
    finally:
        _left.reset(token)


class Pattern:
    """A regular expression, written as Python writes them, that gives up in time."""

    __slots__ = ("_compiled", "groups", "text")

    def __init__(self, text: str) -> None:
        import regex

        self.text = text
        try:
            self._compiled: Any = regex.compile(text)
        except (regex.error, RecursionError, OverflowError, ValueError, MemoryError) as error:
            raise BadPattern(f"{text}: {error}") from error
        self.groups: int = self._compiled.groups

    def search(self, text: str) -> Any:
        """The first place where the pattern is found."""
        return self._within(lambda seconds: self._compiled.search(text[:MAX_INPUT], timeout=seconds))

    def matches(self, text: str) -> bool:
        """Whether the whole text is what the pattern says."""
        found = self._within(lambda seconds: self._compiled.fullmatch(text[:MAX_INPUT], timeout=seconds))
        return found is not None

    def subn(self, by: str, text: str) -> tuple[str, int]:
        """The text with another put in place of what is found, and how often."""
        made = self._within(lambda seconds: self._compiled.subn(by, text[:MAX_INPUT], timeout=seconds))
        return str(made[0]), int(made[1])

    def check_replacement(self, by: str) -> None:
        """Raise BadPattern unless the replacement only repeats groups that there are."""
        import regex

        try:
            self._compiled.subn(by, "")
            # The template is read only once something is found.
            regex.compile(f"(?:{self.text})|").subn(by, "")
        except (regex.error, IndexError, ValueError) as error:
            raise BadPattern(f"{by}: {error}") from error

    def _within(self, call: Callable[[float], T]) -> T:
        left = _left.get()
        seconds = SECONDS_PER_VALUE if left is None else min(SECONDS_PER_VALUE, left[0])
        if seconds <= 0:
            raise TooSlow(self.text)
        started = time.perf_counter()
        try:
            return call(seconds)
        except TimeoutError as error:
            raise TooSlow(self.text) from error
        finally:
            if left is not None:
                left[0] -= time.perf_counter() - started
