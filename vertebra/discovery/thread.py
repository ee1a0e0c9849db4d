"""What the objects of discovery are called, for comments, watches, search and the thread; what is private stays so."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.together import Found, Names
from vertebra.discovery.labels import AuditState
from vertebra.discovery.models import (
    Audit,
    Campaign,
    Charter,
    Diagnosis,
    Guide,
    HelpRequest,
    Interview,
    PainPoint,
    QuickWin,
    StageOfFunction,
    Stance,
    Verbatim,
)
from vertebra.discovery.queries.pain_points import open_to
from vertebra.kit.cards import Titled

SHORT = 80
Ids = Sequence[int]


def _page(name: str, *args: object) -> str:
    """The address of a page; the home page where this version has none."""
    try:
        return reverse(f"discovery:{name}", args=args)
    except NoReverseMatch:
        return reverse("web:home")


def _private(
    model: type[Model], titles: Callable[[Any], str], page: Callable[[Any], str], *related: str
) -> Callable[[User, Ids], Found]:
    """Objects that only Product Ops may know of."""

    def names(user: User, ids: Ids) -> Found:
        if not may(user, Right.PRODUCT_OPS):
            return {}
        rows = model._base_manager.filter(pk__in=ids).select_related(*related)
        return {row.pk: (titles(row), page(row)) for row in rows}

    return names


def _talk(row: Interview) -> str:
    name = row.person.name if row.person else str(_("somebody"))
    day = row.held_on or (row.starts_at.date() if row.starts_at else None)
    said = formats.date_format(day, "SHORT_DATE_FORMAT") if day else ""
    return " · ".join(part for part in (_("Conversation with %(name)s") % {"name": name}, said) if part)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _audits(user: User) -> QuerySet[Audit]:
    """Published audits for all; drafts for Product Ops."""
    if may(user, Right.PRODUCT_OPS):
        return Audit.objects.all()
    return Audit.objects.filter(state=AuditState.PUBLISHED, archived_at=None)


def _charters(user: User, ids: Ids) -> Found:
    rows = Charter.objects.filter(pk__in=ids)
    if not may(user, Right.PRODUCT_OPS):
        rows = rows.filter(published_at__isnull=False)
    title = _("Charter of Product Ops, version %(number)s")
    return {row.pk: (title % {"number": row.number}, _page("charter-version", row.pk)) for row in rows}


def _help_requests(user: User, ids: Ids) -> Found:
    rows = HelpRequest.objects.filter(pk__in=ids)
    return {row.pk: (_short(row.sentence), _page("help-request-show", row.pk)) for row in rows}


def _quick_wins(user: User, ids: Ids) -> Found:
    """Quick wins are read on the page of the pain point they relieve, by those who may open it."""
    rows = QuickWin.objects.filter(pk__in=ids, pain_point__in=open_to(user))
    return {row.pk: (row.title, _page("pain-point-show", row.pain_point_id)) for row in rows}


resolve = Names(
    {
        Kind.PAIN_POINT: Titled(PainPoint, "discovery:pain-point-show", open_to=open_to),
        Kind.AUDIT: Titled(Audit, "discovery:audit-show", open_to=_audits),
        Kind.CHARTER: _charters,
        Kind.HELP_REQUEST: _help_requests,
        Kind.QUICK_WIN: _quick_wins,
        Kind.GUIDE: _private(Guide, lambda row: row.title, lambda row: _page("guide-show", row.pk)),
        Kind.CAMPAIGN: _private(Campaign, lambda row: row.title, lambda row: _page("campaign-show", row.pk)),
        Kind.INTERVIEW: _private(Interview, _talk, lambda row: _page("interview-show", row.pk), "person"),
        Kind.VERBATIM: _private(
            Verbatim,
            lambda row: _short(row.text),
            lambda row: (
                f"{_page('interview-show', row.interview_id)}#mark-{row.pk}"
                if row.interview_id
                else _page("campaign-list")
            ),
        ),
        Kind.STANCE: _private(
            Stance,
            lambda row: (
                _("Stance noted on %(day)s") % {"day": formats.date_format(row.noted_on, "SHORT_DATE_FORMAT")}
            ),
            lambda row: _page("stance-list"),
        ),
        Kind.DIAGNOSIS: _private(
            Diagnosis,
            lambda row: (
                _("Diagnosis of %(day)s") % {"day": formats.date_format(row.started_on, "SHORT_DATE_FORMAT")}
            ),
            lambda row: _page("diagnosis-show", row.pk),
        ),
        Kind.STAGE: _private(
            StageOfFunction,
            lambda row: (
                _("Stage of the function on %(day)s")
                % {"day": formats.date_format(row.on, "SHORT_DATE_FORMAT")}
            ),
            lambda row: _page("diagnosis-list"),
        ),
    }
)
