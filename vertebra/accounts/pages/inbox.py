"""What a person was told in Vertebra."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from vertebra.accounts import outbox
from vertebra.accounts.models import Message
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf, Rows


def _in_state(rows: Rows, state: str) -> Rows:
    return rows.filter(read_at__isnull=state == "unread")


MESSAGES = ListOf(
    page="messages",
    file_name="messages",
    columns=(
        Column("message", gettext_lazy("Message"), lambda message: outbox.words_of(message).subject),
        Column("at", pgettext_lazy("moment", "When"), lambda message: message.created_at, sort="created_at"),
    ),
    filters=(
        Filter(
            "state",
            gettext_lazy("State"),
            _in_state,
            choices=lambda: [("unread", gettext_lazy("not read yet")), ("read", gettext_lazy("read"))],
        ),
    ),
    sort="-at",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One message as its reader sees it."""

    pk: int
    subject: str
    address: str
    message: Message


def _told(message: Message, language: str) -> Told:
    # An address outside the pages is a one-time link: it belongs to the mail alone.
    own = message.address or (message.letter.address if message.letter else "")
    if not own.startswith("/") and message.letter is not None:
        own = message.letter.address  # what many are told has a page of its own, without the secret
    address = own if own.startswith("/") else ""
    return Told(message.pk, outbox.words_of(message, language).subject, address, message)


@require_safe
@requires(Right.READ)
def message_list(request: PageRequest) -> HttpResponseBase:
    """What I was told, the latest first."""
    rows = outbox.received(request.user).select_related("to_user")
    listing = MESSAGES.read(request, rows)
    if listing.export:
        return listing.export
    listing.rows = [_told(message, request.user.language) for message in listing.rows]
    context = {
        "listing": listing,
        "unread": outbox.unread(request.user).count(),
        "can_select": True,
        "now": clock.now(),
    }
    return render(request, "accounts/messages.html", context)


@require_POST
@requires(Right.READ)
def message_read(request: PageRequest) -> HttpResponse:
    """Note that I read these messages, or all of them."""
    sent = request.POST.getlist("selected")[:1000]
    chosen = [int(value) for value in sent if value.isdecimal() and len(value) < 19]
    is_all = "all" in request.POST
    count = outbox.mark_read(request.user, clock.now(), None if is_all else chosen)
    if count:
        said = ngettext("%(count)d message is read.", "%(count)d messages are read.", count)
        messages.success(request, said % {"count": count})
    return HttpResponseRedirect(reverse("accounts:message-list"))
