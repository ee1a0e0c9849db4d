"""What is read of an issue as Jira's REST API writes it, versions 2 and 3; whatever else it holds is passed over."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, cast

import msgspec

_PATH = re.compile(r"at `\$((?:\.[^`]*|\[[^`]*)?)`\Z")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_MOST_MENDED = 100


class Skipped(msgspec.Struct):
    """Something that is only counted."""


class Named(msgspec.Struct):
    """Something with a name: a priority, a type, a component, a version."""

    name: str | None = None


class Keyed(msgspec.Struct):
    """Another issue, or a project."""

    key: str | None = None


class Person(msgspec.Struct):
    """Somebody as Jira tells of them."""

    accountId: str | None = None
    key: str | None = None
    name: str | None = None
    displayName: str | None = None


class Status(msgspec.Struct):
    """A status, and what kind of status it is."""

    name: str | None = None
    statusCategory: Keyed | None = None


class Comments(msgspec.Struct):
    """How many comments there are."""

    total: int | None = None
    comments: list[Skipped] | None = None


class LinkType(msgspec.Struct):
    """How a link is worded from either end."""

    name: str | None = None
    inward: str | None = None
    outward: str | None = None


class Link(msgspec.Struct):
    """A link to another issue."""

    type: LinkType | None = None
    inwardIssue: Keyed | None = None
    outwardIssue: Keyed | None = None


class Step(msgspec.Struct):
    """One field that was changed."""

    field: str | None = None
    fieldtype: str | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    fromString: str | None = None
    to: str | None = None
    toString: str | None = None
    tmpFromAccountId: str | None = None
    tmpToAccountId: str | None = None


class History(msgspec.Struct):
    """What somebody changed at one moment."""

    created: str | None = None
    author: Person | None = None
    items: list[Step] | None = None


class Changelog(msgspec.Struct):
    """What was changed, as far as it was given."""

    total: int | None = None
    histories: list[History] | None = None


class Fields(msgspec.Struct):
    """The fields of an issue."""

    summary: str | None = None
    issuetype: Named | None = None
    project: Keyed | None = None
    status: Status | None = None
    priority: Named | None = None
    resolution: Named | None = None
    created: str | None = None
    updated: str | None = None
    resolutiondate: str | None = None
    duedate: str | None = None
    labels: list[str] | None = None
    components: list[Named] | None = None
    fixVersions: list[Named] | None = None
    versions: list[Named] | None = None
    issuelinks: list[Link] | None = None
    parent: Keyed | None = None
    epic: Keyed | None = None
    reporter: Person | None = None
    creator: Person | None = None
    assignee: Person | None = None
    comment: Comments | None = None
    sprint: Any = None
    closedSprints: Any = None


class Issue(msgspec.Struct):
    """One issue."""

    id: str | int | None = None
    key: str | None = None
    fields: Fields | None = None
    changelog: Changelog | None = None


class Strange(Exception):
    """What was read is no issue, or too odd to be taken for one."""


def shape_with(customs: Sequence[str]) -> type[Issue]:
    """The shape of an issue with some custom fields besides; each is found as an attribute by `attribute`."""
    own = {one for one in customs if one not in Fields.__struct_encode_fields__}
    names = {attribute(one): one for one in own}
    chosen = [(name, Any, None) for name in names]
    fields: Any = msgspec.defstruct("ChosenFields", chosen, bases=(Fields,), rename=names)
    return cast(
        type[Issue], msgspec.defstruct("ChosenIssue", [("fields", fields | None, None)], bases=(Issue,))
    )


def attribute(field: str) -> str:
    """The name under which a shape keeps a field."""
    if field in Fields.__struct_encode_fields__:
        return field
    return "chosen_" + field.encode().hex()


def is_damaged(raw: bytes) -> bool:
    """Whether a text may hold what no database takes: characters of value zero."""
    return b"\\u0000" in raw


def mended(value: Any, shape: type[Issue]) -> tuple[Issue, list[str]]:
    """An issue without those of its values that are not what they should be, and where these stood."""
    odd: list[str] = []
    while True:
        try:
            return msgspec.convert(value, shape), odd
        except msgspec.ValidationError as error:
            found = _PATH.search(str(error))
            path = _STEP.findall(found[1]) if found else []
            if not path or len(odd) == _MOST_MENDED or not _drop(value, path):
                raise Strange from error
            odd.append(".".join(name or "…" for name, _index in path))


def _drop(value: Any, path: list[tuple[str, str]]) -> bool:
    """Take one value out of a document; whether there was one."""
    try:
        for name, index in path[:-1]:
            value = value[name] if name else value[int(index)]
        name, index = path[-1]
        del value[name if name else int(index)]
    except (LookupError, TypeError):
        return False
    return True


def loaded(raw: bytes) -> Any:
    """A document with whole characters only; raises ValueError or RecursionError when it is none."""
    return whole(json.loads(raw.decode("utf-8"), strict=False))


def whole(value: Any) -> Any:
    """The same with half characters and characters of value zero replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", " ")
    if isinstance(value, list):
        return [whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(name): whole(one) for name, one in value.items()}
    return value
