"""What a person finds on coming in: what waits for them, what changed in what they follow, what became of what they raised."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.permissions import Right, may
from vertebra.evidence.asks import MOST_A_WEEK, asked_of, is_in_week, note_asks
from vertebra.kit.home import Block, Need, Part, needs_of
from vertebra.org.empty_spaces import person_of
from vertebra.releases.models import Consultation
from vertebra.releases.queries.consultations import heard_by
from vertebra.web.registry import entries
from vertebra.web.waiting import rows_for

NEEDS = 7
CHANGES = 12


@dataclass(frozen=True, slots=True)
class Home:
    """What waits for one person today."""

    leads: list[str]
    needs: list[Need]
    more_needs: int
    fresh: list[tuple[str, int]]


def home_of(user: User, now: dt.datetime) -> Home:
    """Gather what every module has to say to this person; at most seven things wait at once."""
    parts = _parts(user, now)
    waiting = needs_of(parts, rows_for(user, tuple(entries("HOME")), now))
    needs, fresh = _asked_in_measure(user, waiting, now)
    return Home(
        leads=[lead for part in parts if (lead := part.lead())],
        needs=needs[:NEEDS],
        more_needs=max(0, len(needs) - NEEDS),
        fresh=fresh,
    )


def blocks_of(user: User, now: dt.datetime) -> list[Block]:
    """What became of what the person raised, where they work, and what else each module has to show them."""
    return [block for part in _parts(user, now) for block in part.blocks()]


def around(user: User, now: dt.datetime) -> list[Block]:
    """What the person answers for beyond their own work: the function, the unit that they direct."""
    return [block for part in _parts(user, now) for block in part.around()]


def _parts(user: User, now: dt.datetime) -> list[Part]:
    return [provider(user, now) for provider in entries("HOME")]


def _asked_in_measure(
    user: User, needs: list[Need], now: dt.datetime
) -> tuple[list[Need], list[tuple[str, int]]]:
    """What the person is in charge of, and at most two things a week of what others ask of them.

    What was asked already (by mail, say) comes first; gives also what is asked here for the first time.
    """
    asks = [need for need in needs if need.ask]
    person = person_of(user) if asks else None
    if person is None:
        return [need for need in needs if not need.ask], []
    known = asked_of(person.pk)
    shown = [need for need in asks if need.ask in known][:MOST_A_WEEK]
    this_week = sum(is_in_week(day, now) for day in known.values())
    room = max(0, MOST_A_WEEK - max(len(shown), this_week))
    fresh = [need for need in asks if need.ask not in known][:room]
    shown += fresh
    return [need for need in needs if not need.ask or need in shown], [need.ask for need in fresh if need.ask]


def note_shown(user: User, asks: Iterable[tuple[str, int]], now: dt.datetime) -> None:
    """Note what Home asked of the person today, within the measure of the week."""
    person = person_of(user)
    if person is not None:
        room = MOST_A_WEEK - sum(is_in_week(day, now) for day in asked_of(person.pk).values())
        for kind, object_id in list(asks)[: max(0, room)]:
            note_asks([person.pk], kind, object_id, now)


def followed_changes(user: User) -> QuerySet[AuditEntry]:
    """What others did to the objects that the person follows, latest first."""
    followed = Watch.objects.filter(user=user, kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    changes = AuditEntry.objects.filter(Exists(followed)).exclude(actor=user).order_by("-id")
    # Which champion answered, and when, is read by those who read their answers.
    heard = Consultation.objects.filter(heard_by(user)).values("pk")
    changes = changes.exclude(~Q(object_id__in=heard), kind=Kind.CONSULTATION, verb="answer")
    if may(user, Right.PRODUCT_OPS):
        return changes
    # The minute at which words were tied to a pain point, or taken back, would tell whose they are.
    undone = {"undoes__verb__in": ("link", "unlink")}
    about = changes.filter(kind=Kind.PAIN_POINT)
    told = Q(verb__in=("link", "unlink")) | Q(**undone)
    return changes.exclude(pk__in=about.filter(told).values("pk"))
