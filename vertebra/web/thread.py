"""The golden thread of an object: where it comes from and what came of it, as far as the user may read."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from vertebra.accounts.labels import BACKWARDS, Kind, Relation
from vertebra.accounts.models import Link, User
from vertebra.kit.cards import Card, Tie
from vertebra.web.registry import entries
from vertebra.web.search import cards_of

DEPTH = 8
STEPS = 200
MOST_TOLD = 3
Node = tuple[str, int]
# Where a pain point was heard lies before all that followed from it: the words, and before them the conversations.
HEARD = {str(Kind.VERBATIM): 0, str(Kind.INTERVIEW): 1, str(Kind.CAMPAIGN): 1}

# Of two tied objects, the one that comes first: the evidence of a thing, and the aim, source or object of any other.
_UP = "{link}.from_kind = walk.kind AND {link}.from_id = walk.id AND {link}.relation <> 'evidences'"
_UP_EVIDENCE = "{link}.to_kind = walk.kind AND {link}.to_id = walk.id AND {link}.relation = 'evidences'"
_DOWN = "{link}.to_kind = walk.kind AND {link}.to_id = walk.id AND {link}.relation <> 'evidences'"
_DOWN_EVIDENCE = "{link}.from_kind = walk.kind AND {link}.from_id = walk.id AND {link}.relation = 'evidences'"


@dataclass(frozen=True, slots=True)
class Step:
    """One object of the thread, how far it is from where one stands, what it is to the next one, and why."""

    card: Card
    kind_label: str
    distance: int
    relation: str
    why: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """The steps before an object, the furthest first, and those after it, the nearest first."""

    here: Card
    before: list[Step]
    after: list[Step]


def thread_of(user: User, here: Card, kinds: Collection[str] = ()) -> Thread:
    """Follow the links both ways from an object, add what modules tell of it, leave out what the user may not open.

    Only objects of these kinds, where some are given.
    """
    node = (here.kind, here.id)
    before, after = _walk(node, _UP, _UP_EVIDENCE), _walk(node, _DOWN, _DOWN_EVIDENCE)
    told = _ties(node)
    if node[0] == Kind.VERBATIM:
        _go_on(told, after)
    told += _shown_by(before)
    wanted = [*before, *after, *((tie.kind, tie.id) for tie in told)]
    cards = cards_of(user, [one for one in wanted if not kinds or one[0] in kinds])
    early = [*_steps(before, cards), *_told(told, before, cards, is_before=True)]
    late = [*_steps(after, cards), *_told(told, after, cards, is_before=False)]
    return Thread(
        here,
        sorted(early, key=lambda step: (-step.distance, step.since)),
        sorted(late, key=lambda step: (step.distance, step.since)),
    )


def _ties(node: Node) -> list[Tie]:
    return [tie for ties in entries("THREAD_TIES") for tie in ties(*node)]


def _go_on(told: list[Tie], after: dict[Node, tuple[int, Link]]) -> None:
    """Follow the links from what a module tells to come after, such as from words to the pain point they show."""
    for tie in [tie for tie in told if not tie.is_before][:MOST_TOLD]:
        for node, (depth, link) in _walk((tie.kind, tie.id), _DOWN, _DOWN_EVIDENCE).items():
            after.setdefault(node, (depth + 1, link))


def _shown_by(before: dict[Node, tuple[int, Link]]) -> list[Tie]:
    """What was heard behind the pain points of the thread."""
    pains = [node for node in before if node[0] == Kind.PAIN_POINT][:MOST_TOLD]
    return [tie for node in pains for tie in _ties(node) if tie.is_before]


def _walk(start: Node, *ways: str) -> dict[Node, tuple[int, Link]]:
    """Every object reached from one by links of a direction, with the longest way to it and the last link of that way.

    An initiative answers a pain point and carries out what was decided of it: it comes after the decision.
    """
    table = Link._meta.db_table
    tied = " OR ".join(f"({way.format(link='link')})" for way in ways)
    forward = "(link.from_kind = walk.kind AND link.from_id = walk.id)"
    statement = f"""
        WITH RECURSIVE walk(kind, id, depth, link_id) AS (
            SELECT CAST(%s AS varchar(30)), CAST(%s AS bigint), 0, CAST(0 AS bigint)
            UNION
            SELECT CASE WHEN {forward} THEN link.to_kind ELSE link.from_kind END,
                   CASE WHEN {forward} THEN link.to_id ELSE link.from_id END,
                   walk.depth + 1, link.id
            FROM walk JOIN {table} link ON link.ended_at IS NULL AND ({tied})
            WHERE walk.depth < {DEPTH}
        )
        SELECT walk.kind AS step_kind, walk.id AS step_id, walk.depth AS step_depth, link.*
        FROM walk JOIN {table} link ON link.id = walk.link_id
        ORDER BY walk.depth, link.id LIMIT {STEPS}"""  # noqa: S608 (no input in it)
    found: dict[Node, tuple[int, Link]] = {}
    # The columns are told by name: a table keeps them in the order in which they came.
    rows: Iterable[Any] = Link.objects.raw(statement, start)
    for link in rows:
        node = (link.step_kind, link.step_id)
        if node != start and link.step_depth > found.get(node, (0, link))[0]:
            found[node] = (link.step_depth, link)
    return found


def _steps(found: dict[Node, tuple[int, Link]], cards: dict[Node, Card]) -> Iterable[Step]:
    for node, (depth, link) in found.items():
        if card := cards.get(node):
            label = str(Kind(node[0]).label)
            yield Step(card, label, depth, _related(node, link), link.why, link.since_at)


def _related(node: Node, link: Link) -> str:
    """What an object is to the next one of the thread, in words."""
    relation = Relation(link.relation)
    is_from = node == (link.from_kind, link.from_id)
    return str(relation.label if is_from else BACKWARDS[relation])


def _told(
    ties: Iterable[Tie], linked: dict[Node, tuple[int, Link]], cards: dict[Node, Card], *, is_before: bool
) -> Iterable[Step]:
    """The nearest steps of one side that a module tells, where no link does already."""
    known = set(linked)
    furthest = 1 + max((depth for depth, _link in linked.values()), default=0) if is_before else 1
    for tie in ties:
        card = cards.get((tie.kind, tie.id))
        if card and tie.is_before == is_before and (tie.kind, tie.id) not in known:
            known.add((tie.kind, tie.id))
            distance = furthest + HEARD[tie.kind] if tie.kind in HEARD else 1
            yield Step(card, str(Kind(tie.kind).label), distance, tie.relation, tie.why, tie.since)
