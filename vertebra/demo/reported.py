"""Reports that write themselves: set up from what ships, two issues published, one waiting for its three sentences."""

import datetime as dt
from functools import partial

from vertebra.demo import content
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.understood import Replay
from vertebra.measures.queries.periods import next_period
from vertebra.org.models import Person
from vertebra.roadmap.actions.reports import (
    begin_report,
    freeze_report,
    publish_report,
    set_template,
    write_sentences,
)
from vertebra.roadmap.models import ReportTemplate
from vertebra.roadmap.queries.reports import shipped

AUTHORS = ("helene", "nadia", "ines")
KINDS = ("monthly_product", "committee")


class Reports:
    """Plans the templates and the issues of the last three months."""

    def __init__(self, replay: Replay) -> None:
        self.replay, self.until = replay, replay.until
        self.this_month = replay.until.replace(day=1)
        self.held: list[ReportTemplate] = []

    def plan(self) -> None:
        """Two months ago and last month an issue is published; this month's is a draft."""
        first = next_period(self.this_month, "month", -2)
        self.replay.plan(at(next_period(first, "month", -1), 9), self._set_up)
        for number in range(2):
            until = next_period(first, "month", number)
            self.replay.plan(at(until, 8, 10), partial(self._begin, until))
            self.replay.plan(at(until + dt.timedelta(days=3), 17), partial(self._publish, number, until))
        self.replay.plan(at(self.this_month, 7), partial(self._begin, self.this_month))

    def _set_up(self, now: dt.datetime) -> None:
        key = self.replay.company.there_on(AUTHORS, now.date())
        author = Person.objects.get(pk=self.replay.company.cast[key].id) if key else None
        for one in shipped(LANGUAGE):
            if one.kind in KINDS:
                values = {
                    "kind": one.kind,
                    "name": one.name,
                    "language": LANGUAGE,
                    "sections": list(one.sections),
                    "every_months": one.every_months,
                    "author": author,
                    "next_on": next_period(self.this_month, "month"),
                }
                self.held.append(set_template(actor=self.replay.who(now.date()), values=values, now=now))

    def _begin(self, until: dt.date, now: dt.datetime) -> None:
        actor = self.replay.who(now.date())
        begin_report(actor=actor, template=self.held[0], until_on=until, now=now)

    def _publish(self, number: int, until: dt.date, now: dt.datetime) -> None:
        actor, report = self.replay.who(now.date()), self.held[0].reports.get(until_on=until)
        words = content.acting()["report"]
        sentences = {name: words[name][number] for name in ("top", "ask", "next")}
        write_sentences(actor=actor, report=report, sentences=sentences, now=now)
        freeze_report(actor=actor, report=report, now=now + dt.timedelta(hours=1))
        publish_report(actor=actor, report=report, now=now + dt.timedelta(hours=2))
