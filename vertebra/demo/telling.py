"""Telling the field: what came out, who was told, who understood, what champions made of it; written at once."""

import datetime as dt
import random

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.accounts.search import index_many
from vertebra.demo.book import Book
from vertebra.demo.consulted import Asking, Champions
from vertebra.demo.designed import Designing
from vertebra.demo.gated import Gates
from vertebra.demo.outgoing import Out, Outgoing
from vertebra.demo.plans import Employee
from vertebra.demo.reached import Reach
from vertebra.demo.reviewed import Retros
from vertebra.demo.rows import at
from vertebra.demo.taught import Teaching
from vertebra.demo.understood import Replay
from vertebra.demo.worded import Wording, writers_of
from vertebra.learning.actions.standing import entry_of as lesson_entry
from vertebra.learning.actions.standing import path_entry
from vertebra.learning.models import Lesson, Path
from vertebra.releases.actions.standing import entry_of
from vertebra.releases.actions.tiers import ensure_tiers
from vertebra.releases.models import Release, Tier
from vertebra.sources.models import Source

SOURCES = {"changelog": "Journaux de version", "tracker": "Suivi des équipes"}


class Telling:
    """Releases and everything that people did around them; each part draws its own chance."""

    def __init__(self, replay: Replay, users: dict[str, int], seed: int) -> None:
        drawn = [random.Random(seed + number) for number in range(8)]  # noqa: S311 (rules, not secrets)
        self.replay, self.users, self.drawn = replay, users, drawn
        self.going = Outgoing(replay, drawn[0])
        self.champions = Champions(self.going)
        self.rows = 0

    def write(self, now: dt.datetime) -> None:
        """All of it, once everything else is known; then the role of champions is looked back at."""
        found, book, drawn = self.going.plan(), Book(), self.drawn
        start = at(self.replay.company.timeline.start, 8)
        ensure_tiers(actor=None, now=start)
        tiers = dict(Tier.objects.values_list("slug", "pk"))
        near = {one.id: self._near(one) for one in found if one.tier != "minor" and not one.is_copy}
        writers = writers_of(found, near)
        wording = Wording(self.going, book, self.users, writers, drawn[1])
        reach = Reach(self.going, book, self.users, drawn[2])
        sources = self._sources(start)
        wording.write(found, tiers, sources)
        reach.audiences()
        reach.write(found, wording)
        Gates(self.going, book, near, drawn[3]).write(found)
        Asking(self.going, self.champions, book, self.users, drawn[4]).write(found)
        teaching = Teaching(self.going, reach, wording, book, self.users, drawn[5])
        teaching.write(found, self.champions)
        book.write(lambda done: None)
        Link.objects.bulk_create([*self._links(found), *teaching.links], batch_size=500)
        self.rows = book.count
        Designing(self.going, sources.get("tracker"), drawn[7]).write(found, now)
        Retros(self.replay, drawn[6]).hold()
        self._index(now)

    def _near(self, one: Out) -> list[tuple[Employee, str]]:
        """The champions whom a release concerned before its day."""
        day = min(one.day, self.going.until) - dt.timedelta(days=10)
        return [(row.person, row.function) for row in self.champions.near(one.area, one.markets, day)]

    def _sources(self, start: dt.datetime) -> dict[str, int]:
        if not self.going.profile.has_source:
            return {}
        made_by = self.users["ada"]
        return {
            key: Source.objects.create(
                name=name, kind="file", is_demo=True, made_by_id=made_by, made_at=start
            ).pk
            for key, name in SOURCES.items()
        }

    def _links(self, found: list[Out]) -> list[Link]:
        """What each release carries out and answers."""
        return [
            Link(
                from_kind=Kind.RELEASE, from_id=one.id, to_kind=kind, to_id=number,
                relation=Relation.CARRIES_OUT if kind == Kind.INITIATIVE else Relation.ANSWERS,
                since_at=at(one.created_on, 10, 30),
            )
            for one in found
            for kind, number in one.answers
        ]  # fmt: skip

    @staticmethod
    def _index(now: dt.datetime) -> None:
        """Let search know releases, lessons and paths."""
        index_many([entry_of(row) for row in Release.objects.order_by("pk")], now=now)
        index_many([lesson_entry(row) for row in Lesson.objects.order_by("pk")], now=now)
        index_many([path_entry(row) for row in Path.objects.order_by("pk")], now=now)
