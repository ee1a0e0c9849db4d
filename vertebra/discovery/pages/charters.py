"""Pages of the charter: the one that holds, its versions and what differs, its draft."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion
from vertebra.discovery.actions import charters as actions
from vertebra.discovery.forms.charters import CharterForm
from vertebra.discovery.models import Charter
from vertebra.discovery.queries.charters import (
    ONE_PAGE,
    before,
    differences,
    draft_of,
    holding,
    length_of,
    open_to,
    owes_what_changed,
    parts_of,
)
from vertebra.discovery.shipped.charters import PARTS
from vertebra.kit import clock
from vertebra.org.empty_spaces import language_now
from vertebra.org.forms.together import keep_only_changed, remember_shown
from vertebra.org.pages.frame import do, done

NAMES = dict(settings.LANGUAGES)


@require_GET
@requires(Right.READ)
def charter_page(request: PageRequest) -> HttpResponse:
    """The charter that holds, in the reader's language where it is written in it."""
    language = language_now()
    charter = holding(language)
    if charter is None:
        may_write = may(request.user, Right.PRODUCT_OPS)
        context = {"may_write": may_write, "draft": draft_of(language) if may_write else None}
        return render(request, "discovery/charter_none.html", context | {"language_here": language})
    return _page(request, charter)


@require_GET
@requires(Right.READ)
def version_page(request: PageRequest, charter_id: int) -> HttpResponse:
    """One version of the charter; a draft is Product Ops' alone."""
    charter = get_object_or_404(Charter.objects.select_related("written_by"), pk=charter_id)
    if charter.published_at is None and not may(request.user, Right.PRODUCT_OPS):
        raise Http404
    return _page(request, charter)


def _page(request: PageRequest, charter: Charter) -> HttpResponse:
    """A version with its parts; the draft is written in place."""
    may_write = may(request.user, Right.PRODUCT_OPS)
    current = charter if charter.published_at else None
    versions = open_to(request.user)
    latest = next((one for one in versions if one.language == charter.language and one.published_at), current)
    length = length_of(charter)
    context: dict[str, Any] = {
        "charter": charter,
        "parts": parts_of(charter),
        "is_draft": charter.published_at is None,
        "holds": latest is not None and latest.pk == charter.pk,
        "latest": latest,
        "may_write": may_write,
        "draft": next(
            (one for one in versions if one.language == charter.language and not one.published_at), None
        ),
        "versions": versions,
        "before": next((one for one in versions if _is_before(one, charter)), None),
        "length": length,
        "one_page": ONE_PAGE,
        "is_long": length > ONE_PAGE,
        "audit": owes_what_changed() if may_write else None,
        "languages_to_write": _languages_to_write(versions) if may_write else [],
        "language_name": NAMES.get(charter.language, charter.language),
        "discussion": discussion(request.user, Kind.CHARTER, charter.pk, clock.now()),
    }
    return render(request, "discovery/charter.html", context)


def _is_before(one: Charter, charter: Charter) -> bool:
    """Whether one was published before a version, in its language."""
    return bool(one.published_at) and one.language == charter.language and one.number < charter.number


def _languages_to_write(versions: list[Charter]) -> list[tuple[str, str]]:
    """The languages in which nobody writes a draft now."""
    written = {one.language for one in versions if one.published_at is None}
    return [(code, name) for code, name in settings.LANGUAGES if code not in written]


@require_GET
@requires(Right.READ)
def difference_page(request: PageRequest, charter_id: int) -> HttpResponse:
    """What differs between a version and the one before it, or the one that `?from=` names."""
    readable = {one.pk: one for one in open_to(request.user)}
    new = readable.get(charter_id)
    if new is None:
        raise Http404
    asked = request.GET.get("from", "")
    old = readable.get(int(asked)) if asked.isdecimal() and len(asked) < 18 else before(new)
    others = [one for one in readable.values() if one.pk != new.pk]
    context = {"new": new, "old": old, "others": others, "parts": differences(old, new) if old else []}
    return render(request, "discovery/charter_differences.html", context)


@require_POST
@requires(Right.PRODUCT_OPS)
def charter_create(request: PageRequest) -> HttpResponseBase:
    """Start the next version, in one of the languages of the instance."""
    language = request.POST.get("language", "") or language_now()
    if language not in NAMES:
        raise Http404
    if existing := draft_of(language):
        return redirect("discovery:charter-version", existing.pk)
    entry = actions.start_charter(actor=request.user, language=language, now=clock.now())
    url = reverse("discovery:charter-version", args=(entry.object_id,))
    return done(request, _("Here is the draft: press a text to write it."), entry, url)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def charter_edit(request: PageRequest, charter_id: int) -> HttpResponseBase:
    """Write a draft: everything in a form, or the one part that was edited in place."""
    charter = get_object_or_404(Charter, pk=charter_id, published_at=None)
    initial = {part: getattr(charter, part) for part in PARTS}
    form = CharterForm(request.POST or None, initial=initial)
    remember_shown(form)
    url = reverse("discovery:charter-version", args=(charter_id,))
    if request.method == "POST" and form.is_valid() and keep_only_changed(form):
        try:
            entry = actions.write_charter(
                actor=request.user, charter=charter, words=form.cleaned_data, now=clock.now()
            )
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect(url)
        return done(request, _("Written."), entry, url)
    context = {"form": form, "charter": charter, "cancel_url": url}
    return render(request, "discovery/charter_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Right.PRODUCT_OPS)
def charter_publication(request: PageRequest, charter_id: int) -> HttpResponseBase:
    """Show a draft to everybody."""
    charter = get_object_or_404(Charter, pk=charter_id)
    return do(
        request,
        lambda: actions.publish_charter(actor=request.user, charter=charter, now=clock.now()),
        _("Published: everybody reads it now."),
        reverse("discovery:charter-version", args=(charter_id,)),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def charter_removal(request: PageRequest, charter_id: int) -> HttpResponseBase:
    """Put a draft away."""
    charter = get_object_or_404(Charter, pk=charter_id)
    return do(
        request,
        lambda: actions.discard_charter(actor=request.user, charter=charter, now=clock.now()),
        _("The draft is put away."),
        reverse("discovery:charter-show"),
    )
