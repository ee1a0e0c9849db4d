"""Bringing the tracker's three years in, by the road that files of work items take."""

import datetime as dt
from collections.abc import Iterator
from itertools import chain

from django.db import transaction
from django.utils import translation

from vertebra.accounts.models import AuditEntry, User
from vertebra.connectors.trail import Item
from vertebra.demo import content
from vertebra.demo.habits import Board, boards, told_category
from vertebra.demo.rows import LANGUAGE
from vertebra.demo.tracker import Project, projects
from vertebra.evidence.actions.trail import publish_trail, say_what_statuses_mean
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
from vertebra.kit import clock
from vertebra.kit.jobs.progress import report
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import ImportRun, Source

FORM = "jira"
TARGET = "trail"


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
            for entry in AuditEntry.objects.filter(pk=run.entry_id):
                AuditEntry.objects.filter(pk=entry.pk).update(
                    particulars={**entry.particulars, "is_demo": True}
                )
            _say_what_statuses_mean(actor, source, version, now)
    return int(version.counts["items"])


def _items(teams: list[Project]) -> Iterator[Item]:
    return chain.from_iterable(team.items() for team in teams)


def _say_what_statuses_mean(actor: User, source: Source, version: TrailVersion, now: dt.datetime) -> None:
    """Correct what the tool says wrongly, or not at all."""
    meant = {status: board.category(status) for board in boards() for status in _odd(board)}
    known = {part["name"] for part in version.parts["statuses"]}
    told = {status: category for status, category in meant.items() if status in known}
    say_what_statuses_mean(actor=actor, source=source, meanings=told, now=now)


def _odd(board: Board) -> list[str]:
    words = (board.new, board.ready, board.dev, board.review, board.wait, board.qa, board.blocked, board.done)
    return [word for word in words if word and told_category(board, word) != board.category(word)]


def place_projects(now: dt.datetime) -> dict[str, int]:
    """Which unit each project of the tracker belongs to."""
    return {project.key: project.unit_id for project in projects(clock.today(now))}
