"""Reports as readers know them: published ones for all, drafts for those who write them; which are due."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from vertebra.accounts.models import SharedLink, User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.tokens import digest_of
from vertebra.org.empty_spaces import person_of
from vertebra.roadmap.labels.reports import ReportState
from vertebra.roadmap.models import Report, ReportTemplate

SHIPPED = Path(__file__).parent.parent / "shipped" / "reports"
PAGE = "report"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A report that ships with Vertebra."""

    kind: str
    name: str
    every_months: int
    sections: tuple[str, ...]


@cache
def shipped(language: str) -> tuple[Shipped, ...]:
    """The reports that ship in a language (English where there are none)."""
    path = SHIPPED / f"{language}.toml"
    path = path if path.is_file() else SHIPPED / "en.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["report"]
    return tuple(Shipped(**{**row, "sections": tuple(row["sections"])}) for row in rows)


def open_to(user: User) -> QuerySet[Report]:
    """The reports somebody may read: those published; for Product Ops and authors those being written too."""
    rows = Report.objects.filter(archived_at=None).select_related("template__author", "template__of_unit")
    if may(user, Right.PRODUCT_OPS):
        return rows
    person = person_of(user)
    mine = Q(template__author=person) if person is not None else Q(pk__in=[])
    return rows.filter(Q(state=ReportState.PUBLISHED) | mine)


def may_write(user: User, report: Report) -> bool:
    """Whether somebody may write and publish a report: its author, and Product Ops."""
    if may(user, Right.PRODUCT_OPS):
        return True
    person = person_of(user) if report.template.author_id else None
    return person is not None and person.pk == report.template.author_id


def templates() -> QuerySet[ReportTemplate]:
    """The templates in use."""
    rows = ReportTemplate.objects.filter(archived_at=None).select_related("author__user", "of_unit")
    return rows.order_by("name", "pk")


def due(day: dt.date) -> QuerySet[ReportTemplate]:
    """The templates whose next report is due."""
    return templates().filter(next_on__lte=day)


def issues_of(report: Report) -> QuerySet[Report]:
    """The other issues of the same report, the latest first."""
    rows = Report.objects.filter(template=report.template_id, archived_at=None)
    return rows.exclude(pk=report.pk).order_by("-from_on")


def links_of(report: Report) -> QuerySet[SharedLink]:
    """The addresses that open a report without an account."""
    return SharedLink.objects.filter(page=PAGE, object_id=report.pk).order_by("-pk")


def link_of(token: str) -> SharedLink | None:
    """The link of an address, whether or not it still opens."""
    return SharedLink.objects.filter(page=PAGE, digest=digest_of(token)).first()


def months_before(day: dt.date, count: int) -> dt.date:
    """The first of the month so many months before."""
    at = day.year * 12 + day.month - 1 - count
    return dt.date(at // 12, at % 12 + 1, 1)


def shown(report: Report) -> dict[str, Any]:
    """What every form of a report shows: its content and its sentences."""
    return {"content": report.content, "sentences": {key: report.sentences.get(key, "") for key in KEYS}}


# The three sentences that an author writes.
KEYS = ("top", "ask", "next")
