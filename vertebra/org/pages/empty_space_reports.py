"""Reporting an empty space in half a minute, by whoever works here, or through a link without an account."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.actions.shared_links import revoke_link, share_page
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.pages.sessions import shown_once
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org.actions.empty_spaces import ReportedBefore, Said, report_space
from vertebra.org.actions.report_links import TooManyReports, report_through_link
from vertebra.org.empty_spaces import (
    LINK_PAGES,
    WITH_UNITS,
    WITHOUT_NAMES,
    Names,
    Neighbour,
    language_now,
    link_of,
    look_alikes,
    neighbours_by_label,
    open_spaces,
    title_of,
)
from vertebra.org.forms.empty_spaces import BETWEEN, LinkForm, LinkReportForm, ReportForm
from vertebra.org.labels import SPACE_TONES
from vertebra.org.models import EmptySpace
from vertebra.org.queries.structure import Structure

MOST_SUGGESTIONS = 12
KINDS = ("unit", "area", "market")


def _known(*, only_units: bool = False) -> dict[str, Neighbour]:
    structure = Structure.as_of(clock.today(), with_members=False)
    return neighbours_by_label(structure, only_units=only_units)


def _folded(known: dict[str, Neighbour]) -> dict[str, Neighbour]:
    return {fold(label): one for label, one in known.items()}


@requires(Right.TAKE_PART)
def report_page(request: PageRequest) -> HttpResponse:
    """Say in one sentence between whom nobody takes care of what; what was said before is shown first."""
    is_sent = request.method == "POST" and "begin" not in request.POST
    is_bare = not is_sent and not any(name in request.GET for name in ("near", *KINDS))
    labels = {} if is_bare else _known()
    given = request.POST if is_sent else None
    form = ReportForm(given, known=_folded(labels), initial=_initial(request, labels))
    alike: list[dict[str, Any]] = []
    if is_sent and form.is_valid():
        near = form.neighbours(form.cleaned_data)
        alike = _alike(form.cleaned_data["sentence"], near)
        if not alike or "same_as" in request.POST:
            return _report(request, form, near)
    return render(
        request,
        "org/empty_space_report.html",
        {"form": form, "alike": alike, "draft": "empty-space"},
        status=422 if form.errors else 200,
    )


def _initial(request: PageRequest, labels: dict[str, Neighbour]) -> dict[str, str]:
    """The neighbours that the page one comes from names, such as `?near=area:7`; the sentence that it begins, posted."""
    asked = [
        *request.GET.getlist("near"),
        *(f"{kind}:{one}" for kind in KINDS for one in request.GET.getlist(kind)),
    ]
    wanted = [tuple(code.split(":", 1)) for code in asked[:4]]
    by_code = {(one.kind, str(one.id)): label for label, one in labels.items()}
    found = [by_code[code] for code in wanted if code in by_code]
    sentence = request.POST.get("begin") or request.GET.get("sentence", "")
    return dict(zip(BETWEEN, found, strict=False)) | {"sentence": sentence[:500]}


def _alike(sentence: str, near: list[Neighbour]) -> list[dict[str, Any]]:
    found = look_alikes(sentence, [(one.kind, one.id) for one in near if one.id])
    names = Names(clock.today())
    return [
        {
            "space": one.space,
            "title": title_of(one.space),
            "between": [neighbour.name for neighbour in names.between(one.space)],
            "tone": SPACE_TONES[one.space.state],
        }
        for one in found
    ]


def _report(request: PageRequest, form: ReportForm, near: list[Neighbour]) -> HttpResponse:
    chosen = str(request.POST.get("same_as", ""))
    known: EmptySpace | None = None
    if chosen.isdecimal() and len(chosen) < 18:
        known = open_spaces().filter(pk=int(chosen)).first()
    said = Said(form.cleaned_data["sentence"], near, language_now())
    try:
        entry = report_space(actor=request.user, said=said, adds_to=known, now=clock.now())
    except ReportedBefore as refusal:
        messages.info(request, str(refusal))
        return redirect("org:empty-space-show", known.pk if known else 0)
    text = _("Added to what others reported. You will be told what becomes of it.") if known else ""
    text = text or _("Reported. You will be told what becomes of it.")
    messages.success(request, text, extra_tags=f"undo:{entry.pk}")
    return redirect("org:empty-space-show", entry.object_id)


@requires(Right.TAKE_PART)
@require_GET
def neighbour_part(request: PageRequest) -> HttpResponse:
    """Units, areas and markets whose name holds what somebody types, as suggestions."""
    typed = next((fold(request.GET[name][:100]) for name in BETWEEN if request.GET.get(name)), "")
    labels = [label for label in _known() if typed in fold(label)] if typed else []
    labels.sort(key=lambda label: (not fold(label).startswith(typed), len(label)))
    return render(request, "org/empty_space_report.html#neighbours", {"labels": labels[:MOST_SUGGESTIONS]})


@requires(Right.TAKE_PART)
@require_POST
def agreement(request: PageRequest, space_id: int) -> HttpResponse:
    """Say in one press that one sees a known empty space too."""
    space = get_object_or_404(EmptySpace, pk=space_id, archived_at__isnull=True)
    said = Said(title_of(space)[:500], (), language_now())
    try:
        entry = report_space(actor=request.user, said=said, adds_to=space, now=clock.now())
    except ReportedBefore as refusal:
        messages.info(request, str(refusal))
    else:
        text = _("Added to what others reported. You will be told what becomes of it.")
        messages.success(request, text, extra_tags=f"undo:{entry.pk}")
    return redirect("org:empty-space-show", space.pk)


@requires(Right.TAKE_PART)
@require_GET
def alike_part(request: PageRequest) -> HttpResponse:
    """What was said before in like words, while somebody writes."""
    form = ReportForm(request.GET, known=_folded(_known()))
    near = form.neighbours(request.GET.dict())
    alike = _alike(request.GET.get("sentence", "")[:500], near)
    return render(request, "org/empty_space_report.html#alike", {"alike": alike})


@requires(Right.EDIT_ORGANISATION)
def link_list(request: PageRequest) -> HttpResponse:
    """Addresses for people without an account: those that open, and a new one."""
    now = clock.now()
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        page = WITH_UNITS if given["shows_units"] else WITHOUT_NAMES
        _entry, token = share_page(
            actor=request.user, page=page, name=given["name"], days=given["days"], now=now
        )
        return shown_once(
            request,
            {
                "address": request.build_absolute_uri(reverse("org:report-by-link", args=[token])),
                "heading": _("Link for %(name)s") % {"name": form.cleaned_data["name"]},
                "intro": _("Copy it now: it is kept nowhere and never shown again."),
                "back_url": reverse("org:report-link-list"),
            },
        )
    links = SharedLink.objects.filter(page__in=LINK_PAGES).select_related("made_by").order_by("-pk")[:200]
    response = render(
        request,
        "org/empty_space_links.html",
        {
            "form": form,
            "links": [
                {"link": link, "is_open": link.is_usable(now), "shows_units": link.page == WITH_UNITS}
                for link in links
            ],
        },
        status=422 if form.errors else 200,
    )
    add_never_cache_headers(response)
    return response


@requires(Right.EDIT_ORGANISATION)
@require_POST
def link_revocation(request: PageRequest, link_id: int) -> HttpResponse:
    """Close an address for good."""
    link = get_object_or_404(SharedLink, pk=link_id, page__in=LINK_PAGES)
    try:
        revoke_link(actor=request.user, link=link, now=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The link no longer opens."))
    return redirect("org:report-link-list")


@open_by_secret(reason="people of the field report an empty space through a link that expires")
def report_by_link(request: PageRequest, token: str) -> HttpResponse:
    """The report page of somebody without an account; it shows nothing of what others reported."""
    now = clock.now()
    link = link_of(token)
    if link is None or not link.is_usable(now):
        return _visitor_page(request, {"is_over": True}, status=410 if link else 404)
    labels = _known(only_units=True) if link.page == WITH_UNITS else {}
    form = LinkReportForm(request.POST or None, known=_folded(labels))
    if request.method == "POST":
        if not is_allowed("empty_space_report", f"{link.pk}:{who_asks(request)}"):
            return too_often(request)
        if request.POST.get("website"):
            return _visitor_page(request, {"is_thanks": True})
        if form.is_valid():
            return _report_by_link(request, link, form)
    context = {"form": form, "labels": labels, "link": link}
    return _visitor_page(request, context, status=422 if form.errors else 200)


def _report_by_link(request: PageRequest, link: SharedLink, form: LinkReportForm) -> HttpResponse:
    cleaned = form.cleaned_data
    said = Said(cleaned["sentence"], form.neighbours(cleaned), language_now(), cleaned["reporter_name"])
    try:
        report_through_link(actor=None, link=link, said=said, now=clock.now())
    except TooManyReports:
        return too_often(request)
    return _visitor_page(request, {"is_thanks": True, "again_url": request.path})


def _visitor_page(request: PageRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "org/empty_space_visitor.html", context, status=status)
