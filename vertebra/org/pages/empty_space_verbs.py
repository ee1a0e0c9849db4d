"""What can be done to an empty space, one address for each."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.org.actions import empty_spaces as actions
from vertebra.org.empty_spaces import (
    Names,
    look_alikes,
    may_work_on,
    open_spaces,
    person_of,
    place_of,
    title_of,
)
from vertebra.org.forms.empty_spaces import ProposalForm, ReasonForm, SentenceForm
from vertebra.org.models import EmptySpace

Act = Callable[[PageRequest, EmptySpace], AuditEntry]
Page = Callable[..., HttpResponse]


def verb(done: Callable[[], str], *, mine_too: bool = True) -> Callable[[Act], Page]:
    """An address that does one thing to an empty space, says so with an undo, and comes back to its page."""

    def declare(act: Act) -> Page:
        @wraps(act)
        def page(request: PageRequest, space_id: int) -> HttpResponse:
            space = get_object_or_404(EmptySpace, pk=space_id, archived_at__isnull=True)
            person = person_of(request.user) if mine_too else None
            if not may_work_on(request.user, space, person):
                raise PermissionDenied
            try:
                entry = act(request, space)
            except Refusal as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, done(), extra_tags=f"undo:{entry.pk}")
            return redirect("org:empty-space-show", space_id)

        return requires(Right.TAKE_PART)(require_POST(page))  # type: ignore[return-value]

    return declare


@verb(lambda: _("You take care of it: thank you."))
def take_space(request: PageRequest, space: EmptySpace) -> AuditEntry:
    """Take it on oneself."""
    return actions.take_space(actor=request.user, space=space, now=clock.now())


@verb(lambda: _("They are asked whether they take care of it."), mine_too=False)
def propose_owner(request: PageRequest, space: EmptySpace) -> AuditEntry:
    """Propose somebody, by a name of the directory."""
    form = ProposalForm(request.POST)
    if not form.is_valid():
        raise Refusal(" ".join(str(error) for error in form.errors["person"]))
    person = form.cleaned_data["person"]
    return actions.propose_owner(actor=request.user, space=space, person=person, now=clock.now())


@verb(lambda: _("It is being filled."))
def start_filling(request: PageRequest, space: EmptySpace) -> AuditEntry:
    """Say that it is being filled."""
    return actions.start_filling(actor=request.user, space=space, now=clock.now())


@verb(lambda: _("Somebody takes care of it now."))
def fill_space(request: PageRequest, space: EmptySpace) -> AuditEntry:
    """Say that it is filled."""
    return actions.fill_space(actor=request.user, space=space, now=clock.now())


@verb(lambda: _("Explained, until its evidence changes."))
def explain_space(request: PageRequest, space: EmptySpace) -> AuditEntry:
    """Say why it is no empty space."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return actions.explain_space(actor=request.user, space=space, reason=reason, now=clock.now())


@verb(lambda: _("It is open again."))
def reopen_space(request: PageRequest, space: EmptySpace) -> AuditEntry:
    """Say that nobody takes care of it after all."""
    return actions.reopen_space(actor=request.user, space=space, now=clock.now())


@verb(lambda: _("It is said more clearly now."))
def rename_space(request: PageRequest, space: EmptySpace) -> AuditEntry:
    """Say more clearly what nobody takes care of."""
    form = SentenceForm(request.POST)
    sentence = form.cleaned_data["sentence"] if form.is_valid() else ""
    return actions.rename_space(actor=request.user, space=space, sentence=sentence, now=clock.now())


@requires(Right.EDIT_ORGANISATION)
def merge_page(request: PageRequest, space_id: int) -> HttpResponse:
    """Merge another one, chosen among those that look alike, into this one."""
    space = get_object_or_404(EmptySpace, pk=space_id, archived_at__isnull=True)
    if request.method == "POST":
        chosen = str(request.POST.get("duplicate", ""))
        is_id = chosen.isdecimal() and len(chosen) < 18
        duplicate = open_spaces().filter(pk=int(chosen)).first() if is_id else None
        try:
            if duplicate is None:
                raise Refusal(_("Choose the one to merge."))
            entry = actions.merge_spaces(actor=request.user, kept=space, duplicate=duplicate, now=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("org:empty-space-merge", space_id)
        text = _("Merged: reports and followers came along.")
        messages.success(request, text, extra_tags=f"undo:{entry.pk}")
        return redirect("org:empty-space-show", space_id)
    context = {"space": space, "title": title_of(space), "choices": _merge_choices(space)}
    return render(request, "org/empty_space_merge.html", context)


def _merge_choices(space: EmptySpace) -> list[dict[str, Any]]:
    """The other empty spaces, those said in like words or beside the same neighbours first."""
    near = {place for row in space.neighbours.all() if (place := place_of(row))}
    text = space.sentence or str(space.evidence.get("subject", {}).get("name", ""))
    alike = [one.space for one in look_alikes(text, near, limit=12)]
    beside = open_spaces().filter(neighbours__unit__in=[one for kind, one in near if kind == "unit"])
    every = {other.pk: other for other in (*alike, *beside.prefetch_related("neighbours").distinct()[:20])}
    every.pop(space.pk, None)
    units = [row.unit_id for other in every.values() for row in other.neighbours.all()]
    names = Names(clock.today()).only(units)
    return [
        {"space": other, "title": title_of(other), "between": [one.name for one in names.between(other)]}
        for other in every.values()
    ]
