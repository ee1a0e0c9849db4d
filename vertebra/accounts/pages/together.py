"""Discussing, following and keeping views, from any object's or list's page."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts import together
from vertebra.accounts.actions import comments, views
from vertebra.accounts.forms import CommentForm, ViewForm
from vertebra.accounts.models import Comment, SavedView
from vertebra.accounts.pages.limits import limited
from vertebra.accounts.pages.sessions import back_to
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.cards import Card

# As long as the name of a list may be.
LONGEST_PAGE = SavedView._meta.get_field("page").max_length or 0


def _card(request: PageRequest, kind: str, object_id: int) -> Card:
    """The object, or 404: what is not open to this person does not exist."""
    if card := together.card_of(request.user, kind, object_id):
        return card
    raise Http404


@requires(Right.TAKE_PART)
@require_POST
@limited("comment")
def comment_create(request: PageRequest, kind: str, object_id: int) -> HttpResponseBase:
    """Say something of an object."""
    card = _card(request, kind, object_id)
    form = CommentForm(request.POST)
    try:
        if not form.is_valid():
            raise comments.NothingSaid(" ".join(map(str, form.errors["body"])))
        comment, entry = comments.add_comment(
            actor=request.user, card=card, body=form.cleaned_data["body"], now=clock.now()
        )
    except comments.NothingSaid as reason:
        messages.error(request, str(reason))
        return HttpResponseRedirect(f"{card.url}#discussion")
    except comments.NotAboutPeople as reason:
        messages.error(request, str(reason))
        return HttpResponseRedirect(card.url)
    messages.success(request, _("Your comment is there."), extra_tags=f"undo:{entry.pk}")
    return HttpResponseRedirect(f"{card.url}#comment-{comment.pk}")


@requires(Right.TAKE_PART)
@require_http_methods(["GET", "POST"])
def comment_edit(request: PageRequest, comment_id: int) -> HttpResponseBase:
    """Say one's own comment in other words."""
    comment = _mine(request, comment_id)
    card = _card(request, comment.kind, comment.object_id)
    form = CommentForm(request.POST or None, initial={"body": comment.body})
    if request.method == "POST" and form.is_valid():
        entry = comments.edit_comment(
            actor=request.user, comment=comment, card=card, body=form.cleaned_data["body"], now=clock.now()
        )
        messages.success(request, _("Your comment is changed."), extra_tags=f"undo:{entry.pk}")
        return HttpResponseRedirect(f"{card.url}#comment-{comment.pk}")
    context = {"form": form, "card": card, "cancel_url": f"{card.url}#comment-{comment.pk}"}
    return render(request, "accounts/comment_edit.html", context, status=422 if form.errors else 200)


@requires(Right.TAKE_PART)
@require_POST
def comment_withdraw(request: PageRequest, comment_id: int) -> HttpResponseBase:
    """Take one's own comment out of the discussion."""
    comment = _mine(request, comment_id)
    card = _card(request, comment.kind, comment.object_id)
    entry = comments.withdraw_comment(actor=request.user, comment=comment, card=card, now=clock.now())
    messages.success(request, _("Your comment is withdrawn."), extra_tags=f"undo:{entry.pk}")
    return HttpResponseRedirect(f"{card.url}#discussion")


def _mine(request: PageRequest, comment_id: int) -> Comment:
    return get_object_or_404(Comment, pk=comment_id, author=request.user, archived_at=None)


@requires(Right.TAKE_PART)
@require_POST
def watch_create(request: PageRequest, kind: str, object_id: int) -> HttpResponseBase:
    """Follow an object."""
    card = _card(request, kind, object_id)
    try:
        comments.watch_object(actor=request.user, card=card, now=clock.now())
    except comments.NotAboutPeople as reason:
        messages.error(request, str(reason))
        return HttpResponseRedirect(card.url)
    messages.success(request, _("You follow “%(title)s”.") % {"title": card.title})
    return back_to(request, card.url)


@requires(Right.TAKE_PART)
@require_POST
def watch_end(request: PageRequest, kind: str, object_id: int) -> HttpResponseBase:
    """Follow an object no longer."""
    card = _card(request, kind, object_id)
    comments.unwatch_object(actor=request.user, card=card, now=clock.now())
    messages.success(request, _("You no longer follow “%(title)s”.") % {"title": card.title})
    return back_to(request, card.url)


@requires(Right.TAKE_PART)
def view_list(request: PageRequest) -> HttpResponseBase:
    """The views that I keep."""
    mine = SavedView.objects.filter(user=request.user).order_by("page", "name")
    return render(request, "accounts/views.html", {"views": mine})


@requires(Right.TAKE_PART)
@require_POST
def view_create(request: PageRequest, page: str) -> HttpResponseBase:
    """Keep the list as it is shown under a name."""
    if len(page) > LONGEST_PAGE:
        raise Http404
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return back_to(request)
    url = _address_of_a_page(request, form.cleaned_data["url"])
    try:
        view, entry = views.keep_view(
            actor=request.user,
            page=page,
            name=form.cleaned_data["name"],
            url=url,
            is_shared=form.cleaned_data["is_shared"],
            now=clock.now(),
        )
        messages.success(
            request, _("The view “%(name)s” is kept.") % {"name": view.name}, extra_tags=f"undo:{entry.pk}"
        )
    except views.NameTaken as reason:
        messages.error(request, str(reason))
    return HttpResponseRedirect(url)


def _address_of_a_page(request: PageRequest, url: str) -> str:
    """The path and filters of one of our own pages, without the place in the list; anything else is 404."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or url.startswith("//"):
        raise Http404
    try:
        resolve(parts.path)
    except Resolver404 as error:
        raise Http404 from error
    kept = "&".join(
        part
        for part in parts.query.split("&")
        if part and part.split("=")[0] not in {"after", "before", "format"}
    )
    return f"{parts.path}?{kept}" if kept else parts.path


@requires(Right.TAKE_PART)
@require_POST
def view_share(request: PageRequest, view_id: int) -> HttpResponseBase:
    """Show a view of mine to everybody, or to nobody else again."""
    view = get_object_or_404(SavedView, pk=view_id, user=request.user)
    entry = views.share_view(actor=request.user, view=view, is_shared=not view.is_shared, now=clock.now())
    said = _("Everybody sees this view.") if view.is_shared else _("Only you see this view.")
    messages.success(request, said, extra_tags=f"undo:{entry.pk}")
    return HttpResponseRedirect(reverse("accounts:view-list"))


@requires(Right.TAKE_PART)
@require_POST
def view_remove(request: PageRequest, view_id: int) -> HttpResponseBase:
    """Keep a view no longer."""
    view = get_object_or_404(SavedView, pk=view_id, user=request.user)
    entry = views.remove_view(actor=request.user, view=view, now=clock.now())
    messages.success(request, _("The view is removed."), extra_tags=f"undo:{entry.pk}")
    return HttpResponseRedirect(reverse("accounts:view-list"))
