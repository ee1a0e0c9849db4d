"""Reading the work items of a tracker portion by portion: each is kept with the place to go on from, so a crash costs a minute."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict

from django.db import transaction
from django.db.models import F

from vertebra.accounts.models import User
from vertebra.connectors.contract import WorkPage, WorkSession
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import Item, Sprint
from vertebra.sources.models import Connection, SyncRun
from vertebra.sources.target import ReadAgain, TakesWork

# A portion is kept after so many seconds: what was read since is read again after a crash.
PORTION_SECONDS = 60.0
TELL_SECONDS = 1.0
# Something else is brought into the same source at the same time.
ATTEMPTS = 5
# What was deleted in the tool is looked for as often.
LISTED_EVERY = dt.timedelta(days=7)
MOST_FLAWS = 20
# A worker that died is waited for no longer than this; one that lives says so at each page.
LONGEST_RUN, LONGEST_PAGE = dt.timedelta(hours=1), dt.timedelta(minutes=10)
Moment = Callable[[], dt.datetime]


class WorkReading:
    """One reading of the work items of a tracker, for one run."""

    def __init__(self, run: SyncRun, takes: TakesWork, actor: User | None, moment: Moment) -> None:
        self.run = run
        self.takes = takes
        self.actor = actor
        self.moment = moment
        self.told_at = time.monotonic()
        self.untold = 0

    def read(self, session: WorkSession, *, is_one_go: bool) -> bool:
        """Read on from where the last reading ended; says whether everything there is was read."""
        for _attempt in range(ATTEMPTS):
            connection = Connection.objects.get(source=self.run.source_id)
            try:
                is_whole = self._portions(session, connection, is_one_go=is_one_go)
            except ReadAgain:
                continue
            finally:
                self._note_flaws(session)
            if is_whole and self._is_to_be_listed(connection):
                self._list(session, connection)
            return is_whole
        return False

    def _portions(self, session: WorkSession, connection: Connection, *, is_one_go: bool) -> bool:
        pages = session.items(connection.work_cursor, connection.chosen, connection.mapping)
        while True:
            portion = _Portion(pages, connection.work_cursor, lambda page: self._goes_on(connection, page))
            done = self.takes.take(self.actor, self.run.source, portion, self.moment())
            self._tell()
            SyncRun.objects.filter(pk=self.run.pk).update(
                created_count=F("created_count") + done.get("created", 0),
                changed_count=F("changed_count") + done.get("changed", 0),
            )
            if not _move_on(connection, portion.cursor):
                return False
            if portion.trouble is not None:
                raise portion.trouble
            if portion.is_last:
                return True
            if is_one_go or portion.is_stopped:
                return False

    def _goes_on(self, connection: Connection, page: WorkPage) -> bool:
        """Tell from time to time how far reading is; whether nobody paused it, chose otherwise or removed the source."""
        self.untold += len(page.items)
        if page.total is not None and self.run.total_count is None:
            self.run.total_count = page.total + self.run.read_count
            SyncRun.objects.filter(pk=self.run.pk).update(total_count=self.run.total_count)
        if time.monotonic() - self.told_at < TELL_SECONDS:
            return True
        self._tell()
        held = Connection.objects.filter(pk=connection.pk).first()
        return held is not None and held.paused_at is None and _asked(held) == _asked(connection)

    def _tell(self) -> None:
        self.told_at = time.monotonic()
        SyncRun.objects.filter(pk=self.run.pk).update(read_count=F("read_count") + self.untold)
        Connection.objects.filter(source=self.run.source_id).update(busy_until=self.moment() + LONGEST_PAGE)
        self.untold = 0

    def _note_flaws(self, session: WorkSession) -> None:
        """Keep what was wrong with single work items of this run, the first of them."""
        if session.flaws:
            told = [*self.run.flaws, *(asdict(one) for one in session.flaws)][:MOST_FLAWS]
            SyncRun.objects.filter(pk=self.run.pk).update(flaws=told)

    def _is_to_be_listed(self, connection: Connection) -> bool:
        return connection.listed_at is None or connection.listed_at <= self.moment() - LISTED_EVERY

    def _list(self, session: WorkSession, connection: Connection) -> None:
        """Find what was deleted in the tool since it was last listed what there is."""
        there = self._listed(session, connection)
        gone = self.takes.miss(self.actor, self.run.source, there, connection.chosen, self.moment())
        SyncRun.objects.filter(pk=self.run.pk).update(gone_count=F("gone_count") + gone)
        Connection.objects.filter(pk=connection.pk).update(listed_at=self.moment())

    def _listed(self, session: WorkSession, connection: Connection) -> Iterator[str]:
        count = 0
        for count, one in enumerate(session.present(connection.chosen), 1):  # noqa: B007 (counted below)
            if time.monotonic() - self.told_at >= TELL_SECONDS:
                self._tell()
            yield one
        if not count and connection.work_cursor:
            # An account that sees nothing any more lost its right: nothing was deleted.
            raise Trouble(Fault.CHOICE_REFUSED, host=connection.address)


class _Portion:
    """Work items as they are read, until a minute has passed, something is wrong or somebody stops it."""

    def __init__(self, pages: Iterator[WorkPage], cursor: str, goes_on: Callable[[WorkPage], bool]) -> None:
        self.pages = pages
        self.cursor = cursor
        self.goes_on = goes_on
        self.sprints: list[Sprint] = []
        self.trouble: Trouble | None = None
        self.is_last = self.is_stopped = False

    def __iter__(self) -> Iterator[Item]:
        until, began = time.monotonic() + PORTION_SECONDS, self.cursor
        while True:
            try:
                page = next(self.pages, None)
            except Trouble as trouble:
                # What came before it is kept.
                self.trouble = trouble
                return
            if page is None:
                self.is_last = True
                return
            yield from page.items
            self.sprints += page.sprints
            self.cursor = page.cursor
            self.is_stopped = not self.goes_on(page)
            # However slow a tracker is, each portion comes further than the one before.
            if self.is_stopped or (time.monotonic() >= until and self.cursor != began):
                return


def _asked(connection: Connection) -> tuple[object, ...]:
    """What of a connection says what is read, and from where on."""
    return connection.chosen, connection.mapping, connection.work_cursor


def _move_on(connection: Connection, cursor: str) -> bool:
    """Keep the place to go on from, unless somebody asked for something else meanwhile."""
    with transaction.atomic():
        held = Connection.objects.select_for_update().filter(pk=connection.pk).first()
        if held is None or _asked(held) != _asked(connection):
            return False
        connection.work_cursor = cursor[:500]
        connection.save(update_fields=["work_cursor"])
    return True
