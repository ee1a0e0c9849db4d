"""Writing paths: what they lead to, their steps."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.learning.actions import paths as actions
from vertebra.learning.forms.paths import PathForm, StepForm
from vertebra.learning.models import PathStep
from vertebra.learning.pages.frame import FORM_PAGE, found_path, language_now, path_page_of
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.releases.pages.frame import creation


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def path_create(request: PageRequest) -> HttpResponseBase:
    """Begin a path."""
    form = PathForm(request.POST or None, initial={"language": language_now()})

    def create(given: dict[str, Any]) -> str:
        return path_page_of(actions.create_path(actor=request.user, values=given, now=clock.now()))

    return creation(
        request,
        form,
        create,
        template=FORM_PAGE,
        heading=_("A path"),
        submit_label=pgettext("a path", "Begin it"),
        intro=_("Whom to meet, what to read, what to learn, in an order. One that begins on arrival is a Product Camp."),
        cancel_url=reverse("learning:path-list"),
        draft="path",
    )  # fmt: skip


@require_POST
@requires(Right.EDIT_ORGANISATION)
def camp_create(request: PageRequest) -> HttpResponseBase:
    """Begin a Product Camp with the steps of a first month."""
    try:
        row = actions.create_camp(actor=request.user, language=language_now(), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("learning:path-list"))
    return redirect(path_page_of(row))


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def path_edit(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Change what a path says and whom it is for."""
    row = found_path(path_id)
    names = ("title", "description", "is_camp", "functions", "roles", "language")
    ask = Ask(
        form=PathForm(request.POST or None, initial={name: getattr(row, name) for name in names}),
        act=lambda given: actions.change_path(actor=request.user, path=row, changes=given, now=clock.now()),
        heading=_("Change the path"),
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=path_page_of(row),
        back=lambda _entry: path_page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, path=row)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def step_create(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Add a step to a path."""
    row = found_path(path_id)
    ask = Ask(
        form=StepForm(request.POST or None),
        act=lambda given: actions.write_step(actor=request.user, path=row, values=given, now=clock.now()),
        heading=_("One more step"),
        submit=_("Add it"),
        done=_("%(name)s has one more step."),
        cancel_url=path_page_of(row),
        back=lambda _entry: path_page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, path=row)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def step_edit(request: PageRequest, step_id: int) -> HttpResponseBase:
    """Change a step."""
    step = get_object_or_404(PathStep.objects.select_related("path", "lesson"), pk=step_id, archived_at=None)
    names = ("kind", "title", "words", "meet", "lesson", "web_address", "day")
    ask = Ask(
        form=StepForm(request.POST or None, initial={name: getattr(step, name) for name in names}),
        act=lambda given: actions.write_step(
            actor=request.user, path=step.path, step=step, values=given, now=clock.now()
        ),
        heading=_("Change the step"),
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=path_page_of(step.path),
        back=lambda _entry: path_page_of(step.path),
        template=FORM_PAGE,
    )
    return answer(request, ask, path=step.path)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def step_removal(request: PageRequest, step_id: int) -> HttpResponseBase:
    """Take a step away."""
    step = get_object_or_404(PathStep.objects.select_related("path"), pk=step_id, archived_at=None)
    return do(
        request,
        lambda: actions.remove_step(actor=request.user, step=step, now=clock.now()),
        _("%(name)s has one step less."),
        path_page_of(step.path),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def path_archiving(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Begin a path with nobody more."""
    row = found_path(path_id)
    return do(
        request,
        lambda: actions.archive_path(actor=request.user, path=row, now=clock.now()),
        _("%(name)s is archived: who is on it finishes it."),
        reverse("learning:path-list"),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def path_restoration(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Bring a path back that was put away."""
    row = found_path(path_id)
    return do(
        request,
        lambda: actions.restore_path(actor=request.user, path=row, now=clock.now()),
        _("%(name)s is back."),
        path_page_of(row),
    )
