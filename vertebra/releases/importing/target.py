"""Releases as something that changelogs are imported into and connected systems give, for the pages that all share."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditRow, Link, User
from vertebra.connectors.changelogs import Found, read_changelogs
from vertebra.connectors.release_notes import ReleaseRecord
from vertebra.releases.importing import actions
from vertebra.releases.importing.plan import KIND, Plan, Told, plan_import
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Release
from vertebra.sources.models import ImportRun, Source
from vertebra.sources.target import Preview, Target, Unfit, Way, refuse_unless_as_shown

CODE = "releases"
WAY = "changelog"
SUFFIXES = frozenset({".md", ".markdown", ".mdx", ".rst", ".txt", ".json"})
KIND_WORDS = {KIND: gettext_lazy("releases")}
_SHOWN = {
    "title": gettext_lazy("title"),
    "version": gettext_lazy("version"),
    "state": gettext_lazy("state"),
    "planned_on": gettext_lazy("planned on"),
    "released_on": gettext_lazy("released on"),
    "web_address": gettext_lazy("address"),
}


def ways(files: list[Path]) -> list[Way]:
    """Changelogs and release notes are read in one way."""
    if not files or not all(path.suffix.lower() in SUFFIXES for path in files):
        return []
    return [Way(WAY, _("Changelogs and release notes"))]


def guess(files: list[Path]) -> str:
    """The one way, where the files may be read so."""
    return WAY if ways(files) else ""


def _plan(run: ImportRun, files: list[Path], now: dt.datetime) -> tuple[Found, Plan]:
    found = read_changelogs(files)
    plan = plan_import(found.releases, source=run.source.name, now=now, problems=found.problems)
    return found, plan


def look(run: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
    """What the files would do to the releases."""
    _found, plan = _plan(run, files, now)
    return Preview(
        counts=plan.summary(),
        changes=lines(plan),
        unknowns=plan.unknowns,
        problems=[one.as_json({}) for one in plan.troubles],
        is_blocked=plan.is_blocked,
    )


def lines(plan: Plan) -> Iterator[dict[str, Any]]:
    """Every change as JSON keeps it, in the reader's language."""
    for one in plan.told:
        if not one.is_touched:
            continue
        yield {
            "kind": KIND,
            "effect": "created" if one.is_new else "changed",
            "name": one.told["title"],
            "file": one.record.origin.file,
            "line": one.record.origin.line,
            "fields": list(_fields(one)),
        }


def _fields(one: Told) -> Iterator[dict[str, str]]:
    for name, label in _SHOWN.items():
        if one.is_new and one.told.get(name):
            yield {"label": str(label), "before": "", "after": _said(name, one.told[name])}
        elif name in one.after:
            yield {
                "label": str(label),
                "before": _said(name, one.before[name]),
                "after": _said(name, one.after[name]),
            }
    if one.is_new and one.record.item_count:
        yield {"label": _("things that change"), "before": "", "after": str(one.record.item_count)}


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "state":
        return str(ReleaseState(value).label)
    return formats.date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, dt.date) else str(value)


def carry_out(actor: User, run: ImportRun, files: list[Path], now: dt.datetime) -> None:
    """Do what the preview showed."""
    found = read_changelogs(files)
    try:
        actions.import_releases(
            actor=actor,
            records=found.releases,
            source=run.source.name,
            now=now,
            problems=found.problems,
            run=run,
            check=lambda plan: refuse_unless_as_shown(run, plan.summary()),
        )
    except actions.HasErrors as error:
        raise Unfit(str(error)) from error


def take(
    actor: User | None, source: Source, records: Sequence[ReleaseRecord], now: dt.datetime
) -> dict[str, int]:
    """Take what a connected system gives, each time the same; gives how many were created, changed and left."""
    plan = actions.import_releases(actor=actor, records=records, source=source.name, now=now).plan
    return {effect: int(count) for effect, count in plan.summary().get(KIND, {}).items()}


def brought(source: Source) -> dict[str, int]:
    """How many releases the source brought."""
    count = Release.objects.filter(source=source).count()
    return {KIND: count} if count else {}


def erase(actor: User, source: Source, now: dt.datetime) -> None:
    """Remove the releases that the source brought, with what the audit kept of them; the caller audits it."""
    ids = list(Release.objects.filter(source=source).values_list("pk", flat=True))
    search.unindex(Kind.RELEASE, ids)
    for start in range(0, len(ids), actions.BATCH):
        some = ids[start : start + actions.BATCH]
        AuditRow.objects.filter(model="releases.release", row_id__in=some).delete()
        for end in ("from", "to"):
            Link.objects.filter(**{f"{end}_kind": Kind.RELEASE, f"{end}_id__in": some}).delete()
        Release.objects.filter(pk__in=some).delete()


def left_out_lines(left_out: Mapping[str, int]) -> list[str]:
    """Nothing is left out without being told as a problem."""
    return []


def _enqueue(name: str, number: int) -> None:
    from vertebra.releases.importing import jobs

    getattr(jobs, name).enqueue(number)


RELEASES = Target(
    code=CODE,
    label=gettext_lazy("Releases (changelogs, release notes)"),
    kinds=KIND_WORDS,
    tables=tuple,
    ways=ways,
    guess=guess,
    preview=look,
    apply=carry_out,
    enqueue_preview=lambda run_id: _enqueue("look_at_releases", run_id),
    enqueue_apply=lambda run_id: _enqueue("apply_releases", run_id),
    brought=brought,
    erase=erase,
    left_out_lines=left_out_lines,
    is_dated=False,
    take=take,
    enqueue_sync=lambda source_id: _enqueue("sync_source", source_id),
)
TARGETS = {RELEASES.code: RELEASES}
