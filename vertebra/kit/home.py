"""What modules bring to the home page through the `HOME` list of settings."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for this person, done in place or one page away.

    `ask` names (kind and id) what is asked of somebody who is not in charge of it: at most two of these a week.
    """

    sentence: str
    url: str
    verb: str
    why: str = ""
    ask: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block: a title that leads somewhere, and what to say of it."""

    title: str
    url: str
    detail: str = ""
    state: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Block:
    """A titled list of the home page, with the sentence that teaches the next step when it is empty."""

    title: str
    lines: list[Line]
    more_url: str = ""
    empty: str = ""
    more_verb: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one module has to say to one person today; each piece is read when it is shown, not before.

    `blocks` are about the person (what they raised, where they work), `around` about what they answer for.
    """

    lead: Callable[[], str] = str
    needs: Callable[[], list[Need]] = list
    blocks: Callable[[], list[Block]] = list
    around: Callable[[], list[Block]] = list
