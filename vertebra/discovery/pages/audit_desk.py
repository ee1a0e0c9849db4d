"""The desk where an audit is written: texts, order, quotes, pain points, quick wins, everything in place."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest
from vertebra.accounts.queries import feed
from vertebra.discovery.actions import audits as actions
from vertebra.discovery.actions import quick_wins as wins
from vertebra.discovery.forms.audits import ItemForm, NoteForm, QuickWinForm
from vertebra.discovery.labels import AUDIT_TONES, QUICK_WIN_TONES
from vertebra.discovery.models import Audit, AuditItem
from vertebra.discovery.pages.audit_frame import did, of_audit
from vertebra.discovery.queries.audit_document import chosen_quotes
from vertebra.discovery.queries.audit_figures import MOST_QUOTES, Scope, quotes_to_choose
from vertebra.discovery.queries.audit_words import function_said
from vertebra.discovery.queries.voices import quotable, voices
from vertebra.kit import clock

SHOWN_QUOTES = 40


@require_GET
@of_audit
def desk(request: PageRequest, audit: Audit) -> HttpResponseBase:
    """Write an audit."""
    if not audit.is_open:
        return redirect("discovery:audit-show", audit.pk)
    return render(request, "discovery/audit_desk.html", _context(request, audit))


def _context(request: PageRequest, audit: Audit, **more: Any) -> dict[str, Any]:
    items = list(audit.items.select_related("pain_point").order_by("rank", "pk"))
    quotes = chosen_quotes(items, clock.today())
    for item in items:
        item.quotes = [{"row": row, "voice": voice} for row, voice in quotes[item.pk]]  # type: ignore[attr-defined]
        item.sides = sorted(  # type: ignore[attr-defined]
            ((function_said(code), n) for code, n in item.figures.get("sides", {}).items()),
            key=lambda side: -side[1],
        )
    rows = list(audit.quick_wins.select_related("pain_point", "owner").order_by("pk"))
    for row in rows:
        row.tone = QUICK_WIN_TONES[row.state]  # type: ignore[attr-defined]
    return {
        "audit": audit,
        "items": items,
        "quick_wins": rows,
        "tone": AUDIT_TONES[audit.state],
        "item_form": ItemForm(without=[item.pain_point_id for item in items]),
        "win_form": QuickWinForm(items=items, prefix="win"),
        "note_form": NoteForm(),
        "figures": audit.figures,
        "history": feed(Kind.AUDIT, audit.pk, user=request.user, now=clock.now(), limit=10),
        **more,
    }


def _desk(audit: Audit, where: str = "") -> str:
    return reverse("discovery:audit-desk", args=(audit.pk,)) + where


@require_POST
@of_audit
def text(request: PageRequest, audit: Audit) -> HttpResponse:
    """Write one of the texts of the audit."""
    limits = {"title": 200, "introduction": 8000, "method": 8000, "not_heard": 4000}
    changes = {name: request.POST[name][:most] for name, most in limits.items() if name in request.POST}
    return did(
        request,
        lambda: actions.change_audit(actor=request.user, audit=audit, changes=changes, now=clock.now()),
        _("Saved."),
        _desk(audit),
    )


@require_POST
@of_audit
def order(request: PageRequest, audit: Audit) -> HttpResponse:
    """Put the items in an order: all of them as dragged, or one of them up or down."""
    now = clock.now()
    moved = request.POST.get("item", "")
    if moved.isdecimal() and len(moved) < 18:
        item = get_object_or_404(AuditItem, pk=int(moved), audit=audit)
        by = {"up": -1, "down": 1}.get(request.POST.get("move", ""), 0)
        return did(
            request,
            lambda: actions.move_item(actor=request.user, item=item, by=by, now=now),
            _("Moved."),
            _desk(audit, f"#item-{item.pk}"),
        )
    wanted = [int(pk) for pk in request.POST.getlist("order") if pk.isdecimal() and len(pk) < 18]
    return did(
        request,
        lambda: actions.order_items(actor=request.user, audit=audit, order=wanted, now=now),
        _("Moved."),
        _desk(audit, "#items"),
    )


@require_POST
@of_audit
def figures(request: PageRequest, audit: Audit) -> HttpResponse:
    """Count again."""
    return did(
        request,
        lambda: actions.refresh_audit(actor=request.user, audit=audit, now=clock.now()),
        _("Counted again; texts, quotes and order stay."),
        _desk(audit),
        can_undo=False,
    )


@require_POST
@of_audit
def item_create(request: PageRequest, audit: Audit) -> HttpResponse:
    """Add a pain point."""
    form = ItemForm(request.POST, without=[])
    if not form.is_valid() or form.cleaned_data["pain_point"] is None:
        return redirect(_desk(audit, "#items"))
    pain_point = form.cleaned_data["pain_point"]
    return did(
        request,
        lambda: actions.add_item(actor=request.user, audit=audit, pain_point=pain_point, now=clock.now()),
        _("Added at the end."),
        _desk(audit, "#items"),
    )


@require_POST
@of_audit
def item_removal(request: PageRequest, audit: Audit, item_id: int) -> HttpResponse:
    """Take a pain point out."""
    item = get_object_or_404(AuditItem, pk=item_id, audit=audit)
    return did(
        request,
        lambda: actions.remove_item(actor=request.user, item=item, now=clock.now()),
        _("Taken out of the audit; the pain point stays."),
        _desk(audit, "#items"),
    )


@require_POST
@of_audit
def item_comment(request: PageRequest, audit: Audit, item_id: int) -> HttpResponse:
    """Write what the authors say of a pain point."""
    item = get_object_or_404(AuditItem, pk=item_id, audit=audit)
    comment = request.POST.get("comment", "")[:4000]
    return did(
        request,
        lambda: actions.comment_item(actor=request.user, item=item, comment=comment, now=clock.now()),
        _("Saved."),
        _desk(audit, f"#item-{item.pk}"),
    )


@require_http_methods(["GET", "POST"])
@of_audit
def quotes(request: PageRequest, audit: Audit, item_id: int) -> HttpResponse:
    """Choose up to three quotes of those that may be shown."""
    item = get_object_or_404(AuditItem.objects.select_related("pain_point"), pk=item_id, audit=audit)
    if not audit.is_open:
        return redirect("discovery:audit-show", audit.pk)
    if request.method == "POST":
        wanted = {int(pk) for pk in request.POST.getlist("quote") if pk.isdecimal() and len(pk) < 18}
        rows = list(quotes_to_choose(item.pain_point_id).filter(pk__in=wanted))
        return did(
            request,
            lambda: actions.choose_quotes(actor=request.user, item=item, verbatims=rows, now=clock.now()),
            _("Quotes chosen."),
            _desk(audit, f"#item-{item.pk}"),
            can_undo=False,
        )
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    chosen = list(quotable(item.verbatims.select_related("interview")))
    found = quotes_to_choose(item.pain_point_id, Scope.of(audit), typed)
    others = list(found.exclude(pk__in=[row.pk for row in chosen])[:SHOWN_QUOTES])
    told = voices([*chosen, *others], clock.today())
    shown = [
        {"row": row, "voice": told[row.pk], "is_chosen": at < len(chosen)}
        for at, row in enumerate([*chosen, *others])
        if not told[row.pk].is_hidden
    ]
    context = {"audit": audit, "item": item, "shown": shown, "typed": typed, "most": MOST_QUOTES,
               "is_cut": len(others) == SHOWN_QUOTES}  # fmt: skip
    return render(request, "discovery/audit_quotes.html", context)


@require_POST
@of_audit
def quick_win_create(request: PageRequest, audit: Audit) -> HttpResponse:
    """Propose a quick win from the desk."""
    items = list(audit.items.select_related("pain_point").order_by("rank", "pk"))
    form = QuickWinForm(request.POST, items=items, prefix="win")
    if not form.is_valid():
        return render(
            request, "discovery/audit_desk.html", _context(request, audit, win_form=form), status=422
        )
    return did(
        request,
        lambda: wins.propose_quick_win(
            actor=request.user, audit=audit, language=audit.language, now=clock.now(), **form.cleaned_data
        ),
        _("Proposed."),
        _desk(audit, "#quick-wins"),
    )
