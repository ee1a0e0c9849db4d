"""Which releases may have somebody to answer: those not looked at for a day, and those behind which something is new."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.core.cache import cache

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Link
from vertebra.discovery.models import Evidence
from vertebra.org.models import EmptySpaceReport
from vertebra.releases.models import Relay, Release
from vertebra.releases.queries.raisers import NEWS_FOR, End, behind_all, to_answer
from vertebra.roadmap.models import Topic, Voice

# People come, accounts and addresses too: whatever is new or not, each is looked at again after that long.
AGAIN_AFTER = dt.timedelta(days=1)
# What was noted before that may have been saved only after one looked.
OVERLAP = dt.timedelta(minutes=10)


def to_look_at(now: dt.datetime) -> list[Release]:
    """The releases that came out lately of which somebody may be told who was not."""
    rows = list(to_answer(now))
    looked = _looked(rows)
    settled = {pk: at - OVERLAP for pk, at in looked.items() if at > now - AGAIN_AFTER}
    new = _new_since(min(settled.values())) if settled else {}
    around = behind_all(settled) if new else {}
    for pk, ends in around.items():
        ends.add((str(Kind.RELEASE), pk))
        if any(end in new and new[end] >= settled[pk] for end in ends):
            del settled[pk]
    return [row for row in rows if row.pk not in settled]


def note_looked(rows: Iterable[Release], now: dt.datetime) -> None:
    """Note that whoever raised what these answer is told as of now."""
    cache.set_many({_key(row.pk): now for row in rows}, int(NEWS_FOR.total_seconds()))


def _looked(rows: Collection[Release]) -> dict[int, dt.datetime]:
    keys = {_key(row.pk): row.pk for row in rows}
    return {keys[key]: at for key, at in cache.get_many(list(keys)).items()} if keys else {}


def _key(number: int) -> str:
    return f"raisers-told:{number}"


def _new_since(since: dt.datetime) -> dict[End, dt.datetime]:
    """What was tied, voiced, passed on, reported or heard since then, each with when, the latest."""
    found: dict[End, dt.datetime] = {}

    def note(kind: str, number: int, at: dt.datetime) -> None:
        found[kind, number] = max(at, found.get((kind, number), at))

    links = Link.objects.filter(since_at__gte=since, ended_at=None)
    for kind, number, to_kind, to_number, at in links.values_list(
        "from_kind", "from_id", "to_kind", "to_id", "since_at"
    ):
        note(kind, number, at)
        note(to_kind, to_number, at)
    voices = Voice.objects.filter(since_at__gte=since).values_list("topic", "since_at")
    relays = Relay.objects.filter(passed_at__gte=since, topic__isnull=False).values_list("topic", "passed_at")
    for number, at in voices.order_by().union(relays.order_by(), all=True):
        note(str(Kind.TOPIC), number, at)
    reports = EmptySpaceReport.objects.filter(at__gte=since).values_list("space", "at")
    for number, at in reports:
        note(str(Kind.EMPTY_SPACE), number, at)
    heard = Evidence.objects.filter(made_at__gte=since, person__isnull=False, ended_at=None)
    for number, at in heard.values_list("pain_point", "made_at"):
        note(str(Kind.PAIN_POINT), number, at)
    # Whoever speaks for a topic speaks for those that were merged into it.
    topics = [number for kind, number in found if kind == Kind.TOPIC]
    for number, into in Topic.objects.filter(merged_into__in=topics).values_list("pk", "merged_into"):
        if into is not None:
            note(str(Kind.TOPIC), number, found[str(Kind.TOPIC), into])
    return found
