"""The links and images of a text: which lead nowhere, where no reader should be led, and which are not checked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PRIVATE_KINDS
from vertebra.accounts.queries import main_model
from vertebra.accounts.together import cards_of_kinds
from vertebra.kit.addresses import LARGEST_ID
from vertebra.kit.markdown import addresses

Trouble = Literal["nowhere", "not_safe", "not_written", "not_checked"]
Page = tuple[str, int]
MOST_LINKS = 100
# Somebody without any right but to read: what they may open, every reader of a brief may.
READER = User()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A link of a text that does not lead where a reader can go, or of which nothing is known, and why."""

    address: str
    trouble: Trouble


def links_to_look_at(text: str) -> list[Doubt]:
    """The links of a Markdown text that lead nowhere, then those that are not checked: other sites are not called."""
    found: list[Doubt] = []
    own: dict[Page, list[str]] = defaultdict(list)
    for one in addresses(text)[:MOST_LINKS]:
        trouble = _trouble(one.text)
        if isinstance(trouble, tuple):
            own[trouble].append(one.text)
        elif trouble is not None:
            found.append(Doubt(one.text, trouble))
    gone = _gone(own)
    found += [Doubt(address, "nowhere") for page in own if page in gone for address in own[page]]
    return sorted(found, key=lambda doubt: doubt.trouble == "not_checked")


def _trouble(address: str) -> Trouble | Page | None:
    """What is wrong with an address; or, for a page of ours, of what it is."""
    if not address:
        return "not_written"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "nowhere"
    if parts.scheme == "mailto":
        return None if "@" in parts.path else "nowhere"
    if parts.scheme not in {"", "http", "https"}:
        return "not_safe"
    own = urlsplit(settings.PUBLIC_URL)
    if parts.netloc and parts.netloc != own.netloc:
        return "not_checked" if "." in host else "nowhere"
    if not parts.path:
        return None if parts.fragment or parts.netloc else "nowhere"
    return _page(parts.path)


def _page(path: str) -> Trouble | Page | None:
    """Of what a page of ours is, if that is known; nothing, if it is there whatever happens."""
    try:
        match = resolve(path)
    except Resolver404:
        return "nowhere"
    numbers = {name: value for name, value in match.kwargs.items() if isinstance(value, int)}
    if any(value > LARGEST_ID for value in numbers.values()):
        return "nowhere"
    return next(((kind, value) for name, value in numbers.items() if (kind := _kind(match, name))), None)


def _kind(match: ResolverMatch, name: str) -> str:
    """The kind of object that a number in an address names: `pain_point_id`, or the `space_id` of `empty-space-show`."""
    called = name.removesuffix("_id")
    shown = (match.url_name or "").removesuffix("-show").replace("-", "_")
    return next((one for one in (called, shown) if one in Kind.values and one.endswith(called)), "")


def _gone(wanted: Iterable[Page]) -> set[Page]:
    """Which of these do not exist or, of what is private until it is told, are not open to every reader."""
    asked: dict[str, list[int]] = defaultdict(list)
    for kind, number in wanted:
        asked[kind].append(number)
    private = {str(kind): asked.pop(kind) for kind in PRIVATE_KINDS & asked.keys()}
    gone: set[Page] = {(kind, number) for kind, numbers in private.items() for number in numbers}
    gone -= cards_of_kinds(READER, private).keys()
    for kind, numbers in asked.items():
        if (model := main_model(kind)) is not None:
            there = set(model._default_manager.filter(pk__in=numbers).values_list("pk", flat=True))
            gone |= {(kind, number) for number in numbers if number not in there}
    return gone
