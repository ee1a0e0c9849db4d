"""Bringing the tracker's three years in, by the road that files of work items take."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import chain

from django.db import transaction
from django.utils import translation

from vertebra.accounts.models import AuditEntry, User
from vertebra.connectors.trail import Item
from vertebra.demo import content
from vertebra.demo.habits import boards
from vertebra.demo.rows import LANGUAGE
from vertebra.demo.tracker import Project, projects
from vertebra.evidence.actions.flow import map_each_place
from vertebra.evidence.actions.trail import publish_trail, say_what_statuses_mean
from vertebra.evidence.labels import PlaceWay
from vertebra.evidence.models import FlowFigure, TrailVersion, WorkPlace
from vertebra.evidence.queries.flow import OWN_WEEKS
from vertebra.evidence.trail import places
from vertebra.kit import clock
from vertebra.kit.jobs.progress import report
from vertebra.org.models import Unit
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import ImportRun, Source

FORM = "jira"
TARGET = "trail"
LONGEST = dt.timedelta(days=31)


def track(now: dt.datetime) -> int:
    """Bring the work of all teams in up to now, unless it is here; gives how many pieces of work there are."""
    from vertebra.evidence.trail.staging import stage

    name = content.tracker()["source"]
    if Source.objects.filter(name=name).exists():
        return 0
    actor = User.objects.filter(is_cast=True).order_by("pk").first()
    if actor is None:
        return 0
    teams = projects(clock.today(now))
    with places.aside() as folder, translation.override(LANGUAGE):
        staged = stage(_items(teams), None, folder, report)
        with transaction.atomic():
            source = Source.objects.create(
                name=name, kind=SourceKind.FILE, is_demo=True, made_by=actor, made_at=now
            )
            run = ImportRun(source=source, target=TARGET, recipe=FORM, files=[{"name": content.tracker()["file"], "size": 0}],
                            made_by=actor, made_at=now, files_deleted_at=now)  # fmt: skip
            version = publish_trail(actor=actor, source=name, staged=staged, run=run, now=now)
            if version is None:
                return 0
            # Nothing real was brought in: who is of the cast may come in as before.
            if run.entry is not None:
                told = {**run.entry.particulars, "is_demo": True}
                AuditEntry.objects.filter(pk=run.entry.pk).update(particulars=told)
            _say_what_statuses_mean(actor, source, version, now)
            place_projects(actor, source, teams, now)
    return int(version.counts["items"])


def figure_as_it_went(now: dt.datetime) -> None:
    """Compute how work flowed; of what is long over the teams have had their two weeks, as had it been done at its time."""
    from vertebra.evidence.trail.figuring import figure

    figure(now)
    long_over = FlowFigure.objects.filter(starts_on__lt=clock.today(now) - LONGEST - OWN_WEEKS)
    long_over.update(first_at=now - OWN_WEEKS)


def _items(teams: list[Project]) -> Iterator[Item]:
    return chain.from_iterable(team.items() for team in teams)


def _say_what_statuses_mean(actor: User, source: Source, version: TrailVersion, now: dt.datetime) -> None:
    """Correct what the tool says wrongly, or not at all."""
    meant = {status: board.category(status) for board in boards() for status in board.statuses}
    told = {
        part["name"]: meant[part["name"]]
        for part in version.parts["statuses"]
        if part["name"] in meant and part["category"] != meant[part["name"]]
    }
    say_what_statuses_mean(actor=actor, source=source, meanings=told, now=now)


def place_projects(actor: User, source: Source, teams: Iterable[Project], now: dt.datetime) -> None:
    """Say to which unit the work of each project belongs, as Product Ops does on screen."""
    units = Unit.objects.in_bulk([team.unit_id for team in teams])
    wanted = {
        WorkPlace.objects.create(source=source, way=PlaceWay.PROJECT, value=team.key): (
            units[team.unit_id],
            None,
        )
        for team in teams
    }
    map_each_place(actor=actor, wanted=wanted, now=now)
