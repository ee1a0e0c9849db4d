"""The chat tools that are connected."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.actions import chats
from vertebra.accounts.audit import Refusal
from vertebra.accounts.forms import ChatCommandForm, ChatForm
from vertebra.accounts.labels import DeliveryState
from vertebra.accounts.models import ChatConnection, Delivery
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock


@requires(Right.ADMINISTER)
def chat_list(request: PageRequest) -> HttpResponseBase:
    """Which chat tools are connected, and whether what goes there arrives."""
    rows = list(ChatConnection.objects.filter(archived_at=None).order_by("name", "pk"))
    latest = Delivery.objects.filter(message__to_chat__in=rows).order_by("id")
    states = dict(latest.values_list("message__to_chat", "state"))
    told = [(row, DeliveryState(states[row.pk]).label if row.pk in states else "") for row in rows]
    return render(request, "accounts/chats.html", {"chats": told})


@requires(Right.ADMINISTER)
@require_http_methods(["GET", "POST"])
def chat_create(request: PageRequest) -> HttpResponseBase:
    """Connect a chat tool."""
    form = ChatForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        try:
            made, _entry = chats.connect_chat(actor=request.user, given=form.given(), now=clock.now())
            chats.try_chat(actor=request.user, connection=made, now=clock.now())
            messages.success(request, _("Connected: a first message is on its way there."))
            return HttpResponseRedirect(reverse("accounts:chat-list"))
        except Refusal as reason:
            form.add_error("secret", str(reason))
    context = {"form": form, "submit_label": _("Connect"), "cancel_url": reverse("accounts:chat-list")}
    return render(request, "accounts/chat_create.html", context, status=422 if form.errors else 200)


@requires(Right.ADMINISTER)
@require_http_methods(["GET", "POST"])
def chat_command(request: PageRequest, chat_id: int) -> HttpResponseBase:
    """Let people ask from there whom to tell: the address to give to the tool, the secret that it gives."""
    row = get_object_or_404(ChatConnection, pk=chat_id, archived_at=None)
    form = ChatCommandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            chats.open_command(actor=request.user, connection=row, now=clock.now(), **form.cleaned_data)
            messages.success(request, _("People can ask from there: try it."))
            return HttpResponseRedirect(reverse("accounts:chat-list"))
        except Refusal as reason:
            form.add_error("secret", str(reason))
    context = {
        "chat": row,
        "form": form,
        "address": settings.PUBLIC_URL + reverse("releases:telling-command", args=(row.pk,)),
        "press_address": settings.PUBLIC_URL + reverse("releases:chat-press", args=(row.pk,)),
        "submit_label": _("Keep it"),
        "cancel_url": reverse("accounts:chat-list"),
    }
    return render(request, "accounts/chat_command.html", context, status=422 if form.errors else 200)


@requires(Right.ADMINISTER)
@require_POST
def chat_try(request: PageRequest, chat_id: int) -> HttpResponseBase:
    """Send a message there once more, to see that it arrives."""
    row = get_object_or_404(ChatConnection, pk=chat_id, archived_at=None)
    chats.try_chat(actor=request.user, connection=row, now=clock.now())
    messages.success(request, _("A message is on its way there."))
    return HttpResponseRedirect(reverse("accounts:chat-list"))


@requires(Right.ADMINISTER)
@require_POST
def chat_end(request: PageRequest, chat_id: int) -> HttpResponseBase:
    """Let go of a chat tool."""
    row = get_object_or_404(ChatConnection, pk=chat_id)
    try:
        chats.disconnect_chat(actor=request.user, connection=row, now=clock.now())
        messages.success(request, _("Disconnected: nothing goes there any more."))
    except Refusal as reason:
        messages.error(request, str(reason))
    return HttpResponseRedirect(reverse("accounts:chat-list"))
