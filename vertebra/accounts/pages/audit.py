"""The audit: who changed what, with what it was before, and taking it back."""

import dataclasses
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from vertebra.accounts import audit, together
from vertebra.accounts.labels import AUDIT_VERBS, Kind, Operation
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.permissions import (
    PRIVATE_KINDS,
    PageRequest,
    Right,
    may,
    requires,
)
from vertebra.accounts.queries import changes_of, detail_of, is_told, names_of, told_changes, verb_words
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf

SHOWN_ROWS = 200


def _since(rows: "QuerySet[Any]", day: str) -> "QuerySet[Any]":
    return rows.filter(at__date__gte=parse_date(day))


def _until(rows: "QuerySet[Any]", day: str) -> "QuerySet[Any]":
    return rows.filter(at__date__lte=parse_date(day))


LIST = ListOf(
    page="accounts:audit-list",
    file_name="audit",
    columns=(
        Column("at", gettext_lazy("When"), lambda row: row.at, sort="id"),
        Column("actor", gettext_lazy("Who"), lambda row: row.actor_name),
        Column("verb", gettext_lazy("Did what"), lambda row: verb_words(row.verb, row.kind)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("object", gettext_lazy("To what"), lambda row: row.object_name),
    ),
    filters=(
        Filter("who", gettext_lazy("Who"), lambda rows, v: rows.filter(actor_name__icontains=v), kind="text"),
        Filter("verb", gettext_lazy("Did what"), lambda rows, v: rows.filter(verb=v), AUDIT_VERBS.items),  # type: ignore[arg-type]
        Filter("kind", gettext_lazy("Kind"), lambda rows, v: rows.filter(kind=v), lambda: Kind.choices),
        Filter("since", gettext_lazy("Since"), _since, kind="date"),
        Filter("until", gettext_lazy("Until"), _until, kind="date"),
    ),
    search=lambda rows, text: (
        rows.filter(object_name__icontains=text) | rows.filter(actor_name__icontains=text)
    ),
    sort="-at",
)
# Somebody without any right: what they may be told, all who see the audit may.
NOBODY = User()
# The same for those who run the instance: of what is private to Product Ops, neither read nor found by its name.
UNNAMED_LIST = dataclasses.replace(
    LIST,
    columns=(
        *LIST.columns[:-1],
        Column(
            "object",
            gettext_lazy("To what"),
            lambda row: row.object_name if is_told(NOBODY, row.kind, row.particulars) else row.unnamed,
        ),
    ),
    search=lambda rows, text: (
        rows.filter(object_name__icontains=text).exclude(kind__in=(*PRIVATE_KINDS, Kind.COMMENT))
        | rows.filter(actor_name__icontains=text)
    ),
)


@requires(Right.SEE_AUDIT)
def audit_list(request: PageRequest) -> HttpResponseBase:
    """Everything that was changed, the latest first."""
    views = together.saved_views(request.user, LIST.page, request.get_full_path())
    shown = LIST if may(request.user, Right.PRODUCT_OPS) else UNNAMED_LIST
    listing = shown.read(request, AuditEntry.objects.all(), saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.words, row.detail = verb_words(row.verb, row.kind), detail_of(row)
        if not is_told(request.user, row.kind, row.particulars):
            row.object_name, row.detail = row.unnamed, ""
    return render(request, "accounts/audit.html", {"listing": listing})


@requires(Right.READ)
def entry_page(request: PageRequest, entry_id: int) -> HttpResponseBase:
    """One entry: what was before, what is after, and whether it can be taken back."""
    entry = _open_entry(request, entry_id)
    now = clock.now()
    may_read = is_told(request.user, entry.kind, entry.particulars)
    if not may_read:
        entry.object_name = entry.unnamed
    rows = list(entry.rows.order_by("id")[:SHOWN_ROWS]) if may_read else []
    names = names_of(rows)
    told = told_changes(entry, request.user) if may_read else []
    changed = [row for row in rows if row.operation == Operation.CHANGED]
    reason = audit.why_not_undoable(entry, now)
    undone_by = AuditEntry.objects.filter(undoes=entry).first()
    context = {
        "entry": entry,
        "words": verb_words(entry.verb, entry.kind),
        "detail": detail_of(entry) if may_read else "",
        "changes": told or changes_of(changed, names, request.user),
        "row_count": entry.rows.count(),
        "card": _card(request.user, entry),
        "why_not": reason,
        "may_undo": audit.may_undo(request.user, entry),
        "undone_by": undone_by,
    }
    return render(request, "accounts/entry.html", context)


@requires(Right.READ)
@require_POST
def entry_undo(request: PageRequest, entry_id: int) -> HttpResponseBase:
    """Take back what an entry did."""
    entry = _open_entry(request, entry_id)
    if not audit.may_undo(request.user, entry):
        raise Http404
    card = _card(request.user, entry)
    try:
        undone = audit.undo(actor=request.user, entry=entry, now=clock.now())
        messages.success(request, _("Undone: it is as it was before."), extra_tags=f"undo:{undone.pk}")
    except audit.CannotUndo as reason:
        messages.error(request, str(reason))
    address = _where_from(request)
    if card and urlsplit(address).path == urlsplit(card.url).path and not _card(request.user, entry):
        address = "/"
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _open_entry(request: PageRequest, entry_id: int) -> AuditEntry:
    """The entry, for who did it and for those who see the whole audit; for others it does not exist."""
    entry = get_object_or_404(AuditEntry.objects.select_related("undoes"), pk=entry_id)
    if entry.actor_id != request.user.pk and not may(request.user, Right.SEE_AUDIT):
        raise Http404
    return entry


def _card(user: User, entry: AuditEntry) -> Any:
    return together.card_of(user, entry.kind, entry.object_id) if entry.object_id else None


def _where_from(request: PageRequest) -> str:
    """The page on which undo was pressed, if it is one of ours."""
    address = request.POST.get("next") or request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
    return reverse("accounts:entry-page", args=(request.resolver_match.kwargs["entry_id"],))  # type: ignore[union-attr]
