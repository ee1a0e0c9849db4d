"""Search as pages and the API show it: what was found, with the address that opens it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vertebra.accounts import together
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.search import search
from vertebra.kit.cards import Card

ICONS = {
    Kind.UNIT: "users",
    Kind.PERSON: "user",
    Kind.AREA: "layers",
    Kind.MARKET: "globe",
    Kind.EMPTY_SPACE: "circle-dashed",
    Kind.PAIN_POINT: "lightbulb",
    Kind.TOPIC: "flag",
    Kind.CYCLE: "table",
    Kind.DECISION: "scale",
    Kind.OBJECTIVE: "target",
    Kind.INITIATIVE: "scale",
    Kind.LAUNCH: "globe",
    Kind.PLAYBOOK: "book-open",
    Kind.REPORT: "file-text",
    Kind.PRACTICE: "waypoints",
    Kind.RELEASE: "send",
    Kind.BRIEF: "file-text",
    Kind.AUDIENCE: "users",
    Kind.CONSULTATION: "message-square",
    Kind.LESSON: "book-open",
    Kind.PATH: "route",
    Kind.REVIEW: "history",
    Kind.METRIC: "chart-column",
    Kind.BOARD: "chart-column",
    Kind.DASHBOARD: "chart-column",
    Kind.INCIDENT: "ear",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One result: what it is, where it opens."""

    kind: str
    kind_label: str
    object_id: int
    title: str
    detail: str
    url: str
    icon: str


def cards_of(user: User, objects: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Card]:
    """Titles and addresses of objects that the user may open, those that a column names in one question."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, object_id in objects:
        wanted[kind].append(object_id)
    return together.cards_of_kinds(user, wanted)


def find(user: User, text: str, *, kinds: Sequence[str] = (), limit: int = 20) -> list[Found]:
    """What the user may open that matches the text, best first."""
    rows = search(user, text, kinds=kinds, limit=limit)
    cards = cards_of(user, [(row.kind, row.object_id) for row in rows])
    return [
        Found(
            kind=row.kind,
            kind_label=str(Kind(row.kind).label),
            object_id=row.object_id,
            title=cards[row.kind, row.object_id].title,
            detail=row.detail,
            url=cards[row.kind, row.object_id].url,
            icon=ICONS.get(Kind(row.kind), "arrow-right"),
        )
        for row in rows
        if (row.kind, row.object_id) in cards
    ]
