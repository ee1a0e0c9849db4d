"""The links and images of a text: which lead nowhere, where no reader should be led, and of which nothing is known."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PRIVATE_KINDS, may
from vertebra.accounts.queries import main_model
from vertebra.accounts.together import cards_of_kinds
from vertebra.kit.addresses import LARGEST_ID
from vertebra.kit.markdown import addresses

Trouble = Literal["nowhere", "not_open", "not_safe", "not_written", "not_checked", "not_known"]
# Nothing wrong was found, for nothing could be looked at: pages of other sites, and ours whose numbers name no object.
UNSEEN = ("not_checked", "not_known")
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
    """The links of a Markdown text that lead nowhere, then those of which nothing is known: other sites are not called."""
    found: list[Doubt] = []
    own: dict[Page, list[str]] = defaultdict(list)
    for one in addresses(text)[:MOST_LINKS]:
        trouble = _trouble(one.text)
        if isinstance(trouble, tuple):
            own[trouble].append(one.text)
        elif trouble is not None:
            found.append(Doubt(one.text, trouble))
    gone = _gone(own)
    found += [Doubt(address, gone[page]) for page in own if page in gone for address in own[page]]
    return sorted(found, key=lambda doubt: doubt.trouble in UNSEEN)


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
    """Of what a page of ours is; nothing if it is there whatever happens, and what is wrong if that is not known."""
    try:
        match = resolve(path)
    except Resolver404:
        return "nowhere"
    numbers = {name: value for name, value in match.kwargs.items() if isinstance(value, int)}
    if any(value > LARGEST_ID for value in numbers.values()):
        return "nowhere"
    found = next(((kind, value) for name, value in numbers.items() if (kind := _kind(match, name))), None)
    if found and found[0] in PRIVATE_KINDS:
        return found  # whether it is one that may be opened stays between those who may
    right = getattr(match.func, "required_right", None)
    if right is not None and not may(READER, right):
        return "not_open"
    return found or ("not_known" if match.kwargs else None)


def _kind(match: ResolverMatch, name: str) -> str:
    """The kind of object that a number in an address names: `pain_point_id`, or the `space_id` of `empty-space-show`."""
    told = str(match.kwargs.get("kind", ""))
    if name == "object_id" and told in Kind.values:
        return told
    called = name.removesuffix("_id")
    shown = (match.url_name or "").removesuffix("-show").replace("-", "_")
    return next((one for one in (called, shown) if one in Kind.values and one.endswith(called)), "")


def _gone(wanted: Iterable[Page]) -> dict[Page, Trouble]:
    """Which of these do not exist, are not open to every reader (private until they are told), or are of no known kind."""
    asked: dict[str, list[int]] = defaultdict(list)
    for kind, number in wanted:
        asked[kind].append(number)
    private = {str(kind): asked.pop(kind) for kind in PRIVATE_KINDS & asked.keys()}
    there = set(cards_of_kinds(READER, private))
    gone: dict[Page, Trouble] = {
        (kind, number): "nowhere"
        for kind, numbers in private.items()
        for number in numbers
        if (kind, number) not in there
    }
    for kind, numbers in asked.items():
        model = main_model(kind)
        known = (
            set(model._default_manager.filter(pk__in=numbers).values_list("pk", flat=True)) if model else ()
        )
        trouble: Trouble = "nowhere" if model else "not_known"
        gone |= {(kind, number): trouble for number in numbers if number not in known}
    return gone
