"""What waits for somebody around releases, and what is new for everybody."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.home import Row, Rows, waits
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Mandate, Person
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.labels.releases import UPCOMING, ReleaseState, ValidationPart
from vertebra.releases.models import Brief, BriefQuestion, Release, Validation
from vertebra.releases.queries.announcement_states import wanted_of
from vertebra.releases.queries.reading_list import to_read, with_new
from vertebra.releases.queries.releases import releases
from vertebra.releases.queries.rights import Roles

MOST_ALIKE = 3
MOST_CHECKED = 20
LATELY = dt.timedelta(days=21)
SOON = dt.timedelta(days=30)
BRIEFS_AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits: its code, the number of what it opens, the release, what is said of it, until when."""

    code: str
    number: int
    title: str
    detail: str = ""
    due_on: dt.date | None = None


def due_for(user: User, now: dt.datetime) -> list[Rows]:
    """Briefs that somebody owns, questions and late days of what they lead, what is checked and who agreed, what they hold."""
    person, day = person_of(user), clock.today(now)
    if person is None:
        return []
    mandates = Mandate.objects.as_of(day).filter(person=person)
    return [
        _briefs(person.pk, day),
        *_of_lead(person.pk, day),
        *_checked(),
        waits(mandates, "role", title="role", detail="function"),
        to_read(person, day),
    ]


def in_turn(user: User, rows: Iterable[Row], now: dt.datetime) -> list[Due]:
    """What waits for somebody of these rows, and what they are asked around telling what they lead."""
    held, day = defaultdict[str, list[Row]](list), clock.today(now)
    for row in rows:
        held[row[0]].append(row)
    for each in held.values():
        each.sort(key=lambda row: (row[4] or dt.date.max, row[5], row[1]))
    roles = Roles(user, day, [(row[2], row[3]) for row in held["role"]])
    found = [
        Due(code, number, title, str(Trade(detail).label) if code == "brief" else detail, day)
        for of in ("brief", "question", "late")
        for code, number, title, detail, day, _place in held[of][:MOST_ALIKE]
    ]
    telling = _to_tell(roles.person.pk, now) if roles.person else ()
    return [*found, *_to_agree(roles, held["checked"], held["agreed"]), *telling]


def _briefs(person: int, day: dt.date) -> Rows:
    rows = Brief.objects.filter(owner=person, release__state__in=UPCOMING, release__archived_at=None)
    rows = rows.exclude(state=BriefState.READY).filter(due_on__lte=day + BRIEFS_AHEAD)
    return waits(_first(rows, "due_on"), "brief", title="release__title", detail="trade", day="due_on")


def _first(rows: Rows, *order: str) -> Rows:
    """As many of these as are shown, in that order: what waits is read together with everything else."""
    return rows.filter(pk__in=rows.order_by(*order, "pk").values("pk")[:MOST_ALIKE])


def _of_lead(person: int, day: dt.date) -> list[Rows]:
    asked = BriefQuestion.objects.filter(release__lead=person, answered_at=None, archived_at=None)
    late = releases().filter(lead=person, state__in=UPCOMING, planned_on__lt=day)
    return [
        waits(_first(asked), "question", title="release__title", detail="question"),
        waits(_first(late, "planned_on"), "late", day="planned_on"),
    ]


def _checked() -> list[Rows]:
    """What is being checked, with whose agreement its tier asks for and who leads it; who agreed."""
    checking = releases().filter(state=ReleaseState.CHECKING)
    nearest = checking.order_by(F("planned_on").asc(nulls_last=True), "pk").values("pk")[:MOST_CHECKED]
    said = Validation.objects.filter(release__in=nearest).exclude(part=ValidationPart.CHAMPIONS)
    lead = Coalesce("lead_id", 0)
    return [
        waits(
            releases().filter(pk__in=nearest),
            "checked",
            detail="tier__validations",
            day="planned_on",
            place=lead,
        ),
        waits(said, "agreed", number="release_id", title="part"),
    ]


def _to_agree(roles: Roles, checked: Iterable[Row], agreed: Iterable[Row]) -> Iterator[Due]:
    """What is being checked and waits for this person, as its lead, a director or Product Ops."""
    said = {(number, part) for _code, number, part, *_rest in agreed}
    for _code, number, title, asked, on, lead in sorted(
        checked, key=lambda row: (row[4] or dt.date.max, row[1])
    ):
        parts = [part for part in roles.parts(lead) if part in json.loads(asked)]
        # One champion of many agrees: the desk of champions says so, not the home page of each.
        if any(part != ValidationPart.CHAMPIONS and (number, part) not in said for part in parts):
            yield Due("agree", number, title, due_on=on)


def _to_tell(person: int, now: dt.datetime) -> Iterator[Due]:
    """What was told and is no longer so, what waits although its day came, what should be told by now."""
    for one in wanted_of(person, now, MOST_ALIKE):
        yield Due(one.code, one.release.pk, one.release.title, due_on=one.due_on)


def told_and_news(person: Person | None, day: dt.date, most: int) -> tuple[list[Any], list[Release]]:
    """What somebody was told of, what they have not read first; what came out lately or comes next, the nearest days."""
    came = Q(state=ReleaseState.RELEASED, released_on__gte=day - LATELY)
    comes = Q(state__in=UPCOMING, planned_on__gte=day, planned_on__lte=day + SOON)
    new = releases().filter(came | comes).order_by("-changed_at", "-pk")[:60]
    rows = list(with_new(person, new, most).order_by("-changed_at", "-pk"))
    told = sorted((row for row in rows if row.latest), key=lambda row: -row.turn)[:most]
    near: dict[dt.date, list[Release]] = defaultdict(list)
    for row in rows:
        if _is_new(row, day):
            near[row.released_on or row.planned_on or day].append(row)
    days = sorted(near, key=lambda one: abs((one - day).days))
    found = [(one, row) for one in days for row in near[one]][:most]
    return told, [row for _on, row in sorted(found, key=lambda pair: (pair[0], pair[1].pk))]


def _is_new(row: Release, day: dt.date) -> bool:
    """Whether it came out in the last three weeks or comes in the next thirty days."""
    if row.state == ReleaseState.RELEASED:
        return row.released_on is not None and row.released_on >= day - LATELY
    return row.state in UPCOMING and row.planned_on is not None and day <= row.planned_on <= day + SOON
