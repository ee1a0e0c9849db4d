"""Dashboards of other tools: registered so that they are found before a new one is made."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.labels.charts import DashboardTool
from vertebra.measures.models import Dashboard, Metric

_TOOLS = {
    "metabase": DashboardTool.METABASE, "looker": DashboardTool.LOOKER, "tableau": DashboardTool.TABLEAU,
    "powerbi": DashboardTool.POWER_BI, "grafana": DashboardTool.GRAFANA, "superset": DashboardTool.SUPERSET,
}  # fmt: skip


class AlreadyThere(Refusal):
    """A dashboard is registered once."""


class NoAddress(Refusal):
    """A dashboard has a web address."""


def _tool_of(url: str) -> str:
    host = (urlsplit(url).hostname or "").replace("-", "")
    return next((tool for word, tool in _TOOLS.items() if word in host), DashboardTool.OTHER)


@transaction.atomic
def register_dashboard(
    *, actor: User, metrics: Sequence[Metric] = (), now: dt.datetime, **values: Any
) -> Dashboard:
    """Register a dashboard of another tool, with what it answers."""
    if urlsplit(values["url"]).scheme not in {"http", "https"}:
        raise NoAddress(_("Give the address of the dashboard, beginning with https://."))
    if there := Dashboard.objects.filter(url=values["url"]).first():
        raise AlreadyThere(_("It is registered already, as “%(name)s”.") % {"name": there.name})
    values["tool"] = values.get("tool") or _tool_of(values["url"])
    row = Dashboard(**values, made_by=actor, created_at=now)
    tracker = audit.Tracker()
    tracker.create(row)
    tracker.relate(row, "metrics", metrics)
    _index(row, now)
    _record(actor, "create", row, tracker, now)
    return row


@transaction.atomic
def change_dashboard(
    *, actor: User, dashboard: Dashboard, metrics: Sequence[Metric], now: dt.datetime, **values: Any
) -> AuditEntry:
    """Say otherwise where a dashboard is, what it answers, which metrics it shows."""
    row = Dashboard.objects.select_for_update().get(pk=dashboard.pk)
    if Dashboard.objects.filter(url=values.get("url", row.url)).exclude(pk=row.pk).exists():
        raise AlreadyThere(_("Another dashboard is registered at this address."))
    values["tool"] = values.get("tool") or _tool_of(values.get("url", row.url))
    tracker = audit.Tracker()
    is_moved = tracker.relate(row, "metrics", metrics)
    if not tracker.change(row, **values) and not is_moved:
        raise NothingChanges(_("It is so already."))
    _index(row, now)
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def archive_dashboard(*, actor: User, dashboard: Dashboard, now: dt.datetime) -> AuditEntry:
    """Take a dashboard out of the lists: it is no longer kept, or another one says it better."""
    row = Dashboard.objects.select_for_update().get(pk=dashboard.pk)
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    search.unindex(Kind.DASHBOARD, [row.pk])
    return _record(actor, "archive", row, tracker, now)


def _index(row: Dashboard, now: dt.datetime) -> None:
    entry = search.Entry(
        Kind.DASHBOARD, row.pk, row.name, row.get_tool_display(), row.description, row.language
    )
    search.index(entry, now=now)


def _record(actor: User, verb: str, row: Dashboard, tracker: audit.Tracker, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.DASHBOARD, object_id=row.pk, object_name=row.name, now=now,
        rows=tracker.changes,
    )  # fmt: skip
