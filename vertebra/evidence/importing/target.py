"""Work items as something that files of other tools are imported into, for the pages that all imports share."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.accounts.models import AuditRow, User
from vertebra.connectors.faults import Trouble
from vertebra.evidence.actions.trail import SourceGone
from vertebra.evidence.importing import forms, readings
from vertebra.evidence.importing.trail import CODE, Outcome, Told, bring_in, look
from vertebra.evidence.importing.words import told_flaw, told_trouble
from vertebra.evidence.labels import TRAIL_TABLES
from vertebra.evidence.models import HandOverQuestion, HandOverTold, StatusMeaning, TrailVersion, WorkPlace
from vertebra.evidence.trail import places
from vertebra.kit.jobs.progress import report
from vertebra.kit.refusal import Refusal
from vertebra.sources.models import ImportRun, Source
from vertebra.sources.target import (
    More,
    Preview,
    TableField,
    TableKind,
    Target,
    Unfit,
    Way,
    refuse_unless_as_shown,
)

TABLE = "table:events"
KINDS = {f"trail_{table}": words for table, words in TRAIL_TABLES.items()}
# The columns of an event log, and how logs of several tools call them.
COLUMNS = (
    TableField(
        "case", gettext_lazy("Work item"),
        ("case_concept_name", "case_id", "caseid", "case", "case_number", "sr_number", "incident_id", "incident_number",
         "ticket_id", "ticket_number", "issue_key", "issue_id", "id_de_dossier", "numero_de_dossier", "dossier", "ticket",
         "number", "id"),
        is_required=True, help=gettext_lazy("What the events with the same value happened to."),
    ),
    TableField(
        "at", gettext_lazy("When"),
        ("time_timestamp", "timestamp", "change_date_time", "event_time", "date_and_time", "datetime", "start_timestamp",
         "complete_timestamp", "horodatage", "date_et_heure", "date_heure", "time", "changed_at", "at", "date"),
        is_required=True,
    ),
    TableField("status", gettext_lazy("Status"), ("status", "state", "statut", "etat")),
    TableField(
        "activity", gettext_lazy("What was done"),
        ("concept_name", "activity", "activity_name", "event", "action", "task", "step", "activite", "evenement", "etape"),
        help=gettext_lazy("One of the two is needed: the status, or what was done."),
    ),
    TableField(
        "resource", gettext_lazy("By whom"),
        ("org_resource", "resource", "user", "agent", "performed_by", "changed_by", "author", "ressource", "utilisateur",
         "auteur"),
        help=gettext_lazy("Kept as a pseudonym that no page shows."),
    ),
    TableField("project", gettext_lazy("Project"), ("project", "project_key", "projet")),
    TableField("kind", gettext_lazy("Kind"), ("case_type", "issue_type", "request_type", "category", "categorie")),
    TableField("priority", gettext_lazy("Priority"), ("priority", "sr_latest_impact", "impact", "severity", "priorite")),
)  # fmt: skip

# What the reader of event logs understands by itself: a column kept as a field is called otherwise.
_RESERVED = frozenset(
    {*(field.code for field in COLUMNS), "end", "lifecycle", "title", "zone", "assignee", "reporter"}
)
# Headings of columns that name people: these are never kept in clear.
_OF_PEOPLE = frozenset({
    *next(field.hints for field in COLUMNS if field.code == "resource"), "assignee", "reporter", "owner", "owner_name",
    "owner_first_name", "owner_last_name", "first_name", "last_name", "full_name", "name", "email", "e_mail", "mail",
    "courriel", "prenom", "nom", "nom_complet", "responsable",
})  # fmt: skip


def tables() -> tuple[TableKind, ...]:
    """The one table whose columns are asked for: an event log."""
    more = gettext_lazy(
        "Each becomes a field of the work items, with its changes: the team, the support line, the sub-status… None that names people."
    )
    return (TableKind("events", gettext_lazy("Event log"), COLUMNS, More(more, _RESERVED, _OF_PEOPLE)),)


def ways(files: list[Path]) -> list[Way]:
    """The forms that work items come in."""
    return [Way(TABLE if form == forms.EVENTS else form, words) for form, words in forms.FORMS.items()]


def guess(files: list[Path]) -> str:
    """What the files look like."""
    found = forms.guess(files)
    return TABLE if found == forms.EVENTS else found


def _told(run: ImportRun, files: list[Path]) -> Told:
    if run.recipe == TABLE:
        return Told(files, "events", dict(run.mapping.get("columns", {})))
    return Told(files, "xes" if run.recipe == forms.XES else "jira")


def preview(run: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
    """What the files would add to the trail of their source."""
    try:
        found = look(told=_told(run, files), source=run.source.name, progress=report)
    except Trouble as trouble:
        return Preview(counts={}, changes=(), problems=[told_trouble(trouble)], is_blocked=True)
    except Refusal as refusal:
        return _blocked(refusal.message, refusal.remedy)
    except OSError:
        return _blocked(_no_room(), "")
    return Preview(
        counts=found.counts, changes=_first(found, files), problems=[told_flaw(flaw) for flaw in found.flaws]
    )


def _blocked(what: str, remedy: str) -> Preview:
    problem = {
        "file": "", "line": None, "column": None, "is_blocking": True, "what": what, "remedy": remedy,
    }  # fmt: skip
    return Preview(counts={}, changes=(), problems=[problem], is_blocked=True)


def _no_room() -> str:
    return _(
        "The files could not be kept: the disk of the server is full, or its data folder cannot be written."
    )


def _first(found: Outcome, files: list[Path]) -> list[dict[str, Any]]:
    """The first work items as they were understood: no people, no texts."""
    labels = {
        "project": _("project"), "kind": _("kind"), "status": _("status"), "created_at": _("created"),
        "updated_at": _("latest change"), "changes": _("changes"),
    }  # fmt: skip
    return [
        {
            "kind": "trail_items",
            "effect": "created",
            "name": one["key"],
            "file": files[0].name if len(files) == 1 else "",
            "line": 0,
            "fields": [
                {"label": label, "before": "", "after": _said(one[name])}
                for name, label in labels.items()
                if one[name] != ""
            ],
        }
        for one in found.first
    ]


def _said(value: Any) -> str:
    return (
        formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        if isinstance(value, dt.datetime)
        else str(value)
    )


def carry_out(actor: User, run: ImportRun, files: list[Path], now: dt.datetime) -> None:
    """Do what the preview showed."""
    try:
        bring_in(
            actor=actor, told=_told(run, files), source=run.source.name, run=run, now=now, progress=report,
            check=lambda counts: refuse_unless_as_shown(run, counts),
        )  # fmt: skip
    except Trouble as trouble:
        told = told_trouble(trouble)
        raise Unfit(f"{told['file']}: {told['what']} {told['remedy']}") from trouble
    except Refusal as refusal:
        raise Unfit(str(refusal)) from refusal
    except SourceGone as error:
        raise Unfit(_("The source was removed while its files were read: nothing was kept.")) from error
    except OSError as error:
        raise Unfit(_no_room()) from error


def brought(source: Source) -> dict[str, int]:
    """How much of a trail the source brought."""
    version = TrailVersion.objects.filter(source=source, superseded_at=None).first()
    return (
        {f"trail_{table}": version.counts[table] for table in TRAIL_TABLES if version.counts.get(table)}
        if version
        else {}
    )


def erase(actor: User, source: Source, now: dt.datetime) -> None:
    """Remove the trail of a source with its files; the caller audits it."""
    meanings = StatusMeaning.objects.filter(source=source)
    AuditRow.objects.filter(
        model="evidence.statusmeaning", row_id__in=list(meanings.values_list("pk", flat=True))
    ).delete()
    meanings.delete()
    TrailVersion.objects.filter(source=source).delete()
    HandOverTold.objects.filter(source=source).delete()
    for model in (WorkPlace, HandOverQuestion):
        rows = model.objects.filter(source=source)
        noted = AuditRow.objects.filter(model=model._meta.label_lower)
        noted.filter(row_id__in=list(rows.values_list("pk", flat=True))).delete()
        rows.delete()
    pk = source.pk
    transaction.on_commit(lambda: places.remove(pk))


def left_out_lines(left_out: Mapping[str, int]) -> list[str]:
    """Nothing is left out without being told as a problem."""
    return []


def _places(source: Source) -> str:
    """Where the projects of a source are given to units and areas, once it tells of any."""
    if not TrailVersion.objects.filter(source=source).exists():
        return ""
    return f"{reverse('evidence:trail-places')}?source={source.pk}"


def _enqueue(name: str, number: int) -> None:
    from vertebra.evidence.importing import jobs

    getattr(jobs, name).enqueue(number)


TRAIL = Target(
    code=CODE,
    label=gettext_lazy("Work items with their history"),
    kinds=KINDS,
    tables=tables,
    ways=ways,
    guess=guess,
    preview=preview,
    apply=carry_out,
    enqueue_preview=lambda run_id: _enqueue("look_at_trail", run_id),
    enqueue_apply=lambda run_id: _enqueue("apply_trail", run_id),
    brought=brought,
    erase=erase,
    left_out_lines=left_out_lines,
    is_dated=False,
    is_left_to_jobs=True,
    is_listed=False,
    page=lambda source: reverse("evidence:trail-show", args=(source.pk,)),
    takes_work=readings.TAKES_WORK,
    told_flaws=readings.told_flaws,
    places=_places,
    suffixes=forms.SUFFIXES,
    files_help=gettext_lazy(
        "JSON or CSV of Jira, an event log as CSV or XES; JSON and XES may be packed (.gz, .xz, .zst). Larger files are "
        "brought in at a terminal: vertebra import trail."
    ),
)
TARGETS = {TRAIL.code: TRAIL}
