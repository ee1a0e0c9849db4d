"""What an expression may name: fields of work items and what is counted of them, each of one kind; never people."""

from __future__ import annotations

from enum import StrEnum


class Type(StrEnum):
    """What a value is."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    WORDS = "words"
    YES = "yes"


# In the order in which they are offered.
FIELDS: dict[str, Type] = {
    "status": Type.TEXT,
    "category": Type.TEXT,
    "kind": Type.TEXT,
    "project": Type.TEXT,
    "priority": Type.TEXT,
    "resolution": Type.TEXT,
    "title": Type.TEXT,
    "parent": Type.TEXT,
    "key": Type.TEXT,
    "points": Type.NUMBER,
    "comments": Type.NUMBER,
    "created": Type.DAY,
    "updated": Type.DAY,
    "started": Type.DAY,
    "resolved": Type.DAY,
    "due": Type.DAY,
    "status_since": Type.DAY,
    "labels": Type.WORDS,
    "components": Type.WORDS,
    "versions": Type.WORDS,
    "sprints": Type.WORDS,
    "links": Type.WORDS,
    "assigned": Type.YES,
    "children": Type.NUMBER,
    "open_children": Type.NUMBER,
    "status_changes": Type.NUMBER,
    "sprint_changes": Type.NUMBER,
    "reopenings": Type.NUMBER,
    "hand_overs": Type.NUMBER,
}
# What is asked of one value: of which kind, and what comes out.
FUNCTIONS: dict[str, tuple[frozenset[Type], Type]] = {
    "days_since": (frozenset({Type.DAY}), Type.NUMBER),
    "count": (frozenset({Type.WORDS}), Type.NUMBER),
    "length": (frozenset({Type.TEXT}), Type.NUMBER),
}
# A field of the tool that was chosen when its work items were brought in, by its name.
OWN_FIELD = "field"
TODAY = "today"
CATEGORIES = ("todo", "doing", "done")
# Whose names people may look for, and never find: who does what is nobody's to check. All fields of people that a
# trail knows are among them (`connectors.trail.PEOPLE`; a test compares them).
PEOPLE = frozenset({"assignee", "reporter", "creator", "reviewer", "author", "owner", "who", "person"})
WORDS = ("and", "or", "not", "in", "contains", "is", "empty")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
