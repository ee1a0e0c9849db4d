"""How often each person was asked for something this week, whoever asked: twice at most."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from vertebra.evidence.models import Ask
from vertebra.kit import clock
from vertebra.org.models import Person

MOST_A_WEEK = 2
WEEK = dt.timedelta(days=7)
_AT_ONCE = 500
_LATEST = 100


def asks_this_week(person_ids: Sequence[int], now: dt.datetime) -> Counter[int]:
    """How many things each of these people was asked for in the last seven days, today included."""
    since = clock.today(now) - WEEK
    found: Counter[int] = Counter()
    for start in range(0, len(person_ids), _AT_ONCE):
        some = person_ids[start : start + _AT_ONCE]
        found.update(Ask.objects.filter(on__gt=since, person__in=some).values_list("person_id", flat=True))
    return found


def room_for(person_ids: Sequence[int], now: dt.datetime) -> set[int]:
    """Those of these people who may be asked for one thing more today."""
    asked = asks_this_week(person_ids, now)
    return {person for person in person_ids if asked[person] < MOST_A_WEEK}


def room_to_ask(person_ids: Sequence[int], now: dt.datetime) -> set[int]:
    """The same, in the transaction that asks them: others who would ask the same people wait for its end."""
    held = Person.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), _AT_ONCE):
        list(held.filter(pk__in=ids[start : start + _AT_ONCE]))
    return room_for(ids, now)


def asked_of(person_id: int) -> dict[tuple[str, int], dt.date]:
    """What the person was asked for lately (kind and id), and on which day."""
    rows = Ask.objects.filter(person=person_id).order_by("-on", "-pk")[:_LATEST]
    return {(kind, object_id): on for kind, object_id, on in rows.values_list("kind", "object_id", "on")}


def is_in_week(day: dt.date, now: dt.datetime) -> bool:
    """Whether a day is one of the last seven, today included."""
    return day > clock.today(now) - WEEK


def note_asks(person_ids: Iterable[int], kind: str, object_id: int, now: dt.datetime) -> None:
    """Note that these people are asked for one thing today; the same thing twice is one ask."""
    day = clock.today(now)
    rows = [Ask(person_id=person, kind=kind, object_id=object_id, on=day) for person in person_ids]
    Ask.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)
