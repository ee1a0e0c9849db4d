"""An audit as files, and shared with people who have no account."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.actions.shared_links import revoke_link
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.discovery.actions import audit_publishing as actions
from vertebra.discovery.exports import files
from vertebra.discovery.forms.audits import LinkForm
from vertebra.discovery.models import Audit
from vertebra.discovery.pages.audit_frame import did, frozen_document, of_audit
from vertebra.discovery.queries.audits import (
    SHARED_PAGE,
    Edition,
    edition_of,
    latest_edition,
    link_of,
    links_of,
    open_to,
    published,
)
from vertebra.kit import clock
from vertebra.kit.headers import private

WHY_OPEN = "a published audit is shared by a revocable link that expires"


def _file(edition: Edition, form: str) -> HttpResponseBase | None:
    """The file, written at once when that is quick; nothing while the job still has to make it."""
    kind = files.FORMS[form][0]
    name = files.name_of(edition, form)
    if form not in files.HEAVY:
        response = HttpResponse(files.made(edition, form), content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    path = files.path_of(edition.audit.pk, edition.version, form)
    if edition.is_behind or not path.is_file():
        return None
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)


@require_http_methods(["GET", "POST"])
@requires(Right.READ)
def audit_file(request: PageRequest, audit_id: int, form: str) -> HttpResponseBase:
    """One form of the version that holds; a POST has it made where it is missing."""
    audit = get_object_or_404(open_to(request.user), pk=audit_id)
    edition = _edition(request, audit)
    if form not in files.FORMS:
        raise Http404
    here = reverse("discovery:audit-file", args=(audit.pk, form))
    kept = f"?version={edition.version}" if not edition.is_latest else ""
    if request.method == "POST":
        files.ask_for(audit.pk, edition.version)
        return redirect(here + kept)
    found = _file(edition, form)
    if found is not None:
        return found
    context = {"audit": audit, "url": here + kept, "form_name": form}
    if request.headers.get("HX-Request"):
        return render(request, "discovery/audit_file.html#waiting", context)
    return render(request, "discovery/audit_file.html", context)


@require_GET
@requires(Right.READ)
def file_state(request: PageRequest, audit_id: int, form: str) -> HttpResponse:
    """Whether a file is there by now: the page that waits for it asks."""
    audit = get_object_or_404(open_to(request.user), pk=audit_id)
    edition = _edition(request, audit)
    if form not in files.HEAVY:
        raise Http404
    is_there = files.path_of(audit.pk, edition.version, form).is_file() and not edition.is_behind
    kept = f"?version={edition.version}" if not edition.is_latest else ""
    url = reverse("discovery:audit-file", args=(audit.pk, form)) + kept
    context = {"audit": audit, "url": url, "form_name": form, "is_there": is_there}
    return render(request, "discovery/audit_file.html#waiting", context)


def _edition(request: HttpRequest, audit: Audit) -> Edition:
    asked = request.GET.get("version", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 6
    edition = edition_of(audit, int(asked)) if is_number else latest_edition(audit)
    if edition is None:
        raise Http404
    return edition


@require_http_methods(["GET", "POST"])
@of_audit
def links(request: PageRequest, audit: Audit) -> HttpResponse:
    """The addresses that open the audit without an account: those made, and a new one."""
    now = clock.now()
    form = LinkForm(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        # The address is told once, in the answer itself: only its digest is kept.
        _entry, secret = actions.share_audit(actor=request.user, audit=audit, now=now, **form.cleaned_data)
        made = request.build_absolute_uri(reverse("discovery:audit-by-link", args=(secret,)))
        form = LinkForm()
    shown = [{"link": link, "is_open": link.is_usable(now)} for link in links_of(audit)[:200]]
    context = {"audit": audit, "form": form, "made_url": made, "links": shown}
    return private(render(request, "discovery/audit_links.html", context, status=422 if form.errors else 200))


@require_POST
@of_audit
def link_revocation(request: PageRequest, audit: Audit, link_id: int) -> HttpResponse:
    """Close an address for good."""
    link = get_object_or_404(SharedLink, pk=link_id, page=SHARED_PAGE, object_id=audit.pk)
    return did(
        request,
        lambda: revoke_link(actor=request.user, link=link, now=clock.now()),
        _("The link no longer opens."),
        reverse("discovery:audit-links", args=(audit.pk,)),
        can_undo=False,
    )


def _opened(request: HttpRequest, token: str) -> Edition | HttpResponse:
    """The published audit that a link opens, or the page that says why it opens nothing."""
    link = link_of(token)
    # Whoever tries addresses is slowed down; a whole company may read from one address.
    if link is None and not is_allowed("audit_reading", f"shared:{who_asks(request)}"):
        return too_often(request)
    is_open = link is not None and link.object_id is not None and link.is_usable(clock.now())
    audit = published().filter(pk=link.object_id or 0).first() if link and is_open else None
    edition = latest_edition(audit) if audit else None
    if edition is None:
        return render(request, "discovery/audit_visitor.html", {}, status=410 if link else 404)
    return edition


@require_GET
@open_by_secret(reason=WHY_OPEN)
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A published audit, for somebody without an account."""
    found = _opened(request, token)
    if isinstance(found, HttpResponse):
        return found
    ready = [
        form
        for form in files.HEAVY
        if not found.is_behind and files.path_of(found.audit.pk, found.version, form).is_file()
    ]
    language = found.content["language"]
    context: dict[str, Any] = {
        **frozen_document(found),
        "edition": found,
        "token": token,
        "ready": ready,
        "language": language,
    }
    with translation.override(language):
        return render(request, "discovery/audit_visitor.html", context)


@require_GET
@open_by_secret(reason=WHY_OPEN)
def file_by_link(request: HttpRequest, token: str, form: str) -> HttpResponseBase:
    """A file of a published audit, for somebody without an account."""
    found = _opened(request, token)
    if isinstance(found, HttpResponse):
        return found
    if form not in files.FORMS or (response := _file(found, form)) is None:
        raise Http404
    return response
