"""What the pages of the quarterly table share: a form that does something, a button that does something."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest
from vertebra.roadmap.models import Cycle

FORM_PAGE = "roadmap/table_form.html"
# Of what is wrong with a file, so many lines are told at once.
MOST_LINES = 50


def cycle_or_404(cycle_id: int) -> Cycle:
    """A cycle that was not put away."""
    return get_object_or_404(Cycle, pk=cycle_id, archived_at=None)


def ask(
    request: PageRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    *,
    heading: str,
    submit: str,
    done: str,
    cancel_url: str,
    template: str = FORM_PAGE,
    **context: Any,
) -> HttpResponse:
    """Show a form, or do what it asks and go where `act` says; a refusal stands in the form, each of its lines."""
    if request.method == "POST" and form.is_valid():
        try:
            url = act(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, list(getattr(refusal, "lines", ()))[:MOST_LINES] or str(refusal))
        else:
            messages.success(request, done)
            return redirect(url)
    shown = {"form": form, "heading": heading, "submit_label": submit, "cancel_url": cancel_url, **context}
    return render(request, template, shown, status=422 if form.is_bound else 200)


def act(
    request: PageRequest,
    action: Callable[[], AuditEntry | None],
    text: str,
    url: str,
    *,
    can_undo: bool = False,
) -> HttpResponse:
    """Do what a button asks and go to a page, saying what was done or why not."""
    try:
        entry = action()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        tag = f"undo:{entry.pk}" if can_undo and entry is not None else ""
        messages.success(request, text, extra_tags=tag)
    return redirect(url)
