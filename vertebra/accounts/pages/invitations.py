"""Inviting people."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts import outbox
from vertebra.accounts.actions import invitations
from vertebra.accounts.actions.doors import EmailTaken
from vertebra.accounts.forms import InviteForm
from vertebra.accounts.labels import LinkState, Purpose, Role
from vertebra.accounts.models import OneTimeLink
from vertebra.accounts.pages.limits import limited
from vertebra.accounts.pages.sessions import shown_once
from vertebra.accounts.permissions import PageRequest, Right, requires, roles_to_give
from vertebra.accounts.queries import state_of
from vertebra.accounts.together import saved_views
from vertebra.accounts.tokens import LinkNotUsable
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf

TONES = {
    LinkState.WAITING: "accent",
    LinkState.ACCEPTED: "good",
    LinkState.EXPIRED: "attention",
    LinkState.REVOKED: "neutral",
}


def _in_state(rows: "QuerySet[Any]", state: str) -> "QuerySet[Any]":
    if state == LinkState.ACCEPTED:
        return rows.exclude(used_at=None)
    rows = rows.filter(used_at=None)
    if state == LinkState.REVOKED:
        return rows.exclude(revoked_at=None)
    rows, now = rows.filter(revoked_at=None), clock.now()
    return rows.filter(expires_at__gt=now) if state == LinkState.WAITING else rows.filter(expires_at__lte=now)


LIST = ListOf(
    page="accounts:invitation-list",
    file_name="invitations",
    columns=(
        Column("email", gettext_lazy("E-mail"), lambda row: row.email, sort="email"),
        Column("name", gettext_lazy("Name"), lambda row: row.name),
        Column("role", gettext_lazy("Role"), lambda row: row.get_role_display()),
        Column("state", gettext_lazy("State"), lambda row: state_of(row, clock.now()).label),
        Column("made_at", gettext_lazy("Sent"), lambda row: row.made_at, sort="made_at"),
        Column("expires_at", gettext_lazy("Until"), lambda row: row.expires_at, sort="expires_at"),
        Column("made_by", gettext_lazy("By"), lambda row: row.made_by and row.made_by.name),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), _in_state, lambda: LinkState.choices),
        Filter("role", gettext_lazy("Role"), lambda rows, v: rows.filter(role=v), lambda: Role.choices),
    ),
    search=lambda rows, text: rows.filter(email__icontains=text) | rows.filter(name__icontains=text),
    sort="-made_at",
)


@requires(Right.INVITE)
def invitation_list(request: PageRequest) -> HttpResponseBase:
    """Who was invited, and where each invitation stands."""
    rows = OneTimeLink.objects.filter(purpose=Purpose.INVITATION).select_related("made_by")
    views = saved_views(request.user, LIST.page, request.get_full_path())
    listing = LIST.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    now, mine = clock.now(), roles_to_give(request.user)
    for row in listing.rows:
        row.state = state_of(row, now)
        row.tone = TONES[row.state]
        row.can_change = row.role in mine and row.state in {LinkState.WAITING, LinkState.EXPIRED}
    waiting = rows.filter(used_at=None, revoked_at=None, expires_at__gt=now).count()
    return render(request, "accounts/invitations.html", {"listing": listing, "waiting": waiting})


@requires(Right.INVITE)
@require_http_methods(["GET", "POST"])
@limited("invitation")
def invitation_create(request: PageRequest) -> HttpResponseBase:
    """Invite somebody."""
    start = {"language": request.user.language, "role": request.GET.get("role") or Role.READER}
    form = InviteForm(request.POST or None, user=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            link, address = invitations.invite_person(
                actor=request.user, now=clock.now(), **form.cleaned_data
            )
            return _sent(request, link, address)
        except (EmailTaken, invitations.RoleNotYours) as reason:
            form.add_error(None, str(reason))
    context = {
        "form": form,
        "mail_is_on": outbox.mail_is_on(),
        "submit_label": _("Invite"),
        "cancel_url": reverse("accounts:invitation-list"),
    }
    return render(request, "accounts/invite.html", context, status=422 if form.errors else 200)


@requires(Right.INVITE)
@require_POST
@limited("invitation")
def invitation_resend(request: PageRequest, link_id: int) -> HttpResponseBase:
    """Send an invitation again."""
    link = _invitation(link_id)
    try:
        address = invitations.resend_invitation(actor=request.user, link=link, now=clock.now())
    except (LinkNotUsable, invitations.RoleNotYours) as reason:
        messages.error(request, str(reason))
        return HttpResponseRedirect(reverse("accounts:invitation-list"))
    return _sent(request, link, address)


@requires(Right.INVITE)
@require_POST
def invitation_revoke(request: PageRequest, link_id: int) -> HttpResponseBase:
    """Take an invitation back."""
    try:
        invitations.revoke_invitation(actor=request.user, link=_invitation(link_id), now=clock.now())
        messages.success(request, _("The invitation is taken back: its link no longer opens."))
    except (LinkNotUsable, invitations.RoleNotYours) as reason:
        messages.error(request, str(reason))
    return HttpResponseRedirect(reverse("accounts:invitation-list"))


def _invitation(link_id: int) -> OneTimeLink:
    return get_object_or_404(OneTimeLink, pk=link_id, purpose=Purpose.INVITATION)


def _sent(request: PageRequest, link: OneTimeLink, address: str) -> HttpResponseBase:
    """Say that it was sent; without mail, show the address this once."""
    if outbox.mail_is_on():
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": link.email})
        return HttpResponseRedirect(reverse("accounts:invitation-list"))
    context = {
        "address": address,
        "heading": _("Invitation for %(name)s") % {"name": link.name or link.email},
        "intro": _("This instance sends no mail: copy the link and hand it over. It is shown only once."),
        "back_url": reverse("accounts:invitation-list"),
    }
    return shown_once(request, context)
